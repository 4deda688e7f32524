"""Names that imported items and shared texts get in the bank."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field

MOST_LETTERS = 40
_CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")


@dataclass
class Bank:
    """What an import must know of the bank that it writes into.

    domain_of : domain of the item with this code, None when there is none. stimulus_text : Markdown
    of a shared text by its code, None when there is none. has_picture : whether a picture of this
    name is stored. domains : domains that items may be in; empty when any will do.
    """

    domain_of: Callable[[str], str | None] = lambda code: None
    stimulus_text: Callable[[str], str | None] = lambda code: None
    has_picture: Callable[[str], bool] = lambda name: False
    domains: frozenset[str] = frozenset()


@dataclass
class Names:
    """Gives each item of a file a code that neither the bank nor the file has yet."""

    bank: Bank
    _given: set[str] = field(default_factory=set)
    _stimuli: dict[str, str] = field(default_factory=dict)
    _next: dict[str, int] = field(default_factory=dict)

    def code(self, wanted: str, domain: str) -> str:
        """The wanted code if it is legal and free, else a new one of the domain."""
        code = wanted
        if not is_code(wanted) or self._is_taken(wanted):
            code = self._new(domain)
        self._given.add(code)
        return code

    def stimulus(self, wanted: str, text: str) -> str:
        """A code for a shared text; the same code for the same text."""
        stem = re.sub(r"[^A-Za-z0-9._-]+", "-", wanted).strip("-._")[:30] or "STIMULUS"
        number, code = 1, stem if not is_code(wanted) else wanted
        while self._stimulus_text(code) not in (None, text):
            number += 1
            code = f"{stem}-{number}"
        self._stimuli[code] = text
        return code

    def _new(self, domain: str) -> str:
        stem = domain.replace(".", "-").upper()[: MOST_LETTERS - 7]
        number = self._next.get(stem, 1)
        while self._is_taken(code := f"{stem}-I{number:04}"):
            number += 1
        self._next[stem] = number + 1
        return code

    def _is_taken(self, code: str) -> bool:
        return code in self._given or self.bank.domain_of(code) is not None

    def _stimulus_text(self, code: str) -> str | None:
        return self._stimuli[code] if code in self._stimuli else self.bank.stimulus_text(code)


def is_code(text: str) -> bool:
    """Whether a text can be the code of an item."""
    return len(text) <= MOST_LETTERS and bool(_CODE.fullmatch(text))
