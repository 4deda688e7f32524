"""The table of constraints as a CSV file, in the dialects that spreadsheet programs write."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from cat.errors import BadRules

COLUMNS = ("ID", "TYPE", "WHAT", "CONDITION", "LB", "UB", "ONOFF")
REQUIRED = ("TYPE", "WHAT", "CONDITION", "LB", "UB")
# The names that TestDesign gives to the first column.
OTHER_NAMES = {"CONSTRAINT": "ID", "CONSTRAINT_ID": "ID"}


def read(source: Path | str) -> list[tuple[int, dict[str, str]]]:
    """The rows of a CSV file (a Path) or of CSV text (a str): (line, cell by column).

    Comma or semicolon separates the cells, whichever the first line has; empty lines are skipped.

    Raises BadRules naming the line and the rule.
    """
    text = _decoded(source) if isinstance(source, Path) else source
    text = text.removeprefix("\ufeff")
    first = text.partition("\n")[0]
    delimiter = ";" if ";" in first and "," not in first else ","
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    header: list[str] = []
    rows: list[tuple[int, dict[str, str]]] = []
    try:
        for cells in reader:
            if not any(cell.strip() for cell in cells):
                continue
            if not header:
                header = _header(cells)
            elif len(cells) != len(header):
                raise BadRules(
                    f"baris {reader.line_num}: ada {len(cells)} sel untuk {len(header)} kolom;"
                    f" sel yang memuat {delimiter!r} harus diapit tanda kutip"
                )
            else:
                rows.append((reader.line_num, dict(zip(header, cells, strict=True))))
    except csv.Error as wrong:
        raise BadRules(f"baris {reader.line_num}: bukan CSV yang utuh ({wrong})") from wrong
    if not header:
        raise BadRules(f"tabel kendala kosong; baris pertama harus memuat {', '.join(REQUIRED)}")
    return rows


def written(rows: Sequence[Mapping[str, Any]]) -> str:
    """CSV text of the rows, with a header, commas and one line feed a row."""
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, COLUMNS, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()


def _decoded(path: Path) -> str:
    try:
        return path.read_bytes().decode("utf-8")
    except UnicodeDecodeError as wrong:
        raise BadRules(f"{path.name}: simpan berkas sebagai CSV UTF-8 ({wrong.reason})") from wrong


def _header(cells: Sequence[str]) -> list[str]:
    names = [cell.strip().upper() for cell in cells]
    names = [OTHER_NAMES.get(name, name) for name in names]
    if unknown := [name for name in names if name not in COLUMNS]:
        raise BadRules(f"judul kolom tak dikenal {unknown[0]!r}; pilih {', '.join(COLUMNS)}")
    if missing := [name for name in REQUIRED if name not in names]:
        raise BadRules(f"judul kolom tidak ada: {', '.join(missing)}")
    if len(set(names)) < len(names):
        raise BadRules(f"judul kolom berulang: {', '.join(names)}")
    return names
