"""What several items share: a text that stands above the stem of each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from cat.itembank.exchange.qti.body import Body
from cat.itembank.exchange.qti.inline import Inline
from cat.itembank.exchange.qti.ledger import Ledger
from cat.itembank.exchange.qti.names import name_of
from cat.itembank.exchange.qti.pictures import Pictures
from cat.itembank.exchange.report import CannotKeep, Loss
from cat.itembank.exchange.xml import parse
from cat.itembank.pictures import Picture

# Not the first sign of a stem, or a list at the end here would run on into one at its start.
_BULLETS = "+*"


@dataclass(frozen=True)
class Stimulus:
    """identifier : its name in the package. text : Markdown. plain : its text, for comparing."""

    identifier: str
    text: str
    plain: str
    figures: Mapping[str, Mapping[str, str]]
    pictures: Mapping[str, Picture]
    losses: tuple[Loss, ...]
    used: frozenset[str]


def read_stimulus(files: Mapping[str, bytes], path: str, identifier: str) -> Stimulus:
    """The shared text in a file of the package. Raises CannotKeep or FileRefused."""
    root = parse(files[path], path)
    name = name_of(root)
    if name not in ("assessmentStimulus", "html", "div", "section", "body"):
        raise CannotKeep(f"stimulus {path}: akar <{name}> tidak didukung")
    ledger, pictures = Ledger(root, path), Pictures(files, path)
    pictures.prefix = "s"
    inline = Inline(ledger, pictures)
    ledger.structure(root)
    identifier = ledger.get(root, "identifier") or identifier
    ledger.get(root, "title")
    text = ""
    for child in root:
        match name_of(child):
            case "stimulusBody" | "body":
                text = Body(inline, _BULLETS).markdown(child)
            case "stylesheet" | "head" | "catalogInfo" as other:
                ledger.drop(child, f"<{other}> tidak disimpan")
    if name in ("div", "section", "body"):
        text = Body(inline, _BULLETS).markdown(root)
    if not text:
        raise CannotKeep(f"stimulus {path} kosong")
    return Stimulus(
        identifier,
        text,
        "".join(inline.plain),
        dict(pictures.figures),
        dict(pictures.found),
        tuple(ledger.losses()),
        frozenset({path, *pictures.used}),
    )
