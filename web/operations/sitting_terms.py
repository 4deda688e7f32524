"""On which terms a sitting can be opened: the rules of its test, its form, what is burnt."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import select
from sqlalchemy.orm import Session

from cat.errors import BadInput, BadRules, BlueprintInfeasible
from cat.exam.record import ADAPTIVE, LINEAR, first_seal
from cat.itembank.pool import Pool
from cat.ketentuan.bentuk_tes import BentukTes
from cat.ketentuan.ruleset import RuleSet
from cat.selection.published import adaptive_parts
from cat.selection.randomness import random_bits
from web.operations.pools import SKD, get_rules
from web.operations.records import terms_of
from web.tables import BentukTesRow, Peserta, Sitting

# The kind of need whose blind candidates get the longer time (domain word, not a number).
DISABILITY = "disabilitas"
# Item choice draws from counters below 2**48 and above; this one is the form's alone.
_FORM_COUNTER = 1 << 62


def ujian_of(rules: RuleSet | BentukTes) -> str:
    """What `Sitting.ujian` says of a test by these rules."""
    return SKD if isinstance(rules, RuleSet) else rules.kode


def seconds_for(rules: RuleSet | BentukTes, peserta: Peserta) -> int:
    """Served time allowed to a participant."""
    kind = peserta.formasi.jenis_kebutuhan if peserta.formasi else None
    return rules.duration_seconds(peserta.netra and kind == DISABILITY)


def follow_facts(session: Session, numbers: Collection[str], key: bytes) -> int:
    """Fit the time of sittings in which nothing has happened to what is on file of their people.

    numbers : of the participants. key : of the seals. Returns how many have another time now.
    Flushes.
    """
    rows = session.scalars(
        select(Sitting)
        .where(
            Sitting.peserta_id.in_(select(Peserta.id).where(Peserta.nomor.in_(numbers))),
            Sitting.event_count == 0,
            Sitting.is_void.is_(False),
        )
        .order_by(Sitting.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    changed = 0
    for sitting in rows:
        rules = get_rules(session, sitting.rules_digest)
        seconds = seconds_for(rules, sitting.peserta)
        if seconds != sitting.seconds:
            sitting.seconds = seconds
            sitting.seal = first_seal(key, terms_of(sitting))
            changed += 1
    session.flush()
    return changed


def keep_rules(session: Session, rules: RuleSet | BentukTes) -> str:
    """The digest of the rules; the form of a test outside the SKD is stored where it is new."""
    if isinstance(rules, BentukTes) and session.get(BentukTesRow, rules.digest) is None:
        session.add(BentukTesRow(digest=rules.digest, kode=rules.kode, content=rules.to_mapping()))
        session.flush()
    return rules.digest


def agreed_form(
    pool: Pool,
    rules: RuleSet | BentukTes,
    mode: str,
    form: str,
    burnt: tuple[str, ...],
    seed: int,
) -> str:
    """The form of a linear sitting: the one asked for, or one drawn by the seed; "" in adaptive
    mode.

    Raises BadRules when the rules do not allow the mode, BadInput when the pool is not made for it,
    has no such form, or cannot do without the burnt items.
    """
    if isinstance(rules, RuleSet):
        rules.get_moda(mode)
    if mode not in (ADAPTIVE, LINEAR):
        raise BadInput(f"moda {mode!r} tidak dikenal; yang ada {ADAPTIVE} dan {LINEAR}")
    if pool.is_linear != (mode == LINEAR):
        kind = "memuat paket, untuk ujian linear" if pool.is_linear else "tidak memuat paket linear"
        raise BadInput(f"pool {pool.code} {kind}; moda yang diminta {mode}")
    if mode == ADAPTIVE:
        _refuse_unfillable(pool, burnt)
        return ""
    if form and form not in pool.forms:
        raise BadInput(f"pool {pool.code} tidak punya paket {form!r}; ada {', '.join(pool.forms)}")
    fresh = [code for code in pool.forms if pool.form_without(code, burnt)]
    if form and form not in fresh:
        raise BadInput(f"paket {form} memuat butir yang sudah pernah dilihat peserta ini")
    if not fresh:
        raise BadInput(
            f"setiap paket pool {pool.code} memuat butir yang sudah pernah dilihat peserta ini;"
            " perlu pool lain"
        )
    return form or fresh[int(random_bits(seed, _FORM_COUNTER)[0]) % len(fresh)]


def _refuse_unfillable(pool: Pool, burnt: tuple[str, ...]) -> None:
    try:
        adaptive_parts(pool, burnt)
    except (BlueprintInfeasible, BadRules) as problem:
        raise BadInput(f"pool {pool.code}: {problem}") from problem
