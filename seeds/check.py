"""Prints what the rules of the bank say of item files: `python -m seeds.check [FILE ...]`."""

from __future__ import annotations

import sys
from pathlib import Path

from cat.errors import BadItem
from cat.itembank.quality import STRATEGIES, key_counts, similar_pairs, strategy_yield
from seeds.bank import read_bank, read_file


def main(paths: list[str]) -> int:
    """Report on the named files, or the whole bank; returns 1 when an item breaks a rule."""
    try:
        items = [i for path in paths for i in read_file(Path(path))] if paths else read_bank()
    except BadItem as error:
        print(error, file=sys.stderr)
        return 1
    for part in sorted({item.part for item in items}):
        chosen = [item for item in items if item.part == part]
        print(f"{part}: {len(chosen)} butir, kunci {dict(sorted(key_counts(chosen).items()))}")
        for name in STRATEGIES:
            found = strategy_yield(chosen, name)
            print(f"  {name:16} {found.mean:.2f} (acak {found.chance:.2f}, z {found.z:+.1f})")
    for one, other, share in similar_pairs(items):
        print(f"mirip: {one} ~ {other} ({share:.0%})")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
