"""Sets of limits on content, each beside a reading of it that shares no code with the engine.

The engine reads the table that people write; the checks below were written by hand from the same
words, for a bank of 48 items that is one dictionary an item.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any

from cat.assembly.rows import ConstraintRows, compile_rows
from cat.itembank.attributes import Attributes
from cat.itembank.blueprint import Blueprint, Bound
from cat.itembank.constraints import ConstraintTable
from cat.itembank.domain_tree import DomainTree
from cat.selection.rivals import Rivals, enemy_groups, find

LENGTH = 9
Item = dict[str, Any]
BANK: list[Item] = [
    {
        "kode": f"B{n:02}",
        "domain": ("verbal.analogi", "verbal.silogisme", "numerik")[n % 3],
        "kunci": "ABCDE"[(n * 7) % 5],
        "kata": 20.0 + (n * 37) % 41,
        "detik": 30.0 + (n * 13) % 29,
        # Four texts with four items each; the other items stand alone.
        "stimulus": f"S{n // 4}" if n < 16 else "",
    }
    for n in range(48)
]
DOMAINS = [item["domain"] for item in BANK]
TREE = (Bound("verbal", 4, 6), Bound("verbal.analogi", 2, 3), Bound("numerik", 3, 5))
# Good items, of which whoever is not told that they exclude each other gives several.
ENEMIES = [{"B39", "B44", "B18"}, {"B29", "B45", "B34"}, {"B10", "B01", "B15"}]
MUST, MUST_NOT, TOGETHER = {"B20", "B33"}, {"B05", "B17", "B30"}, {"B21", "B40", "B46"}

_ENEMY_ROWS = [f'enemy,item,"kode in ({", ".join(sorted(group))})",,' for group in ENEMIES]
TABLES = {
    "seteru": _ENEMY_ROWS,
    # The same enemies, kept by counting instead of by a solver.
    "seteru_hitungan": _ENEMY_ROWS,
    "stimulus": ["number,stimulus,,1,2", "number,per stimulus,,2,3"],
    "jumlah_kunci": ["sum,kata,,300,360", "sum,detik,,,420", "number,item,kunci,1,2"],
    "wajib_larang": [
        f'include,item,"kode in ({", ".join(sorted(MUST))})",,',
        f'exclude,item,"kode in ({", ".join(sorted(MUST_NOT))})",,',
        f'allornone,item,"kode in ({", ".join(sorted(TOGETHER))})",,',
    ],
}


def options(limits: str) -> dict[str, Any]:
    """The limits as `adaptive_part` takes them, beside the domains of the bank."""
    if limits not in TABLES:
        return {"domains": DOMAINS, "bounds": TREE if limits == "pohon" else ()}
    rivals = _rivals() if limits == "seteru_hitungan" else None
    return {"domains": DOMAINS, "bounds": (), "rows": _rows(limits), "rivals": rivals}


def table_of(limits: str) -> ConstraintTable:
    return ConstraintTable.read_csv("\n".join(["TYPE,WHAT,CONDITION,LB,UB", *TABLES[limits]]))


def attributes() -> Attributes:
    return Attributes({name: [item[name] for item in BANK] for name in BANK[0]})


def _rows(limits: str) -> ConstraintRows:
    return compile_rows(table_of(limits), attributes(), LENGTH)


def _rivals() -> Rivals:
    tree = DomainTree.compile(Blueprint("tiu", LENGTH, (), {}), DOMAINS)
    groups = enemy_groups(table_of("seteru"), attributes())
    found = None if groups is None else find(groups, tree, tree.leaf_of(DOMAINS))
    assert found is not None
    return found


def breaches(limits: str, positions: list[int], length: int = LENGTH) -> list[str]:
    """What a finished test, in the order in which it was given, does against the limits."""
    test = [BANK[position] for position in positions]
    found = [f"{len(test)} butir"] * (len(test) != length)
    found += ["butir terulang"] * (len(set(positions)) != len(positions))
    return found + list(_CHECKS[limits](test))


def _nothing(_: list[Item]) -> Iterator[str]:
    yield from ()


def _tree(test: list[Item]) -> Iterator[str]:
    for branch, least, most in (("verbal", 4, 6), ("verbal.analogi", 2, 3), ("numerik", 3, 5)):
        count = sum(item["domain"].startswith(branch) for item in test)
        if not least <= count <= most:
            yield f"{branch}: {count}"


def _enemies(test: list[Item]) -> Iterator[str]:
    codes = {item["kode"] for item in test}
    for group in ENEMIES:
        if len(codes & group) > 1:
            yield f"seteru bersama: {codes & group}"


def _stimuli(test: list[Item]) -> Iterator[str]:
    order = [item["stimulus"] for item in test]
    used = Counter(name for name in order if name)
    if not 1 <= len(used) <= 2:
        yield f"{len(used)} stimulus"
    for name, count in used.items():
        if not 2 <= count <= 3:
            yield f"{name}: {count} butir"
        first = order.index(name)
        if order[first : first + count] != [name] * count:
            yield f"{name} terputus: {order}"


def _sums_and_keys(test: list[Item]) -> Iterator[str]:
    words, seconds = sum(item["kata"] for item in test), sum(item["detik"] for item in test)
    if not 300 <= words <= 360:
        yield f"{words} kata"
    if seconds > 420:
        yield f"{seconds} detik"
    keys = Counter(item["kunci"] for item in test)
    for letter in "ABCDE":
        if not 1 <= keys[letter] <= 2:
            yield f"kunci {letter}: {keys[letter]}"


def _forced(test: list[Item]) -> Iterator[str]:
    codes = {item["kode"] for item in test}
    if not codes >= MUST:
        yield f"tanpa {MUST - codes}"
    if codes & MUST_NOT:
        yield f"dengan {MUST_NOT & codes}"
    if len(TOGETHER & codes) not in (0, len(TOGETHER)):
        yield f"terpisah: {TOGETHER & codes}"


_CHECKS: dict[str, Callable[[list[Item]], Iterator[str]]] = {
    "tanpa": _nothing,
    "pohon": _tree,
    "seteru": _enemies,
    "seteru_hitungan": _enemies,
    "stimulus": _stimuli,
    "jumlah_kunci": _sums_and_keys,
    "wajib_larang": _forced,
}
