"""Which response models there are, by the words that files and reports use."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum

from cat.errors import BadParameters


class Model(StrEnum):
    """Response models; each has a file of its own, the logistic one for 1PL to 4PL."""

    LOGISTIC = "logistic"
    GRADED = "graded"
    PARTIAL_CREDIT = "partial_credit"
    NOMINAL = "nominal"


def models_of(words: object) -> tuple[Model, ...]:
    """The models that the words name, one for every item.

    Raises BadParameters, naming the item and the word.
    """
    if isinstance(words, str) or not isinstance(words, Sequence):
        raise BadParameters(f"model must be one word for every item; got {words!r}")
    known = set(Model)
    for item, word in enumerate(words):
        if not isinstance(word, str) or word not in known:
            raise BadParameters(
                f"model must be one of {', '.join(Model)}; item {item} has model = {word!r}",
                item=item,
                value=word,
            )
    return tuple(Model(word) for word in words)
