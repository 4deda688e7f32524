"""What response processing gives for a response: the rules themselves, or a standard template.

QTI 2.1 Information Model, section 8 (response processing).
"""

from __future__ import annotations

from contextlib import suppress
from itertools import combinations

from cat.itembank.exchange.qti.expressions import (
    PointMap,
    Value,
    Variables,
    attribute,
    evaluate,
    typed,
)
from cat.itembank.exchange.qti.names import name_of, template_name
from cat.itembank.exchange.report import CannotKeep
from cat.itembank.exchange.xml import Node

SCORE = "SCORE"


class _ExitError(Exception):
    """exitResponse: nothing after it is processed."""


class Scoring:
    """Everything in an item that decides the score of a response.

    item : the <assessmentItem>. response : identifier of the response variable of its interaction.

    Raises CannotKeep for anything that cannot be interpreted.
    """

    def __init__(self, item: Node, response: str) -> None:
        self._children = [child for child in item if isinstance(child.tag, str)]
        self.declaration = self._declared(response)
        cardinality = attribute(self.declaration, "cardinality")
        if cardinality not in ("single", "multiple"):
            raise CannotKeep(f"kardinalitas {cardinality or '(kosong)'} tidak didukung")
        if attribute(self.declaration, "baseType") != "identifier":
            raise CannotKeep("jawaban pilihan harus berjenis identifier")
        self.is_single = cardinality == "single"
        self._response = response
        self._rules, self.template = self._processing()
        self.correct = self._correct()
        self.mapping = self._mapping()
        self._outcomes = {
            attribute(each, "identifier"): each
            for each in self._children
            if name_of(each) == "outcomeDeclaration"
        }

    def score(self, chosen: tuple[str, ...]) -> float:
        """Points for a response; 0 where the rules leave the score NULL. Raises CannotKeep."""
        correct: Value = tuple(sorted(self.correct)) or None
        if self.is_single and self.correct:
            correct = self.correct[0]
        given = Variables(
            self._response,
            self.is_single,
            correct,
            self.mapping,
            chosen,
            outcomes={name: _default(node) for name, node in self._outcomes.items()},
        )
        if self.template:
            return self._by_template(given)
        if SCORE not in self._outcomes:
            raise CannotKeep("tidak ada outcomeDeclaration bernama SCORE")
        with suppress(_ExitError):
            self._run(self._rules, given)
        value = given.outcomes[SCORE]
        if value is not None and not isinstance(value, float):
            raise CannotKeep(f"SCORE berisi {value!r}, bukan bilangan")
        return float(value or 0.0)

    def sources(self) -> set[str]:
        """Which of correctResponse and mapping decide the score."""
        if self.template:
            used = {"match_correct": {"correctResponse"}, "map_response": {"mapping"}}
            return used.get(self.template, set())
        names = {name_of(node) for rule in self._rules for node in rule.iter()}
        pairs = (("correct", "correctResponse"), ("mapResponse", "mapping"))
        return {source for name, source in pairs if name in names}

    def _by_template(self, given: Variables) -> float:
        match self.template:
            case "match_correct":
                if given.correct is None:
                    raise CannotKeep("templat match_correct tanpa correctResponse")
                return float(given.response_value() == given.correct)
            case "map_response":
                if given.mapping is None:
                    raise CannotKeep("templat map_response tanpa <mapping>")
                return given.mapping.points(given.chosen) if given.chosen else 0.0
        raise CannotKeep(f"templat responseProcessing {self.template} tidak didukung")

    def _run(self, rules: list[Node], given: Variables) -> None:
        for rule in rules:
            match name_of(rule):
                case "responseCondition":
                    self._condition(rule, given)
                case "setOutcomeValue":
                    self._set(rule, evaluate(_only_child(rule), given), given)
                case "lookupOutcomeValue":
                    self._look_up(rule, given)
                case "responseProcessingFragment":
                    self._run(_elements(rule), given)
                case "exitResponse":
                    raise _ExitError
                case name:
                    raise CannotKeep(f"aturan <{name}> dalam responseProcessing tidak didukung")

    def _condition(self, rule: Node, given: Variables) -> None:
        for branch in _elements(rule):
            parts = _elements(branch)
            name = name_of(branch)
            if name == "responseElse":
                self._run(parts, given)
                return
            if name not in ("responseIf", "responseElseIf") or not parts:
                raise CannotKeep(f"<{name}> dalam responseCondition tidak didukung")
            if evaluate(parts[0], given) is True:
                self._run(parts[1:], given)
                return

    def _set(self, rule: Node, value: Value, given: Variables) -> None:
        identifier = attribute(rule, "identifier")
        if identifier not in self._outcomes:
            raise CannotKeep(f"variabel hasil {identifier!r} tidak dideklarasikan")
        given.outcomes[identifier] = value

    def _look_up(self, rule: Node, given: Variables) -> None:
        declared = self._outcomes.get(attribute(rule, "identifier"))
        tables = [] if declared is None else _elements(declared)
        tables = [each for each in tables if name_of(each).endswith("Table")]
        source = evaluate(_only_child(rule), given)
        if not tables or declared is None or not isinstance(source, float):
            raise CannotKeep("lookupOutcomeValue tanpa tabel atau tanpa bilangan")
        table, base_type = tables[0], attribute(declared, "baseType")
        is_match = name_of(table) == "matchTable"
        found = attribute(table, "defaultValue")
        for entry in _elements(table):
            bound = float(typed(attribute(entry, "sourceValue"), "float"))
            closed = is_match or attribute(entry, "includeBoundary", "true") == "true"
            if source == bound if is_match else source > bound or (closed and source == bound):
                found = attribute(entry, "targetValue")
                break
        self._set(rule, typed(found, base_type) if found else None, given)

    def _declared(self, response: str) -> Node:
        for each in self._children:
            named = attribute(each, "identifier")
            if name_of(each) == "responseDeclaration" and named == response:
                return each
        raise CannotKeep(f"tidak ada responseDeclaration {response!r} bagi interaksinya")

    def _processing(self) -> tuple[list[Node], str]:
        """Rules, or the name of a standard template; rules count where both are given."""
        found = [each for each in self._children if name_of(each) == "responseProcessing"]
        if not found:
            raise CannotKeep("tidak ada responseProcessing: nilai pilihan tidak dapat ditentukan")
        rules = _elements(found[0])
        uri = attribute(found[0], "template")
        if rules or not uri:
            return rules, ""
        if name := template_name(uri):
            return [], name
        raise CannotKeep(f"templat responseProcessing {uri[:120]} tidak dikenal")

    def _correct(self) -> list[str]:
        for child in _elements(self.declaration):
            if name_of(child) == "correctResponse":
                return [(value.text or "").strip() for value in _elements(child)]
        return []

    def _mapping(self) -> PointMap | None:
        for child in _elements(self.declaration):
            if name_of(child) == "mapping":
                bounds = (attribute(child, "lowerBound"), attribute(child, "upperBound"))
                lower, upper = (float(typed(each, "float")) if each else None for each in bounds)
                return PointMap(
                    {
                        attribute(entry, "mapKey"): float(
                            typed(attribute(entry, "mappedValue"), "float")
                        )
                        for entry in _elements(child)
                    },
                    float(typed(attribute(child, "defaultValue", "0"), "float")),
                    *(() if lower is None and upper is None else _bounds(lower, upper)),
                )
        return None


def responses(identifiers: list[str], most: int) -> list[tuple[str, ...]]:
    """Every response of one choice or more; most : how many may be chosen, 0 for any number."""
    limit = min(most or len(identifiers), len(identifiers))
    return [each for size in range(1, limit + 1) for each in combinations(identifiers, size)]


def _bounds(lower: float | None, upper: float | None) -> tuple[float, float]:
    return (
        -float("inf") if lower is None else lower,
        float("inf") if upper is None else upper,
    )


def _default(outcome: Node) -> Value:
    """Default of an outcome; numbers without one start at 0 (QTI 2.1, outcomeDeclaration)."""
    base_type = attribute(outcome, "baseType")
    for child in _elements(outcome):
        if name_of(child) == "defaultValue":
            values = _elements(child)
            return typed(values[0].text or "", base_type) if values else None
    return 0.0 if base_type in ("float", "integer") else None


def _elements(node: Node) -> list[Node]:
    return [child for child in node if isinstance(child.tag, str)]


def _only_child(node: Node) -> Node:
    children = _elements(node)
    if len(children) != 1:
        raise CannotKeep(f"<{name_of(node)}> perlu tepat satu ungkapan")
    return children[0]
