"""Many documents at once are the very documents that one at a time would be."""

from __future__ import annotations

from dataclasses import replace

from cat.errors import CannotBePrinted
from tests.web.dokumen.conftest import SEED, list_sheet, stamp
from web.dokumen.factory import FEW, Factory
from web.dokumen.typeset import produce


def test_documents_made_in_other_processes_are_the_same_to_the_last_byte_and_in_order():
    orders = [(list_sheet(1), stamp(f"PRK-2026-{n:06}")) for n in range(FEW)]

    with Factory(2) as factory:
        made = list(factory.make(orders, SEED))

    assert [signed.record.nomor for _, signed in made] == [s.nomor for _, s in orders]
    assert made[0] == produce(*orders[0], SEED)
    assert made[-1] == produce(*orders[-1], SEED)


def test_a_name_that_no_font_can_print_stops_nobody_else():
    orders = [(list_sheet(1, nama), stamp()) for nama in ("Budi Contoh", "\u738b Contoh", "Sari")]

    with Factory(1) as factory:
        made = list(factory.make(orders, SEED))

    assert [isinstance(each, CannotBePrinted) for each in made] == [False, True, False]
    assert "\u738b" in str(made[1])


def test_a_few_documents_start_no_process():
    orders = [(list_sheet(1), replace(stamp(), nomor=f"PRK-2026-{n:06}")) for n in range(2)]

    with Factory(2) as factory:
        made = list(factory.make(orders, SEED))
        assert factory._pool is None

    assert len(made) == 2
