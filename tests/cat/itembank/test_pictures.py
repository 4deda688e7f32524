"""Pictures from outside: what passes is only pixels or plain drawing; what acts is refused."""

from __future__ import annotations

import contextlib
import io
import struct
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from cat.errors import BadItem
from cat.itembank.content import ItemContent
from cat.itembank.figures import describe, uploaded_figure
from cat.itembank.pictures import MOST_BYTES, MOST_SIDE, checked_picture
from cat.itembank.rendering import render
from cat.itembank.store import new_parameters

SVG = '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" '


def raster(kind: str, mode: str = "RGB", size: tuple[int, int] = (30, 20), **options) -> bytes:
    buffer = io.BytesIO()
    Image.linear_gradient("L").resize(size).convert(mode).save(buffer, kind, **options)
    return buffer.getvalue()


def svg(inside: str, size: str = 'width="40" height="30"') -> bytes:
    return f"{SVG}{size}>{inside}</svg>".encode()


@pytest.mark.parametrize(
    ("data", "end"),
    [
        (raster("PNG"), ".png"),
        (raster("PNG", "RGBA"), ".png"),
        (raster("PNG", "P"), ".png"),
        (raster("JPEG", progressive=True), ".jpg"),
        (raster("JPEG", "CMYK"), ".jpg"),
        (raster("WEBP", "RGBA"), ".webp"),
        (svg('<circle r="5" style="fill: red; stroke:url(#g)"/>'), ".svg"),
    ],
)
def test_a_picture_keeps_its_name_when_it_is_brought_again(data, end):
    picture = checked_picture(data)

    assert picture.name.endswith(end)
    assert (picture.width, picture.height) in ((30, 20), (40, 30))
    assert checked_picture(picture.body).name == picture.name


def jpeg_with_place() -> bytes:
    exif = Image.Exif()
    exif[0x010E] = "Jalan Rahasia 7"
    exif[0x0112] = 6  # lies on its side
    return raster("JPEG", exif=exif, size=(30, 20))


@pytest.mark.parametrize(
    "data",
    [
        raster("JPEG", comment=b"Jalan Rahasia 7"),
        raster("JPEG") + b"Jalan Rahasia 7",
        raster("PNG") + b"Jalan Rahasia 7",
        raster("WEBP", exif=b"Exif\0\0Jalan Rahasia 7"),
        jpeg_with_place(),
    ],
)
def test_what_a_file_says_beyond_its_pixels_is_stripped_and_said(data):
    picture = checked_picture(data)

    assert b"Rahasia" in data
    assert b"Rahasia" not in picture.body
    assert any("metadata" in said for said in picture.dropped)


def test_a_photo_taken_sideways_stands_upright_and_a_large_one_is_shrunk():
    assert checked_picture(jpeg_with_place()).height == 30
    large = checked_picture(raster("JPEG", size=(2400, 1800)))
    assert (large.width, large.height) == (MOST_SIDE, 1200)


def png_that_claims(width: int, height: int) -> bytes:
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    chunks = [(b"IHDR", head), (b"IDAT", zlib.compress(b"\0" * 99)), (b"IEND", b"")]
    body = b"".join(
        struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
        for name, data in chunks
    )
    return b"\x89PNG\r\n\x1a\n" + body


