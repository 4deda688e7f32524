"""The column CONDITION: a small language that says which items a constraint speaks of.

    condition  = ""  |  attribute  |  either
    either     = both, then any number of: "or" both
    both       = single, then any number of: "and" single
    single     = "not" single  |  "(" either ")"  |  attribute comparison
    comparison = ("=" | "!=" | "<" | "<=" | ">" | ">=" | "under") value
               | "in" "(" value, then any number of: "," value ")"

Nothing means every item; an attribute alone means "for each of its values". A value is a word or is
quoted. Nothing here is ever handed to Python's own interpreter.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from cat.errors import BadRules
from cat.itembank.attributes import RESERVED

MAX_DEPTH = 50
_TOKEN = re.compile(
    r"\s*(?:(?P<sign><=|>=|!=|==|[=<>(),])"
    r"|\"(?P<double>[^\"]*)\"|'(?P<single>[^']*)'|(?P<word>-?\w[\w.@/-]*))"
)
_NUMBER = re.compile(r"-?\d+(\.(\d{1,2}|\d{4,}))?")


@dataclass(frozen=True)
class Everything:
    """No condition: every item."""


@dataclass(frozen=True)
class EachValue:
    """One group of items for each value of a column; items with an empty value are in none."""

    column: str


@dataclass(frozen=True)
class Comparison:
    """Items whose value in `column` stands in the relation `sign` to one of `values`."""

    column: str
    sign: str
    values: tuple[str, ...]


@dataclass(frozen=True)
class Negated:
    part: Condition


@dataclass(frozen=True)
class Joined:
    """Items that meet all parts (`every`) or at least one."""

    every: bool
    parts: tuple[Condition, ...]


Condition = Everything | Comparison | Negated | Joined


def number(text: str) -> float:
    """The number that a cell or a condition writes; raises BadRules naming the text and the rule.

    "1.000" is refused: an Indonesian reader sees one thousand, a program sees one.
    """
    if not _NUMBER.fullmatch(text):
        raise BadRules(
            f"{text!r} bukan bilangan yang jelas: tulis tanpa pemisah ribuan, dengan titik desimal,"
            " tidak tepat tiga angka di belakang titik"
        )
    return float(text)


def quoted(value: str) -> str:
    """A value as a condition must write it: bare where that is read back whole, else in quotes."""
    token = _TOKEN.fullmatch(value)
    if token and token["word"] == value and value.lower() not in RESERVED:
        return value
    return f"'{value}'" if '"' in value else f'"{value}"'


def parse(text: str) -> Condition | EachValue:
    """The condition that a text writes.

    Raises BadRules naming the place in the text and what was expected there.
    """
    reader = _Reader(text)
    if not reader.tokens:
        return Everything()
    if len(reader.tokens) == 1 and reader.tokens[0][0] == "word":
        return EachValue(reader.attribute())
    condition = reader.either(0)
    if reader.position < len(reader.tokens):
        raise reader.wrong("'and' atau 'or'")
    return condition


class _Reader:
    """Tokens of one text and the place reached: (kind, value, place counted from 1)."""

    def __init__(self, text: str) -> None:
        self.tokens: list[tuple[str, str, int]] = []
        self.position = 0
        end, last = 0, len(text.rstrip())
        while end < last:
            match = _TOKEN.match(text, end)
            if match is None or match.lastgroup is None:
                rest = text[end:].lstrip()
                place = len(text) - len(rest) + 1
                raise BadRules(f"huruf ke-{place}: {rest[:20]!r} tak terbaca")
            group = match.lastgroup
            value, start = match[group], match.start(group) + 1
            if group == "word" and value.lower() in RESERVED:
                self.tokens.append(("keyword", value.lower(), start))
            else:
                self.tokens.append((group, value, start))
            end = match.end()

    def peek(self) -> tuple[str, str, int]:
        if self.position < len(self.tokens):
            return self.tokens[self.position]
        return "end", "", self.tokens[-1][2] + len(self.tokens[-1][1])

    def take(self, *wanted: str) -> bool:
        kind, value, _ = self.peek()
        found = kind in ("sign", "keyword") and value in wanted
        self.position += found
        return found

    def wrong(self, expected: str) -> BadRules:
        kind, value, place = self.peek()
        found = "akhir syarat" if kind == "end" else repr(value)
        return BadRules(f"huruf ke-{place}: ada {found}, seharusnya {expected}")

    def either(self, depth: int) -> Condition:
        parts = [self.both(depth)]
        while self.take("or"):
            parts.append(self.both(depth))
        return parts[0] if len(parts) == 1 else Joined(False, tuple(parts))

    def both(self, depth: int) -> Condition:
        parts = [self.single(depth)]
        while self.take("and"):
            parts.append(self.single(depth))
        return parts[0] if len(parts) == 1 else Joined(True, tuple(parts))

    def single(self, depth: int) -> Condition:
        if depth > MAX_DEPTH:
            raise BadRules(f"kurung atau 'not' bersarang lebih dari {MAX_DEPTH} tingkat")
        if self.take("not"):
            return Negated(self.single(depth + 1))
        if self.take("("):
            inside = self.either(depth + 1)
            if not self.take(")"):
                raise self.wrong("')'")
            return inside
        return self.comparison()

    def comparison(self) -> Comparison:
        column = self.attribute()
        if self.take("in"):
            return Comparison(column, "in", self.listed())
        sign = self.peek()[1]
        if not self.take("=", "==", "!=", "<", "<=", ">", ">=", "under"):
            raise self.wrong("=, !=, <, <=, >, >=, in atau under")
        return Comparison(column, "=" if sign == "==" else sign, (self.value(),))

    def listed(self) -> tuple[str, ...]:
        if not self.take("("):
            raise self.wrong("'(' sesudah in")
        values = [self.value()]
        while self.take(","):
            values.append(self.value())
        if not self.take(")"):
            raise self.wrong("',' atau ')'")
        return tuple(values)

    def attribute(self) -> str:
        kind, value, _ = self.peek()
        if kind != "word":
            raise self.wrong("nama atribut")
        self.position += 1
        return value

    def value(self) -> str:
        kind, value, _ = self.peek()
        if kind not in ("word", "double", "single"):
            raise self.wrong("sebuah nilai")
        self.position += 1
        return value
