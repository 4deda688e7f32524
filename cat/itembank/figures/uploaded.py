"""Figures that are not drawn but brought: a picture of the bank by name, and what it shows."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from cat.errors import BadItem

MEDIA = "media"
MOST_ALT = 500  # letters
_NAME = re.compile(r"[0-9a-f]{64}\.(png|jpg|webp|svg)")


@dataclass(frozen=True)
class Uploaded:
    """name : of the stored picture, see `cat.itembank.pictures`. alt : what it shows, in words."""

    name: str
    alt: str


def is_uploaded(figure: Any) -> bool:
    """Whether the description names a stored picture rather than describing a drawing."""
    return isinstance(figure, Mapping) and figure.get("bentuk") == MEDIA


def uploaded_figure(name: str, alt: str) -> dict[str, str]:
    """The description of a stored picture."""
    return {"bentuk": MEDIA, "nama": name, "alt": alt}


def read_uploaded(figure: Mapping[str, Any]) -> Uploaded:
    """Read {"bentuk": "media", "nama": "<sha256>.<ext>", "alt": "..."}.

    Raises BadItem naming place, value and rule; a picture without alt text is refused.
    """
    if set(figure) - {"bentuk", "nama", "alt"}:
        raise _refusal("gambar", sorted(figure), "gambar unggahan hanya punya bentuk, nama, alt")
    name, alt = figure.get("nama"), figure.get("alt")
    if not isinstance(name, str) or not _NAME.fullmatch(name):
        raise _refusal("gambar, nama", name, "harus nama gambar di bank: sidik isi dan jenisnya")
    if not isinstance(alt, str) or not alt.strip():
        raise _refusal("gambar, alt", alt, "teks alternatif wajib diisi")
    if len(alt) > MOST_ALT:
        raise _refusal("gambar, alt", f"{len(alt)} huruf", f"paling banyak {MOST_ALT} huruf")
    return Uploaded(name, " ".join(alt.split()))


def _refusal(place: str, value: object, rule: str) -> BadItem:
    return BadItem(f"{place}: {rule} (terbaca: {value!r})", place=place, value=value, rule=rule)
