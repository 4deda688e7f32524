"""Files that mean harm, each made here, and how the importer must answer them.

`python -m tests.cat.itembank.exchange.hostile` prints what it answers, as a Markdown table.
"""

from __future__ import annotations

import codecs
import json
import struct
import zlib
from io import BytesIO
from random import Random
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

import xlsxwriter

from cat.errors import FileRefused
from cat.itembank.exchange.importing import read_file
from tests.cat.itembank.exchange.qti_files import (
    CHOICES,
    item,
    manifest,
    package,
    png,
    with_picture,
    zipped,
)

DOMAIN = "tiu.verbal.analogi"
_LAUGHS = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
_BOMB = f'<!DOCTYPE x [<!ENTITY l0 "ha">{_LAUGHS}]>'
_QUADRATIC = f'<!DOCTYPE x [<!ENTITY a "{"a" * 50_000}">]>'
_SVG = '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" '
_SHEET = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"

Case = tuple[str, str, bytes]


def _entity(declared: str, used: str = "&e;") -> bytes:
    return item(f"<p>{used}</p>", head=f"<!DOCTYPE x [{declared}]>")


def _xml() -> list[Case]:
    deep = "<div>" * 200 + "x" + "</div>" * 200
    wide = "<p>x</p>" * 60_000
    latin = item().replace(b'encoding="UTF-8"', b'encoding="ISO-8859-1"')
    hidden = codecs.BOM_UTF16_LE + (
        item("<p>&l9;</p>", head=_BOMB).decode().replace("UTF-8", "UTF-16").encode("utf-16-le")
    )
    include = '<xi:include xmlns:xi="http://www.w3.org/2001/XInclude" href="/etc/passwd"/>'
    cases = {
        "billion laughs": item("<p>&l9;</p>", head=_BOMB),
        "billion laughs dalam UTF-16": hidden,
        "quadratic blow-up": item(f"<p>{'&a;' * 1000}</p>", head=_QUADRATIC),
        "entitas luar file://": _entity('<!ENTITY e SYSTEM "file:///etc/passwd">'),
        "entitas luar http://": _entity('<!ENTITY e SYSTEM "http://127.0.0.1:9/x">'),
        "entitas parameter": _entity('<!ENTITY % p SYSTEM "http://127.0.0.1:9/x"> %p;', ""),
        "DTD saja": item(head="<!DOCTYPE assessmentItem>"),
        "entitas tanpa deklarasi": item("<p>&xxe;</p>"),
        "XInclude": item(f"<p>{include}</p>"),
        "200 tingkat": item(deep),
        "60.000 elemen": item(wide),
        "XML 6 MB": item(f"<p>{'x' * 6_000_000}</p>"),
        "tanda NUL": item("<p>a\0b</p>"),
        "bukan UTF-8": item().replace(b"Ibu", b"\xff\xfe\xfa"),
        "mengaku ISO-8859-1": latin,
        "mengaku UTF-7": item().replace(b'encoding="UTF-8"', b'encoding="UTF-7"'),
        "XML terpotong": item()[:-40],
    }
    return [(name, "butir.xml", body) for name, body in cases.items()]


def _zip_with(name: str, body: bytes = b"x", **info: int) -> bytes:
    buffer = BytesIO()
    with ZipFile(buffer, "w", ZIP_DEFLATED) as archive:
        archive.writestr("imsmanifest.xml", manifest("q.xml"))
        archive.writestr("q.xml", item())
        entry = ZipInfo(name)
        entry.compress_type = ZIP_DEFLATED
        for field, value in info.items():
            setattr(entry, field, value)
        archive.writestr(entry, body)
    return buffer.getvalue()


def _many() -> bytes:
    return zipped({"imsmanifest.xml": manifest("q.xml"), **{f"f{n}": b"" for n in range(6000)}})


def _overlapping() -> bytes:
    """Two names in the directory for the bytes of one file."""
    data = zipped({"imsmanifest.xml": manifest("a.xml", "b.xml"), "a.xml": item(), "b.xml": item()})
    first = data.index(b"PK\x01\x02", data.index(b"PK\x01\x02") + 4)
    second = data.index(b"PK\x01\x02", first + 4)
    offset = data[first + 42 : first + 46]
    return data[: second + 42] + offset + data[second + 46 :]


