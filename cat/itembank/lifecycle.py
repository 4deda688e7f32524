"""The states of an item, and who may move it from one to another: the rule itself is data."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

from cat.errors import BadRules
from cat.itembank.content import (
    NOT_ESTIMATED,
    UNCALIBRATED,
    ItemContent,
    exam_problems,
    problems,
)


class Status(StrEnum):
    """State of an item; the values are the words shown and stored."""

    DRAF = "draf"
    TELAAH = "telaah"
    PERLU_REVISI = "perlu revisi"
    DISETUJUI = "disetujui"
    UJI_COBA = "uji coba"
    AKTIF = "aktif"
    PENSIUN = "pensiun"
    BOCOR = "bocor"


# A writer may change only what has not been approved; later changes need a new version.
EDITABLE = frozenset({Status.DRAF, Status.PERLU_REVISI})
# No version of an item in these states is in use.
WITHDRAWN = frozenset({Status.PENSIUN, Status.BOCOR})
NEEDS = ("isi", "ujian", "komentar", "kalibrasi", "persetujuan")
_FIELDS = {"dari", "ke", "tombol", "peran", "alasan", "bukan_penulis", "perlu"}


@dataclass(frozen=True)
class Move:
    """One way out of a state.

    label : words on the button. roles : one of them is needed.
    needs_reason : it has to be explained. not_author : nobody who wrote a version may do it.
    needs : of NEEDS, what must hold of the newest version.
    """

    source: Status
    target: Status
    label: str
    roles: frozenset[str]
    needs_reason: bool = False
    not_author: bool = False
    needs: tuple[str, ...] = ()


@dataclass(frozen=True)
class Workflow:
    """All moves there are, with the content of the file that states them and its SHA-256.

    new_version_roles : who may open the next version of any item; own_version_roles : who may open
        that of an item which they wrote. A draft shows its key to every writer.
    """

    moves_from: Mapping[Status, tuple[Move, ...]]
    new_version_from: frozenset[Status]
    new_version_roles: frozenset[str]
    own_version_roles: frozenset[str]
    content: Mapping[str, Any]
    digest: str

    @classmethod
    def from_mapping(cls, data: Mapping[str, Any]) -> Workflow:
        """Read a parsed `alur.toml`; raises BadRules naming place, value and rule."""
        moves: dict[Status, tuple[Move, ...]] = dict.fromkeys(Status, ())
        for number, row in enumerate(data.get("langkah", ()), start=1):
            for move in _moves(row, f"langkah {number}"):
                if any(move.target == other.target for other in moves[move.source]):
                    place = f"langkah {number}"
                    raise _refusal(place, f"{move.source} -> {move.target}", "tertulis dua kali")
                moves[move.source] += (move,)
        new = data.get("versi_baru", {})
        text = json.dumps(data, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
        return cls(
            moves_from=moves,
            new_version_from=frozenset(_statuses(new.get("dari"), "versi_baru")),
            new_version_roles=frozenset(new.get("peran", ())),
            own_version_roles=frozenset(new.get("peran_bagi_penulisnya", ())),
            content=data,
            digest=hashlib.sha256(text.encode()).hexdigest(),
        )

    def moves(self, status: Status, roles: Collection[str], is_author: bool) -> tuple[Move, ...]:
        """What somebody with these roles may do to an item in this state.

        is_author : whether they wrote any version of it.
        """
        return tuple(
            move
            for move in self.moves_from[status]
            if not move.roles.isdisjoint(roles) and not (move.not_author and is_author)
        )

    def find_move(self, source: Status, target: Status) -> Move | None:
        """The move between two states, whoever may make it."""
        found = (move for move in self.moves_from[source] if move.target == target)
        return next(found, None)

    def may_begin_version(self, status: Status, roles: Collection[str], is_author: bool) -> bool:
        """Whether somebody with these roles may open the next version of a locked item."""
        allowed = self.new_version_roles | (self.own_version_roles if is_author else frozenset())
        return status in self.new_version_from and not allowed.isdisjoint(roles)


def is_calibrated(status: str) -> bool:
    """Whether the words beside parameters say that they were estimated from answers."""
    return status not in (UNCALIBRATED, NOT_ESTIMATED)


def as_guess(content: ItemContent) -> ItemContent:
    """A new wording with the parameters of an old one: a guess, as nobody has answered it."""
    if not is_calibrated(content.parameters.status):
        return content
    return replace(content, parameters=replace(content.parameters, status=UNCALIBRATED))


def obstacles(move: Move, content: ItemContent, open_comments: int) -> list[str]:
    """What the newest version lacks for a move, in the writer's language.

    content : that version. open_comments : threads that nobody settled. Whether it was approved
        is known only to its history.
    """
    found = []
    if "isi" in move.needs:
        found += [str(problem) for problem in problems(content)]
    if "ujian" in move.needs:
        found += [str(problem) for problem in exam_problems(content)]
    if "komentar" in move.needs and open_comments:
        found.append(f"komentar: masih terbuka {open_comments}; selesaikan dahulu")
    if "kalibrasi" in move.needs and not is_calibrated(content.parameters.status):
        found.append(f"parameter: belum ditaksir dari jawaban ({content.parameters.status})")
    return found


def _moves(row: Mapping[str, Any], place: str) -> list[Move]:
    if unknown := set(row) - _FIELDS:
        raise _refusal(place, ", ".join(sorted(unknown)), "isian tidak dikenal")
    if not row.get("peran"):
        raise _refusal(place, "kosong", "peran wajib disebut")
    needs = tuple(row.get("perlu", ()))
    if wrong := set(needs) - set(NEEDS):
        raise _refusal(place, ", ".join(sorted(wrong)), f"perlu: salah satu dari {NEEDS}")
    (target,) = _statuses([row.get("ke")], place)
    label = row.get("tombol", "")
    if not label:
        raise _refusal(place, "kosong", "tombol wajib diisi")
    return [
        Move(
            source=source,
            target=target,
            label=label,
            roles=frozenset(row["peran"]),
            needs_reason=row.get("alasan", False),
            not_author=row.get("bukan_penulis", False),
            needs=needs,
        )
        for source in _statuses(row.get("dari"), place)
    ]


def _statuses(names: Any, place: str) -> list[Status]:
    known = [status.value for status in Status]
    if not isinstance(names, list) or not names:
        raise _refusal(place, str(names), "daftar keadaan wajib diisi")
    for name in names:
        if name not in known:
            raise _refusal(place, str(name), f"keadaan: salah satu dari {', '.join(known)}")
    return [Status(name) for name in names]


def _refusal(place: str, value: str, rule: str) -> BadRules:
    what = f"alur butir, {place}: {rule} (terbaca: {value})"
    return BadRules(what, place=place, value=value, rule=rule)
