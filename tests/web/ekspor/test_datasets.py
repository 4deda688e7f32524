"""What a dataset promises: its columns, its filters, its order."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from cat.errors import BadInput
from tests.web.ekspor.packages import plan
from web.operations.ekspor.datasets import DATASETS
from web.operations.ekspor.datasets.source import Filters
from web.operations.ekspor.documentation import page
from web.operations.ekspor.frames import to_frame
from web.operations.ekspor.making import Plan

ROOT = Path(__file__).resolve().parents[3]


@pytest.mark.parametrize(
    ("dataset", "filters", "rows"),
    [
        ("peserta", {}, 50),
        ("peserta", {"tahun": 2024}, 21),  # even n without the multiples of 14
        ("peserta", {"formasi": "F99-02"}, 21),  # odd n without 7, 21, 35, 49
        ("peserta", {"sesi": 2}, 20),
        ("hasil-sesi", {"sesi": 1}, 30),
        ("hasil-bagian", {"sesi": 1}, 27 * 3),  # three of thirty never came
        ("hasil-bagian", {"instansi": "9901", "tahun": 2025}, 17 * 3),
        ("jejak-audit", {"tahun": 2026}, 50),
        ("jejak-audit", {"tahun": 2025}, 0),
    ],
)
def test_filters_keep_what_they_say(any_session, dataset, filters, rows):
    chosen = plan(dataset, "csv", **filters)
    read_rows = [
        row
        for block in chosen.dataset.blocks(any_session, chosen.filters, None, 8)
        for row in block
    ]

    assert len(read_rows) == chosen.dataset.count(any_session, chosen.filters) == rows


@pytest.mark.parametrize("dataset", ["hasil-sesi", "hasil-bagian", "peserta", "jejak-audit"])
def test_reading_on_after_any_row_gives_exactly_the_rest(any_session, dataset):
    chosen = DATASETS[dataset]
    rows = list(chosen.rows(any_session, Filters(), None))

    for place in (0, 1, len(rows) // 2, len(rows) - 1):
        assert (
            list(chosen.rows(any_session, Filters(), chosen.key_of(rows[place])))
            == rows[place + 1 :]
        )


@pytest.mark.parametrize(
    ("mapping", "message"),
    [
        ({"himpunan": "apa", "format": "csv", "saringan": {}}, "'apa' tidak ada"),
        ({"himpunan": "peserta", "format": "pdf", "saringan": {}}, "format 'pdf' tidak ada"),
        (
            {"himpunan": "jejak-audit", "format": "csv", "saringan": {"sesi": 1}},
            "tidak mengenal saringan sesi",
        ),
    ],
)
def test_a_plan_that_makes_no_sense_is_refused(mapping, message):
    with pytest.raises(BadInput, match=message):
        Plan.from_mapping(mapping)


def test_a_filter_for_what_is_not_there_is_refused_rather_than_empty(session):
    with pytest.raises(BadInput, match="saringan formasi: 'F00' tidak ada"):
        Filters(formasi="F00").check(session)


def test_columns_that_were_promised_are_still_there_under_their_names():
    # What left the platform before; new columns come after these.
    promised = {
        "hasil-sesi": "nomor_peserta nama kode_formasi jenis_kebutuhan kursi keadaan twk tiu tkp "
        "total theta_twk se_twk theta_tiu se_tiu theta_tkp se_tkp cara_nilai",
        "peringkat": "peringkat nomor_peserta nama instansi jabatan lokasi jenis_kebutuhan "
        "kebutuhan twk tiu tkp total memenuhi_ambang_batas kode_hasil arti alasan dasar_hukum "
        "cara_nilai",
    }
    for code, names in promised.items():
        own = [column.name for column in DATASETS[code].columns]
        assert own[: len(names.split())] == names.split()


def test_the_documentation_of_columns_is_what_the_code_writes():
    assert (ROOT / "docs" / "kolom-ekspor.md").read_text(encoding="utf-8") == page()


@pytest.mark.parametrize("dataset", DATASETS.values(), ids=lambda each: each.code)
def test_every_column_says_what_it_means_once(dataset):
    names = [column.name for column in dataset.columns]

    assert len(set(names)) == len(names)
    assert all(column.meaning.endswith(".") for column in dataset.columns)


@pytest.mark.parametrize("dataset", ["hasil-sesi", "hasil-bagian", "peserta", "jejak-audit"])
def test_both_databases_give_the_same_rows(sqlite_rows, postgres_rows, dataset):
    chosen = DATASETS[dataset]
    with Session(sqlite_rows) as one, Session(postgres_rows) as other:
        frames = [
            to_frame(chosen.rows(each, Filters(), None), chosen.columns) for each in (one, other)
        ]

    assert frames[0].equals(frames[1])
