"""Sheets that people and TAO write."""

from __future__ import annotations

import pytest

from cat.errors import FileRefused
from cat.itembank.exchange.importing import read_file
from tests.cat.itembank.exchange.qti_files import png, zipped

HEAD = "domain,soal,opsi_a,opsi_b,opsi_c,kunci,rasional"
TAO = "name,question,max_choices,choice_1,choice_1_score,choice_2,choice_2_score,correct_answer"
TIU, TKP = "tiu.verbal.analogi", "tkp.pelayanan_publik"


def only(*lines: str, domain: str = ""):
    (report,) = read_file("a.csv", "\n".join(lines).encode(), domain=domain).items
    return report


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("tiu.a,S?,x,y,z,D,r", "kunci: 'd' bukan huruf pilihan"),
        ("tiu.a,S?,x,y,z,,r", "tepat satu kunci"),
        ("tkp.a,S?,x,y,z,A,r", "bagian TKP memakai poin"),
        ("tiu.a,S?,x,x,z,A,r", "sama dengan opsi A"),
        ("tiu.a,![x](gambar:a.png),x,y,z,A,r", "'a.png' tidak ada di dalam ZIP"),
        ("tiu,S?,x,y,z,A,r", "domain 'tiu' tidak ada"),
        (",S?,x,y,z,A,r", "domain kisi-kisi belum ditentukan"),
    ],
)
def test_a_row_that_breaks_a_rule_is_refused_by_name(line, words):
    report = only(HEAD, line)

    assert report.content is None
    assert words in "; ".join(report.refusals)


def test_a_zip_with_a_sheet_brings_the_pictures_that_it_names():
    sheet = f"{HEAD}\n{TIU},Lihat ![biru](gambar:biru.png),x,y,z,B,r\n".encode()

    batch = read_file("a.zip", zipped({"butir.csv": sheet, "g/biru.png": png(), "x.png": png()}))

    (report,) = batch.items
    assert report.content.stem == "Lihat ![biru](gambar:g1)"
    assert report.content.figures["g1"]["alt"] == "biru"
    assert report.pictures == tuple(batch.pictures)
    assert [loss.place for loss in batch.losses] == ["x.png"]


def test_columns_that_nobody_knows_are_named():
    batch = read_file("a.csv", f"{HEAD},warna\n{TIU},S?,x,y,z,B,r,merah\n".encode())

    assert [loss.what for loss in batch.losses] == ["kolom warna"]
    with pytest.raises(FileRefused, match="Kolom soal tidak ada"):
        read_file("a.csv", b"opsi_a,opsi_b\nx,y\n")


@pytest.mark.parametrize(
    ("line", "domain", "points", "most"),
    [
        ("Q,S <strong>a</strong>?,1,x,,y,,choice_2", TIU, (0, 1), 1),
        ("Q,S?,1,x,0,y,5,choice_2", TIU, (0, 1), 1),
        ("Q,S?,,x,1,y,1,", TIU, (1, 1), 0),
        ("Q,S?,1,x,1,y,2,", TKP, (1, 2), 1),
    ],
)
def test_rows_of_tao_keep_their_scores(line, domain, points, most):
    report = only(TAO, line, domain=domain)

    assert report.refusals == ()
    assert (report.code, report.content.points, report.content.max_choices) == ("Q", points, most)


@pytest.mark.parametrize(
    ("line", "domain", "words"),
    [
        ("Q,S?,1,x,1,y,2,", TIU, "nilai pilihan 1, 2"),
        ("Q,S?,1,x,,y,,choice_3", TIU, "'choice_3' bukan salah satu pilihan"),
        ("Q,S?,1,x,,y,,", TIU, "tidak ada correct_answer"),
        ("Q,a < b,1,x,,y,,choice_1", TIU, "&lt;"),
        ("Q,S?,,x,1,y,2,", TKP, "satu jawaban"),
    ],
)
def test_rows_of_tao_that_the_bank_cannot_hold_are_refused(line, domain, words):
    assert words in "; ".join(only(TAO, line, domain=domain).refusals)
