"""The job behind a proposal: build the pool as it would be published, simulate it, judge it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import tomlkit
from sqlalchemy import select
from sqlalchemy.orm import Session

from cat.errors import BadInput, BankError, DidNotConverge, NotDue
from cat.itembank.content import ItemContent
from cat.itembank.lifecycle import is_calibrated
from cat.itembank.pool import Pool, PoolItem
from cat.itembank.pool_file import save_pool
from cat.itembank.rendering import render
from cat.itembank.store import store_pictures
from cat.ketentuan.ruleset import RuleSet
from web.clock import WIB, as_datetime
from web.operations import jobs
from web.operations.kisi_kisi import sumber
from web.operations.kisi_kisi.ambang import ambang_pool
from web.operations.kisi_kisi.sumber import Rules
from web.operations.kisi_kisi.temuan import (
    Judge,
    Temuan,
    enemy_pairs,
    finding_of_enemies,
    findings_of_items,
    findings_of_study,
    kept,
)
from web.operations.kisi_kisi.usulan import KIND
from web.operations.publishing import build_pool
from web.tables import (
    ItemListing,
    KisiKisi,
    PoolCandidate,
    PoolCheck,
    PoolDecision,
    PoolProposal,
)

_STEPS = 4
_COMMON = "umum"
_POOL_FILE, _STUDY_FILE, _FOLDER = "pool.catcpns", "studi.toml", "studi"

Contents = list[tuple[ItemContent, int]]


@dataclass(frozen=True)
class Material:
    """All that a check reads from the database, of one moment.

    scored, trial : per part the items with their versions. commented : codes with open threads.
    """

    plan: Mapping[str, Any]
    rules: Rules
    sources: str
    persons: int
    seed: int
    scored: Mapping[str, Contents]
    trial: Mapping[str, Contents]
    commented: frozenset[str]


def run(context: jobs.Context) -> dict[str, Any]:
    """Check the proposal whose id is the job's, and store what was found.

    Raises BadInput when the rules are missing, NotDue when the proposal was decided meanwhile.
    """
    context.progress(0, _STEPS, "membaca bank")
    with context.session() as session:
        material = read_material(session, context.job_id, context.created_at)
    context.progress(1, _STEPS, "menyusun pool")
    try:
        pool = _build(context, material)
    except (BadInput, BankError, DidNotConverge) as problem:
        report = {"kesalahan": str(problem), "temuan": [], "bagian": {}}
        _store(context, material, None, report, passed=False)
        return {"lulus": False}
    context.progress(2, _STEPS, "menyimulasikan ujian")
    study = _simulate(context.folder / _FOLDER, pool, material)
    context.progress(3, _STEPS, "menilai")
    findings = judge(pool, material, study, context.folder / _FOLDER)
    passed = not any(finding.blocks for finding in findings)
    report = {
        "kesalahan": "",
        "temuan": [finding.to_mapping() for finding in findings],
        "isi": [describe(part) for part in pool.parts],
        "tanpa_kalibrasi": _uncalibrated(material),
        "bagian": {found.part: kept(found) for found in study},
    }
    _store(context, material, pool, report, passed=passed)
    return {"lulus": passed}


def read_material(session: Session, proposal_id: str, asked_at: int) -> Material:
    """What the proposal is about; raises BadInput, NotDue."""
    proposal = session.get_one(PoolProposal, proposal_id)
    _refuse_decided(session, proposal_id)
    plan = session.get_one(KisiKisi, proposal.kisi_kisi).content
    rules = sumber.rules_of(session, plan, as_datetime(asked_at).astimezone(WIB).date())
    before = sumber.sources_digest(session, plan, rules)
    parts = plan["bagian"]
    scored = {part: sumber.scored_contents(session, part) for part in parts}
    trial = {
        part: sumber.trial_contents(session, part) if data.get("uji_coba") else []
        for part, data in parts.items()
    }
    codes = [content.code for contents in scored.values() for content, _ in contents]
    talked = session.scalars(select(ItemListing.code).where(ItemListing.open_comments > 0))
    if sumber.sources_digest(session, plan, rules) != before:
        raise NotDue("bank berubah ketika sedang dibaca; ulangi pekerjaan ini")
    return Material(
        plan=plan,
        rules=rules,
        sources=before,
        persons=proposal.persons,
        seed=proposal.seed,
        scored=scored,
        trial=trial,
        commented=frozenset(talked) & frozenset(codes),
    )


def judge(pool: Pool, material: Material, study: Sequence[Any], folder: Path) -> list[Temuan]:
    """Every finding: of the pool as a whole, then part by part."""
    ambang = ambang_pool().ambang
    everything = [content for rows in material.scored.values() for content, _ in rows]
    pairs = enemy_pairs(everything)
    whole = finding_of_enemies(Judge("", ambang), times_met(pool, pairs, folder))
    findings = [whole]
    for found in study:
        contents = [content for content, _ in material.scored[found.part]]
        talked = [item.code for item in contents if item.code in material.commented]
        each = Judge(found.part, ambang)
        findings += findings_of_study(each, found)
        findings += findings_of_items(each, contents, talked)
    return findings


def times_met(
    pool: Pool, pairs: Sequence[tuple[str, str]], folder: Path
) -> dict[tuple[str, str], int]:
    """How many of the simulated people got both items of each pair, recounted from the tests."""
    wanted = {code: place for place, code in enumerate(sorted({c for pair in pairs for c in pair}))}
    if not wanted:
        return {}
    people = pl.read_parquet(folder / "persons.parquet", columns=["person", "part", "items"])
    seen = np.zeros((int(people["person"].n_unique()), len(wanted)), dtype=np.bool_)
    for part in pool.parts:
        place = np.array([wanted.get(item.code, -1) for item in part.items])
        given = people.filter(pl.col("part") == part.part).explode("items").drop_nulls()
        column = place[given["items"].to_numpy()]
        person = given["person"].to_numpy()
        seen[person[column >= 0], column[column >= 0]] = True
    return {
        (one, other): int((seen[:, wanted[one]] & seen[:, wanted[other]]).sum())
        for one, other in pairs
    }


def describe(part: Any) -> dict[str, Any]:
    """Counts of one part of a pool: never a key."""
    return {
        "kode": part.part,
        "butir": len(part.items),
        "panjang": part.blueprint.length,
        "acuan": len(part.reference),
        "kendala": len(part.constraints.rows),
        "uji_coba": len(part.pretest),
        "tempat_uji_coba": part.pretest_slots,
    }


def _build(context: jobs.Context, material: Material) -> Pool:
    pictures: dict[str, bytes] = {}
    scored = {part: _rendered(rows, pictures) for part, rows in material.scored.items()}
    trial = {part: _rendered(rows, pictures) for part, rows in material.trial.items()}
    with context.transaction() as session:
        store_pictures(session, pictures.items())
    return build_pool(material.plan, material.rules, scored.__getitem__, trial.__getitem__)


def _rendered(rows: Contents, pictures: dict[str, bytes]) -> list[PoolItem]:
    """Items as pools hold them. pictures : gets what they draw."""
    items = []
    for content, version in rows:
        shown = render(content)
        pictures.update(shown.pictures)
        items.append(PoolItem.of(content, version, shown.stem, shown.options))
    return items


def _simulate(folder: Path, pool: Pool, material: Material) -> Sequence[Any]:
    # Only this job needs the simulator, whose imports would slow every page.
    from cat.simulation.running.conduct import conduct
    from cat.simulation.study.study import read_study

    people: dict[str, Any] = {
        "jumlah": material.persons,
        "sebaran": {"jenis": "normal", "rata": 0, "sb": 1},
    }
    if pool.correlation is not None:
        people["korelasi"] = pool.correlation
    study = {
        "judul": f"Pemeriksaan pool {pool.code}",
        "benih": material.seed,
        "bank": {"pool": _POOL_FILE},
        "peserta": people,
    }
    if cuts := _cuts(material.rules):
        study["ambang_batas"] = cuts
    folder.mkdir(parents=True, exist_ok=True)
    save_pool(pool, folder / _POOL_FILE)
    (folder / _STUDY_FILE).write_text(tomlkit.dumps(study), encoding="utf-8")
    return conduct(read_study(folder / _STUDY_FILE), folder, workers=1)


def _cuts(rules: Rules) -> list[dict[str, Any]]:
    """The minimums of each part for general applicants; a test outside the SKD has none."""
    if not isinstance(rules, RuleSet):
        return []
    rows = {row.jenis_kebutuhan: row for row in rules.ambang_batas}
    row = rows.get(_COMMON, rules.ambang_batas[0])
    parts = {part.kode for part in rules.bagian}
    return [
        {"bagian": part, "nama": f"Ambang batas {row.nama}", "nilai": least}
        for part, least in row.minimum
        if part in parts
    ]


def _uncalibrated(material: Material) -> dict[str, list[str]]:
    return {
        part: [c.code for c, _ in rows if not is_calibrated(c.parameters.status)]
        for part, rows in material.scored.items()
    }


def _store(
    context: jobs.Context,
    material: Material,
    pool: Pool | None,
    report: dict[str, Any],
    *,
    passed: bool,
) -> None:
    with context.transaction() as session:
        jobs.own(session, context.job_id, context.worker)
        _refuse_decided(session, context.job_id)
        session.add(
            PoolCheck(
                proposal_id=context.job_id,
                at=context.now(),
                passed=passed,
                pool_digest=pool.digest if pool else None,
                sources_digest=material.sources,
                report=report,
            )
        )
        if pool is not None and passed:
            session.add(
                PoolCandidate(
                    proposal_id=context.job_id, manifest=pool.manifest, tables=pool.tables
                )
            )


def _refuse_decided(session: Session, proposal_id: str) -> None:
    if session.get(PoolDecision, proposal_id) is not None:
        raise NotDue("usulan ini sudah diputuskan")


jobs.register(KIND, run, title="Pemeriksaan usulan pool")