def animation() -> bytes:
    buffer = io.BytesIO()
    frames = [Image.new("RGB", (9, 9), colour) for colour in ("red", "blue")]
    frames[0].save(buffer, "WEBP", save_all=True, append_images=frames[1:])
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("data", "rule"),
    [
        (b"", "kosong"),
        (b"GIF89a" + bytes(40), "hanya PNG"),
        (b"MZ" + bytes(40), "hanya PNG"),
        (b"\x89PNG\r\n\x1a\n" + bytes(MOST_BYTES), "paling besar"),
        (png_that_claims(60_000, 60_000), "juta piksel"),
        (raster("PNG", size=(300, 300))[:900], "rusak atau terpotong"),
        (raster("JPEG")[:200], "rusak atau terpotong"),
        (b"\xff\xd8\xff" + bytes(50), "rusak atau terpotong"),
        (animation(), "bukan animasi"),
        (b'<!DOCTYPE svg [<!ENTITY a "aa">]>' + svg("<text>&a;</text>"), "DOCTYPE"),
        (b'<!DOCTYPE svg SYSTEM "http://jahat.example/x.dtd">' + svg(""), "DOCTYPE"),
        (b"<html><script>alert(1)</script></html>", "akar berkas"),
        (b"<svg", "XML yang utuh"),
        (svg("<script>alert(1)</script>"), "<script>"),
        (svg("<style>@import url(http://jahat.example)</style>"), "<style>"),
        (svg("<foreignObject><p/></foreignObject>"), "<foreignObject>"),
        (svg('<image href="http://jahat.example/x.png"/>'), "<image>"),
        (svg('<a href="javascript:alert(1)"/>'), "<a>"),
        (svg('<set attributeName="href" to="javascript:alert(1)"/>'), "<set>"),
        (svg('<g onclick="alert(1)"/>'), "peristiwa"),
        (svg('<g ONLOAD="alert(1)"/>'), "peristiwa"),
        (svg('<use href="http://jahat.example/x.svg#a"/>'), "rujukan"),
        (svg('<use xlink:href="data:image/svg+xml,x"/>'), "rujukan"),
        (svg('<rect fill="url(http://jahat.example)"/>'), "rujukan"),
        (svg('<rect style="fill: url(//jahat.example)"/>'), "rujukan"),
        (svg('<rect fill="u\\72l(http://jahat.example)"/>'), "nilai tidak boleh"),
        (svg('<rect filter="url(http://jahat.example)"/>'), "rujukan"),
        (svg('<rect fill="image-set(x)"/>'), "fungsi"),
        (svg("<g>" * 60 + "</g>" * 60), "tingkat"),
        (svg("<g/>" * 5001), "elemen"),
        (svg('<g id="a"><use href="#b"/></g><g id="b"><use href="#a"/></g>'), "salinan dari"),
        (svg('<use href="#hilang"/>'), "tidak ada"),
        (svg('<pattern id="p"><rect fill="url(#p)"/></pattern>'), "merujuk"),
        (svg("", 'width="99999" height="5"'), "px"),
        (svg("", ""), "viewBox"),
    ],
)
def test_what_is_hostile_or_broken_is_refused_by_name(data, rule):
    with pytest.raises(BadItem, match=r"gambar.*terbaca") as refusal:
        checked_picture(data)

    assert rule in str(refusal.value)


def test_copies_that_would_fill_the_screen_are_refused():
    copies = '<use href="#a"/>' * 100
    with pytest.raises(BadItem, match="salinan"):
        checked_picture(svg(f'<g id="a">{"<path/>" * 300}</g>{copies}'))


def test_what_no_eye_sees_is_left_out_of_an_svg_and_named():
    picture = checked_picture(
        svg(
            '<metadata>penulis</metadata><g class="x" style="fill:#abc;-x-y:1"><path d="M0 0"/></g>'
        )
    )

    assert picture.dropped == ("<metadata>", "class=", "style -x-y")
    assert b'<g fill="#abc"><path d="M0 0"' in picture.body
    assert b"penulis" not in picture.body


@given(st.binary(max_size=300))
def test_any_bytes_are_a_picture_or_refused(data):
    for start in (b"", b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff\xe0", b"<svg>"):
        with contextlib.suppress(BadItem):  # and nothing else is raised
            assert checked_picture(start + data).body


def item(figures: dict, stem: str = "Lihat ![](gambar:peta)") -> ItemContent:
    options = tuple("abcde")
    parameters = new_parameters("twk")
    return ItemContent("X", "twk.x", stem, options, (1, 0, 0, 0, 0), "r", "s", parameters, figures)


def test_an_item_shows_an_uploaded_picture_by_its_name_with_its_alt_text():
    name = checked_picture(raster("PNG")).name
    rendered = render(item({"peta": uploaded_figure(name, 'Peta "lama"')}))

    assert f'src="/media/{name}"' in rendered.stem
    assert 'alt="Peta &quot;lama&quot;"' in rendered.stem
    assert rendered.pictures == {}


@pytest.mark.parametrize(
    "figure",
    [
        uploaded_figure("a" * 64 + ".png", " "),
        uploaded_figure("../../etc/passwd", "x"),
        uploaded_figure("a" * 64 + ".exe", "x"),
        {"bentuk": "media", "nama": "a" * 64 + ".png"},
        {**uploaded_figure("a" * 64 + ".png", "x"), "lain": 1},
    ],
)
def test_a_picture_without_alt_text_or_with_another_name_is_refused(figure):
    with pytest.raises(BadItem, match="gambar"):
        render(item({"peta": figure}))
    with pytest.raises(BadItem, match="gambar"):
        describe(figure)
