"""Figures for people (tables on the terminal) and for programs (one JSON file)."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import click
from rich.console import Console
from rich.table import Table

_console = Console()
if not _console.is_terminal:
    _console = Console(width=115)  # a log file has no width of its own, and 80 would break words


def show(title: str, columns: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """Print a table; the first column is text, the others align right."""
    table = Table(title=f"\n{title}", title_justify="left")
    for position, column in enumerate(columns):
        table.add_column(column, justify="right" if position else "left", overflow="fold")
    for row in rows:
        table.add_row(*row)
    _console.print(table)


def show_facts(title: str, facts: Mapping[str, str]) -> None:
    """Print name and value pairs, one a line."""
    table = Table(title=f"\n{title}", title_justify="left", show_header=False)
    for pair in facts.items():
        table.add_row(*pair)
    _console.print(table)


def save(path: Path, document: Mapping[str, Any]) -> None:
    """Write the figures as JSON and say where."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(document, indent=2, ensure_ascii=False) + "\n")
    click.echo(f"wrote {path}", err=True)
