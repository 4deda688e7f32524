"""Whether a package that we wrote keeps the rules of QTI 3.0, as far as we use it.

The official schemas may not be passed on, so the grammar beside this file, written from the
specification, is what packages are held against, with the rules that no grammar can say.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib.resources import files as resources

from lxml import etree

from cat.errors import BadItem
from cat.itembank.exchange.qti.names import QTI3
from cat.itembank.exchange.qti.pictures import inside
from cat.itembank.exchange.xml import Node, parse

_MANIFEST = "imsmanifest.xml"


def check_package(package: Mapping[str, bytes]) -> None:
    """Refuse a package that breaks a rule. Raises BadItem naming file, line and rule."""
    roots = {path: parse(body, path) for path, body in package.items() if path.endswith(".xml")}
    for path, root in roots.items():
        check_document(root, path)
        for node in root.iter(f"{{{QTI3}}}img"):
            _must_exist(package, path, node.get("src", ""))
        for node in root.iter(f"{{{QTI3}}}qti-assessment-stimulus-ref"):
            _must_exist(package, path, node.get("href", ""))
    named = {node.get("href") for node in roots[_MANIFEST].iter() if node.tag.endswith(("}file",))}
    if strange := sorted(set(package) ^ (named | {_MANIFEST})):
        raise BadItem(f"manifes dan isi paket berbeda: {strange[0]}")


def check_document(root: Node, path: str) -> None:
    """Refuse an item, a stimulus or a manifest that breaks the grammar or refers to nothing."""
    grammar = _grammar()
    if not grammar.validate(root):
        error = grammar.error_log[0]
        raise BadItem(f"{path} baris {error.line}: bukan QTI 3.0 yang sah ({error.message})")
    choices = [node.get("identifier") for node in root.iter(f"{{{QTI3}}}qti-simple-choice")]
    if len(set(choices)) != len(choices):
        raise BadItem(f"{path}: pengenal pilihan berulang")
    keys = [node.get("map-key") for node in root.iter(f"{{{QTI3}}}qti-map-entry")]
    correct = root.iterfind(f".//{{{QTI3}}}qti-correct-response/{{{QTI3}}}qti-value")
    for key in (*keys, *(node.text for node in correct)):
        if key not in choices:
            raise BadItem(f"{path}: kunci {key!r} tidak ada di antara pilihan")


def _must_exist(package: Mapping[str, bytes], path: str, href: str) -> None:
    if inside(path, href) not in package:
        raise BadItem(f"{path}: {href} tidak ada di dalam paket")


@cache
def _grammar() -> etree.RelaxNG:
    source = resources("cat.itembank.exchange.qti").joinpath("qti3.rng").read_bytes()
    return etree.RelaxNG(etree.fromstring(source))
