"""Rules as the TOML that a person edits, and back; reading names the line that is wrong."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Callable, Iterator, Mapping
from typing import Any, TypeVar

from cat.errors import BadRules
from cat.ketentuan.ruleset import RuleSet
from cat.ketentuan.section import broken

_SYNTAX = re.compile(r"\(at line (\d+), column \d+\)")
_ROW = re.compile(r"(\w+) ke-(\d+)")
# Reading a dotted key takes the square of its length.
_LONG_KEY = re.compile(r"""(?<![\w-])(?:(?:"[^"\n]*+"|'[^'\n]*+'|[\w-]++)[ \t]*+\.[ \t]*+){33}""")
T = TypeVar("T")


def write_toml(rules: RuleSet) -> str:
    """The rule set as TOML text, from which `read_toml` makes an equal one."""
    return write_mapping(rules.to_mapping())


def write_mapping(mapping: Mapping[str, Any]) -> str:
    """Tables, lists, texts, whole numbers and claims as TOML text."""
    return "\n".join(_table("", mapping)).strip() + "\n"


def read_toml(text: str) -> RuleSet:
    """The rule set in a TOML text; raises BadRules as `read_as` does."""
    return read_as(text, RuleSet.from_mapping)


def read_as(text: str, build: Callable[[Mapping[str, Any]], T]) -> T:
    """What `build` makes of the tables in a TOML text.

    Raises BadRules; its evidence has `line`, from 1, where the place can be found in the text.
    """
    try:
        if long := _LONG_KEY.search(text):
            line = text.count("\n", 0, long.start()) + 1
            raise ValueError(f"key too long (at line {line}, column 1)")
        mapping = tomllib.loads(text)
    except (ValueError, RecursionError) as error:  # a number, or nesting, beyond all measure too
        found = _SYNTAX.search(str(error))
        line = int(found[1]) if found else len(text.splitlines())
        problem = broken(f"baris {line}", _line(text, line), "bukan tulisan TOML yang benar")
        problem.evidence["line"] = line
        raise problem from error
    try:
        return build(mapping)
    except BadRules as problem:
        problem.evidence["line"] = _line_of(text, str(problem.evidence["place"]))
        raise


def _table(name: str, mapping: Mapping[str, Any]) -> Iterator[str]:
    """Plain fields first: TOML gives what follows a table header to that table."""
    for key, value in mapping.items():
        if not _has_header(value):
            yield f"{key} = {_value(value)}"
    for key, value in mapping.items():
        if not _has_header(value):
            continue
        path = f"{name}.{key}" if name else key
        for row in value if isinstance(value, list) else [value]:
            yield ""
            yield f"[[{path}]]" if isinstance(value, list) else f"[{path}]"
            yield from _table(path, row)


def _has_header(value: Any) -> bool:
    """Whether a value stands under its own header; small tables of figures stay on one line."""
    if isinstance(value, list):
        return bool(value) and isinstance(value[0], Mapping)
    return isinstance(value, Mapping) and not all(_is_small(each) for each in value.values())


def _is_small(value: Any) -> bool:
    return isinstance(value, int) or (isinstance(value, str) and value in ("kunci", "bertingkat"))


def _value(value: Any) -> str:
    if isinstance(value, Mapping):
        return "{ " + ", ".join(f"{key} = {_value(each)}" for key, each in value.items()) + " }"
    if isinstance(value, list):
        return "[" + ", ".join(_value(each) for each in value) + "]"
    # JSON writes true, whole numbers and escaped text exactly as TOML does; 0x7f alone it does not.
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")


def _line(text: str, number: int) -> str:
    lines = text.splitlines()
    return lines[number - 1] if 0 < number <= len(lines) else ""


def _line_of(text: str, place: str) -> int | None:
    """Line of the deepest step of a place such as "cpns-2024: waktu: menit" that is in the text."""
    lines = text.splitlines()
    begin, path, found = 0, "", None
    for step in place.split(": ")[1:]:
        row = _ROW.match(step)
        name, number = (row[1], int(row[2])) if row else (step.split(" + ")[0], 1)
        path = f"{path}.{name}" if path else name
        header = re.compile(rf"\[?\[{re.escape(path)}\]\]?\s*(#.*)?$")
        places = [i for i in range(begin, len(lines)) if header.match(lines[i].strip())]
        if len(places) >= number:
            begin = found = places[number - 1]
            continue
        field = re.compile(rf"{re.escape(name)}\s*=")
        fields = [i for i in range(begin, len(lines)) if field.match(lines[i].strip())]
        found = fields[0] if fields else found
    return None if found is None else found + 1
