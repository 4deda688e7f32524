"""Rule sets and policies as shipped, by name."""

from __future__ import annotations

import pytest

from cat.ketentuan.fleksibel.kebijakan import Policy
from cat.ketentuan.ruleset import RuleSet
from seeds.ketentuan_files import read_policies, read_rule_sets


@pytest.fixture(scope="session")
def rule_sets() -> dict[int, RuleSet]:
    """Shipped rule sets by year."""
    return {rules.tahun: rules for rules in read_rule_sets()}


@pytest.fixture(scope="session")
def rules_2024(rule_sets: dict[int, RuleSet]) -> RuleSet:
    return rule_sets[2024]


@pytest.fixture(scope="session")
def policies() -> dict[str, Policy]:
    """Shipped policies by full code: the national rule alone, and under the example layer."""
    return {policy.kode_lengkap: policy for policy in read_policies()}
