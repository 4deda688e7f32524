"""Rows of a sheet as items: XLSX or CSV, with our columns or those of TAO."""

from __future__ import annotations

import csv
import re
from collections.abc import Mapping
from dataclasses import replace
from io import StringIO

from cat.errors import BadItem, FileRefused
from cat.itembank.content import ItemContent
from cat.itembank.exchange.building import Draft, own_pictures
from cat.itembank.exchange.qti.pictures import Pictures
from cat.itembank.exchange.report import CannotKeep, Loss
from cat.itembank.exchange.spreadsheet.columns import KNOWN, REQUIRED
from cat.itembank.exchange.spreadsheet.rows import content_of_row
from cat.itembank.exchange.spreadsheet.tao import is_tao, tao_draft
from cat.itembank.exchange.spreadsheet.workbook import (
    MOST_COLUMNS,
    MOST_ROWS,
    is_workbook,
    read_workbook,
)
from cat.itembank.exchange.spreadsheet.writing import unguarded
from cat.itembank.pictures import MEDIA_TYPES

_SHOWN = re.compile(r"!\[([^\]]*)\]\(gambar:([^)]*)\)")

__all__ = ["is_workbook", "read_sheet_file"]


def read_sheet_file(
    name: str, data: bytes, domain: str, pictures: Mapping[str, bytes], losses: list[Loss]
) -> list[Draft]:
    """The items of an XLSX or CSV file.

    pictures : files beside it by path; cells name them as ![...](gambar:name.png).
    losses : gets what belongs to no row.

    Raises FileRefused for a file that is neither, or lacks a column.
    """
    table = read_workbook(data, losses) if is_workbook(data) else _csv(data)
    table = [[cell.replace("\r\n", "\n") for cell in row] for row in table]
    if not table:
        raise FileRefused("Berkas kosong: baris pertama harus berisi nama kolom.")
    header = [cell.strip().lower() for cell in table[0]]
    _check_header(header)
    rows = [
        (number, dict(zip(header, row, strict=False)))
        for number, row in enumerate(table[1:], start=2)
        if any(cell.strip() for cell in row)
    ]
    if not rows:
        raise FileRefused("Berkas tidak berisi baris butir.")
    if is_tao(header):
        return [tao_draft(name, number, row, domain) for number, row in rows]
    if missing := [each for each in REQUIRED if each not in header]:
        shown = ", ".join(each[:20] for each in header[:10])
        raise FileRefused(f"Kolom {', '.join(missing)} tidak ada; yang terbaca: {shown}.")
    strange = [each for each in header if each and each not in KNOWN]
    losses += [Loss("baris judul", f"kolom {each[:40]}", "tidak disimpan") for each in strange]
    return [_draft(name, number, row, domain, pictures) for number, row in rows]


def _draft(
    name: str, number: int, row: Mapping[str, str], domain: str, pictures: Mapping[str, bytes]
) -> Draft:
    draft = Draft(f"baris {number}", row.get("kode", "").strip() or f"baris {number}")
    try:
        content = content_of_row(row, domain)
        draft.pictures = own_pictures(content, pictures)
        draft.used = {path for path in pictures if path.rpartition("/")[2] in draft.pictures}
        draft.content = _with_named_pictures(content, pictures, draft)
    except (BadItem, FileRefused) as error:
        draft.refusals.append(str(error))
    return draft


def _with_named_pictures(
    content: ItemContent, files: Mapping[str, bytes], draft: Draft
) -> ItemContent:
    """The item with the files that its texts name as figures of their own."""
    by_name = {path.rpartition("/")[2]: path for path in files}
    figures, named = dict(content.figures), dict[str, str]()

    def renamed(found: re.Match[str]) -> str:
        alt, name = found[1], found[2].strip()
        if name in figures or name.rpartition(".")[2].lower() not in {*MEDIA_TYPES, "jpeg"}:
            return found[0]
        if name not in by_name:
            raise CannotKeep(f"gambar {name!r} tidak ada di dalam ZIP")
        if name not in named:
            named[name] = f"g{len(figures) + 1}"
            while named[name] in figures:
                named[name] += "x"
            figures[named[name]] = _picture(by_name[name], alt, files, draft)
        return f"![{alt}](gambar:{named[name]})"

    stem, shared = _SHOWN.sub(renamed, content.stem), _SHOWN.sub(renamed, content.stimulus_text)
    options = tuple(_SHOWN.sub(renamed, option) for option in content.options)
    return replace(content, stem=stem, stimulus_text=shared, options=options, figures=figures)


def _picture(path: str, alt: str, files: Mapping[str, bytes], draft: Draft) -> Mapping[str, str]:
    found = Pictures(files, "")
    found.refer(path, alt)
    draft.pictures |= found.found
    draft.used.add(path)
    place = f"{draft.place}: {path}"
    draft.losses += [Loss(place, what, "dibuang dari gambar") for _, what in found.dropped]
    return next(iter(found.figures.values()))


def _check_header(header: list[str]) -> None:
    if len(header) > MOST_COLUMNS:
        raise FileRefused(f"Paling banyak {MOST_COLUMNS} kolom dalam satu lembar.")
    if doubled := sorted({name for name in header if name and header.count(name) > 1}):
        raise FileRefused(f"Kolom {', '.join(doubled)[:80]} tertulis lebih dari satu kali.")


def _csv(data: bytes) -> list[list[str]]:
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise FileRefused("Berkas bukan XLSX, QTI, atau CSV UTF-8 yang dapat dibaca.") from error
    if "\0" in text:
        raise FileRefused("CSV tidak dapat dibaca: ada tanda NUL.")
    first = text.partition("\n")[0]
    delimiter = max(",;\t", key=first.count)
    try:
        rows = list(csv.reader(StringIO(text, newline=""), delimiter=delimiter, strict=True))
    except csv.Error as error:
        raise FileRefused(f"CSV tidak dapat dibaca: {error}.") from error
    if len(rows) > MOST_ROWS:
        raise FileRefused(f"Paling banyak {MOST_ROWS - 1} baris butir dalam satu lembar.")
    return [[unguarded(cell) for cell in row] for row in rows]
