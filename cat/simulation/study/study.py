"""A study: which people, which bank, which policy. Read from a file, checked before any work."""

from __future__ import annotations

import hashlib
import json
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cat.errors import BadInput
from cat.scoring import linked_prior
from cat.simulation.running.chunks import Chunk, cut
from cat.simulation.running.engine_version import engine_version
from cat.simulation.running.worker import Task
from cat.simulation.study.bank import read_bank
from cat.simulation.study.fields import Fields
from cat.simulation.study.recorded import (
    NOT_ANSWERED,
    AnswerCodes,
    Categories,
    full_bank_estimate,
    read_recorded,
)
from cat.simulation.study.simulees import read_simulees
from cat.simulation.study.sources import Sources
from cat.simulation.study.study_part import Bank, StudyPart

Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Study:
    """Everything that decides the results of a study.

    title, seed : as in its file. document : the file itself, as plain data.
    bank : the parts with their items and policies.
    people : one sentence on who sits the test.
    theta : (J, P) true abilities, logits; of recorded people what all their answers say of them.
    recorded : per part (J, I) answers to be replayed; None when answers are simulated.
    transition : how earlier parts inform later ones, as in `cohort.Controls`, or None.
    sources : file name -> SHA-256, hexadecimal, of every file that the study names.
    """

    title: str
    seed: int
    document: Mapping[str, Any]
    bank: Bank
    people: str
    theta: Floats
    recorded: tuple[Categories, ...] | None
    transition: Floats | None
    sources: Mapping[str, str]

    @property
    def parts(self) -> tuple[StudyPart, ...]:
        return self.bank.parts

    @property
    def persons(self) -> int:
        return len(self.theta)

    @property
    def is_post_hoc(self) -> bool:
        """Whether answers of real people are replayed."""
        return self.recorded is not None

    @property
    def notes(self) -> tuple[str, ...]:
        """What readers of the results must know first."""
        silent = [
            f"{part.code.upper()}: {len(unanswered)} butir bank tidak dijawab seorang pun,"
            f" misalnya {part.codes[unanswered[0]]}."
            for part, matrix in zip(self.parts, self.recorded or (), strict=False)
            if len(unanswered := np.flatnonzero((matrix == NOT_ANSWERED).all(axis=0)))
        ]
        return (*self.bank.notes, *silent)

    @cached_property
    def digest(self) -> str:
        """SHA-256, hexadecimal, of the study's file, of all files that it names, and of the engine.

        The name of the study's file and where it lies do not count.
        """
        content = [self.document, dict(self.sources), engine_version()]
        text = json.dumps(content, sort_keys=True, ensure_ascii=False, default=str)
        return hashlib.sha256(text.encode()).hexdigest()

    @cached_property
    def chunks(self) -> tuple[Chunk, ...]:
        """The people in pieces; they depend on the study alone."""
        needs_solver = any(part.needs_solver for part in self.parts)
        return cut(self.persons, max(len(part.codes) for part in self.parts), needs_solver)

    def task(self, chunk: Chunk) -> Task:
        """What a worker needs to simulate one chunk."""
        rows = slice(chunk.first, chunk.stop)
        if self.recorded is None:
            return Task(chunk, self.theta[rows], None)
        return Task(chunk, None, tuple(matrix[rows] for matrix in self.recorded))


def read_study(path: Path) -> Study:
    """The study in a TOML file; files that it names are looked for beside it.

    Raises BadInput or another CatError, naming file, field, value and rule, before any work.
    """
    try:
        document = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise BadInput(f"{path}: tidak dapat dibaca ({error.strerror})") from error
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise BadInput(f"{path}: bukan TOML dalam UTF-8 ({error})") from error
    return _compose(document, Fields(document, path.name), Sources(path.parent))


def _compose(document: Mapping[str, Any], fields: Fields, sources: Sources) -> Study:
    title = fields.text("judul")
    seed = fields.integer("benih", 0, 2**62)
    is_post_hoc = fields.has("jawaban")
    if is_post_hoc == fields.has("peserta"):
        raise BadInput(f"{fields.place}: perlu salah satu dari [peserta] atau [jawaban]")
    bank = read_bank(fields, sources, seed, is_post_hoc)
    transition = bank.transition
    if fields.has("korelasi_antarbagian"):
        correlation = fields.number("korelasi_antarbagian", 0, 0.999)
        quadrature = bank.parts[0].adaptive.tables.quadrature
        transition = linked_prior.transition(quadrature, correlation)
    recorded = None
    if is_post_hoc:
        recorded = _recorded(fields.child("jawaban"), bank, sources)
        estimates = zip(bank.parts, recorded, strict=True)
        theta = np.stack(
            [full_bank_estimate(part.adaptive.tables, given)[0] for part, given in estimates],
            axis=1,
        )
        people = f"{len(theta)} orang nyata dari berkas {document['jawaban']['berkas']}"
    else:
        codes = [part.code for part in bank.parts]
        simulees = read_simulees(fields.child("peserta"), codes, seed, sources)
        theta, people = simulees.theta, simulees.people
    fields.done()
    return Study(
        title, seed, document, bank, people, theta, recorded, transition, dict(sources.digests)
    )


def _recorded(fields: Fields, bank: Bank, sources: Sources) -> tuple[Categories, ...]:
    path = sources.path(fields, "berkas")
    codes = AnswerCodes(
        lowest=fields.integer("kategori_terendah", 0, 100, 0),
        missing=frozenset(fields.names("kosong", ()) if fields.has("kosong") else ()),
        ignored=frozenset(fields.names("abaikan", ()) if fields.has("abaikan") else ()),
    )
    fields.done()
    banks = [(part.codes, part.adaptive.tables.items.categories) for part in bank.parts]
    return read_recorded(path, banks, codes)
