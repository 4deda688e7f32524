"""SVG drawings from outside, rebuilt from a whitelist: what acts or calls out is refused.

What the eye would miss is refused by name rather than left out; what no eye sees (metadata, notes
of a drawing program, comments) is left out and named. SVG 2, W3C Candidate Recommendation 2018.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import fromstring

from cat.errors import BadItem

SVG = "http://www.w3.org/2000/svg"
XLINK = "http://www.w3.org/1999/xlink"
MOST_ELEMENTS = 5_000
MOST_DEPTH = 40
MOST_COPIES = 20_000  # elements drawn by all <use> together
MOST_SIDE = 4_000  # px

_SHAPES = "path rect circle ellipse line polyline polygon text tspan title desc"
_PAINT = "linearGradient radialGradient stop"
# What stands in these is drawn many times: none of it may point on to more of the kind.
_REPEATED = frozenset({"pattern", "marker", "clipPath", "symbol"})
_ELEMENTS = frozenset({*f"svg g defs use {_SHAPES} {_PAINT}".split(), *_REPEATED})
# Left out: the eye never sees it.
_INVISIBLE = frozenset({"metadata", "title", "desc"})
_GEOMETRY = (
    "id d x y width height cx cy r rx ry x1 y1 x2 y2 dx dy points transform viewBox offset fx fy "
    "gradientUnits gradientTransform spreadMethod patternUnits patternTransform "
    "patternContentUnits markerWidth markerHeight markerUnits refX refY orient clipPathUnits "
    "preserveAspectRatio rotate textLength lengthAdjust pathLength"
)
_LOOKS = (
    "fill fill-opacity fill-rule stroke stroke-width stroke-opacity stroke-linecap stroke-linejoin "
    "stroke-miterlimit stroke-dasharray stroke-dashoffset opacity color stop-color stop-opacity "
    "font-family font-size font-weight font-style font-variant text-anchor letter-spacing "
    "word-spacing text-decoration dominant-baseline alignment-baseline baseline-shift display "
    "visibility clip-path clip-rule marker-start marker-mid marker-end vector-effect paint-order "
    "shape-rendering text-rendering overflow writing-mode"
)
_ATTRIBUTES = frozenset(f"{_GEOMETRY} {_LOOKS}".split())
_PROPERTIES = frozenset(_LOOKS.split())
_TURNS = "matrix translate scale rotate skewX skewY"
_FUNCTIONS = frozenset(f"rgb rgba hsl hsla url {_TURNS}".split())
_CALL = re.compile(r"([\w-]*)\s*\(")
_URL = re.compile(r"url\s*\(([^)]*)\)")
_LOCAL = re.compile(r"#[\w.:-]{1,100}")
_LENGTH = re.compile(r"\s*([0-9]*\.?[0-9]+(?:e[+-]?\d+)?)\s*(px|pt|mm|cm|in|)\s*", re.IGNORECASE)
_PX = {"": 1.0, "px": 1.0, "pt": 4 / 3, "mm": 96 / 25.4, "cm": 96 / 2.54, "in": 96.0}


def checked_svg(data: bytes) -> tuple[bytes, int, int, tuple[str, ...]]:
    """The sanitised drawing, its width and height (px) and what was left out of it.

    Raises BadItem naming what was found and the rule.
    """
    try:
        root = fromstring(data, forbid_dtd=True, forbid_entities=True, forbid_external=True)
    except DefusedXmlException as error:
        raise _refusal("DOCTYPE dan entitas tidak diterima", type(error).__name__) from error
    except (ElementTree.ParseError, ValueError, LookupError) as error:
        raise _refusal("bukan XML yang utuh", str(error)[:80]) from error
    if root.tag not in (f"{{{SVG}}}svg", "svg"):
        raise _refusal("akar berkas harus <svg>", _local(root)[:40])
    namespace = root.tag.removesuffix("svg")
    _check_size_of(root)
    rebuild = _Rebuild(namespace)
    new = rebuild.element(root, ())
    assert new is not None  # the root is one of the elements that pass
    _check_copies(new)
    width, height = _size(root)
    new.attrib.pop("x", None)
    new.attrib |= {"width": str(width), "height": str(height)}
    new.attrib.setdefault("viewBox", f"0 0 {width} {height}")
    ordered = {"xmlns": SVG, **new.attrib}
    new.attrib.clear()
    new.attrib |= ordered
    body = ElementTree.tostring(new, encoding="utf-8", short_empty_elements=True)
    return body, width, height, tuple(sorted(rebuild.dropped))


@dataclass
class _Rebuild:
    """Copies elements one by one; `dropped` gathers what no eye would miss."""

    namespace: str
    dropped: set[str] = field(default_factory=set)

    def element(self, old: Element, above: tuple[str, ...]) -> Element | None:
        name = old.tag.removeprefix(self.namespace)
        if name.startswith("{") or name in _INVISIBLE:
            self.dropped.add(f"<{_local(old)}>")
            return None
        if name not in _ELEMENTS or (name == "svg" and above):
            raise _refusal("elemen ini tidak diterima", f"<{name[:40]}>")
        new = Element(name)
        for key, value in old.attrib.items():
            for plain, text in self.attribute(key, value):
                if _refers(plain, text) and _REPEATED.intersection((*above, name)):
                    raise _refusal("isi pola, penanda, dan simbol tidak boleh merujuk", text[:60])
                new.set(plain, text)
        if name in ("text", "tspan"):
            new.text = old.text
        for child in old:
            copied = self.element(child, (*above, name))
            if copied is not None:
                new.append(copied)
            last = copied if copied is not None else (new[-1] if len(new) else None)
            if name in ("text", "tspan") and child.tail:
                if last is None:
                    new.text = (new.text or "") + child.tail
                else:
                    last.tail = (last.tail or "") + child.tail
        return new

    def attribute(self, key: str, value: str) -> Iterator[tuple[str, str]]:
        """The attributes that stand for this one: none, itself, or those that a style spells."""
        local = key.rpartition("}")[2]
        if local.lower().startswith("on"):
            raise _refusal("atribut peristiwa tidak diterima", f"{local[:40]}=")
        if key in ("href", f"{{{XLINK}}}href"):
            if not _LOCAL.fullmatch(value.strip()):
                raise _refusal("rujukan hanya ke bagian gambar itu sendiri", value[:60])
            yield "href", value.strip()
        elif key == "style":
            for declaration in filter(str.strip, value.split(";")):
                name, _, text = (part.strip() for part in declaration.partition(":"))
                text = text.removesuffix("!important").strip()
                if name in _PROPERTIES:
                    yield name, _plain(name, text)
                else:
                    _plain(name, text)
                    self.dropped.add(f"style {name[:40]}")
        elif key in _ATTRIBUTES:
            yield key, _plain(key, value)
        else:
            if "url" in value:
                _plain(local, value)
            self.dropped.add(f"{local[:40]}=")


def _plain(name: str, value: str) -> str:
    """The value of an attribute, of which nothing calls out or is spelt in escapes."""
    if "\\" in value or "@" in value:
        raise _refusal("nilai tidak boleh memakai \\ atau @", f"{name}={value[:60]}")
    for function in _CALL.findall(value):
        if function not in _FUNCTIONS:
            raise _refusal("fungsi ini tidak diterima", f"{name}={value[:60]}")
    targets = [target.strip().strip("'\"") for target in _URL.findall(value)]
    if len(targets) != value.lower().count("url(") or not all(map(_LOCAL.fullmatch, targets)):
        raise _refusal("rujukan hanya ke bagian gambar itu sendiri", f"{name}={value[:60]}")
    return value


def _refers(name: str, value: str) -> bool:
    return name == "href" or "url" in value


def _check_size_of(root: Element) -> None:
    """Refuse what is too large or too deep to be walked and drawn quickly."""
    level, seen, depth = [root], 1, 1
    while level := [child for element in level for child in element]:
        seen, depth = seen + len(level), depth + 1
        if seen > MOST_ELEMENTS:
            raise _refusal(f"paling banyak {MOST_ELEMENTS} elemen", f"lebih dari {MOST_ELEMENTS}")
        if depth > MOST_DEPTH:
            raise _refusal(f"paling dalam {MOST_DEPTH} tingkat", f"lebih dari {MOST_DEPTH}")


def _check_copies(root: Element) -> None:
    """Refuse copies of copies, which multiply, and more copies than a page can draw."""
    named = {element.get("id"): element for element in root.iter() if element.get("id")}
    sizes: dict[str, int] = {}
    total = 0
    for use in root.iter("use"):
        target = use.get("href", "").removeprefix("#")
        if target not in named:
            raise _refusal("<use> merujuk ke bagian yang tidak ada", target[:60] or "tanpa href")
        if target not in sizes:
            within = [element.tag for element in named[target].iter()]
            if "use" in within:
                raise _refusal("salinan dari salinan tidak diterima", f"#{target[:60]}")
            sizes[target] = len(within)
        total += sizes[target]
        if total > MOST_COPIES:
            raise _refusal(f"paling banyak {MOST_COPIES} elemen salinan", f"#{target[:60]}")


def _size(root: Element) -> tuple[int, int]:
    """Natural width and height in px: as the file says, else those of its viewBox."""
    box = [float(n) for n in re.findall(r"[-+]?[0-9]*\.?[0-9]+", root.get("viewBox", ""))]
    sides = []
    for name, place in (("width", 2), ("height", 3)):
        found = _LENGTH.fullmatch(root.get(name, ""))
        if found:
            side = float(found[1]) * _PX[found[2].lower()]
        elif len(box) == 4:
            side = box[place]
        else:
            raise _refusal("perlu width dan height, atau viewBox", root.get(name, "tidak ada"))
        if not 1 <= side <= MOST_SIDE:
            raise _refusal(f"{name} 1 sampai {MOST_SIDE} px", f"{side:g}")
        sides.append(round(side))
    return sides[0], sides[1]


def _local(element: Element) -> str:
    return str(element.tag).rpartition("}")[2]


def _refusal(rule: str, value: object) -> BadItem:
    return BadItem(
        f"gambar SVG: {rule} (terbaca: {value})", place="gambar SVG", value=value, rule=rule
    )
