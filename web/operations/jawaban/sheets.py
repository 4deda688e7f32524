"""The JSON that pages get, put together from pieces that were made once for each item."""

from __future__ import annotations

import json

import numpy as np

from cat.exam.display import ORDERS
from cat.exam.lockstep import NO_TRIAL, Cohort
from cat.exam.record import MICROSECONDS
from cat.itembank.content import LETTERS
from cat.itembank.pool import Pool
from cat.ketentuan.bentuk_tes import BentukTes
from cat.ketentuan.ruleset import RuleSet

_Pieces = tuple[str, dict[str, str]]


def standing(phase: str, number: int, left: int, message: int) -> str:
    """Where a sitting stands, as the inside of a JSON object.

    left : served time left, microseconds. message : id of the newest one, 0 for none.
    """
    return (
        f'"keadaan":"{phase}","nomor":{number},"sisa":{max(0, left) / MICROSECONDS},'
        f'"pesan":{message}'
    )


class Sheets:
    """The items of a pool under a rule set, which names its parts."""

    def __init__(self, pool: Pool, rules: RuleSet | BentukTes) -> None:
        total, parts = pool.length, len(pool.parts)
        names = [rules.get_bagian(part.part).nama for part in pool.parts]
        self._heads = [
            f',"jumlah":{total},"bagian":{{"nama":{_text(name)},"nomor":{n},"dari":{parts}}}'
            for n, name in enumerate(names, start=1)
        ]
        self._tails = [f',{part.length}],"stem":' for part in pool.parts]
        self._scored: list[list[_Pieces | None]] = [[None] * len(p.items) for p in pool.parts]
        self._trial: list[list[_Pieces | None]] = [[None] * len(p.pretest) for p in pool.parts]

    def items(self, cohort: Cohort, rows: np.ndarray[tuple[int], np.dtype[np.int64]]) -> list[str]:
        """The item that each row answers now, as a JSON object."""
        in_part = cohort.in_part(rows).tolist()
        fields = (cohort.part, cohort.current, cohort.trial, cohort.order, cohort.given)
        found = []
        for row, before, (part, current, trial, order, given) in zip(
            rows.tolist(),
            in_part,
            zip(*(f[rows].tolist() for f in fields), strict=True),
            strict=True,
        ):
            stem, options = self._pieces(cohort.pool, part, current, trial)
            drafted = int(cohort.draft[row])
            marked = (
                "null" if drafted < 0 else f'"{LETTERS[ORDERS[order].index(LETTERS[drafted])]}"'
            )
            a, b, c, d, e = ORDERS[order]
            found.append(
                f'{{"nomor":{given + 1}{self._heads[part]},"di_bagian":[{before + 1}'
                f'{self._tails[part]}{stem},"opsi":[["A",{options[a]}],["B",{options[b]}],'
                f'["C",{options[c]}],["D",{options[d]}],["E",{options[e]}]],"pilihan":{marked}}}'
            )
        return found

    def _pieces(self, pool: Pool, part: int, current: int, trial: int) -> _Pieces:
        """Stem and options of an item as JSON texts, made when it is first shown."""
        kept, place = (self._scored, current) if trial == NO_TRIAL else (self._trial, trial)
        found = kept[part][place]
        if found is None:
            items = pool.parts[part].items if trial == NO_TRIAL else pool.parts[part].pretest
            options = zip(LETTERS, items[place].options, strict=True)
            found = _text(items[place].stem), {letter: _text(text) for letter, text in options}
            kept[part][place] = found
        return found


def _text(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)
