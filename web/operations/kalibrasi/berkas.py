"""Files of answers that analysts upload: kept under the hash of their bytes, read when asked."""

from __future__ import annotations

import gzip
import hashlib
import io
import os
import re
import zlib
from dataclasses import dataclass
from pathlib import Path

from cat.calibration.answer_data import FileShape, read_answer_data
from cat.calibration.answers import ONE_GROUP, Answers
from cat.errors import BadInput
from web.operations.kalibrasi import kata
from web.operations.kalibrasi.rancangan import Plan

ENDINGS = (".csv", ".csv.gz", ".parquet")
# Bigger files go through `catcpns item calibrate`.
MOST_BYTES = 64 * 1024 * 1024
MOST_UNPACKED = 512 * 1024 * 1024  # bytes of a packed file, which could unpack to 64 GB
LONGEST_NAME = 80  # letters of an item's name
_CHUNK = 1 << 20


@dataclass(frozen=True)
class Summary:
    """What a file holds. items : name, answers, and categories of each."""

    persons: int
    answers: int
    items: tuple[tuple[str, int, int], ...]
    groups: tuple[tuple[str, int], ...]


def keep(instance: Path, name: str, content: bytes) -> str:
    """Store a file of answers after having read it; returns the name it is kept under.

    name : as its owner calls it. Raises BadInput in Indonesian; nothing is kept then.
    """
    ending = next((each for each in ENDINGS if name.lower().endswith(each)), None)
    if ending is None:
        raise BadInput(
            f"{name}: berkas jawaban berakhiran {', '.join(ENDINGS)}", rule="file", value=name
        )
    if ending.endswith(".gz"):
        _refuse_bomb(name, content)
    stored = hashlib.sha256(content).hexdigest() + ending
    path = path_of(instance, stored)
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    draft = path.with_name(f".{os.urandom(6).hex()}{ending}")
    draft.write_bytes(content)
    try:
        summary(draft)
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)
    return stored


def path_of(instance: Path, stored: str) -> Path:
    """Where a stored file lies. Raises BadInput for a name that `keep` never gives."""
    digest, dot, ending = stored.partition(".")
    is_hash = len(digest) == 64 and set(digest) <= set("0123456789abcdef")
    if not is_hash or dot + ending not in ENDINGS:
        raise BadInput(f"{stored!r}: bukan nama berkas jawaban", rule="file", value=stored)
    return instance / "kalibrasi" / stored


def summary(path: Path, shape: FileShape | None = None) -> Summary:
    """What a stored file holds. Raises BadInput in Indonesian."""
    found = read_file(path, shape or FileShape())
    by_group = [int((found.group == g).sum()) for g in range(len(found.groups))]
    rows = zip(found.items, found.counts.tolist(), found.categories.tolist(), strict=True)
    return Summary(
        persons=len(found.persons),
        answers=len(found),
        items=tuple(rows),
        groups=tuple(zip(found.groups, by_group, strict=True)),
    )


def read(instance: Path, plan: Plan) -> Answers:
    """The answers of a plan's file. Raises BadInput in Indonesian."""
    path = path_of(instance, plan.file)
    if not path.exists():
        raise BadInput(f"berkas {plan.file_name} tidak ada lagi: unggah sekali lagi", rule="file")
    found = read_file(path, shape_of(plan))
    if plan.group_column and found.groups == ONE_GROUP:
        raise BadInput(
            f"kolom {plan.group_column}: pada berkas panjang kolom kelompok bernama group",
            rule="columns",
        )
    return found


def shape_of(plan: Plan) -> FileShape:
    """How to read the file of a plan."""
    return FileShape(
        group=plan.group_column or None,
        weight=plan.weight_column or None,
        lowest=plan.lowest,
    )


def read_file(path: Path, shape: FileShape) -> Answers:
    """The answers in a file. Raises BadInput in Indonesian."""
    try:
        found = read_answer_data(path, shape)
    except BadInput as error:
        raise BadInput(kata.refusal(error), **error.evidence) from error
    if long := next((each for each in found.items if len(each) > LONGEST_NAME), None):
        rule = f"nama butir paling banyak {LONGEST_NAME} huruf"
        raise BadInput(f"{rule} (terbaca: {long[:LONGEST_NAME]!r}...)", rule="names", value=long)
    # The reader of tables gives the second of two equal columns this name without a word.
    for name in found.items:
        if twice := re.fullmatch(r"(.*)_duplicated_\d+", name):
            raise BadInput(f"kolom '{twice[1]}' tertulis dua kali", rule="names", value=twice[1])
    return found


def _refuse_bomb(name: str, content: bytes) -> None:
    """Unpack without keeping anything; raises BadInput where it would be too much, or cannot be."""
    unpacked = 0
    try:
        with gzip.open(io.BytesIO(content)) as packed:
            while chunk := packed.read(_CHUNK):
                unpacked += len(chunk)
                if unpacked > MOST_UNPACKED:
                    most = f"{MOST_UNPACKED >> 20} MB sesudah dibuka"
                    raise BadInput(f"{name}: paling besar {most}", rule="file", value=name)
    except (OSError, EOFError, zlib.error) as error:
        raise BadInput(f"{name}: berkas gzip yang rusak", rule="file", value=name) from error
