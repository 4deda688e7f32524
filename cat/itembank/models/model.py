"""What an item model says: the frozen form of its TOML file. See docs/panduan/model-butir.md."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from cat.itembank.models.expressions import Value


@dataclass(frozen=True)
class Variable:
    """What a variable may be. take : how many different ones it holds at once; 0 for one alone.

    rotates : siblings take its values in turn, so that they differ in wording.
    """

    name: str
    choices: tuple[Value, ...]
    take: int = 0
    rotates: bool = False


@dataclass(frozen=True)
class Distractor:
    """A wrong option and the misconception that makes somebody choose it.

    value : expression of the wrong number or text; steps : wrong steps of a figure; panel : an
    option of an odd-one-out item, that shares the property of the others.
    condition : the misconception exists only where this holds; empty for always.
    """

    reason: str
    value: str = ""
    condition: str = ""
    steps: tuple[Mapping[str, Any], ...] = ()
    panel: tuple[Mapping[str, Any], ...] = ()


@dataclass(frozen=True)
class Statement:
    """An option that says something: right where `holds`; `claim` says it in terms of the rule."""

    text: str
    holds: str
    claim: str
    reason: str


@dataclass(frozen=True)
class Driver:
    """A named feature of a child and what one unit of it adds to the difficulty, in logits."""

    name: str
    value: str
    weight: Fraction


@dataclass(frozen=True)
class ItemModel:
    """A template that makes items of one kind.

    code, title, domain, prefix : name of the model, what it asks, where its children stand, and
        the letters before their numbers, such as "TIU-HIT".
    stems, option, rationale : texts with places; each child takes another stem in turn.
    key, key_reason, check : expression of the right option; why it is right; and what must hold
        for `nilai` that is right and for no other option, said in another way than the key.
    plausible : what must hold for `nilai` of every option; other distractors are left out.
    base, drivers : b = base + sum of weight x feature: a guess of experts, not calibrated.
    key_panel : the odd one out of a figure item that asks for it.
    figure, rule : data of the drawing, and of the rule from which others recompute the key.
    enemies : codes of items outside the family that ask the same.
    """

    code: str
    title: str
    domain: str
    prefix: str
    stems: tuple[str, ...]
    rationale: str
    indicator: str
    a: float
    c: float
    seconds: float
    base: Fraction
    key_reason: str
    key: str = ""
    check: str = ""
    plausible: str = ""
    option: str = "[nilai]"
    source: str = "penalaran"
    language_level: str = ""
    drivers: tuple[Driver, ...] = ()
    variables: tuple[Variable, ...] = ()
    derived: Mapping[str, str] = field(default_factory=dict)
    conditions: tuple[str, ...] = ()
    distractors: tuple[Distractor, ...] = ()
    statements: tuple[Statement, ...] = ()
    key_panel: tuple[Mapping[str, Any], ...] = ()
    figure: Mapping[str, Any] = field(default_factory=dict)
    rule: Mapping[str, Any] = field(default_factory=dict)
    enemies: tuple[str, ...] = ()