def _nul_name() -> bytes:
    return _zip_with("aXb.png").replace(b"aXb.png", b"a\0b.png")


def _encrypted() -> bytes:
    data = bytearray(package({"q.xml": item()}))
    at = data.rindex(b"PK\x01\x02")
    data[at + 8] |= 1
    return bytes(data)


def _zips() -> list[Case]:
    good = package({"q.xml": item()})
    huge = b"\0" * (30 * 1024 * 1024)
    cases = {
        "zip slip ..": _zip_with("../../etc/cron.d/x"),
        "zip slip jalur mutlak": _zip_with("/etc/passwd"),
        "zip slip diska C:": _zip_with("C:/windows/x"),
        "zip slip garis miring balik": _zip_with("aXb".replace("X", "\\")),
        "tautan simbolik": _zip_with("tautan", b"/etc/passwd", external_attr=0o120777 << 16),
        "bom ZIP (rasio)": _zip_with("a.bin", b"\0" * 5_000_000),
        "bom ZIP (30 MB nol)": _zip_with("a.bin", huge),
        "ZIP di dalam ZIP": package({"q.xml": good}, "q.xml"),
        "6.000 entri": _many(),
        "entri bertumpang tindih": _overlapping(),
        "entri tersandi": _encrypted(),
        "nama dengan NUL": _nul_name(),
        "nama ganda huruf besar kecil": _zip_with("Q.XML"),
        "berkas lain di depan ZIP": b"MZ" + good,
        "berkas lain di belakang ZIP": good + b"<script>alert(1)</script>",
        "ZIP terpotong": good[:-10],
        "isi ZIP rusak": good.replace(good[60:64], b"\xff\xff\xff\xff", 1),
        "paket tanpa manifes": zipped({"q.xml": item()}),
        "manifes menunjuk ke luar": zipped({"imsmanifest.xml": manifest("../../q.xml")}),
        "manifes dengan DTD": zipped(
            {"imsmanifest.xml": b"<!DOCTYPE m>" + manifest("q.xml"), "q.xml": item()}
        ),
    }
    return [(name, "paket.zip", body) for name, body in cases.items()]


def _svgs() -> list[Case]:
    inside = {
        "SVG dengan script": "<script>alert(1)</script>",
        "SVG dengan javascript:": '<a xlink:href="javascript:alert(1)"><path d="M0 0"/></a>',
        "SVG dengan foreignObject": "<foreignObject><p>x</p></foreignObject>",
        "SVG dengan @import": '<style>@import "http://127.0.0.1/x.css";</style>',
        "SVG dengan url(http)": '<rect width="1" height="1" fill="url(http://127.0.0.1/x)"/>',
        "SVG dengan image luar": '<image xlink:href="http://127.0.0.1/x.png"/>',
        "SVG dengan use luar": '<use xlink:href="http://127.0.0.1/x.svg#a"/>',
        "SVG dengan set onload": '<set attributeName="onload" to="alert(1)"/>',
    }
    size = 'width="10" height="10">'
    cases = {name: f"{_SVG}{size}{body}</svg>".encode() for name, body in inside.items()}
    cases["SVG dengan onload"] = f'{_SVG}{size[:-1]} onload="alert(1)"></svg>'.encode()
    cases["SVG dengan entitas"] = f"{_BOMB}{_SVG}{size}<text>&l9;</text></svg>".encode()
    return [(name, "paket.zip", with_picture(body, "a.svg")) for name, body in cases.items()]


