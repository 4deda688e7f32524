"""Makes families of items from an item model: deterministic under a seed, and verified."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from cat.errors import BadItem
from cat.itembank.content import (
    LETTERS,
    UNCALIBRATED,
    ItemContent,
    Parameters,
    exam_problems,
    points_of_key,
    problems,
)
from cat.itembank.figures import look
from cat.itembank.models.draws import Place, Rejected, Turns, difficulty, draw
from cat.itembank.models.expressions import Values
from cat.itembank.models.figural import figure_options
from cat.itembank.models.model import ItemModel
from cat.itembank.models.options import Option, word_options
from cat.itembank.models.template import fill, fill_all
from cat.itembank.quality import key_counts, similar_pairs
from cat.itembank.rendering import render

MOST_CHILDREN = 100
ATTEMPTS = 600  # draws for one child before the model is said to be exhausted

REASONS = 3  # of failure that the message names, the commonest first


@dataclass(frozen=True)
class Preview:
    """What a model would give. problems : why there are fewer children than asked for, if so."""

    children: tuple[ItemContent, ...]
    problems: tuple[str, ...] = ()


def generate(
    model: ItemModel, count: int, seed: int, *, existing: Sequence[ItemContent] = ()
) -> list[ItemContent]:
    """`count` children of a model; the same arguments give the same children.

    Each child has exactly one right option, breaks no rule of the bank or of an exam, renders,
    and is no near-duplicate of a sibling or of an existing item. Its `parent` is the model's code
    and its number follows the highest with the model's prefix. Keys are spread evenly over the
    letters, those first that the domain's existing items use least.

    Siblings are enemies because they have one parent: two of them in a test would ask one thing
    twice. Each pair is declared once, at the lower code, as in the files of the bank; existing
    siblings are named by the new ones. `sibling_enemies` gives the relation in full.

    Raises BadItem naming model, place and rule when the model is wrong, or when ATTEMPTS draws
    give no further child; the message then tells what failed most.
    """
    family = _Family(model, count, seed, existing)
    for turn in range(count):
        family.add_child(turn)
    return family.declared_enemies()


def preview(
    model: ItemModel, count: int, seed: int, *, existing: Sequence[ItemContent] = ()
) -> Preview:
    """As many children as the model gives, and what stopped it, for writers who try a model."""
    try:
        family = _Family(model, count, seed, existing)
    except BadItem as error:
        return Preview((), (str(error),))
    problems: tuple[str, ...] = ()
    try:
        for turn in range(count):
            family.add_child(turn)
    except BadItem as error:
        problems = (str(error),)
    return Preview(tuple(family.declared_enemies()), problems)


def sibling_enemies(items: Iterable[ItemContent]) -> dict[str, set[str]]:
    """Code -> codes of its siblings, for every item that has some: mutual and complete."""
    families: defaultdict[str, set[str]] = defaultdict(set)
    for item in items:
        if item.parent:
            families[item.parent].add(item.code)
    return {code: codes - {code} for codes in families.values() if len(codes) > 1 for code in codes}


class _Family:
    """The children made so far, and where the next one stands."""

    def __init__(
        self, model: ItemModel, count: int, seed: int, existing: Sequence[ItemContent]
    ) -> None:
        if not 1 <= count <= MOST_CHILDREN:
            what = f"{model.code}: banyaknya anak harus 1 sampai {MOST_CHILDREN} (terbaca: {count})"
            raise BadItem(what, model=model.code, place="banyaknya anak", value=count)
        if seed < 0:
            what = f"{model.code}: benih tidak boleh kurang dari 0 (terbaca: {seed})"
            raise BadItem(what, model=model.code, place="benih", value=seed)
        self.model, self.existing = model, existing
        self.rng = np.random.default_rng(seed)
        self.turns = Turns(model, self.rng)
        self.children: list[ItemContent] = []
        taken = [*(item.code for item in existing), *model.enemies]
        self.first = 1 + max((_number(code, model.prefix) for code in taken), default=0)
        self.positions = self._key_positions(count)

    def _key_positions(self, count: int) -> list[int]:
        """Positions of the keys: every letter equally often, the rest to those used least."""
        domain = [item for item in self.existing if item.domain == self.model.domain]
        used = key_counts([item for item in domain if len(item.options) == len(LETTERS)])
        order = sorted(self.rng.permutation(len(LETTERS)), key=lambda k: used[LETTERS[k]])
        positions = [int(order[k % len(LETTERS)]) for k in range(count)]
        return [positions[int(k)] for k in self.rng.permutation(len(positions))]

    def add_child(self, turn: int) -> None:
        """Make one more child; raises BadItem when ATTEMPTS draws give none."""
        reasons: Counter[str] = Counter()
        for attempt in range(ATTEMPTS):
            # First give up the order of the options, then the turns of contexts.
            turns = self.turns if attempt < 2 * ATTEMPTS // 3 else None
            try:
                child = self._child(turn, turns, in_order=attempt < ATTEMPTS // 3)
            except Rejected as error:
                reasons[str(error)] += 1
            else:
                self.children.append(child)
                return
        often = [f"{reason} ({times} kali)" for reason, times in reasons.most_common(REASONS)]
        what = f"{self.model.code}: hanya {turn} anak dapat dibuat; {'; '.join(often)}"
        raise BadItem(what, model=self.model.code, place=f"anak ke-{turn + 1}", rule=often[0])

    def _child(self, turn: int, turns: Turns | None, *, in_order: bool) -> ItemContent:
        model, position = self.model, self.positions[turn]
        values = draw(model, self.rng, turns, turn)
        figures: dict[str, Any] = {}
        if model.figure:
            options, figures, rule = figure_options(model, values, position, self.rng)
        else:
            options = word_options(model, values, position, self.rng, in_order=in_order)
            rule = _rule(model, values, options)
        stem = self.turns.stem(turn if turns else turn + int(self.rng.integers(len(model.stems))))
        child = _content(model, values, options, code=self._code(turn), stem=model.stems[stem])
        child = replace(child, figures=figures, rule=rule)
        self._verify(child, options)
        return child

    def _code(self, turn: int) -> str:
        return f"{self.model.prefix}-{self.first + turn:03}"

    def _verify(self, child: ItemContent, options: Sequence[Option]) -> None:
        if sum(option.is_right for option in options) != 1:
            raise Rejected("tidak tepat satu pilihan benar", rule="tepat satu kunci")
        if found := problems(child) + exam_problems(child):
            raise Rejected("; ".join(map(str, found)), rule=found[0].rule)
        for other in (*self.children, *self.existing):
            # Other wrong options do not make another item of the same question.
            if _question(other) == _question(child) or [*similar_pairs([other, child])]:
                raise Rejected("terlalu mirip dengan butir lain", rule="tidak kembar")
        try:
            render(child)
        except BadItem as error:
            raise Rejected(f"tidak dapat ditampilkan: {error}", rule="tampil") from error

    def declared_enemies(self) -> list[ItemContent]:
        """The children with their enemies, each pair named once among themselves."""
        codes = [child.code for child in self.children]
        older = [item.code for item in self.existing if item.parent == self.model.code]
        outside = dict.fromkeys([*self.model.enemies, *older])
        return [
            replace(child, enemies=(*codes[k + 1 :], *outside))
            for k, child in enumerate(self.children)
        ]


def _content(
    model: ItemModel, values: Values, options: Sequence[Option], *, code: str, stem: str
) -> ItemContent:
    key = next(k for k, option in enumerate(options) if option.is_right)
    texts = [option.text or f"![](gambar:{letter.lower()})" for letter, option in _named(options)]
    with Place(model, "soal"):
        stem = fill(stem, values)
    with Place(model, "rasional"):
        rationale = fill(model.rationale, values)
    return ItemContent(
        code=code,
        domain=model.domain,
        stem=stem,
        options=tuple(texts),
        points=points_of_key(LETTERS[key]),
        rationale=rationale,
        source=model.source,
        parameters=Parameters(
            a=model.a, b=(difficulty(model, values),), c=model.c, status=UNCALIBRATED
        ),
        seconds=model.seconds,
        option_rationales=tuple(option.reason for option in options),
        indicator=model.indicator,
        language_level=model.language_level,
        parent=model.code,
    )


def _question(item: ItemContent) -> Hashable:
    """What is asked, without the options; items without it are told apart by their code."""
    if item.figures:
        return look(item.figures["soal"]) if "soal" in item.figures else item.code
    return " ".join(item.shown_stem.lower().split())


def _named(options: Sequence[Option]) -> list[tuple[str, Option]]:
    return list(zip(LETTERS, options, strict=True))


def _rule(model: ItemModel, values: Values, options: Sequence[Option]) -> dict[str, Any]:
    with Place(model, "aturan"):
        unclaimed = {name: data for name, data in model.rule.items() if name != "klaim"}
        rule: dict[str, Any] = fill_all(unclaimed, values)
    claims = [option.claim for option in options]
    return {**rule, "klaim": claims} if any(claims) else rule


def _number(code: str, prefix: str) -> int:
    """The number of a code with this prefix; 0 for any other code."""
    head, _, digits = code.rpartition("-")
    return int(digits) if head == prefix and digits.isdigit() else 0
