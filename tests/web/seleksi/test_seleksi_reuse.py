"""The SKD of an earlier year: on file, checked, chosen once, ranked among the others."""

from __future__ import annotations

from datetime import date

import pytest

from cat.errors import (
    AlreadyDecided,
    FileRefused,
    NotLawful,
)
from tests.web.seleksi.steps import formasi
from web.db import db
from web.operations.ranking import rank_formasi
from web.operations.seleksi import (
    berlaku,
    nilai_lama,
)
from web.operations.seleksi.lembar import as_csv
from web.tables import (
    NilaiLama,
    Person,
    Peserta,
)

pytestmark = pytest.mark.both

LAMA = {"tahun": "2023", "twk": "120", "tiu": "150", "tkp": "210", "jenjang": "S1"}


def old_row(person, **changes) -> dict[str, str]:
    return {"nomor_peserta": person.nomor, "nik": person.person.nik, **LAMA, **changes}


def old_file(*rows) -> bytes:
    return as_csv(nilai_lama.COLUMNS, [[row[c] for c in nilai_lama.COLUMNS] for row in rows])


def newcomer(session, act, nomor="24990220120000777") -> Peserta:
    """Somebody who applied for F99-03 and was never given a seat."""

    def add(session, *, by, now):
        person = Person(
            nama="Pemakai Nilai Contoh",
            nik=f"9901010101900{nomor[-3:]}",
            tanggal_lahir=date(1990, 1, 1),
            jenis_kelamin="P",
        )
        row = Peserta(
            nomor=nomor,
            person=person,
            formasi=formasi(session, "F99-03"),
            netra=False,
            jenjang="s1",
        )
        session.add(row)
        return row

    return act(add)


WRONG_ROWS = [
    # what is changed in a good row, part named, rule named
    ({"nik": "9999999999999999"}, "nik", "tidak sama dengan NIK"),
    ({"tahun": "2022"}, "tahun", "harus 2023"),
    ({"twk": "151"}, "twk", "0 sampai 150"),
    ({"tiu": "-1"}, "tiu", "0 sampai 175"),
    ({"tkp": "200,5"}, "tkp", "bilangan bulat"),
    ({"jenjang": ""}, "jenjang", "wajib diisi"),
    ({"nomor_peserta": "0"}, "", "tidak dikenal"),
]


def test_an_earlier_skd_that_breaks_a_rule_is_named_and_nothing_of_the_file_is_stored(
    session, act, rules
):
    good = newcomer(session, act)
    other = berlaku.going_on(session, [formasi(session, "F99-01")])[0].peserta
    for changes, bagian, rule in WRONG_ROWS:
        content = old_file(old_row(good), old_row(other, **changes))

        report = act(nilai_lama.import_file, content, 2024, rules, dry_run=True)
        with pytest.raises(FileRefused, match="1 isian melanggar aturan"):
            act(nilai_lama.import_file, content, 2024, rules)

        (problem,) = report.problems
        assert (problem.baris, problem.bagian) == (3, bagian)
        assert rule in problem.aturan
    assert session.scalars(db.select(NilaiLama)).all() == []


def test_reuse_is_chosen_once_and_ranked_among_those_who_sat(session, act, rules):
    person = newcomer(session, act)
    content = old_file(old_row(person))
    first = act(nilai_lama.import_file, content, 2024, rules)
    second = act(nilai_lama.import_file, content, 2024, rules)
    assert (first.accepted, second.accepted, second.unchanged) == (1, 0, 1)
    assert not any(r.lama for r in rank_formasi(session, formasi(session, "F99-03"), rules))

    act(nilai_lama.choose, person, "pakai", rules)
    with pytest.raises(AlreadyDecided, match="hanya satu kali"):
        act(nilai_lama.choose, person, "ujian", rules)

    rows = rank_formasi(session, formasi(session, "F99-03"), rules)
    (own,) = [row for row in rows if row.peserta.id == person.id]
    assert (own.total, own.lama.tahun_asal, own.sitting) == (480, 2023, None)
    assert own.rank == 1 + sum(row.total > 480 for row in rows if row.rank)
    assert own.goes_on


def test_reuse_against_a_condition_of_the_year_is_refused(session, act, rules):
    for nomor, changes, words in (
        ("24990220120000778", {"jenjang": "D3"}, "jenjang pendidikan"),
        ("24990220120000779", {"twk": "64"}, "ambang batas"),
    ):
        person = newcomer(session, act, nomor)
        act(nilai_lama.import_file, old_file(old_row(person, **changes)), 2024, rules)

        with pytest.raises(NotLawful, match=words):
            act(nilai_lama.choose, person, "pakai", rules)


def test_nobody_may_reuse_and_sit_as_well(session, act, rules):
    person = berlaku.going_on(session, [formasi(session, "F99-03")])[0].peserta
    act(nilai_lama.import_file, old_file(old_row(person)), 2024, rules)

    with pytest.raises(NotLawful, match="pilih satu kali"):
        act(nilai_lama.choose, person, "pakai", rules)
    act(nilai_lama.choose, person, "ujian", rules)
