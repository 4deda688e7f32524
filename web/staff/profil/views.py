"""Profiles: of one sitting, and of one person over the years."""

from __future__ import annotations

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue
from flask_security import current_user

from cat.ketentuan.ruleset import RuleSet
from web import clock
from web.access import STAF, role_required
from web.db import db, transaction
from web.operations.data_kompetensi import get_aturan_norma, get_kamus
from web.operations.norma import read_group
from web.operations.pelindungan import access
from web.operations.pools import get_rules
from web.staff.profil import queries
from web.staff.queries import get_finished
from web.tables import Person

bp = Blueprint("profil", __name__)
bp.before_request(role_required(STAF))


@bp.get("/staf/profil/")
def index() -> ResponseReturnValue:
    """People to choose from: employees, or whoever is looked for."""
    words = request.args.get("cari", "").strip()[:80]
    return render_template(
        "staff/profil/index.html",
        words=words,
        people=queries.people(words),
        most=queries.MOST_FOUND,
        waiting=queries.waiting_rows(),
    )


@bp.get("/staf/ujian/<sitting_id>/profil")
def sitting(sitting_id: str) -> ResponseReturnValue:
    """The competency profile that one sitting gives."""
    chosen = get_finished(sitting_id)
    group, groups = queries.choose_group(request.args.get("norma", type=int))
    _note(chosen.peserta.person_id, chosen.peserta.nomor)
    rules = get_rules(db.session(), chosen.rules_digest)
    return render_template(
        "staff/profil/sitting.html",
        sitting=chosen,
        person=chosen.peserta.person,
        rules=rules,
        mode=rules.get_moda(chosen.mode) if isinstance(rules, RuleSet) else None,
        parts=queries.part_rows(
            chosen,
            {part.kode: part.nama for part in rules.bagian},
            read_group(group) if group else None,
        ),
        group=group,
        groups=groups,
        norm_rules=get_aturan_norma(db.session()),
        weak=queries.WEAK_RELIABILITY,
    )


@bp.get("/staf/profil/<int(max=2147483647):person_id>")
def person(person_id: int) -> ResponseReturnValue:
    """Everything that is known of one person's competencies; `kompetensi` chooses the history."""
    chosen = db.get_or_404(Person, person_id)
    page = queries.person_page(chosen, clock.today(), request.args.get("kompetensi") or None)
    _note(person_id, f"orang {person_id}")
    return render_template(
        "staff/profil/person.html",
        page=page,
        person=chosen,
        kamus=get_kamus(db.session()),
        today=clock.today(),
    )


def _note(person_id: int, subject: str) -> None:
    """Note who looked at whose profile."""
    with transaction() as session:
        access.note(
            session,
            person_id,
            subject,
            act="buka profil",
            activity="profil",
            by=current_user.username,
            at=clock.now(),
        )
