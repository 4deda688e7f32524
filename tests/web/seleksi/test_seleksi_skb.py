"""SKB: plans inside the limits, nilai all or none, corrections as new versions."""

from __future__ import annotations

from decimal import Decimal

import pytest

from cat.errors import (
    FileRefused,
    NotDue,
    NotLawful,
)
from cat.ketentuan.ketentuan_skb import RencanaTes
from tests.web.seleksi.steps import REASON, formasi, open_place
from web.db import db
from web.operations.ranking import rank_formasi
from web.operations.seleksi import (
    nilai_skb,
    rencana,
)
from web.operations.seleksi.akhir import final_lists
from web.operations.seleksi.lembar import as_csv
from web.staff.seleksi.forms import PlanForm
from web.tables import (
    BagianRencana,
    NilaiSKB,
)


def test_a_plan_is_checked_by_the_limits_of_the_kind_of_agency(session, act, rules):
    # PermenPANRB 6/2024 arts. 34-37, domain.md 1.4
    cat, interview = RencanaTes("cat", "CAT", 90, 500), RencanaTes("wawancara", "W", 10, 100)
    pusat, daerah = formasi(session, "F99-05"), formasi(session, "F99-03")
    common = {"dasar": "Surat 1"}

    with pytest.raises(NotLawful, match="wawancara: tidak diperbolehkan"):
        act(rencana.save, 2023, daerah.instansi, daerah.jabatan, [cat, interview], rules, **common)
    stored = act(
        rencana.save, 2023, pusat.instansi, pusat.jabatan, [cat, interview], rules, **common
    )
    assert [(part.jenis, part.bobot) for part in stored.bagian] == [("cat", 90), ("wawancara", 10)]

    again = act(
        rencana.save,
        2023,
        pusat.instansi,
        pusat.jabatan,
        [RencanaTes("cat", "CAT", 100, 450)],
        rules,
        **common,
    )
    assert again.id == stored.id
    assert [(part.jenis, part.maks) for part in again.bagian] == [("cat", 450)]


def test_a_plan_is_closed_once_a_nilai_is_entered(session, act, rules):
    chosen = formasi(session, "F99-03")

    with pytest.raises(NotDue, match="tidak dapat diubah lagi"):
        act(
            rencana.save,
            2024,
            chosen.instansi,
            chosen.jabatan,
            [RencanaTes("cat", "CAT", 100, 500)],
            rules,
            dasar="Surat 2",
        )


def test_an_skb_file_with_one_wrong_cell_stores_nothing(session, act, agreed, clock, rules):
    new = open_place(session, agreed, act, clock, rules).nomor
    chosen = formasi(session, "F99-03")
    plan = rencana.find_plan(session, 2024, chosen.instansi_id, chosen.jabatan_id)
    going = [row.peserta.nomor for row in nilai_skb.entitled(session, plan)]
    old = next(nomor for nomor in going if nomor != new)
    out = next(r.peserta.nomor for r in rank_formasi(session, chosen, rules) if not r.goes_on)
    good = (new, "400")
    table = [
        # lines of the file, part named, rule named
        ([good, (out, "400")], "", "tidak termasuk yang berhak"),
        ([good, ("x", "400")], "", "tidak termasuk yang berhak"),
        ([good, good], "", "lebih dari satu kali"),
        ([good, (old, "1")], "SKB CAT", "ubah melalui koreksi"),
        ([(old, ""), (new, "551")], "SKB CAT", "0 sampai 550"),
        ([(old, ""), (new, "empat")], "SKB CAT", "harus angka"),
    ]
    count = db.select(db.func.count()).select_from(NilaiSKB)
    before = session.scalar(count)
    for lines, bagian, rule in table:
        content = as_csv(("nomor_peserta", "cat"), lines)

        report = act(nilai_skb.import_file, plan, content, dry_run=True)
        with pytest.raises(FileRefused, match="1 isian melanggar aturan"):
            act(nilai_skb.import_file, plan, content)

        (problem,) = report.problems
        assert (problem.baris, problem.bagian) == (3, bagian)
        assert rule in problem.aturan
        assert session.scalar(count) == before