def _pages() -> list[Case]:
    bodies = {
        "script di soal": "<p>x</p><script>alert(1)</script>",
        "onclick di soal": '<p onclick="alert(1)">x</p>',
        "javascript: di soal": '<p><a href=" JavaScript:alert(1)">x</a></p>',
        "iframe di soal": '<p>x</p><iframe src="http://127.0.0.1/"/>',
        "object HTML di soal": '<p><object data="x.html" type="text/html"/></p>',
        "form di soal": '<form action="http://127.0.0.1/"><p>x</p></form>',
        "gambar dari http://": '<p><img src="http://127.0.0.1/x.png" alt="x"/></p>',
        "gambar dari file://": '<p><img src="file:///etc/passwd" alt="x"/></p>',
        "gambar dari ../../": '<p><img src="../../../etc/passwd" alt="x"/></p>',
        "gambar data: berisi HTML": '<p><img src="data:text/html;base64,PGI+" alt="x"/></p>',
        "svg berskrip di soal": f"<p>{_SVG}><script>alert(1)</script></svg></p>",
        "rumus dengan skrip": '<p><math xmlns="http://www.w3.org/1998/Math/MathML">'
        '<mtext><script xmlns="http://www.w3.org/1999/xhtml">alert(1)</script></mtext></math></p>',
    }
    cases = [(name, "butir.xml", item(body)) for name, body in bodies.items()]
    choice = CHOICES.replace("pilihan A", '<b onmouseover="alert(1)">x</b>')
    cases.append(("onmouseover di pilihan", "butir.xml", item(choices=choice)))
    tao = b"name,question,choice_1,choice_2,max_choices,correct_answer\n"
    bad = tao + b'q1,"<p>x</p><script>alert(1)</script>",a,b,1,choice_1\n'
    return [*cases, ("script di CSV TAO", "tao.csv", bad)]


def _chunk(kind: bytes, body: bytes) -> bytes:
    check = struct.pack(">I", zlib.crc32(kind + body))
    return struct.pack(">I", len(body)) + kind + body + check


def _png_of(width: int, height: int, pixels: bytes) -> bytes:
    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    parts = (_chunk(b"IHDR", header), _chunk(b"IDAT", zlib.compress(pixels, 9)))
    return b"\x89PNG\r\n\x1a\n" + b"".join(parts) + _chunk(b"IEND", b"")


def _pictures() -> list[Case]:
    bodies = {
        "gambar 100 megapiksel": _png_of(10_000, 10_000, b"\0" * 10_001),
        "bom PNG 65.000 x 65.000": _png_of(65_000, 65_000, b"\0" * 1_000_000),
        "PNG terpotong": png()[:40],
        "EXE bernama .png": b"MZ\x90\0\x03" + b"\0" * 400,
        "HTML bernama .png": b"<html><script>alert(1)</script></html>",
        "ZIP bernama .png": zipped({"x": b"x"}),
        "byte ajaib salah": b"\x88PNG\r\n\x1a\n" + png()[8:],
        "gambar 2 MB": png() + Random(1).randbytes(2_000_000),
        "gambar kosong": b"",
        "GIF": b"GIF89a" + b"\0" * 40,
    }
    return [(name, "paket.zip", with_picture(body)) for name, body in bodies.items()]


def workbook(formula: str = "") -> bytes:
    """An innocent workbook of one item, or one with a formula."""
    buffer = BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True}) as book:
        sheet = book.add_worksheet("Butir")
        sheet.write_row(0, 0, ["domain", "soal", "opsi_a", "opsi_b", "kunci", "rasional"])
        sheet.write_row(1, 0, [DOMAIN, "Soal?", "ya", "tidak", "A", "Karena."])
        if formula:
            sheet.write_formula(1, 1, formula, None, "Soal?")
    return buffer.getvalue()


def _changed(part: str, old: str, new: str) -> bytes:
    with ZipFile(BytesIO(workbook())) as book:
        files = {name: book.read(name) for name in book.namelist()}
    assert old.encode() in files[part]
    files[part] = files[part].replace(old.encode(), new.encode(), 1)
    return zipped(files)


def _with_part(part: str, body: bytes = b"x") -> bytes:
    with ZipFile(BytesIO(workbook())) as book:
        return zipped({**{name: book.read(name) for name in book.namelist()}, part: body})


