"""The examples of docs/skrip.md run as they stand and print what stands below them."""

from __future__ import annotations

import contextlib
import io
import re
from pathlib import Path

import pytest

PAGE = Path(__file__).resolve().parents[2] / "docs" / "skrip.md"
TEXT = PAGE.read_text(encoding="utf-8")
# A heading, then somewhere below it an example and directly after that what it prints.
EXAMPLES = re.findall(
    r"^## (\d[^\n]*)\n(?:(?!^## ).)*?^```python\n(.*?)^```\n\n```text\n(.*?)^```",
    TEXT,
    re.MULTILINE | re.DOTALL,
)


def printed(program: str, name: str) -> str:
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        exec(compile(program, name, "exec"), {"__name__": "__main__"})
    return out.getvalue()


@pytest.mark.parametrize(
    ("title", "program", "expected"), EXAMPLES, ids=[title for title, _, _ in EXAMPLES]
)
def test_an_example_prints_what_the_page_says(title, program, expected):
    assert printed(program, f"{PAGE.name}, {title}") == expected


def test_no_example_is_left_out():
    assert len(EXAMPLES) == TEXT.count("```python\n") >= 4


def test_a_wrong_page_would_be_noticed():
    title, program, expected = EXAMPLES[0]

    assert printed(program.replace("1.2", "1.3"), title) != expected
