"""Which code is printed for which outcome, and which codes people give."""

from __future__ import annotations

import pytest

from cat.errors import BadRules
from cat.ketentuan.pasal import FINAL_OUTCOMES, GIVEN
from cat.ketentuan.ruleset import RuleSet


@pytest.fixture
def rules(rules_2024) -> RuleSet:
    return rules_2024


def test_each_outcome_of_the_final_list_has_its_code_of_2024(rules):
    # domain.md 2.4, [S22][S21]; P/TL is not confirmed (keyakinan C)
    assert [rules.kode_for(each) for each in FINAL_OUTCOMES] == ["L", "P/TL", "TMS-1"]
    assert rules.get_kode_hasil("P/TL").keyakinan == "C"


def test_several_codes_may_be_given_by_people(rules):
    assert [row.kode for row in rules.kode_hasil if row.peran == GIVEN] == ["DIS", "TMS", "APS"]


def test_a_year_without_a_final_code_says_so_instead_of_printing_another(rules):
    mapping = rules.to_mapping()
    for row in mapping["kode_hasil"]:
        if row["peran"] == "lulus_akhir":
            row["peran"] = ""

    with pytest.raises(BadRules, match="lulus_akhir"):
        RuleSet.from_mapping(mapping).kode_for("lulus_akhir")
