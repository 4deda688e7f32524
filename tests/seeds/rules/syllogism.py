"""Which conclusions of a syllogism follow from its premises?

The language is described at the head of `silogisme.toml`. Nothing is sampled: syllogisms are
decided over every model, that is every way in which the 2**n regions of n classes can be
occupied. This is complete for monadic logic without identity: a formula cannot count the members
of a region, only see whether it has any.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import product
from typing import Any

Formula = tuple[Any, ...]


def read_formula(text: str) -> Formula:
    words = iter(text.split())
    try:
        formula = _read_formula(words)
    except StopIteration:
        raise ValueError(f"the sentence breaks off: {text}") from None
    if rest := list(words):
        raise ValueError(f"words left over in {text!r}: {rest}")
    return formula


def _read_formula(words: Iterator[str]) -> Formula:
    match next(words):
        case ("semua" | "sebagian") as quantifier:
            return (quantifier, next(words), next(words))
        case "tidak":
            if (word := next(words)) != "ada":
                raise ValueError(f"'tidak' must be followed by 'ada', not by {word!r}")
            return ("bukan", ("sebagian", next(words), next(words)))
        case "bukan":
            return ("bukan", _read_formula(words))
        case ("dan" | "atau" | "jika") as connective:
            return (connective, _read_formula(words), _read_formula(words))
        case name if name[0].isupper():
            return ("anggota", name, next(words))
        case proposition if proposition.isalpha():
            return ("proposisi", proposition)
        case word:
            raise ValueError(f"not a word of the language: {word!r}")


def literals(term: str) -> list[tuple[str, bool]]:
    """Classes of a term and whether each is affirmed: "kinerja&!usulan" names two."""
    found = [(part.removeprefix("!"), not part.startswith("!")) for part in term.split("&")]
    if not all(name.isalpha() and name.islower() for name, _ in found):
        raise ValueError(f"not a class: {term!r}")
    return found


@dataclass(frozen=True)
class Vocabulary:
    """The words of a syllogism, each kind in order."""

    classes: tuple[str, ...]
    people: tuple[str, ...]
    propositions: tuple[str, ...]


@dataclass(frozen=True)
class Model:
    """One state of affairs.

    Region r of the classes holds what belongs to exactly those classes whose bit is set in r.
    occupied : bit r is set when region r has a member.
    home : name of a person -> the one bit of the region where that person is.
    truth : proposition -> whether it holds.
    """

    classes: tuple[str, ...]
    occupied: int
    home: Mapping[str, int]
    truth: Mapping[str, bool]


@cache
def extension(term: str, classes: tuple[str, ...]) -> int:
    """Bits of the regions that a term covers."""
    wanted = [(classes.index(name), affirmed) for name, affirmed in literals(term)]
    return sum(
        1 << region
        for region in range(2 ** len(classes))
        if all(bool(region >> place & 1) == affirmed for place, affirmed in wanted)
    )


def holds(formula: Formula, model: Model) -> bool:
    match formula:
        case ("semua", subject, predicate):
            inside = extension(subject, model.classes) & model.occupied
            return inside & ~extension(predicate, model.classes) == 0
        case ("sebagian", subject, predicate):
            inside = extension(subject, model.classes) & model.occupied
            return inside & extension(predicate, model.classes) != 0
        case ("anggota", name, term):
            return model.home[name] & extension(term, model.classes) != 0
        case ("proposisi", name):
            return model.truth[name]
        case ("bukan", inner):
            return not holds(inner, model)
        case ("dan", left, right):
            return holds(left, model) and holds(right, model)
        case ("atau", left, right):
            return holds(left, model) or holds(right, model)
        case ("jika", left, right):
            return not holds(left, model) or holds(right, model)
    raise ValueError(f"not a formula: {formula}")


def vocabulary(formulas: Sequence[Formula]) -> Vocabulary:
    classes, people, propositions = set(), set(), set()

    def walk(formula: Formula) -> None:
        match formula:
            case ("semua" | "sebagian", subject, predicate):
                classes.update(name for term in (subject, predicate) for name, _ in literals(term))
            case ("anggota", name, term):
                people.add(name)
                classes.update(name for name, _ in literals(term))
            case ("proposisi", name):
                propositions.add(name)
            case (_, *inner):
                for each in inner:
                    walk(each)

    for formula in formulas:
        walk(formula)
    return Vocabulary(*(tuple(sorted(words)) for words in (classes, people, propositions)))


def models(words: Vocabulary) -> Iterator[Model]:
    """Every state of affairs that the words can tell apart; classes may be empty."""
    regions = [1 << region for region in range(2 ** len(words.classes))]
    for occupied in range(1, 2 ** len(regions)):
        homes = [bit for bit in regions if bit & occupied]
        for home in product(homes, repeat=len(words.people)):
            for truth in product((True, False), repeat=len(words.propositions)):
                yield Model(
                    words.classes,
                    occupied,
                    dict(zip(words.people, home, strict=True)),
                    dict(zip(words.propositions, truth, strict=True)),
                )


def as_written(premises: Sequence[Formula]) -> list[Formula]:
    """The convention of the item file: classes may be empty, "sebagian" is at least one."""
    return list(premises)


def with_members(premises: Sequence[Formula]) -> list[Formula]:
    """Existential import: every class that the premises name has a member."""
    inhabited = [("sebagian", name, name) for name in vocabulary(premises).classes]
    return [*premises, *inhabited]


def as_in_conversation(premises: Sequence[Formula]) -> list[Formula]:
    """What everyday speech adds: members, "sebagian" is not all, "atau" is not both."""
    added: list[Formula] = []
    for premise in premises:
        match premise:
            case ("sebagian", subject, predicate):
                added.append(("bukan", ("semua", subject, predicate)))
            case ("atau", left, right):
                added.append(("bukan", ("dan", left, right)))
    return [*with_members(premises), *added]


READINGS = [as_written, with_members, as_in_conversation]


def conclusions_that_follow(rule: Mapping[str, Any], reading: Any = as_written) -> set[str]:
    """Letters of the conclusions that hold in every model of the premises."""
    premises = reading([read_formula(text) for text in rule["premis"]])
    conclusions = {letter: read_formula(text) for letter, text in rule["simpulan"].items()}
    following, has_model = set(conclusions), False
    for model in models(vocabulary([*premises, *conclusions.values()])):
        if all(holds(premise, model) for premise in premises):
            has_model = True
            following = {letter for letter in following if holds(conclusions[letter], model)}
    if not has_model:
        raise ValueError("the premises contradict each other")
    return following


def follows(conclusion: str, *premises: str, reading: Any = as_written) -> bool:
    rule = {"premis": premises, "simpulan": {"A": conclusion}}
    return conclusions_that_follow(rule, reading) == {"A"}
