"""What a QTI package holds: its items, in the order of the manifest, and what is no item."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from cat.errors import FileRefused
from cat.itembank.exchange.qti.names import OTHER_VERSIONS, VERSIONS, name_of
from cat.itembank.exchange.qti.pictures import inside
from cat.itembank.exchange.report import CannotKeep, Loss
from cat.itembank.exchange.xml import Node, local, namespace, parse

MANIFEST = "imsmanifest.xml"
# Each is an item; the number at the end is the version and a namespace says it better.
_ITEM_TYPES = ("imsqti_item_", "imsqti_apipitem_")
_OLD_TYPES = ("imsqti_xmlv1", "assessment_v1", "imsqti_asi")
_CARRIERS = ("webcontent", "associatedcontent", "imsqti_stimulus", "imslti", "controlfile", "css")


@dataclass(frozen=True)
class Entry:
    """One item of a package. note : path of the note of ours beside it, empty if there is none."""

    path: str
    identifier: str
    note: str = ""


@dataclass(frozen=True)
class Package:
    """The items of a package and what else its manifest names."""

    entries: tuple[Entry, ...]
    losses: tuple[Loss, ...]
    named: frozenset[str]


def read_package(files: Mapping[str, bytes]) -> Package:
    """Read the manifest. Raises FileRefused for a package without one, or without items."""
    if MANIFEST not in files:
        raise FileRefused(f"Paket QTI perlu {MANIFEST} di tingkat teratas ZIP.")
    root = parse(files[MANIFEST], MANIFEST)
    if local(root) != "manifest" or "imscp" not in namespace(root):
        raise FileRefused(f"{MANIFEST}: bukan manifes IMS Content Packaging.")
    entries: list[Entry] = []
    losses: list[Loss] = []
    named = {MANIFEST}
    for node in root.iter():
        match local(node):
            case "organizations" if len(node):
                losses.append(Loss(MANIFEST, "<organizations>", "susunan paket tidak disimpan"))
            case "metadata":
                losses += _metadata(node)
            case "resource":
                hrefs = _hrefs(node)
                named |= set(hrefs)
                entry, lost = _resource(node, hrefs)
                entries += entry
                losses += lost
    if not entries:
        others = [loss.what for loss in losses if "resource" in loss.place and loss.what[0] != "m"]
        found = f" Yang ada: {others[0]}." if others else ""
        raise FileRefused(f"Tidak ada butir QTI 2.1, 2.2, atau 3.0 di dalam paket.{found}")
    return Package(tuple(entries), tuple(losses), frozenset(named))


def refuse_version(root: Node) -> None:
    """Refuse, by name, what is no item of a version read here. Raises CannotKeep."""
    space, name = namespace(root), local(root)
    if space in OTHER_VERSIONS or name == "questestinterop":
        version = OTHER_VERSIONS.get(space, "QTI 1.x")
        raise CannotKeep(f"{version} tidak didukung; gunakan QTI 2.1, 2.2, atau 3.0")
    if space not in VERSIONS:
        raise CannotKeep(f"akar <{name}> dengan ruang nama {space or '(kosong)'} tidak dikenal")
    if name_of(root) != "assessmentItem":
        raise CannotKeep(f"akar <{name}> bukan butir soal")


def _resource(node: Node, hrefs: list[str]) -> tuple[list[Entry], list[Loss]]:
    kind, identifier = node.get("type", ""), node.get("identifier", "")
    if kind.startswith(_ITEM_TYPES):
        path = inside(MANIFEST, node.get("href", "")) or (hrefs[0] if hrefs else "")
        notes = [each for each in hrefs if each.startswith("catatan/") and each.endswith(".json")]
        return [Entry(path, identifier, notes[0] if notes else "")], []
    if kind.startswith(_OLD_TYPES):
        place = f"{MANIFEST}: resource {identifier}"
        return [], [Loss(place, f"jenis {kind}", "QTI 1.x tidak didukung; tidak diimpor")]
    if kind.startswith(_CARRIERS):
        return [], []
    what = "susunan tes" if "test" in kind or "assessment" in kind else f"jenis {kind}"
    return [], [Loss(f"{MANIFEST}: resource {identifier}", what, "tidak diimpor")]


def _hrefs(node: Node) -> list[str]:
    raw = [child.get("href", "") for child in node if local(child) == "file"]
    return [path for href in (*raw, node.get("href", "")) if (path := inside(MANIFEST, href))]


def _metadata(node: Node) -> list[Loss]:
    """What metadata says beyond naming the kind of package."""
    kinds = [local(child) for child in node]
    told = [kind for kind in kinds if kind not in ("schema", "schemaversion", "")]
    owner = node.getparent()
    place = f"{MANIFEST}: {local(owner)} {owner.get('identifier', '')}".strip()
    return [Loss(place, f"metadata <{kind}>", "tidak disimpan") for kind in told]
