"""What the page's script is told, as values for JSON."""

from __future__ import annotations

from typing import Any

from cat.exam.linear import LinearState
from cat.exam.record import MICROSECONDS
from cat.exam.state import Phase, State
from web.candidate import queries
from web.candidate.queries import ItemPage
from web.tables import Sitting


def standing(sitting: Sitting, state: State, now: int, number: int | None = None) -> dict[str, Any]:
    """Where a sitting stands. number : of the item that the request was about, in a linear one.

    sisa : served seconds left. pesan : id of the newest message to this seat, 0 for none.
    """
    asked = number if isinstance(state, LinearState) else None
    return {
        "keadaan": state.phase.value,
        "nomor": asked or state.number,
        "sisa": state.left(now) / MICROSECONDS,
        "pesan": queries.newest_message(sitting),
    }


def next_item(sitting: Sitting, state: State) -> dict[str, Any]:
    """The item to answer now, or None where there is none."""
    if state.phase is not Phase.WORKING:
        return {"soal": None}
    return {"soal": item(queries.item_page(state, queries.get_rules(sitting.rules_digest), 0))}


def all_items(sitting: Sitting, state: LinearState) -> list[dict[str, Any]]:
    """Every item of a linear sitting, with what is marked there."""
    pages = queries.linear_pages(state, queries.get_rules(sitting.rules_digest), 0)
    return [item(page) | {"ragu": page.is_unsure} for page in pages]


def item(page: ItemPage) -> dict[str, Any]:
    """One item as the script shows it."""
    return {
        "nomor": page.number,
        "jumlah": page.total,
        "bagian": {"nama": page.part_name, "nomor": page.part_number, "dari": page.parts},
        "di_bagian": [page.number_in_part, page.part_length],
        "stem": page.stem,
        "opsi": [list(option) for option in page.options],
        "pilihan": page.marked,
    }
