"""A request on its way to the record, and what it is told."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import IntEnum

ANSWER, CHOOSE, STANDING = "jawab", "pilih", "keadaan"


class Verdict(IntEnum):
    """What became of a request."""

    DONE = 0  # stored, or already so: the body says where the sitting stands
    PASSED = 1  # not an ordinary move: the ordinary way decides it
    BUSY = 2  # not stored; to be sent again
    LAST = 3  # not stored yet: it ends the sitting, see `endings`


@dataclass(slots=True)
class Ask:
    """A candidate's request.

    act : ANSWER, CHOOSE or STANDING. login : the login that asks, see `hari_ujian.masuk`.
    number, shown, turn : as in `cat.exam.moves`. at : when it arrived, microseconds.
    tell : called once, from another thread, with the verdict and the body of the reply.
    tries : how often its sitting was locked by somebody else.
    """

    act: str
    sitting_id: str
    login: str
    at: int
    tell: Callable[[list[Told]], None]
    number: int = 0
    shown: str = ""
    turn: int = 0
    tries: int = 0
    waiter: object = None


Told = tuple[Ask, Verdict, bytes]


class QueueFull(Exception):
    """More requests wait than can be stored in time; the page asks again."""
