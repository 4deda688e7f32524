"""What a writer should look at again: nothing here forbids, all of it says where and what to do."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from cat.itembank.content import ItemContent
from cat.itembank.peringatan.bentuk import shape_concerns
from cat.itembank.peringatan.concern import Concern, Severity
from cat.itembank.peringatan.kelengkapan import missing_concerns
from cat.itembank.peringatan.kemiripan import Likeness, likeness_concerns
from cat.itembank.peringatan.keterbacaan import reading_concerns
from cat.itembank.peringatan.petunjuk import clue_concerns
from cat.itembank.peringatan.sebaran import spread_concerns

__all__ = ["Concern", "Likeness", "Severity", "concerns"]

_OF_THE_ITEM: tuple[Callable[[ItemContent], Iterator[Concern]], ...] = (
    shape_concerns,
    clue_concerns,
    missing_concerns,
    reading_concerns,
)


def concerns(
    item: ItemContent, *, alike: Sequence[Likeness] = (), batch_keys: str = ""
) -> list[Concern]:
    """Everything worth a second look, the gravest first.

    alike : items of the bank that share much with this one, see `kemiripan`.
    batch_keys : key letters of the writer's other items in the domain, such as "ABBED".
    """
    found = [concern for rule in _OF_THE_ITEM for concern in rule(item)]
    found += likeness_concerns(alike)
    found += spread_concerns(item, batch_keys)
    return sorted(found, key=lambda concern: list(Severity).index(concern.severity))
