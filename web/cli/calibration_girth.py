"""catcpns item calibrate --engine girth: complete answers only, as a check of our own engine."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from cat.errors import BadInput

if TYPE_CHECKING:
    from cat.calibration.fit import CalibratedItem, Calibration

HEADER_LINES = 2  # person 0 of the matrix stands on line 2 of the file

MODEL_NAMES = {"2pl": "2PL", "pcm": "kredit parsial umum (GPCM)"}

# By name: the enumeration comes with girth, whose import would slow every other command.
DOUBTS = {
    "REVERSED_KEY": "mungkin kunci terbalik",
    "A_AT_LOWER_BOUND": "a tertahan di batas bawah",
    "A_AT_UPPER_BOUND": "a tertahan di batas atas",
    "B_AT_BOUND": "b tertahan di batas",
    "RARE_CATEGORY": "ada kategori yang dipilih kurang dari 10 orang",
}

REFUSALS = {
    "empty_file": "berkas kosong",
    "csv": "bukan tabel CSV yang utuh ({value})",
    "names": "nama kolom '{value}' kosong, terulang, atau lebih dari satu baris",
    "row": "baris {line} berisi {value} sel, seharusnya {wanted}",
    "items": "hanya ada {value} kolom butir, perlu sedikitnya 3",
    "persons": "hanya ada {value} baris peserta, perlu sedikitnya 200",
    "missing": "kolom {item}, baris {line}: jawaban kosong. Kalibrasi ini hanya untuk data "
    "lengkap; data tes adaptif atau data bolong memberi hasil yang salah",
    "category": "kolom {item}, baris {line}: nilai '{value}' bukan {allowed}",
    "constant": "kolom {item}: semua peserta bernilai {value}, tingkat kesukarannya tidak "
    "dapat ditaksir",
    "gap": "kolom {item}: ada nilai {value} tetapi tidak ada yang bernilai {unused}; kategori "
    "harus 0 sampai K-1 tanpa lompatan",
    "arithmetic": "perhitungan gagal; keluarkan dulu butir yang paling timpang, kolom {item} "
    "(bagian benar {value})",
}

ALLOWED = {"2pl": "0 atau 1", "pcm": "kategori 0, 1, ... sampai 15"}


def run(answers: Path, model: str) -> None:
    """Calibrate and print; raises ClickException for a file that is refused."""
    from cat.calibration.answer_file import read_answers
    from cat.calibration.fit import calibrate

    try:
        with answers.open(encoding="utf-8-sig", newline="") as file:
            given = read_answers(file)
        result = calibrate(given.items, given.answers, model)
    except UnicodeDecodeError as error:
        raise click.ClickException(f"{answers}: bukan teks UTF-8") from error
    except BadInput as error:
        raise click.ClickException(f"{answers}: {refusal(error, model)}") from error
    Console(width=120).print(table(result))
    doubtful = sum(bool(each.doubts) for each in result.items)
    click.echo(f"{doubtful} dari {len(result.items)} butir bercatatan; bank tak berubah", err=True)


def refusal(error: BadInput, model: str) -> str:
    """The sentence for the operator, with the column, the line of the file and the value."""
    evidence = {**error.evidence, "allowed": ALLOWED[model]}
    if "person" in evidence:
        evidence["line"] = evidence["person"] + HEADER_LINES
    return REFUSALS[evidence["rule"]].format(**evidence)


def table(result: Calibration) -> Table:
    """One row per item: name, persons, share correct, a, b and what is doubtful."""
    title = f"Usulan parameter {MODEL_NAMES[result.model]}: {result.persons} peserta"
    drawn = Table(title=title)
    drawn.add_column("butir", overflow="fold")
    for column in ("n", "bagian benar", "a", "b"):
        drawn.add_column(column, justify="right", overflow="fold")
    drawn.add_column("catatan")
    for item in result.items:
        drawn.add_row(*_row(item, result.persons))
    return drawn


def _row(item: CalibratedItem, persons: int) -> tuple[str, ...]:
    steps = " ".join(f"{step:.3f}" for step in item.b)
    notes = "; ".join(DOUBTS[doubt.name] for doubt in item.doubts)
    return (escape(item.item), str(persons), f"{item.share:.3f}", f"{item.a:.3f}", steps, notes)
