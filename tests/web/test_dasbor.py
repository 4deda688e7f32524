"""The dashboard counts what the records say."""

from __future__ import annotations

import numpy as np
import pytest

from cat.ketentuan.ambang_batas import reaches
from cat.ketentuan.bentuk_tes import PARTS
from web.db import db
from web.operations.dasbor import figures
from web.operations.dasbor.scope import Scope
from web.operations.pools import find_rules
from web.staff.dasbor.charts import histogram, ratio_chart
from web.tables import Sitting


def finished_totals() -> list[tuple[dict[str, int], Sitting]]:
    sittings = db.session.scalars(db.select(Sitting).where(Sitting.phase == "finished"))
    return [
        ({r.part: r.nilai for r in s.results}, s) for s in sittings if s.peserta.formasi is not None
    ]


def test_every_count_is_the_one_of_the_records(app):
    rules = find_rules(db.session(), "cpns-2024")
    people = finished_totals()
    passed = [
        reaches(n, rules.get_ambang_batas(s.peserta.formasi.jenis_kebutuhan).minimums)
        for n, s in people
    ]

    (all_of_them,) = figures.rates(db.session(), Scope(2024), rules, None)
    by_kind = figures.rates(db.session(), Scope(2024), rules, "jenis_kebutuhan")

    assert all_of_them.finished == len(people)
    assert all_of_them.passed == sum(passed)
    assert all_of_them.absent == 4
    assert all_of_them.scheduled == all_of_them.present + all_of_them.absent + all_of_them.pending
    assert sum(row.passed for row in by_kind) == sum(passed)
    assert all(row.passed <= row.finished <= row.present for row in by_kind)


def test_the_spread_of_nilai_is_the_one_of_the_records(app):
    rules = find_rules(db.session(), "cpns-2024")
    totals = np.array([sum(n[p] for p in PARTS) for n, _ in finished_totals()])

    spread = figures.distributions(db.session(), Scope(2024), rules)[-1]

    assert spread.people == len(totals)
    assert spread.mean == pytest.approx(totals.mean())
    assert spread.quartiles == tuple(
        int(q) for q in np.quantile(totals, [0.25, 0.5, 0.75], method="inverted_cdf")
    )


def test_the_reference_group_is_a_large_one_and_small_groups_are_not_judged(app):
    rules = find_rules(db.session(), "cpns-2024")

    groups = figures.fairness(db.session(), Scope(2024), rules, "lokasi")

    least = figures.indicators()["kelompok"]["jumlah_simpulan"]
    (reference,) = [g for g in groups if g.is_reference]
    assert reference.finished >= least
    assert all((g.ratio is None) == (g.is_reference or g.finished < least) for g in groups)
    assert all(g.ratio.ratio <= 1 for g in groups if g.ratio)


def test_the_page_shows_one_agency_when_asked_and_refuses_what_is_not_there(app, petugas):
    staff = petugas("staf")

    whole = staff.get("/staf/dasbor/").text
    one = staff.get("/staf/dasbor/?tahun=2024&instansi=1&menurut=jenis_kelamin").text

    assert "Indikator keadilan" in whole
    assert "Menurut formasi" in whole
    assert "Perempuan" in one
    for wrong in ("tahun=1999", "instansi=99999", "menurut=nik"):
        assert staff.get(f"/staf/dasbor/?{wrong}").status_code == 404


def test_a_chart_says_in_words_what_it_draws():
    spread = figures.Distribution("tiu", ((80, 3), (85, 1), (120, 2)), 6, 93.3, (80, 80, 120))

    drawn = histogram("TIU", spread, maximum=175, minimum=80)

    assert [(bar.range, bar.people) for bar in drawn.bars] == [
        ("80 sampai 89", 4),
        ("120 sampai 129", 2),
    ]
    assert "80 sampai 89: 4 orang" in drawn.alt
    assert drawn.bars[0].height == 2 * drawn.bars[1].height


def test_an_interval_that_leaves_the_picture_says_so():
    chart = ratio_chart("Usia", [("muda", float("nan"), 0.5, float("inf"))], limit=0.8)

    assert chart.rows[0].runs_on
    assert chart.rows[0].x is None
    assert "tak terbatas" in chart.alt
