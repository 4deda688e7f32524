"""Expressions of response processing, evaluated for one response.

QTI 2.1 Information Model, section 15 (expressions); QTI 3.0 ASI, section 4. A value is None (NULL),
a string, a number, a truth value, or a tuple of identifiers (a container).
"""

from __future__ import annotations

import math
import operator
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from cat.itembank.exchange.qti.names import camel, name_of
from cat.itembank.exchange.report import CannotKeep
from cat.itembank.exchange.xml import Node

Value = Any
_NUMBERS = ("float", "integer")
_COMPARE: dict[str, Callable[[float, float], bool]] = {
    "gt": operator.gt,
    "gte": operator.ge,
    "lt": operator.lt,
    "lte": operator.le,
}


@dataclass(frozen=True)
class PointMap:
    """A response mapping: identifier -> points, with bounds and a value for all others."""

    entries: Mapping[str, float]
    default: float = 0.0
    lower: float = -math.inf
    upper: float = math.inf

    def points(self, chosen: tuple[str, ...]) -> float:
        """Sum over the distinct choices, within the bounds (QTI 2.1, mapResponse)."""
        total = sum(self.entries.get(each, self.default) for each in set(chosen))
        return float(min(max(total, self.lower), self.upper))


@dataclass
class Variables:
    """What expressions may look up. single : whether the response holds one identifier or many."""

    response: str
    is_single: bool
    correct: Value
    mapping: PointMap | None
    chosen: tuple[str, ...] = ()
    outcomes: dict[str, Value] = field(default_factory=dict)
    types: Mapping[str, str] = field(default_factory=dict)

    def response_value(self) -> Value:
        """The response as expressions see it; NULL where nothing is chosen."""
        if not self.chosen:
            return None
        return self.chosen[0] if self.is_single else tuple(sorted(self.chosen))


def attribute(node: Node, name: str, default: str = "") -> str:
    """An attribute of an expression or rule by its QTI 2 name."""
    for raw, value in node.attrib.items():
        if camel(raw) == name:
            return str(value)
    return default


def typed(text: str, base_type: str) -> Value:
    """A literal as its base type has it. Raises CannotKeep."""
    text = text.strip()
    try:
        if base_type in _NUMBERS:
            return float(text)
        if base_type == "boolean":
            return {"true": True, "1": True, "false": False, "0": False}[text]
    except (ValueError, KeyError) as error:
        raise CannotKeep(f"nilai {text[:40]!r} bukan {base_type}") from error
    return text


def evaluate(node: Node, given: Variables) -> Value:
    """The value of an expression. Raises CannotKeep naming one that is not known here."""
    name = name_of(node)
    match name:
        case "baseValue":
            return typed(node.text or "", attribute(node, "baseType"))
        case "variable":
            return _variable(attribute(node, "identifier"), given)
        case "correct":
            _own(node, given)
            return given.correct
        case "mapResponse":
            _own(node, given)
            if given.mapping is None:
                raise CannotKeep("mapResponse tanpa <mapping>")
            return given.mapping.points(given.chosen)
        case "null":
            return None
    parts = [evaluate(child, given) for child in node if isinstance(child.tag, str)]
    return _operator(name, parts)


def _operator(name: str, parts: list[Value]) -> Value:
    if name == "isNull":
        return parts[0] is None or parts[0] in ((), "")
    if name == "multiple":
        return _container(parts)
    if name == "containerSize":
        return float(0 if parts[0] is None else len(parts[0]))
    if name == "and":
        return _all(parts)
    if name == "or":
        return True if any(part is True for part in parts) else _none_or(parts, False)
    # From here on an operand that is NULL makes the result NULL.
    if any(part is None for part in parts):
        known = (*_COMPARE, *_ARITHMETIC, "match", "not", "equal", "member", "contains")
        if name in known or name in ("stringMatch", "integerToFloat"):
            return None
    match name, parts:
        case "match" | "equal" | "stringMatch", [one, other]:
            return bool(one == other)
        case "not", [one]:
            return not one
        case "member", [one, many]:
            return one in _tuple(many)
        case "contains", [many, few]:
            return set(_tuple(few)) <= set(_tuple(many))
        case "integerToFloat", [one]:
            return one
        case (("gt" | "gte" | "lt" | "lte"), [one, other]):
            return _COMPARE[name](float(one), float(other))
    if name in _ARITHMETIC:
        return _ARITHMETIC[name](parts)
    raise CannotKeep(f"ungkapan <{name}> dalam responseProcessing tidak dapat ditafsirkan")


def _quotient(parts: list[float]) -> float | None:
    return parts[0] / parts[1] if parts[1] else None


_ARITHMETIC: dict[str, Callable[[list[float]], float | None]] = {
    "sum": sum,
    "product": math.prod,
    "subtract": lambda parts: parts[0] - parts[1],
    "divide": _quotient,
    "min": min,
    "max": max,
}


def _all(parts: list[Value]) -> Value:
    return False if any(part is False for part in parts) else _none_or(parts, True)


def _none_or(parts: list[Value], value: bool) -> Value:
    return None if any(part is None for part in parts) else value


def _container(parts: list[Value]) -> Value:
    members = [each for part in parts if part is not None for each in _tuple(part)]
    return tuple(sorted(members)) or None


def _tuple(value: Value) -> tuple[Value, ...]:
    return value if isinstance(value, tuple) else (value,)


def _variable(identifier: str, given: Variables) -> Value:
    if identifier == given.response:
        return given.response_value()
    if identifier in given.outcomes:
        return given.outcomes[identifier]
    raise CannotKeep(f"variabel {identifier!r} dalam responseProcessing tidak dikenal")


def _own(node: Node, given: Variables) -> None:
    identifier = attribute(node, "identifier")
    if identifier != given.response:
        raise CannotKeep(f"responseProcessing memakai jawaban lain: {identifier!r}")
