"""A QTI 3.0 package of items: manifest, items, shared texts, pictures, and notes of our own.

The notes hold what QTI has no place for (kisi-kisi, rationales, parameters, enemies); they are
files of the item's resource, so that the package stays one that any other system can read.
IMS Content Packaging 1.2 as profiled by QTI 3.0.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable
from io import BytesIO
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from lxml import etree
from lxml.builder import ElementMaker

from cat.errors import BadItem
from cat.itembank.content import ItemContent
from cat.itembank.exchange.note import note_bytes
from cat.itembank.exchange.qti.validity import check_package
from cat.itembank.exchange.qti.writing import (
    identifier_of,
    stored_pictures,
    write_item,
    write_stimulus,
)

CP = "http://www.imsglobal.org/xsd/qti/qtiv3p0/imscp_v1p1"
MANIFEST = "imsmanifest.xml"
ITEM_TYPE, STIMULUS_TYPE = "imsqti_item_xmlv3p0", "imsqti_stimulus_xmlv3p0"
_SCHEMA = "https://purl.imsglobal.org/spec/qti/v3p0/schema/xsd/imsqtiv3p0_imscpv1p2_v1p0.xsd"
_XSI = "http://www.w3.org/2001/XMLSchema-instance"
_E: Any = ElementMaker(namespace=CP, nsmap={None: CP, "xsi": _XSI})


class _Package:
    def __init__(self, picture: Callable[[str], bytes]) -> None:
        self._picture = picture
        self.files: dict[str, bytes] = {}
        self._resources: dict[str, Any] = {}

    def add(self, item: ItemContent) -> None:
        depends, href, drawn = [], "", dict[str, bytes]()
        if item.stimulus:
            shared = write_stimulus(item)
            resource, stimulus = self._add_stimulus(item, shared.xml)
            depends, href, drawn = [resource], f"../{stimulus}", dict(shared.pictures)
        name = _free(identifier_of(item.code), self._resources)
        path, note = f"butir/{name}.xml", f"catatan/{name}.json"
        written = write_item(item, stimulus_href=href)
        self.files[path] = written.xml
        self.files[note] = note_bytes(item)
        depends += self._add_pictures(item, drawn | dict(written.pictures))
        self._resource(name, ITEM_TYPE, [path, note], depends)

    def _add_stimulus(self, item: ItemContent, body: bytes) -> tuple[str, str]:
        """Resource and path of the shared text; texts that differ never share a file."""
        name = f"{identifier_of(item.stimulus)}-{hashlib.sha256(body).hexdigest()[:8]}"
        path = f"stimulus/{name}.xml"
        if path not in self.files:
            self.files[path] = body
            self._resource(f"stimulus-{name}", STIMULUS_TYPE, [path], [])
        return f"stimulus-{name}", path

    def _add_pictures(self, item: ItemContent, drawn: dict[str, bytes]) -> list[str]:
        bodies = drawn | {name: self._picture(name) for name in stored_pictures(item)}
        for name, body in bodies.items():
            if f"gambar/{name}" not in self.files:
                self.files[f"gambar/{name}"] = body
                self._resource(f"gambar-{name}", "webcontent", [f"gambar/{name}"], [])
        return [f"gambar-{name}" for name in sorted(bodies)]

    def _resource(self, name: str, kind: str, paths: list[str], depends: list[str]) -> None:
        node = _E("resource", {"identifier": name, "type": kind, "href": paths[0]})
        node.extend(_E("file", {"href": path}) for path in paths)
        node.extend(_E("dependency", {"identifierref": each}) for each in depends)
        self._resources[name] = node

    def manifest(self) -> bytes:
        content = hashlib.sha256()
        for path in sorted(self.files):
            content.update(path.encode() + hashlib.sha256(self.files[path]).digest())
        root = _E("manifest", {"identifier": f"catcpns-{content.hexdigest()[:32]}"})
        root.set(f"{{{_XSI}}}schemaLocation", f"{CP} {_SCHEMA}")
        about = _E("metadata", _E("schema", "QTI Package"), _E("schemaversion", "3.0.0"))
        resources = _E("resources")
        resources.extend(self._resources.values())
        root.extend([about, _E("organizations"), resources])
        text: bytes = etree.tostring(root, xml_declaration=True, encoding="UTF-8")
        return text


def write_package(items: Iterable[ItemContent], picture: Callable[[str], bytes]) -> bytes:
    """The items as a ZIP; equal items in the same order give equal bytes.

    picture : body of a stored picture by its name.

    Raises BadItem, naming the item, for one that cannot be written.
    """
    package = _Package(picture)
    for item in items:
        package.add(item)
    if not package.files:
        raise BadItem("tidak ada butir untuk diekspor")
    files = {MANIFEST: package.manifest(), **package.files}
    check_package(files)
    return zipped(files)


def zipped(files: dict[str, bytes]) -> bytes:
    """Files as a ZIP whose bytes depend on nothing but them."""
    buffer = BytesIO()
    with ZipFile(buffer, "w") as archive:
        for path, body in files.items():
            info = ZipInfo(path, (1980, 1, 1, 0, 0, 0))
            info.compress_type = ZIP_DEFLATED
            archive.writestr(info, body)
    return buffer.getvalue()


def _free(name: str, taken: dict[str, Any]) -> str:
    number, free = 1, name
    while free in taken:
        number += 1
        free = f"{name}-{number}"
    return free
