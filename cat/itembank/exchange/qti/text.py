"""Plain text as Markdown that means exactly that text."""

from __future__ import annotations

import re

_SPACE = re.compile(r"[ \t\r\n\f]+")
_ANYWHERE = re.compile(r"([\\`*_\[\]<>&$|!])")
# At the start of a line these begin a heading, a list, a quotation, a rule or a fence.
_AT_START = re.compile(r"^( *)([#+=~-]|\d{1,9}(?=[.)]))", re.MULTILINE)
_NUMBERED = re.compile(r"^( *\d{1,9})([.)])", re.MULTILINE)
_RAISED = dict(zip("0123456789+-=()n", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾ⁿ", strict=True))
_LOWERED = dict(zip("0123456789+-=()", "₀₁₂₃₄₅₆₇₈₉₊₋₌₍₎", strict=True))


def collapsed(text: str) -> str:
    """Text as a browser shows it: one space for any run of white space."""
    return _SPACE.sub(" ", text)


def escaped(text: str) -> str:
    """Text in which no letter means anything but itself, save at the start of a line."""
    return _ANYWHERE.sub(r"\\\1", text)


def guarded(line: str) -> str:
    """The same for the start of every line of a paragraph."""
    numbered = _NUMBERED.sub(r"\1\\\2", line)
    return _AT_START.sub(lambda m: m[0] if m[2].isdigit() else rf"{m[1]}\{m[2]}", numbered)


def shifted(text: str, is_raised: bool) -> str:
    """The text in raised or lowered letters; empty where some letter has none."""
    table = _RAISED if is_raised else _LOWERED
    said = text.strip().replace("−", "-")
    return "".join(table[each] for each in said) if said and set(said) <= set(table) else ""


def code_span(text: str) -> str:
    """Text in a fence of backticks longer than any in it."""
    longest = max((len(run) for run in re.findall(r"`+", text)), default=0)
    fence = "`" * (longest + 1)
    padding = " " if text.startswith("`") or text.endswith("`") else ""
    return f"{fence}{padding}{text}{padding}{fence}"


def visible(text: str) -> str:
    """Text without any white space, for comparing what is seen."""
    return re.sub(r"\s+", "", text)
