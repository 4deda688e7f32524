"""Reads the rules shipped with the platform: `seeds/ketentuan/` and `seeds/kerja_fleksibel/`."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

from cat.ketentuan.fleksibel.kebijakan import Policy
from cat.ketentuan.ruleset import RuleSet
from cat.ketentuan.section import broken, no_repeats

RULE_SETS = Path(__file__).parent / "ketentuan"
POLICIES = Path(__file__).parent / "kerja_fleksibel"


def read_rule_sets(folder: Path = RULE_SETS) -> list[RuleSet]:
    """All rule sets of the folder in the order of their codes; raises BadRules."""
    rule_sets = [RuleSet.from_mapping(_read(path)) for path in sorted(folder.glob("*.toml"))]
    no_repeats(folder.name, (rules.kode for rules in rule_sets))
    return sorted(rule_sets, key=lambda rules: rules.kode)


def read_policies(folder: Path = POLICIES) -> list[Policy]:
    """Each national policy, followed by itself under each agency layer; raises BadRules.

    A layer is a file whose name begins with "lapisan"; its `dasar` names the national policy.
    """
    files = {path: _read(path) for path in sorted(folder.glob("*.toml"))}
    layers = {path: file for path, file in files.items() if path.name.startswith("lapisan")}
    nationals = {file.get("kode"): file for path, file in files.items() if path not in layers}
    for path, layer in layers.items():
        if layer.get("dasar") not in nationals:
            raise broken(
                f"{path.name}: dasar", layer.get("dasar"), "kebijakan dasar tidak ditemukan"
            )
    mappings = [
        each
        for kode, national in nationals.items()
        for each in (national, *_layered(national, kode, list(layers.values())))
    ]
    return [Policy.from_mapping(mapping) for mapping in mappings]


def _layered(
    national: dict[str, Any], kode: object, layers: list[dict[str, Any]]
) -> list[dict[str, Any]]:
    return [{**national, "lapisan": layer} for layer in layers if layer["dasar"] == kode]


def _read(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except tomllib.TOMLDecodeError as error:
        raise broken(path.name, str(error), "bukan berkas TOML yang benar") from error
