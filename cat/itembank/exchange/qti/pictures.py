"""The pictures of an item: found in the package, checked, and given a name in the bank."""

from __future__ import annotations

import base64
import binascii
import posixpath
import re
from collections.abc import Mapping
from urllib.parse import unquote, urlsplit

from lxml import etree

from cat.errors import BadItem, FileRefused
from cat.itembank.exchange.report import CannotKeep
from cat.itembank.exchange.xml import Node
from cat.itembank.figures import uploaded_figure
from cat.itembank.figures.uploaded import MOST_ALT
from cat.itembank.pictures import Picture, checked_picture

_ADDRESS = re.compile(r"<[\w.]+ object at 0x[0-9a-f]+>")
_DATA = re.compile(r"^data:image/[a-z+.-]+;base64,(.*)$", re.DOTALL)


def inside(base: str, href: str) -> str:
    """Path in the archive that a relative reference means; empty when it leads outside it."""
    parts = urlsplit(href.strip())
    if parts.scheme or parts.netloc or parts.path.startswith("/"):
        return ""
    path = posixpath.normpath(posixpath.join(posixpath.dirname(base), unquote(parts.path)))
    return "" if path.startswith("..") else path


class Pictures:
    """What an item shows. figures : name in its Markdown -> description for the bank.

    files : the package by path. base : path of the document that refers to them.
    """

    def __init__(self, files: Mapping[str, bytes], base: str) -> None:
        self._files, self._base = files, base
        self.prefix = "g"  # of the names given; those of a shared text must not be those of a stem
        self.figures: dict[str, Mapping[str, str]] = {}
        self.found: dict[str, Picture] = {}
        self.used: set[str] = set()
        self.dropped: list[tuple[str, str]] = []

    def refer(self, href: str, alt: str) -> str:
        """Markdown that shows the picture at `href`. Raises CannotKeep."""
        shown = href if len(href) <= 60 else href[:59] + "…"
        given = _DATA.match(href)
        if given:
            try:
                body = base64.b64decode(given[1], validate=True)
            except (binascii.Error, ValueError) as error:
                raise CannotKeep(f"gambar {shown}: isi base64 rusak") from error
            return self._keep(body, alt, "gambar tertanam")
        path = inside(self._base, href)
        if not path:
            raise CannotKeep(f"gambar {shown}: hanya gambar di dalam paket yang diterima")
        if path not in self._files:
            raise CannotKeep(f"gambar {shown}: tidak ada di dalam paket")
        self.used.add(path)
        return self._keep(self._files[path], alt, shown)

    def draw(self, svg: Node, alt: str) -> str:
        """Markdown that shows an inline <svg>. Raises CannotKeep."""
        return self._keep(etree.tostring(svg, with_tail=False), alt, "SVG di dalam teks")

    def _keep(self, body: bytes, alt: str, shown: str) -> str:
        said = " ".join(alt.split())
        if not said:
            raise CannotKeep(f"{shown}: gambar tanpa teks pengganti (alt) tidak diterima")
        try:
            picture = checked_picture(body)
        except (BadItem, FileRefused) as error:
            # An address of memory in the words of a library would make equal reports differ.
            raise CannotKeep(f"{shown}: {_ADDRESS.sub('', str(error))}") from error
        if len(said) > MOST_ALT:
            self.dropped.append((shown, f"ujung teks pengganti ({len(said)} huruf)"))
            said = said[: MOST_ALT - 1] + "…"
        self.dropped += [(shown, what) for what in picture.dropped]
        self.found[picture.name] = picture
        # The figure says what it shows; beside it the text would be taken as Markdown.
        return f"![](gambar:{self._named(picture.name, said)})"

    def _named(self, file_name: str, alt: str) -> str:
        figure = uploaded_figure(file_name, alt)
        for name, known in self.figures.items():
            if known == figure:
                return name
        name = f"{self.prefix}{len(self.figures) + 1}"
        self.figures[name] = figure
        return name
