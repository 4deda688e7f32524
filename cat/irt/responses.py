"""The scored answers of persons to items, as a matrix that may be believed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike, NDArray

from cat.errors import BadInput

if TYPE_CHECKING:  # items.py needs this file when it runs
    from cat.irt.items import Items

Ints = NDArray[np.int64]

NOT_PRESENTED = -1


def checked_responses(responses: ArrayLike, items: Items) -> Ints:
    """The answers as integers that the items can have given.

    responses : (J, I) categories 0..K_i - 1, or -1 where an item was not presented; floats are
        taken when they are whole.
    items : the I items.

    Returns (J, I). Raises BadInput, naming person, item and value; its evidence holds them too.
    """
    if not hasattr(items, "categories"):
        raise BadInput(f"items must be Items; got {type(items).__name__}")
    if np.ma.is_masked(responses):
        raise BadInput("responses must not have masked entries; write -1 for not presented")
    try:
        given = np.asarray(responses)
    except ValueError as error:
        raise BadInput(f"responses must be (J, I) whole numbers: {error}") from error
    if given.ndim != 2 or given.shape[1] != len(items):
        raise BadInput(f"responses must be (J, I) = (J, {len(items)}); got shape {given.shape}")
    if given.dtype.kind not in "biuf":
        raise BadInput(f"responses must be whole numbers; got {given.dtype}")
    # Written so that NaN fails: every comparison with it is false.
    legal = (given >= NOT_PRESENTED) & (given < items.categories)
    if given.dtype.kind == "f":
        legal &= given == np.floor(given)
    if not legal.all():
        person, item = (int(x) for x in np.argwhere(~legal)[0])
        raise BadInput(
            f"responses must be whole numbers from 0 to {items.categories[item] - 1}, or -1 for"
            f" not presented; person {person}, item {item} has {given[person, item]}",
            person=person,
            item=item,
            value=given[person, item],
        )
    return given.astype(np.int64)
