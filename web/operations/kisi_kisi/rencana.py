"""A blueprint file read strictly: what a person typed or uploaded, before anything is made of it.

Every refusal names the place, the value and the rule in Indonesian.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import tomlkit

from cat.errors import BadInput, BadRules, BlueprintInfeasible
from cat.itembank.blueprint import Blueprint
from cat.itembank.constraints import ConstraintTable
from cat.itembank.domain_tree import DomainTree
from cat.ketentuan.bentuk_tes import BentukTes
from cat.ketentuan.canonical import digest_of
from cat.ketentuan.section import Section, broken, no_repeats
from cat.ketentuan.toml_text import read_as
from cat.publication.forms import FormPlan
from cat.selection.policy import COUNTING, Policy

LONGEST_CODE = 80
LONGEST_TEST, MOST_TRIAL = 500, 50
MOST_DOMAINS = 200  # of a part: more would make checking take minutes
_PATH = re.compile(r"[a-z0-9_]+(\.[a-z0-9_]+)*")


def read_toml(text: str) -> dict[str, Any]:
    """The plan in a TOML text, as `read_plan` gives it; raises BadRules, with the line if known."""
    return read_as(text, _placed)


def write_toml(plan: Mapping[str, Any]) -> str:
    """A plan as TOML text that `read_toml` reads back to an equal one."""
    return tomlkit.dumps(dict(plan))


def digest(plan: Mapping[str, Any]) -> str:
    """SHA-256, hexadecimal, of the content; of all orders only that of the parts counts."""
    return digest_of({**plan, "urutan": list(plan["bagian"])})


def read_plan(data: Mapping[str, Any]) -> dict[str, Any]:
    """The plan as plain data in a fixed form; raises BadRules for the first rule that it breaks.

    Whether it fits the rule set and the bank is asked later: `pemeriksaan.check`.
    """
    section = Section(data, "kisi-kisi")
    plan: dict[str, Any] = {"kode": section.code("kode")}
    if len(plan["kode"]) > LONGEST_CODE:
        raise section.problem("kode", plan["kode"], f"paling banyak {LONGEST_CODE} huruf")
    form = section.child_or_none("bentuk")
    if (form is None) == ("ketentuan" not in data):
        rule = "perlu salah satu: ketentuan (tes SKD) atau bentuk (tes lain)"
        raise section.problem("ketentuan", data.get("ketentuan"), rule)
    if form is None:
        plan["ketentuan"] = section.code("ketentuan")
    plan["acak_opsi"] = section.flag("acak_opsi")
    if "korelasi" in data:
        plan["korelasi"] = _correlation(data["korelasi"])
    plan["kebijakan"] = _policy(data.get("kebijakan", {}))
    if form is not None:
        BentukTes.from_mapping(data["bentuk"])
        plan["bentuk"] = _plain(data["bentuk"])
    if "linear" in data:
        plan["linear"] = _forms(data["linear"])
    parts = data.get("bagian")
    if not isinstance(parts, Mapping) or not parts:
        raise section.problem("bagian", parts, "perlu sedikitnya satu bagian")
    plan["bagian"] = {_part_code(code): _part(code, rows) for code, rows in parts.items()}
    known = {"kode", "ketentuan", "acak_opsi", "korelasi", "kebijakan", "bentuk", "bagian"}
    known.add("linear")
    if unknown := sorted(set(data) - known):
        raise broken("kisi-kisi", unknown, "isian tidak dikenal")
    return plan


def _placed(data: Mapping[str, Any]) -> dict[str, Any]:
    """As `read_plan`; refusals of the engine, which name their place in words only, get one."""
    try:
        return read_plan(data)
    except BadRules as problem:
        problem.evidence.setdefault("place", "kisi-kisi")
        raise


def _forms(data: object) -> dict[str, Any]:
    if not isinstance(data, Mapping):
        raise broken("kisi-kisi: linear", data, "perlu sebuah tabel")
    return FormPlan.from_mapping(data).to_mapping()


def _part(code: str, rows: Any) -> dict[str, Any]:
    place = f"kisi-kisi: {code}"
    section = Section(rows, place)
    length = section.integer("panjang", 1, LONGEST_TEST)
    part: dict[str, Any] = {"panjang": length}
    bounds = [_bound(row, length) for row in section.children_or_none("batas", "apa")]
    if len(bounds) > MOST_DOMAINS:
        raise broken(f"{place}: batas", len(bounds), f"paling banyak {MOST_DOMAINS} domain")
    no_repeats(f"{place}: batas", (row["apa"] for row in bounds))
    part["batas"] = bounds
    part["acuan"] = _reference(rows.get("acuan"), place)
    if trial := section.integer_or_none("uji_coba", 0, MOST_TRIAL):
        part["uji_coba"] = trial
    if constraints := _tables(rows.get("kendala", ()), f"{place}: kendala"):
        part["kendala"] = ConstraintTable.from_mapping(constraints).to_mapping()
    if unknown := sorted(set(rows) - {"panjang", "batas", "acuan", "uji_coba", "kendala"}):
        raise broken(place, unknown, "isian tidak dikenal")
    _refuse_contradiction(code, part)
    return part


def _bound(row: Section, length: int) -> dict[str, Any]:
    what = row.text("apa")
    if not _PATH.fullmatch(what):
        raise row.problem("apa", what, "jalur domain: huruf kecil, angka, '_' dan titik")
    least = row.integer("min", 0, length)
    most = row.integer("maks", least, length)
    row.done()
    return {"apa": what, "min": least, "maks": most}


def _reference(rows: object, place: str) -> dict[str, int]:
    where = f"{place}: acuan"
    if not isinstance(rows, Mapping) or not rows:
        raise broken(where, rows, "perlu sedikitnya satu domain")
    if len(rows) > MOST_DOMAINS:
        raise broken(where, len(rows), f"paling banyak {MOST_DOMAINS} domain")
    for domain, count in rows.items():
        if not _PATH.fullmatch(str(domain)):
            raise broken(where, domain, "jalur domain: huruf kecil, angka, '_' dan titik")
        if isinstance(count, bool) or not isinstance(count, int) or not 0 < count <= 1000:
            raise broken(f"{where}: {domain}", count, "harus bilangan bulat antara 1 dan 1000")
    return dict(rows)


def _refuse_contradiction(code: str, part: Mapping[str, Any]) -> None:
    """Bounds that no bank could meet."""
    blueprint = Blueprint.from_mapping(code, part)
    named = {bound.what for bound in blueprint.bounds} | set(blueprint.reference)
    leaves = [one for one in named if not any(other.startswith(f"{one}.") for other in named)]
    try:
        DomainTree.compile(blueprint, sorted(leaves) * blueprint.length)
    except BlueprintInfeasible as problem:
        place = f"kisi-kisi: {code}: batas"
        message = f"{place}: bertentangan, berapa pun butir di bank. {problem}"
        raise BadRules(message, place=place) from problem


def _policy(data: object) -> dict[str, Any]:
    place = "kisi-kisi: kebijakan"
    for key in ("kriteria", "paparan", "berhenti"):
        if not isinstance(data, Mapping) or not isinstance(data.get(key, {}), Mapping):
            raise broken(f"{place}: {key}", data, "harus berupa tabel isian")
    assert isinstance(data, Mapping)
    _tables(data.get("berhenti", {}).get("aturan", ()), f"{place}: berhenti: aturan")
    edges = data.get("paparan", {}).get("tepi", [])
    if not isinstance(edges, list) or not all(isinstance(edge, int | float) for edge in edges):
        raise broken(f"{place}: paparan: tepi", edges, "harus daftar bilangan")
    try:
        policy = Policy.from_mapping(data)
    except BadInput as problem:
        raise BadRules(f"{place}: {problem}", place=place, **problem.evidence) from problem
    if not policy.tabulated:
        name = policy.criterion
        raise broken("kisi-kisi: kebijakan: kriteria", name, "tanpa tabel hanya untuk simulasi")
    if policy.exposure is not None and policy.exposure.method == COUNTING:
        rule = "batas_keras hanya untuk simulasi; pilih kelayakan atau sympson_hetter"
        raise broken("kisi-kisi: kebijakan: paparan", COUNTING, rule)
    return dict(_plain(data))


def _tables(rows: object, place: str) -> list[Mapping[str, Any]]:
    if not isinstance(rows, list | tuple) or not all(isinstance(row, Mapping) for row in rows):
        raise broken(place, rows, "harus daftar tabel")
    return list(rows)


def _correlation(value: object) -> float:
    good = isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value < 1
    if not good:
        raise broken("kisi-kisi: korelasi", value, "harus bilangan dari 0 sampai kurang dari 1")
    return float(value)  # type: ignore[arg-type]


def _part_code(code: str) -> str:
    if not re.fullmatch(r"[a-z0-9_]{1,40}", code):
        raise broken(
            "kisi-kisi: bagian", code, "kode: huruf kecil, angka dan '_', paling banyak 40"
        )
    return code


def _plain(value: Any) -> Any:
    """Copies without the types of the TOML library."""
    if isinstance(value, Mapping):
        return {str(key): _plain(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(each) for each in value]
    return value
