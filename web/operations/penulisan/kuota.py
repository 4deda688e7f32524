"""How many items somebody may open, and whose keys they see: `seeds/penulisan/kuota.toml`."""

from __future__ import annotations

import tomllib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from cat.errors import BadRules
from cat.exam.record import MICROSECONDS
from cat.itembank.lifecycle import EDITABLE, Status
from web.operations.penulisan.alur import RULES

HOUR = 3600 * MICROSECONDS
_KEYS = {"semua": True, "sendiri": False}


@dataclass(frozen=True)
class Quota:
    """items_per_hour : different items that may be opened within any hour.
    all_keys : keys of all items, else only of one's own and of drafts.
    """

    items_per_hour: int
    all_keys: bool

    def sees_key(self, status: str, *, is_author: bool) -> bool:
        """Whether a page may show the key of an item to this person."""
        return self.all_keys or is_author or Status(status) in EDITABLE


def read_quotas(data: Mapping[str, Any]) -> dict[str, Quota]:
    """Role -> its quota, from a parsed file; raises BadRules naming place, value and rule."""
    found = {}
    for role, row in data.get("peran", {}).items():
        number, keys = row.get("butir_per_jam"), row.get("kunci")
        if not isinstance(number, int) or isinstance(number, bool) or number < 1:
            rule = "bilangan bulat, sedikitnya 1"
            raise BadRules(f"kuota butir, {role}: butir_per_jam: {rule} (terbaca: {number})")
        if keys not in _KEYS:
            rule = "semua atau sendiri"
            raise BadRules(f"kuota butir, {role}: kunci: {rule} (terbaca: {keys})")
        found[role] = Quota(number, _KEYS[keys])
    return found


@cache
def quotas() -> dict[str, Quota]:
    """Role -> its quota, read once."""
    return read_quotas(tomllib.loads((RULES / "kuota.toml").read_text(encoding="utf-8")))


def quota_of(roles: Collection[str], known: Mapping[str, Quota] | None = None) -> Quota:
    """The widest of what the roles allow; nothing for roles that are not named."""
    of_roles = known if known is not None else quotas()
    own = [of_roles[role] for role in roles if role in of_roles]
    return Quota(
        max((quota.items_per_hour for quota in own), default=0),
        any(quota.all_keys for quota in own),
    )


def opens_again(last_openings: Sequence[int], limit: int, now: int) -> int:
    """When one more item may be opened, microseconds; `now` when it may be at once.

    last_openings : when each different item of the last hour was opened last.
    """
    waiting = len(last_openings) - limit
    if waiting < 0:
        return now
    return sorted(last_openings)[waiting] + HOUR if limit else now + HOUR
