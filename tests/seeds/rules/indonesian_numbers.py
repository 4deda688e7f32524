"""Which number does a candidate read in 1.250,5 or 37,5% or 06.15?"""

from __future__ import annotations

import re
from collections.abc import Mapping
from fractions import Fraction

MINUS = "\N{MINUS SIGN}"
_DECIMAL = r"(?:\d{1,3}(?:\.\d{3})+|\d+)(?:,\d+)?"
_CLOCK = r"\d\d\.\d\d(?!\d)"
_NUMBER = re.compile(rf"{_CLOCK}|(?:\d+ )?\d+/\d+|{_DECIMAL}%?")


def read_number(text: str) -> Fraction:
    """1.250,5 and 3/8 and 2 1/3; a percentage as its hundredths; a time of day in minutes."""
    text = text.strip().replace(MINUS, "-")
    if re.fullmatch(_CLOCK, text):
        return Fraction(text[:2]) * 60 + Fraction(text[3:])
    if mixed := re.fullmatch(r"(\d+) (\d+/\d+)", text):
        return Fraction(mixed[1]) + Fraction(mixed[2])
    if fraction := re.fullmatch(r"-?\d+/\d+", text):
        return Fraction(fraction[0])
    if decimal := re.fullmatch(rf"(-?{_DECIMAL})(%?)", text):
        number = Fraction(decimal[1].replace(".", "").replace(",", "."))
        return number / 100 if decimal[2] else number
    raise ValueError(f"not a number in Indonesian notation: {text!r}")


def read_option(text: str, rule: Mapping) -> Fraction:
    """The number of an option in the unit of its rule: `awalan` before it, `akhiran` after it."""
    before, after = rule.get("awalan", ""), rule.get("akhiran", "")
    if not (text.startswith(before) and text.endswith(after)):
        raise ValueError(f"{text!r} lacks its unit {before!r} or {after!r}")
    return read_number(text[len(before) : len(text) - len(after)])


def numbers_in(stem: str) -> list[str]:
    """Every number printed in a stem, with LaTeX fractions and decimals in plain notation."""
    plain = stem.replace("{,}", ",")
    plain = re.sub(r"(\d)\\frac\{(\d+)\}\{(\d+)\}", r"\1 \2/\3", plain)
    plain = re.sub(r"\\frac\{(\d+)\}\{(\d+)\}", r"\1/\2", plain)
    return _NUMBER.findall(plain)


def givens(rule: Mapping) -> dict[str, Fraction]:
    return {name: read_number(text) for name, text in rule.get("diketahui", {}).items()}