def test_the_template_filled_in_stores_what_was_missing_and_nothing_twice(
    session, act, agreed, clock, rules
):
    new = open_place(session, agreed, act, clock, rules)
    chosen = formasi(session, "F99-03")
    plan = rencana.find_plan(session, 2024, chosen.instansi_id, chosen.jabatan_id)
    assert f"nilai SKB belum lengkap untuk {new.nomor}" in str(
        final_lists(session, [chosen], rules).obstacles()
    )
    rows = [list(row) for row in nilai_skb.template_rows(session, plan)]
    for row in rows:
        row[3] = "401,25" if row[0] == new.nomor else row[3]
    content = as_csv(nilai_skb.template_columns(plan), rows)

    first = act(nilai_skb.import_file, plan, content)
    second = act(nilai_skb.import_file, plan, content)

    assert (first.accepted, second.accepted) == (1, 0)
    assert second.unchanged == len(rows)
    assert final_lists(session, [chosen], rules).obstacles() == []


def test_a_correction_is_a_new_version_and_the_old_one_stays(session, act, agreed, rules):
    chosen = formasi(session, "F99-03")
    plan = rencana.find_plan(session, 2024, chosen.instansi_id, chosen.jabatan_id)
    row = nilai_skb.entitled(session, plan)[-1]
    part, person = plan.bagian[0], row.peserta
    before = nilai_skb.current(session, [plan])[person.id, part.id].nilai

    agreed(nilai_skb.correct, person, part, "499,5")

    versions = [(each.versi, each.nilai) for each in nilai_skb.history(session, person)]
    assert versions == [(1, before), (2, Decimal("499.5"))]
    corrected = next(
        row for row in final_lists(session, [chosen], rules).rows if row.peserta.id == person.id
    )
    assert corrected.tests[0].hasil.nilai == Decimal("499.5")
    with pytest.raises(NotDue, match="yang berbeda"):
        act(nilai_skb.correct, person, part, "499,5", alasan=REASON)


def test_a_correction_with_three_decimals_is_points_and_never_an_absence(
    session, act, agreed, rules
):
    # "12,345" of 1000 full marks: the stored point must not be read as a mark of thousands
    chosen = formasi(session, "F99-03")
    plan = rencana.find_plan(session, 2024, chosen.instansi_id, chosen.jabatan_id)
    person, part = nilai_skb.entitled(session, plan)[-1].peserta, plan.bagian[0]

    def enlarge(session, *, by, now):
        session.get_one(BagianRencana, part.id).maks = Decimal(1000)

    act(enlarge)
    agreed(nilai_skb.correct, person, part, "12,345")

    assert nilai_skb.history(session, person)[-1].nilai == Decimal("12.345")


def test_full_marks_that_no_exact_sum_can_hold_are_refused_before_anything_is_entered(
    session, act, rules
):
    chosen = formasi(session, "F99-03")
    parts = [
        RencanaTes("cat", "CAT", 90, Decimal("99991.777")),
        RencanaTes("praktik_kerja", "Praktik", 10, Decimal("99989.119")),
    ]

    with pytest.raises(NotLawful, match="dijumlahkan dengan tepat"):
        act(rencana.save, 2023, chosen.instansi, chosen.jabatan, parts, rules, dasar="Surat 3")

    assert rencana.find_plan(session, 2023, chosen.instansi_id, chosen.jabatan_id) is None


def test_nilai_are_judged_by_the_plan_as_it_stands_and_not_as_the_page_was_opened(
    session, act, agreed, clock, rules
):
    new = open_place(session, agreed, act, clock, rules).nomor
    chosen = formasi(session, "F99-03")
    plan = rencana.find_plan(session, 2024, chosen.instansi_id, chosen.jabatan_id)
    assert plan.bagian[0].maks == 550

    def lower(session, *, by, now):  # what another member of staff has done meanwhile
        statement = db.update(BagianRencana).where(BagianRencana.rencana_id == plan.id)
        session.execute(
            statement.values(maks=400), execution_options={"synchronize_session": False}
        )

    act(lower)
    with pytest.raises(FileRefused):
        act(nilai_skb.enter, plan, new, {"cat": "500"})


def test_the_form_of_a_plan_refuses_points_that_the_database_cannot_hold(app):
    blank = {f"bagian-{line}-jenis": "" for line in range(5)}
    fields = {**blank, "dasar": "Surat", "bagian-0-jenis": "cat", "bagian-0-bobot": "100"}
    for typed, is_good in [("500", True), ("100000", True), ("999999999", False), ("-1", False)]:
        data = {**fields, "bagian-0-maks": typed}
        with app.test_request_context(method="POST", data=data):
            form = PlanForm(meta={"csrf": False})
            form.offer({"cat": "CAT"})

            assert form.validate() is is_good, (typed, form.errors)
