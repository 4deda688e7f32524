"""Pictures that people bring to the bank: only what is safe to show passes, by one set of rules."""

from __future__ import annotations

import contextlib
import hashlib
import io
import struct
import warnings
from collections.abc import Iterator
from dataclasses import dataclass

from PIL import Image, ImageOps

from cat.errors import BadItem
from cat.itembank.vector import checked_svg

MOST_BYTES = 1_500_000  # an exam room loads every picture of a paket over one network
MOST_SIDE = 1600  # px; twice the widest column of the candidate's page. Larger ones are shrunk.
MOST_PIXELS = 40_000_000  # declared by the file; what claims more is not decoded at all
MEDIA_TYPES = {
    "png": "image/png",
    "jpg": "image/jpeg",
    "webp": "image/webp",
    "svg": "image/svg+xml",
}
_MAGIC = {"png": b"\x89PNG\r\n\x1a\n", "jpg": b"\xff\xd8\xff", "webp": b"RIFF"}
_FORMATS = {"png": "PNG", "jpg": "JPEG", "webp": "WEBP"}
# What a file consists of that says nothing beyond its pixels.
_BARE_CHUNKS = {
    "png": {b"IHDR", b"PLTE", b"tRNS", b"IDAT", b"IEND"},
    "webp": {b"VP8 ", b"VP8L"},
}
# JPEG: everything but comments (FE) and application segments, of which JFIF (E0) may stay.
_TOLD_IN_JPEG = {*range(0xE1, 0xF0), 0xFE}


@dataclass(frozen=True)
class Picture:
    """A picture that may be shown.

    name : SHA-256 of `body` in hex, a dot and one of MEDIA_TYPES: its name in the bank.
    body : the bytes to store: stripped of metadata, and sanitised where it is an SVG.
    width, height : px, as drawn at its natural size.
    dropped : what the file held beyond the picture and was left out, for the writer to read.
    """

    name: str
    media_type: str
    body: bytes
    width: int
    height: int
    dropped: tuple[str, ...] = ()


def checked_picture(data: bytes) -> Picture:
    """The picture in a file, fit to be shown to candidates.

    PNG, JPEG and WebP are decoded completely; whatever is more than pixels is stripped by writing
    them anew, and what is too large to be of use is shrunk. SVG is rebuilt from a whitelist. What
    came out once comes out unchanged when it is put in again.

    Raises BadItem naming the value and the rule: unknown or wrong magic bytes, too many bytes or
    pixels, an animation, a damaged file, an SVG with anything in it that acts or calls out.
    """
    if not data:
        raise _refusal("berkas kosong", 0)
    if len(data) > MOST_BYTES:
        raise _refusal(f"paling besar {MOST_BYTES:,} bita".replace(",", "."), len(data))
    kind = _kind(data)
    if kind == "svg":
        body, width, height, dropped = checked_svg(data)
    else:
        body, width, height, dropped = _checked_raster(data, kind)
    name = f"{hashlib.sha256(body).hexdigest()}.{kind}"
    return Picture(name, MEDIA_TYPES[kind], body, width, height, dropped)


def _kind(data: bytes) -> str:
    for kind, magic in _MAGIC.items():
        if data.startswith(magic) and (kind != "webp" or data[8:12] == b"WEBP"):
            return kind
    start = data[:1000].removeprefix(b"\xef\xbb\xbf").lstrip()
    if start.startswith(b"<"):
        return "svg"
    raise _refusal("hanya PNG, JPEG, WebP, atau SVG menurut isi berkasnya", data[:8])


def _checked_raster(data: bytes, kind: str) -> tuple[bytes, int, int, tuple[str, ...]]:
    try:
        with warnings.catch_warnings():
            # The size that a file declares is judged below, by our own bound.
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            image: Image.Image = Image.open(io.BytesIO(data), formats=(_FORMATS[kind],))
        width, height = image.size
        if width * height > MOST_PIXELS:
            raise _refusal(f"paling banyak {MOST_PIXELS // 10**6} juta piksel", f"{width}x{height}")
        if (frames := getattr(image, "n_frames", 1)) > 1:
            raise _refusal("harus gambar diam, bukan animasi", f"{frames} bingkai")
        image.load()
    except BadItem:
        raise
    except Image.DecompressionBombError as error:
        raise _refusal(f"paling banyak {MOST_PIXELS // 10**6} juta piksel", f"{error}") from error
    except (
        *(OSError, ValueError, SyntaxError, EOFError),
        *(KeyError, IndexError, OverflowError, MemoryError),
    ) as error:
        raise _refusal(f"berkas {_FORMATS[kind]} rusak atau terpotong", f"{error}"[:80]) from error
    if _is_bare(data, kind) and max(image.size) <= MOST_SIDE:
        return data, width, height, ()
    return _rewritten(image, kind)


