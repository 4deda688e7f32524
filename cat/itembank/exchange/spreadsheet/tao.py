"""Rows with the columns of TAO's tabular import.

name, question, language, shuffle, min_choices, max_choices, choice_1 ... choice_N,
choice_1_score ... choice_N_score, correct_answer, metadata_*. Questions and choices are XHTML.
oat-sa/extension-tao-itemqti, "Import Items: Tabular Import with CSV Template".
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from cat.errors import BadItem, FileRefused
from cat.itembank.content import MOST_OPTIONS, ItemContent, is_keyed
from cat.itembank.exchange.building import Draft
from cat.itembank.exchange.note import start_parameters
from cat.itembank.exchange.qti.body import Body
from cat.itembank.exchange.qti.inline import Inline
from cat.itembank.exchange.qti.item import refuse_scripts
from cat.itembank.exchange.qti.ledger import Ledger
from cat.itembank.exchange.qti.names import XHTML
from cat.itembank.exchange.qti.pictures import Pictures
from cat.itembank.exchange.report import CannotKeep, Loss
from cat.itembank.exchange.xml import parse

_CHOICE = re.compile(r"choice_([1-9]\d?)")


def is_tao(header: Sequence[str]) -> bool:
    """Whether a header line has TAO's columns."""
    return {"name", "question", "choice_1"} <= set(header)


def tao_draft(file_name: str, number: int, row: Mapping[str, str], domain: str) -> Draft:
    """The item of one row; its refusals say why it cannot enter."""
    row = {name: cell.strip() for name, cell in row.items()}
    draft = Draft(f"baris {number}", row.get("name", "") or f"baris {number}")
    try:
        draft.content = _content(draft, row, domain, file_name)
    except (BadItem, FileRefused) as error:
        draft.refusals.append(str(error))
    return draft


def _content(draft: Draft, row: Mapping[str, str], domain: str, file_name: str) -> ItemContent:
    if not domain:
        raise CannotKeep("domain kisi-kisi belum ditentukan; pilih domain bagi berkas ini")
    numbers = [n for n in range(1, 100) if row.get(f"choice_{n}")]
    if numbers != list(range(1, len(numbers) + 1)) or not 2 <= len(numbers) <= MOST_OPTIONS:
        raise CannotKeep(f"choice_1 dan seterusnya: perlu 2 sampai {MOST_OPTIONS}, berurutan")
    # TAO's own default is 0: any number of choices.
    most = _whole(row, "max_choices")
    points = _points(draft, row, numbers, domain.partition(".")[0], most)
    draft.losses += _unused(draft.place, row)
    return ItemContent(
        code=row.get("name", ""),
        domain=domain,
        stem=_markdown(draft, row.get("question", ""), "question", is_line=False),
        options=tuple(
            _markdown(draft, row[f"choice_{n}"], f"choice_{n}", is_line=True) for n in numbers
        ),
        points=points,
        rationale="",
        source=f"{file_name}: {draft.identifier}",
        parameters=start_parameters(domain.partition(".")[0], len(numbers)),
        max_choices=0 if most >= len(numbers) else most,
    )


def _points(
    draft: Draft, row: Mapping[str, str], numbers: list[int], part: str, most: int
) -> tuple[int, ...]:
    """Scores decide where there are any; else correct_answer does, as in TAO."""
    told = [row.get(f"choice_{n}_score", "") for n in numbers]
    right = {each.lower() for each in re.split(r"[\s,;/|]+", row.get("correct_answer", "")) if each}
    if wrong := sorted(right - {f"choice_{n}" for n in numbers}):
        raise CannotKeep(f"correct_answer: {wrong[0]!r} bukan salah satu pilihan")
    if not any(told):
        if not right:
            raise CannotKeep("tidak ada choice_N_score dan tidak ada correct_answer")
        if len(right) > 1 and most != 1:
            effect = (
                "nilai penuh hanya untuk semua kunci sekaligus; bank menyimpan nilai tiap kunci"
            )
            draft.losses.append(Loss(draft.place, "correct_answer jamak", effect))
        return tuple(int(f"choice_{n}" in right) for n in numbers)
    scores = [_score(cell, f"choice_{n}_score") for n, cell in zip(numbers, told, strict=True)]
    best = {f"choice_{n}" for n, score in zip(numbers, scores, strict=True) if score == max(scores)}
    if right and right != best:
        effect = "tidak dipakai: nilai pilihan yang menentukan"
        draft.losses.append(Loss(draft.place, "correct_answer", effect))
    if not is_keyed(part):
        if most != 1:
            rule = "bagian TKP menerima satu jawaban; di TAO kosong berarti 0, tanpa batas"
            raise CannotKeep(f"max_choices: {rule}; isi 1")
        return tuple(_integer(score) for score in scores)
    worth = max(scores)
    if worth <= 0 or set(scores) - {0.0, worth}:
        shown = ", ".join(f"{score:g}".replace(".", ",") for score in scores)
        raise CannotKeep(f"nilai pilihan {shown}: bagian ini hanya menyimpan kunci dan bukan kunci")
    if worth != 1:
        draft.losses.append(Loss(draft.place, f"skala nilai 0 dan {worth:g}", "menjadi 0 dan 1"))
    return tuple(int(score == worth) for score in scores)


def _unused(place: str, row: Mapping[str, str]) -> list[Loss]:
    found = []
    for name, cell in row.items():
        if not cell or not name:
            continue
        if name == "shuffle" and cell != "0":
            found.append(Loss(place, "shuffle=1", "urutan pilihan menjadi tetap"))
        elif name == "min_choices" and cell not in ("0", "1"):
            found.append(Loss(place, f"min_choices={cell[:10]}", "tidak disimpan"))
        elif name == "language" or name.startswith("metadata_"):
            found.append(Loss(place, f"{name}=“{cell[:40]}”", "tidak disimpan"))
        elif not _is_read(name):
            found.append(Loss(place, f"kolom {name[:40]}", "tidak disimpan"))
    return found


def _is_read(name: str) -> bool:
    known = ("name", "question", "shuffle", "min_choices", "max_choices", "correct_answer")
    return name in known or bool(_CHOICE.fullmatch(name.removesuffix("_score")))


def _markdown(draft: Draft, cell: str, column: str, *, is_line: bool) -> str:
    """XHTML of a cell as Markdown."""
    place = f"{draft.place}, {column}"
    source = f'<div xmlns="{XHTML}">{cell}</div>'.encode()
    try:
        root = parse(source, place)
    except FileRefused as error:
        raise CannotKeep(f"{error} Tulis &lt; untuk tanda lebih kecil, &amp; untuk dan.") from error
    refuse_scripts(root)
    ledger, pictures = Ledger(root, place), Pictures({}, "")
    body = Body(Inline(ledger, pictures))
    text = body.line(root) if is_line else body.markdown(root)
    draft.losses += ledger.losses()
    return text


def _whole(row: Mapping[str, str], name: str) -> int:
    cell = row.get(name, "") or "0"
    if not cell.isdecimal() or len(cell) > 9:
        raise CannotKeep(f"{name}: {cell[:20]!r} bukan bilangan bulat")
    return int(cell)


def _score(cell: str, name: str) -> float:
    try:
        return float(cell.replace(",", ".")) if cell else 0.0
    except ValueError as error:
        raise CannotKeep(f"{name}: {cell[:20]!r} bukan bilangan") from error


def _integer(score: float) -> int:
    if not score.is_integer():
        raise CannotKeep(f"nilai {score:g} bukan bilangan bulat")
    return int(score)
