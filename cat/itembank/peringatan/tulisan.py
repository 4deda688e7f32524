"""An item's Markdown as a reader meets it: words and sentences without marks and pictures."""

from __future__ import annotations

import re

_PICTURE = re.compile(r"!\[([^\]]*)\]\([^)]*\)")
_FORMULA = re.compile(r"\$\$.+?\$\$|\$[^$\n]+\$", re.DOTALL)
_TABLE_LINE = re.compile(r"^\s*\|.*$|^[\s|:-]+$", re.MULTILINE)
_MARKS = re.compile(r"[*_`#>~]+")
_WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")
_STOP = re.compile(r"(?<=[.!?])[\"'”’)]*\s+|\n\s*\n|\n(?=\s*(?:[-+*]|\d+[.)])\s)")


def plain(markdown: str) -> str:
    """The text without emphasis, headings, pictures and tables; a formula stands as one x."""
    text = _FORMULA.sub(" x ", _PICTURE.sub(" ", markdown))
    return _MARKS.sub("", _TABLE_LINE.sub("", text)).strip()


def words(markdown: str) -> list[str]:
    """Words in lower case, compounds such as "undang-undang" as one."""
    return [word.lower() for word in _WORD.findall(plain(markdown))]


def sentences(markdown: str) -> list[str]:
    """Sentences that hold a word; an item of a list counts as one."""
    return [part.strip() for part in _STOP.split(plain(markdown)) if _WORD.search(part)]
