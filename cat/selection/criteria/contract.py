"""What a criterion may rely on, checked before it starts; refusals are read by programmers."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from cat.errors import BadInput
from cat.irt.arguments import count, numbers
from cat.scoring.beliefs import checked_posterior, checked_weights
from cat.scoring.tables import ItemTables
from cat.selection.known import Known

Floats = NDArray[np.float64]


def require_fit(known: Known, tables: ItemTables) -> None:
    """Refuse what no criterion can rank.

    known : posterior (J, Q) adding to 1 and likelihood (J, Q) >= 0 over the very nodes of the
        tables; answered >= 0; length >= 1; given_estimate, if any, (J,) and (J,), finite.
    tables : one item at least.

    Raises BadInput, naming the field and the person.
    """
    if not isinstance(known, Known) or not isinstance(tables, ItemTables):
        raise BadInput(
            "a criterion takes Known and ItemTables;"
            f" got {type(known).__name__} and {type(tables).__name__}"
        )
    if not len(tables):
        raise BadInput("tables must hold at least one item; they hold none")
    nodes = tables.quadrature.nodes
    if not np.array_equal(known.quadrature.nodes, nodes):
        raise BadInput("known.quadrature and tables must have the same nodes")
    for name in ("posterior", "likelihood"):
        if not isinstance(getattr(known, name), np.ndarray):
            raise BadInput(f"known.{name} must be an array (J, Q)")
    posterior = checked_posterior("known.posterior", known.posterior, len(nodes))
    likelihood = checked_weights("known.likelihood", known.likelihood, len(nodes))
    if likelihood.shape != posterior.shape:
        raise BadInput(f"known.likelihood must be {posterior.shape}; got {likelihood.shape}")
    count("known.answered", known.answered)
    count("known.length", known.length, least=1)
    if not callable(known.chance):
        raise BadInput(f"known.chance must be a function of items; got {known.chance!r}")
    for values in known.given_estimate or ():
        estimate = numbers("known.given_estimate", values, "(J,)")
        if len(estimate) != len(posterior) or not np.isfinite(estimate).all():
            raise BadInput(f"known.given_estimate must be {len(posterior)} finite numbers, twice")


def chances(known: Known, tables: ItemTables) -> Floats:
    """The uniform numbers (J, I) of these persons and items; raises BadInput."""
    shape = (len(known.posterior), len(tables))
    found = numbers("known.chance", known.chance(np.arange(len(tables))), "(J, I)")
    if found.shape != shape:
        raise BadInput(f"known.chance must give {shape}; got {found.shape}")
    if not ((found >= 0) & (found < 1)).all():
        raise BadInput("known.chance must give numbers in [0, 1)")
    return found
