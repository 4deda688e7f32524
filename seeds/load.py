"""Puts the starter bank, the rules and the pool into a database; again changes nothing."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from cat.itembank.lifecycle import Status
from cat.itembank.pool import Pool
from cat.itembank.store import add_version
from seeds.bank import read_bank
from seeds.fleksibel_files import adopt_policies
from seeds.ketentuan_files import read_rule_sets
from seeds.kompetensi_files import load_competency_data
from seeds.pelaksanaan_files import adopt_exam_days
from seeds.talenta_files import load_talent_data
from web.operations.accounts import ROLES, get_role
from web.operations.ketentuan import adopt
from web.operations.kisi_kisi.versi import adopt as adopt_blueprint
from web.operations.pelindungan import register
from web.operations.penulisan.model_butir import store_model
from web.operations.publishing import publish_pool
from web.tables import Item

HERE = Path(__file__).parent
BLUEPRINT = HERE / "kisi_kisi" / "tkd_adaptif_2024.toml"
LINEAR = HERE / "kisi_kisi" / "tkd_linear_2024.toml"
BLUEPRINTS = tuple(
    HERE / "kisi_kisi" / f"{name}.toml"
    for name in (
        *("tkd_adaptif_2024", "tkd_linear_2024", "skb_pranata_komputer"),
        *("skb_analis_sdm_aparatur", "literasi_digital"),
    )
)
REGISTER = HERE / "pelindungan_data.toml"
MODELS = HERE / "model_butir"
AUTHOR = "bank awal"


def load_all(session: Session, *, now: int) -> Pool:
    """Roles, rules, policies, items, blueprints, and the pools of the SKD, the linear one too;
    returns the adaptive one.
    """
    for role in ROLES:
        get_role(session, role)
    load_rules(session, now=now)
    load_competency_data(session, now=now)
    load_talent_data(session, now=now)
    register.load(session, read_toml(REGISTER), now)
    load_bank(session, now=now)
    load_models(session, now=now)
    for file in BLUEPRINTS:
        adopt_blueprint(session, read_toml(file), by=AUTHOR, now=now)
    publish_pool(session, read_toml(LINEAR), by=AUTHOR, now=now)
    return publish_pool(session, read_toml(BLUEPRINT), by=AUTHOR, now=now)


def load_rules(session: Session, *, now: int) -> None:
    """Rule sets and policies, each under the hash of its content."""
    for rules in read_rule_sets():
        adopt(session, rules, by=AUTHOR, now=now)
    adopt_policies(session, by=AUTHOR, now=now)
    adopt_exam_days(session, now=now)
    session.flush()


def load_bank(session: Session, *, now: int) -> int:
    """Items that the bank does not have yet, as active; returns how many were new."""
    known = set(session.scalars(select(Item.code)))
    new = [item for item in read_bank() if item.code not in known]
    for item in new:
        add_version(session, item, status=Status.AKTIF, by=AUTHOR, now=now)
    return len(new)


def load_models(session: Session, *, now: int) -> None:
    """Item models, each as a new version where its text has changed."""
    for path in sorted(MODELS.glob("*.toml")):
        store_model(session, path.read_text(encoding="utf-8"), by=AUTHOR, now=now)


def read_toml(path: Path) -> dict[str, Any]:
    """The content of a TOML file."""
    return tomllib.loads(path.read_text(encoding="utf-8"))
