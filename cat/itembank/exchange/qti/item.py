"""One assessmentItem of QTI 2.1, 2.2 or 3.0 as content of the bank."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from lxml import html

from cat.errors import FileRefused
from cat.itembank.content import MOST_OPTIONS
from cat.itembank.exchange.qti.body import Body
from cat.itembank.exchange.qti.expressions import attribute
from cat.itembank.exchange.qti.inline import FORMULA, Inline
from cat.itembank.exchange.qti.ledger import Ledger
from cat.itembank.exchange.qti.names import name_of
from cat.itembank.exchange.qti.pictures import Pictures, inside
from cat.itembank.exchange.qti.points import points_of
from cat.itembank.exchange.qti.processing import Scoring
from cat.itembank.exchange.qti.stimulus import Stimulus, read_stimulus
from cat.itembank.exchange.qti.text import visible
from cat.itembank.exchange.report import CannotKeep, Loss
from cat.itembank.exchange.xml import Node
from cat.itembank.pictures import Picture

_FEEDBACK = "umpan balik tidak disimpan"
_DROPPED = {
    "modalFeedback": _FEEDBACK,
    "stylesheet": "gaya tampilan tidak disimpan",
    "catalogInfo": "materi pendukung aksesibilitas tidak disimpan",
    "companionMaterialsInfo": "keterangan alat bantu tidak disimpan",
    "apipAccessibility": "keterangan aksesibilitas APIP tidak disimpan",
    "contextDeclaration": "variabel konteks tidak disimpan",
}
_ADAPTIVE = {"templateDeclaration", "templateProcessing"}
_SCRIPTS = {"script", "iframe", "embed", "applet", "form", "frame", "frameset", "noscript"}
_LINKS = ("href", "src", "data", "action")


@dataclass(frozen=True)
class ParsedItem:
    """What an item says, before the bank gives it a code and a domain.

    plain : all the text that was read, formulas as one letter each.
    pictures : name -> checked picture. used : paths of the package that the item consists of.
    """

    identifier: str
    title: str
    stem: str
    options: tuple[str, ...]
    points: tuple[int, ...]
    max_choices: int
    plain: str
    stimulus: Stimulus | None
    figures: Mapping[str, Mapping[str, str]]
    pictures: Mapping[str, Picture]
    losses: tuple[Loss, ...]
    used: frozenset[str] = field(default_factory=frozenset)


def read_item(
    root: Node, files: Mapping[str, bytes], path: str, part: str, *, with_emphasis: bool = True
) -> ParsedItem:
    """Read an assessment item.

    files : the package by path, `path` that of this item. part : decides which points are legal.

    Raises CannotKeep naming the first thing that the bank cannot hold.
    """
    refuse_scripts(root)
    reader = _Reader(root, files, path, with_emphasis)
    return reader.item(part)


def refuse_scripts(root: Node) -> None:
    """Refuse what a browser would run. Raises CannotKeep."""
    for node in root.iter():
        name = name_of(node)
        if name.rpartition("}")[2].rpartition(":")[2] in _SCRIPTS:
            raise CannotKeep(f"elemen <{name}> (skrip atau halaman lain) tidak diterima")
        for raw, value in node.attrib.items() if name else ():
            plain = raw.rpartition("}")[2].lower()
            if re.fullmatch(r"on[a-z]+", plain):
                raise CannotKeep(f"atribut {plain} (skrip) tidak diterima")
            if plain in _LINKS and re.match(r"\s*(java|vb)script\s*:", value, re.IGNORECASE):
                raise CannotKeep(f"tautan {plain}=“{value.strip()[:40]}” (skrip) tidak diterima")


class _Reader:
    def __init__(
        self, root: Node, files: Mapping[str, bytes], path: str, with_emphasis: bool
    ) -> None:
        self._root, self._files, self._path = root, files, path
        self._ledger = Ledger(root, path)
        self._pictures = Pictures(files, path)
        self._inline = Inline(self._ledger, self._pictures, with_emphasis=with_emphasis)
        self._body = Body(self._inline)
        self._stimuli: list[Stimulus] = []

    def item(self, part: str) -> ParsedItem:
        ledger, root = self._ledger, self._root
        ledger.structure(root)
        if ledger.get(root, "adaptive") == "true":
            raise CannotKeep("butir adaptif bertahap (adaptive=true) tidak didukung")
        children = [child for child in root if isinstance(child.tag, str)]
        stem = self._children(children)
        interaction = self._one_interaction()
        most = _whole(ledger.get(interaction, "maxChoices", "1"), "maxChoices")
        identifiers, options = self._options(interaction)
        scoring = Scoring(root, ledger.get(interaction, "responseIdentifier"))
        if scoring.is_single and most != 1:
            ledger.lose(interaction, f"maxChoices={most}", "menjadi 1: jawabannya hanya satu")
            most = 1
        points, lost = points_of(scoring, identifiers, most, part)
        for text in lost:
            ledger.lose(root, "nilai", text)
        self._account_for_scoring(scoring)
        most = 0 if most >= len(options) > 1 else most
        return self._parsed(stem, options, points, most)

    def _parsed(
        self, stem: str, options: tuple[str, ...], points: tuple[int, ...], most: int
    ) -> ParsedItem:
        pictures, stimulus = dict(self._pictures.found), None
        losses = self._ledger.losses()
        losses += [
            Loss(f"{self._path}: {shown}", what, "dibuang dari gambar")
            for shown, what in self._pictures.dropped
        ]
        used = {self._path, *self._pictures.used}
        figures = dict(self._pictures.figures)
        for stimulus in self._stimuli[:1]:
            pictures |= stimulus.pictures
            figures |= stimulus.figures
            losses += stimulus.losses
            used |= stimulus.used
        root = self._root
        return ParsedItem(
            identifier=attribute(root, "identifier"),
            title=attribute(root, "title"),
            stem=stem,
            options=options,
            points=points,
            max_choices=most,
            plain="".join(self._inline.plain),
            stimulus=stimulus,
            figures=figures,
            pictures=pictures,
            losses=tuple(losses),
            used=frozenset(used),
        )

    def _children(self, children: list[Node]) -> str:
        """Goes over the parts of the item; returns the stem."""
        stem = ""
        for child in children:
            name = name_of(child)
            if name == "itemBody":
                stem = self._body.markdown(child)
            elif name in _DROPPED:
                self._ledger.drop(child, _DROPPED[name])
            elif name in _ADAPTIVE:
                raise CannotKeep(f"<{name}>: butir bertemplat tidak didukung")
            elif name == "assessmentStimulusRef":
                self._stimulus(child)
            elif name not in ("responseDeclaration", "outcomeDeclaration", "responseProcessing"):
                raise CannotKeep(f"elemen <{name}> tidak didukung")
        for name in ("identifier", "title"):
            self._ledger.get(self._root, name)
        if len(self._stimuli) > 1:
            raise CannotKeep("butir dengan lebih dari satu stimulus tidak didukung")
        return stem

    def _stimulus(self, node: Node) -> None:
        self._ledger.use(node)
        self._ledger.get(node, "title")
        path = inside(self._path, self._ledger.get(node, "href"))
        identifier = self._ledger.get(node, "identifier")
        if path not in self._files:
            raise CannotKeep(f"stimulus {attribute(node, 'href')[:60]!r} tidak ada di dalam paket")
        try:
            self._stimuli.append(read_stimulus(self._files, path, identifier))
        except FileRefused as error:
            raise CannotKeep(str(error)) from error

    def _one_interaction(self) -> Node:
        found = self._body.interactions
        if len(found) != 1:
            count = "tidak ada" if not found else str(len(found))
            raise CannotKeep(f"perlu tepat satu choiceInteraction; di sini {count}")
        return found[0]

    def _options(self, interaction: Node) -> tuple[list[str], tuple[str, ...]]:
        ledger = self._ledger
        ledger.structure(interaction)
        if ledger.get(interaction, "shuffle") == "true":
            ledger.lose(interaction, "shuffle=true", "urutan pilihan menjadi tetap")
        if ledger.get(interaction, "minChoices", "0") not in ("0", "1"):
            ledger.lose(interaction, "minChoices", "banyaknya pilihan minimum tidak disimpan")
        choices = [c for c in interaction if name_of(c) == "simpleChoice"]
        others = [name_of(c) for c in interaction if isinstance(c.tag, str)]
        for name in others:
            if name not in ("simpleChoice", "prompt"):
                raise CannotKeep(f"<{name}> di dalam choiceInteraction tidak didukung")
        if not 2 <= len(choices) <= MOST_OPTIONS:
            raise CannotKeep(f"{len(choices)} pilihan; bank menerima 2 sampai {MOST_OPTIONS}")
        identifiers = [ledger.get(choice, "identifier") for choice in choices]
        if len(set(identifiers)) != len(identifiers) or not all(identifiers):
            raise CannotKeep("pengenal pilihan kosong atau berulang")
        for choice in choices:
            if ledger.get(choice, "templateIdentifier"):
                raise CannotKeep("pilihan bertemplat tidak didukung")
            for name in ("fixed", "showHide"):
                ledger.get(choice, name)
        return identifiers, tuple(self._body.line(choice) for choice in choices)

    def _account_for_scoring(self, scoring: Scoring) -> None:
        ledger, used = self._ledger, scoring.sources()
        for child in self._root:
            name = name_of(child)
            if name == "responseProcessing":
                ledger.use(child)
                ledger.close(child)
            elif name == "outcomeDeclaration":
                if attribute(child, "identifier") == "SCORE":
                    ledger.use(child)
                    ledger.close(child)
                else:
                    identifier = attribute(child, "identifier")
                    ledger.drop(child, f"variabel hasil {identifier} tidak disimpan")
            elif name == "responseDeclaration" and child is scoring.declaration:
                ledger.structure(child)
                for each in ("identifier", "cardinality", "baseType"):
                    ledger.get(child, each)
                for part in child:
                    if name_of(part) in used:
                        ledger.use(part)
                        ledger.close(part)
                    elif name_of(part) in ("correctResponse", "mapping"):
                        ledger.drop(part, "tidak dipakai responseProcessing, jadi tidak dihitung")


def shows_the_same(parsed: ParsedItem, stem: str, options: tuple[str, ...]) -> bool:
    """Whether the rendered HTML of stem and options shows every letter that was read, in order."""
    shared = parsed.stimulus.plain if parsed.stimulus else ""
    shown = "".join(map(_shown, (stem, *options)))
    return visible(shown) == visible(shared + parsed.plain)


def _shown(text: str) -> str:
    if not text.strip():
        return ""
    tree = html.fragment_fromstring(text, create_parent="div")
    for formula in list(tree.iter("math")):
        tail = formula.tail
        formula.clear()
        formula.text, formula.tail = FORMULA, tail
    return str(tree.text_content())


def _whole(text: str, name: str) -> int:
    if not text.strip().isdecimal() or len(text.strip()) > 9:
        raise CannotKeep(f"{name}={text[:20]!r} bukan bilangan bulat")
    return int(text)
