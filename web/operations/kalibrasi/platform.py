"""Answers out of the platform's own records: finished sittings that were not declared void.

Of a linear sitting the last choice for each item counts; what was left empty says nothing. Trial
items count like scored ones. Every version of an item is an item of its own, so that answers to
one wording never speak for another. A person who sat twice counts as two.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray
from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from cat.calibration.answers import Answers
from cat.errors import BadInput
from cat.exam.state import Phase
from cat.itembank.content import LETTERS
from web.operations.bulk import read_frame
from web.operations.kalibrasi.bank import Known, known_items
from web.operations.kalibrasi.jawaban import standing_answers
from web.operations.seleksi.usul import Jenis
from web.tables import Person, Peserta, Sesi, Sitting, TitikLokasi, Usul

CHUNK = 2_000  # sittings read at a time
_ANSWER = {"sitting": pl.String, "item": pl.String, "option": pl.String}
_SEX = {"L": "laki-laki", "P": "perempuan"}

Watch = Callable[[int, int], None]


@dataclass(frozen=True)
class Count:
    """How often one version was answered. right : mean category over the highest, 0 to 1."""

    known: Known
    answers: int
    right: float


@dataclass(frozen=True)
class Counts:
    """What there is to calibrate. sittings : finished ones that count; void : those left out.

    items : of the part or of all, in the order of their keys. unknown : answers to items that the
    bank does not have.
    """

    sittings: int
    void: int
    items: tuple[Count, ...]
    unknown: int


@dataclass(frozen=True, eq=False)
class Records:
    """Answers, the option behind each of them, and who gave them.

    options : (N,) 0 for A and so on, in the order of the answers. labels : grouping -> (J,) words.
    """

    answers: Answers
    options: NDArray[np.int8]
    labels: Mapping[str, Sequence[str]]


def counts(session: Session, part: str, sesi: Sequence[int] = ()) -> Counts:
    """How many answers the items of a part have. part : "" for all. sesi : none means all."""
    valid, void = _sittings(sesi)
    given = standing_answers(*valid).c
    rows = session.execute(
        select(given.item, given.option, func.count()).group_by(given.item, given.option)
    ).all()
    known = known_items(session, {item for item, _, _ in rows})
    points: dict[str, int] = {}
    answers: dict[str, int] = {}
    for item, option, number in rows:
        answers[item] = answers.get(item, 0) + number
        if item in known:
            category = known[item].category_of[LETTERS.index(option)]
            points[item] = points.get(item, 0) + number * category
    return Counts(
        sittings=_number(session, valid),
        void=_number(session, void),
        items=tuple(
            Count(one, answers[key], points[key] / answers[key] / (one.categories - 1))
            for key, one in sorted(known.items())
            if part in ("", one.part)
        ),
        unknown=sum(number for item, number in answers.items() if item not in known),
    )


def read(
    session: Session, known: Mapping[str, Known], sesi: Sequence[int], group: str, watch: Watch
) -> Records:
    """All answers to some versions.

    known : the versions by key. group : a grouping whose words divide persons, or "".
    watch : called with the sittings read and how many there are.

    Raises BadInput when nobody answered any of them.
    """
    items = sorted(known)
    sittings = _ids(session, sesi)
    codes = pl.Enum(items)
    parts = []
    for start in range(0, len(sittings), CHUNK):
        watch(start, len(sittings))
        chunk = sittings[start : start + CHUNK]
        frame = read_frame(session, _answers(chunk), _ANSWER)
        parts.append(_coded(frame, chunk, start, codes))
    found = pl.concat(parts).sort("person", "item") if parts else pl.DataFrame()
    if not found.height:
        raise BadInput("tidak ada jawaban atas butir yang dipilih pada sesi itu", rule="plan")
    return _records(session, found, sittings, {key: known[key] for key in items}, group)


def _records(
    session: Session,
    found: pl.DataFrame,
    sittings: Sequence[str],
    known: Mapping[str, Known],
    group: str,
) -> Records:
    person, item = found["person"].to_numpy(), found["item"].to_numpy()
    option = found["option"].to_numpy()
    present, person = np.unique(person, return_inverse=True)
    labels = _labels(session, [sittings[place] for place in present])
    widest = max(len(one.points) for one in known.values())
    table = np.full((len(known), widest), -1)
    for row, one in zip(table, known.values(), strict=True):
        row[: len(one.points)] = one.category_of
    answers = Answers.of_long(
        person.astype(np.int32),
        item.astype(np.int32),
        table[item, option],
        items=list(known),
        persons=range(len(present)),
        group=labels[group] if group else None,
        categories=np.array([one.categories for one in known.values()]),
    )
    return Records(answers, option.astype(np.int8), labels)


def _sittings(
    sesi: Sequence[int],
) -> tuple[list[ColumnElement[bool]], list[ColumnElement[bool]]]:
    """Conditions for the sittings that count, and for the void ones."""
    void = select(Usul.sitting_id).where(
        Usul.jenis == Jenis.BATAL_UJIAN.value,
        Usul.agreed.is_(True),
        Usul.sitting_id.is_not(None),
    )
    chosen: list[ColumnElement[bool]] = [Sitting.phase == Phase.FINISHED.value]
    if sesi:
        chosen.append(Sitting.sesi_id.in_(sesi))
    return [*chosen, Sitting.id.not_in(void)], [*chosen, Sitting.id.in_(void)]


def _number(session: Session, which: Sequence[ColumnElement[bool]]) -> int:
    return session.scalar(select(func.count()).select_from(Sitting).where(*which)) or 0


def _ids(session: Session, sesi: Sequence[int]) -> list[str]:
    valid, _ = _sittings(sesi)
    chosen = select(Sitting.id).where(*valid).order_by(Sitting.sesi_id, Sitting.seat)
    return list(session.scalars(chosen))


def _answers(chunk: Sequence[str]):  # type: ignore[no-untyped-def]  # a Select of three columns
    given = standing_answers(Sitting.id.in_(chunk)).c
    return select(given.sitting_id, given.item, given.option)


def _coded(frame: pl.DataFrame, chunk: Sequence[str], start: int, items: pl.Enum) -> pl.DataFrame:
    """Names as small numbers; answers to other items are dropped."""
    codes = {"person": ("sitting", pl.Enum(list(chunk))), "item": ("item", items)}
    codes["option"] = ("option", pl.Enum(list(LETTERS)))
    coded = frame.select(
        pl.col(source).cast(kind, strict=False).to_physical().cast(pl.Int32).alias(name)
        for name, (source, kind) in codes.items()
    )
    return coded.drop_nulls().with_columns(pl.col("person") + start)


def _labels(session: Session, sittings: Sequence[str]) -> dict[str, list[str]]:
    """What groups persons, in words; the most sensitive of it never leaves the calibration."""
    found: dict[str, tuple[str, str, str]] = {}
    for start in range(0, len(sittings), CHUNK):
        rows = session.execute(
            select(Sitting.id, Person.jenis_kelamin, TitikLokasi.nama, Peserta.netra)
            .join(Sitting.peserta)
            .join(Peserta.person)
            .join(Sitting.sesi)
            .join(Sesi.titik_lokasi)
            .where(Sitting.id.in_(sittings[start : start + CHUNK]))
        )
        for sitting, sex, site, is_blind in rows:
            found[sitting] = (_SEX.get(sex, sex), site, "netra" if is_blind else "bukan netra")
    columns = zip(*(found[sitting] for sitting in sittings), strict=True)
    names = ("jenis_kelamin", "titik_lokasi", "netra")
    return {name: list(column) for name, column in zip(names, columns, strict=True)}