def _workbooks() -> list[Case]:
    far = 'r="XFD1048576"'
    external = (
        '<Relationship Id="r9" Type="x/externalLink" Target="file:///x" TargetMode="External"/>'
    )
    cases = {
        "XLSX bermakro": _with_part("xl/vbaProject.bin"),
        "XLSX bertipe makro": _changed(
            "[Content_Types].xml", "spreadsheetml.sheet.main+xml", "sheet.macroEnabled.main+xml"
        ),
        "XLSX tautan luar": _with_part("xl/externalLinks/externalLink1.xml", b"<x/>"),
        "XLSX relasi luar": _changed(
            "xl/_rels/workbook.xml.rels", "</Relationships>", f"{external}</Relationships>"
        ),
        "XLSX objek tertanam": _with_part("xl/embeddings/oleObject1.bin"),
        "XLSX sambungan data": _with_part("xl/connections.xml", b"<x/>"),
        "XLSX rumus DDE": workbook("=cmd|'/c calc'!A0"),
        "XLSX rumus WEBSERVICE": workbook('=WEBSERVICE("http://127.0.0.1/")'),
        "XLSX bom lembar (sel jauh)": _changed("xl/worksheets/sheet1.xml", 'r="F2"', far),
        "XLSX bom lembar (baris jauh)": _changed(
            "xl/worksheets/sheet1.xml", '<row r="2"', '<row r="9999999"'
        ),
        "XLSX dengan entitas": _changed("xl/workbook.xml", "<workbook", f"{_BOMB}<workbook"),
        "XLSX bom ZIP": _with_part("xl/x.bin", b"\0" * 5_000_000),
        "XLSX rusak": workbook()[:-30],
    }
    return [(name, "butir.xlsx", body) for name, body in cases.items()]


def _others() -> list[Case]:
    head = b"soal,opsi_a,opsi_b,kunci\n"
    nested = '{"aturan":' * 20_000
    return [
        ("berkas 41 MB", "besar.zip", b"PK\x03\x04" + b"\0" * (41 * 1024 * 1024)),
        ("berkas kosong", "kosong.csv", b""),
        ("CSV dengan NUL", "a.csv", head + b"a\0b,x,y,A\n"),
        ("CSV bukan UTF-8", "a.csv", head + b"\xff\xfa,x,y,A\n"),
        ("CSV kutip tak tertutup", "a.csv", head + b'"a,x,y,A\n'),
        ("CSV 300 kolom", "a.csv", b",".join(b"k%d" % n for n in range(300)) + b"\nx\n"),
        ("CSV 3.000 baris", "a.csv", head + b"a,x,y,A\n" * 3000),
        ("EXE bernama .xlsx", "a.xlsx", b"MZ\x90\0" + b"\0" * 400),
        ("PDF", "a.pdf", b"%PDF-1.7\n\xe2\xe3"),
        ("RAR bernama .zip", "a.zip", b"Rar!\x1a\x07\x01\0" + b"\xff" * 60),
        ("catatan JSON 20.000 tingkat", "a.zip", _note(nested)),
        ("catatan JSON dengan NaN", "a.zip", _note(json.dumps({"detik": float("nan")}))),
    ]


def _note(fields: str) -> bytes:
    whole = f'{{"format":"catcpns-butir","versi":1,"butir":{fields}}}'.encode()
    named = manifest("q.xml").replace(b"</resource>", b'<file href="catatan/q.json"/></resource>')
    files = {"imsmanifest.xml": named, "q.xml": item(), "catatan/q.json": whole}
    return zipped(files, ZIP_STORED)


def cases() -> list[Case]:
    """Every hostile file: what it is, its name, its bytes."""
    parts = (_xml, _zips, _svgs, _pages, _pictures, _workbooks, _others)
    return [case for part in parts for case in part()]


def answer(name: str, data: bytes) -> str:
    """Why the file, or the only item in it, is refused; empty when something would enter."""
    try:
        batch = read_file(name, data, domain=DOMAIN)
    except FileRefused as error:
        return str(error)
    if batch.accepted or not batch.refused:
        return ""
    return "; ".join(batch.refused[0].refusals)


def table(answers: dict[str, str]) -> str:
    """What the importer says to each, as Markdown."""
    rows = [f"| {what} | {said.replace('|', '/')[:140]} |" for what, said in answers.items()]
    return "\n".join(["| berkas | jawaban |", "| --- | --- |", *rows])


if __name__ == "__main__":
    print(table({what: answer(name, data) for what, name, data in cases()}))