def _rewritten(image: Image.Image, kind: str) -> tuple[bytes, int, int, tuple[str, ...]]:
    """Pixels only, upright, at most MOST_SIDE px a side."""
    dropped = ["keterangan selain gambar (metadata)"]
    with contextlib.suppress(SyntaxError, ValueError, KeyError, struct.error):
        # Broken metadata go with the rest; the picture then stays as it lies.
        image = ImageOps.exif_transpose(image)
    has_alpha = "transparency" in image.info or image.mode in ("LA", "PA", "RGBA", "La", "RGBa")
    if has_alpha and kind != "jpg":
        image = image.convert("RGBA")
    else:
        image = image.convert("L" if image.mode in ("1", "L") and kind != "webp" else "RGB")
    if max(image.size) > MOST_SIDE:
        dropped.append(f"ukuran {image.width}x{image.height} diperkecil")
        image.thumbnail((MOST_SIDE, MOST_SIDE), Image.Resampling.LANCZOS)
    clean = Image.new(image.mode, image.size)
    clean.paste(image)
    buffer = io.BytesIO()
    clean.save(buffer, _FORMATS[kind], quality=90, optimize=True)  # each takes what it knows
    body = buffer.getvalue()
    if kind == "webp" and not _is_bare(body, kind):
        # With transparency the encoder adds a header chunk; without loss it needs none.
        buffer = io.BytesIO()
        clean.save(buffer, "WEBP", lossless=True)
        body = buffer.getvalue()
    if len(body) > MOST_BYTES:
        raise _refusal("masih terlalu besar setelah ditulis ulang", f"{len(body)} bita")
    return body, clean.width, clean.height, tuple(dropped)


def _is_bare(data: bytes, kind: str) -> bool:
    """Whether the file says nothing but pixels, to its last byte; decoding it has succeeded."""
    if kind == "jpg":
        return _is_bare_jpeg(data)
    names = list(_png_chunks(data) if kind == "png" else _webp_chunks(data))
    return bool(names) and set(names) <= _BARE_CHUNKS[kind]


def _png_chunks(data: bytes) -> Iterator[bytes]:
    at = 8
    while at < len(data):
        length, name = int.from_bytes(data[at : at + 4], "big"), data[at + 4 : at + 8]
        at += 12 + length
        is_last_in_place = (name == b"IEND") == (at == len(data))
        yield name if is_last_in_place else b"?"
        if not is_last_in_place:
            return


def _webp_chunks(data: bytes) -> Iterator[bytes]:
    at = 12
    if int.from_bytes(data[4:8], "little") + 8 != len(data):
        yield b"?"
        return
    while at < len(data):
        length = int.from_bytes(data[at + 4 : at + 8], "little")
        yield data[at : at + 4]
        at += 8 + length + length % 2


def _is_bare_jpeg(data: bytes) -> bool:
    at = 2
    while at + 4 <= len(data) and data[at] == 0xFF:
        marker = data[at + 1]
        if marker in _TOLD_IN_JPEG:
            return False
        at += 2 + int.from_bytes(data[at + 2 : at + 4], "big")
        if marker == 0xDA:  # compressed data follow, up to the next marker that stands for itself
            while at + 2 <= len(data) and (
                data[at] != 0xFF or data[at + 1] == 0 or 0xD0 <= data[at + 1] <= 0xD7
            ):
                at += 1
        if data[at : at + 2] == b"\xff\xd9":
            return at + 2 == len(data)
    return False


def _refusal(rule: str, value: object) -> BadItem:
    return BadItem(f"gambar: {rule} (terbaca: {value})", place="gambar", value=value, rule=rule)
