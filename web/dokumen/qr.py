"""The QR code of an address as a picture."""

from __future__ import annotations

import segno

# Error level M survives a fold or a stamp over about 15 % of the modules.
LEVEL = "m"
# Dots a module: about 280 to the inch at the size that documents print it.
DOTS = 8
# Every mask can be read; trying all eight for the prettiest would take five times as long.
MASK = 3


def svg(address: str) -> str:
    """An SVG around the code as one picture of dots, without the quiet zone.

    A drawing of a thousand lines instead would take most of the time that reading a page takes.
    """
    code = segno.make(address, error=LEVEL, micro=False, mask=MASK)
    side, _ = code.symbol_size(border=0)
    picture = code.png_data_uri(scale=DOTS, border=0)
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" '
        f'width="{side}" height="{side}"><image width="{side}" height="{side}" '
        f'image-rendering="pixelated" xlink:href="{picture}"/></svg>'
    )
