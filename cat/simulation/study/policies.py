"""The policies that a study puts in the place of a pool's."""

from __future__ import annotations

from typing import Any

from cat.errors import BadInput, CatError
from cat.selection.policy import Policy
from cat.simulation.study.fields import Fields


class Policies:
    """[kebijakan] of a study: one policy for every part, and under `khusus` others for some."""

    def __init__(self, fields: Fields) -> None:
        given = fields.value("kebijakan", None)
        self._place = f"{fields.place} kebijakan"
        self._common: dict[str, Any] | None = None
        self._special: dict[str, Any] = {}
        if given is not None:
            table = Fields(given, self._place)
            self._special = dict(Fields(table.value("khusus", {}), f"{self._place} khusus").content)
            common = {key: value for key, value in table.content.items() if key != "khusus"}
            self._common = common or None

    def of(self, part: str) -> Policy | None:
        """The policy of a part; None where the study says nothing."""
        mapping = self._special.get(part, self._common)
        if mapping is None:
            return None
        try:
            return Policy.from_mapping(Fields(mapping, self._place).content)
        except CatError as error:
            raise type(error)(f"{self._place}: {error}", **error.evidence) from error
        except (TypeError, ValueError, AttributeError) as error:
            rule = f"salah bentuk ({error}); terbaca {mapping!r}"
            raise BadInput(f"{self._place}: {rule}") from error

    def refuse_unknown(self, parts: list[str]) -> None:
        """Refuse policies for parts that are not there."""
        if unknown := sorted(set(self._special) - set(parts)):
            raise BadInput(
                f"{self._place} khusus {unknown[0]}: bagian tidak ada; yang ada {', '.join(parts)}"
            )
