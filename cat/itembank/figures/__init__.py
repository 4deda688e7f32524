"""Drawings of figural items: plain data in; an SVG, an Indonesian alt text or a canonical look out.

    {"panel": [[{"bentuk": "segitiga", "isi": "hitam", "putar": 90}], "tanya"]}

A figure is a row of panels; a panel is "tanya" (a question mark) or a list of marks, the back one
first. `susunan = "analogi"` prints ":" inside each pair of panels and "=" between pairs. A mark has
bentuk (obligatory), isi, ukuran, putar (whole degrees clockwise), cermin (mirrored before turned),
letak (a place of a 3x3 grid) and jumlah (that many copies around the place).

A picture that somebody brought is described by its name in the bank and its alt text instead:

    {"bentuk": "media", "nama": "<sha256>.png", "alt": "..."}
"""

from cat.itembank.figures.drawing import draw
from cat.itembank.figures.looking import look
from cat.itembank.figures.uploaded import is_uploaded, read_uploaded, uploaded_figure
from cat.itembank.figures.words import describe

__all__ = ["describe", "draw", "is_uploaded", "look", "read_uploaded", "uploaded_figure"]
