"""Pages of staff: the check of a person, all requests, monitoring, and what a change would do."""

from __future__ import annotations

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_security import current_user

from cat.errors import BadRules, RequestError
from cat.ketentuan.fleksibel.langkah import Actor, Move, Role, Standing
from web import clock
from web.db import db, transaction
from web.operations import audit, eligibility
from web.operations.fleksibel import kebijakan, permohonan
from web.operations.fleksibel.berkas import berkas_of, by_group, outlook
from web.operations.fleksibel.rekaman import Moment, standing_on
from web.operations.fleksibel.simulasi import Trial, try_layer
from web.operations.pelindungan import access
from web.staff.fleksibel import queries
from web.staff.fleksibel.blueprint import bp
from web.staff.fleksibel.forms import EvidenceForm, TrialForm, sentence_of
from web.staff.queries import get_finished
from web.tables import Pegawai, Permohonan, Sitting

ID = "<int(max=2147483647):permohonan_id>"


@bp.get("/pegawai")
def pegawai() -> ResponseReturnValue:
    """Serving employees with the outcome of their flexible-work check."""
    today = clock.today()
    rows = queries.pegawai_checks(today)
    _note("periksa kerja fleksibel", "semua pegawai")
    policy = kebijakan.national_policy(db.session(), today)
    return render_template("staff/fleksibel/pegawai.html", rows=rows, policy=policy)


@bp.get("/pegawai/<int(max=2147483647):pegawai_id>/kerja-fleksibel")
def pegawai_eligibility(pegawai_id: int) -> ResponseReturnValue:
    """The flexible-work check of a serving employee."""
    chosen = db.get_or_404(Pegawai, pegawai_id)
    session, today = db.session(), clock.today()
    policy = kebijakan.policy_for(session, chosen.instansi_id, today)
    bentuk = policy.find_bentuk(request.args.get("bentuk", "rumah")) or abort(404)
    assessment = eligibility.assess_pegawai(session, chosen, policy, today, bentuk.kode)
    _look("periksa kerja fleksibel", chosen.person_id, chosen.nip)
    return render_template(
        "staff/fleksibel/pemeriksaan.html",
        assessment=assessment,
        groups=by_group(assessment),
        policy=policy,
        bentuk=bentuk,
        person=chosen.person,
        pegawai=chosen,
        position=chosen.jabatan.nama,
        agency=chosen.instansi.nama,
        standing=chosen.status.upper(),
    )


@bp.get("/ujian/<sitting_id>/kerja-fleksibel")
def candidate_eligibility(sitting_id: str) -> ResponseReturnValue:
    """The flexible-work check that this participant would meet as CPNS."""
    sitting: Sitting = get_finished(sitting_id)
    formasi = sitting.peserta.formasi
    if formasi is None:
        own = sitting.peserta.person.pegawai or abort(404)
        return redirect(url_for(".pegawai_eligibility", pegawai_id=own.id), 303)
    session, today = db.session(), clock.today()
    policy = kebijakan.policy_for(session, formasi.instansi_id, today)
    assessment = eligibility.assess_candidate(session, sitting, policy, today)
    _look("periksa kerja fleksibel", sitting.peserta.person_id, sitting.peserta.nomor)
    return render_template(
        "staff/fleksibel/pemeriksaan.html",
        assessment=assessment,
        groups=by_group(assessment),
        policy=policy,
        bentuk=policy.find_bentuk(assessment.bentuk),
        person=sitting.peserta.person,
        pegawai=None,
        position=formasi.jabatan.nama,
        agency=formasi.instansi.nama,
        standing="CPNS (bila diangkat dari seleksi ini)",
    )


@bp.get("/fleksibel/")
def index() -> ResponseReturnValue:
    """All requests."""
    keadaan = request.args.get("keadaan", "")
    if keadaan and keadaan not in set(Standing):
        abort(404)
    instansi = request.args.get("instansi", type=int)
    page = request.args.get("halaman", 1, type=int)
    today = clock.today()
    return render_template(
        "staff/fleksibel/index.html",
        found=queries.requests(keadaan, instansi, page, today),
        keadaan=keadaan,
        instansi=instansi,
        agencies=queries.agencies(),
        standings=[each for each in Standing if each is not Standing.BARU],
        standing_on=standing_on,
        today=today,
    )


@bp.get(f"/fleksibel/permohonan/{ID}")
def lihat(permohonan_id: int) -> ResponseReturnValue:
    """One request, with its record; evidence can be noted here."""
    chosen = db.get_or_404(Permohonan, permohonan_id)
    _look("buka permohonan fleksibel", chosen.pegawai.person_id, f"permohonan {chosen.id}")
    berkas = berkas_of(db.session(), chosen, clock.today())
    form, ahead = EvidenceForm(), None
    if Move.CATAT_BUKTI in berkas.moves:
        ahead = outlook(db.session(), berkas)
        form.offer(ahead.open_tests)
    return render_template(
        "staff/fleksibel/permohonan.html",
        berkas=berkas,
        groups=by_group(berkas.assessment),
        outlook=ahead,
        evidence_form=form,
    )


@bp.post(f"/fleksibel/permohonan/{ID}/bukti")
def catat_bukti(permohonan_id: int) -> ResponseReturnValue:
    """Note what was seen for one test."""
    chosen = db.get_or_404(Permohonan, permohonan_id)
    berkas = berkas_of(db.session(), chosen, clock.today())
    form = EvidenceForm()
    form.offer(outlook(db.session(), berkas).open_tests)
    back = redirect(url_for(".lihat", permohonan_id=chosen.id), 303)
    if not form.validate():
        wrong = " ".join(str(text) for errors in form.errors.values() for text in errors)
        flash(f"Bukti belum dicatat. {wrong}")
        return back
    actor, at = Actor(current_user.username, Role.STAF), Moment(clock.now(), clock.today())
    try:
        with transaction() as session:
            permohonan.record_evidence(
                session, chosen, form.uji.data, actor=actor, reason=form.alasan.data, at=at
            )
        flash("Bukti dicatat.")
    except RequestError as problem:
        flash(f"Bukti belum dicatat. {problem}")
    return back


@bp.get("/fleksibel/riwayat/<int(max=2147483647):pegawai_id>")
def riwayat(pegawai_id: int) -> ResponseReturnValue:
    """Everything that was asked, assessed and decided about one employee."""
    chosen = db.get_or_404(Pegawai, pegawai_id)
    _look("buka riwayat fleksibel", chosen.person_id, chosen.nip)
    rows, checks = queries.history_of(pegawai_id)
    return render_template(
        "staff/fleksibel/riwayat.html",
        pegawai=chosen,
        rows=rows,
        checks=checks,
        standing_on=standing_on,
        today=clock.today(),
    )


@bp.get("/fleksibel/pemantauan")
def pemantauan() -> ResponseReturnValue:
    """Output, hours and reviews of what runs."""
    today = clock.today()
    return render_template(
        "staff/fleksibel/pemantauan.html", rows=queries.monitored(today), today=today
    )


@bp.get("/fleksibel/simulasi")
def simulasi() -> ResponseReturnValue:
    """The form of a policy to try out."""
    form = _trial_form()
    example = queries.example_layer()
    if example is not None and example.lapisan is not None:
        form.show_figures(example.lapisan)
    return _simulation(form)


@bp.post("/fleksibel/simulasi")
def coba() -> ResponseReturnValue:
    """What the policy of the form would do; nothing is stored but that somebody looked."""
    form = _trial_form()
    if not form.validate():
        return _simulation(form), 422
    session, today = db.session(), clock.today()
    words = {"kode": "simulasi", "judul": "Simulasi", "sumber": "Simulasi", "keyakinan": "C"}
    dasar = kebijakan.national_policy(session, today).kode
    chosen = int(form.instansi.data) if form.instansi.data else None
    try:
        figures = form.figures(dasar=dasar, **words)
        trial = try_layer(
            session, figures, instansi_id=chosen, bentuk=form.bentuk.data, today=today
        )
    except BadRules as problem:
        if not form.show_problem(problem):
            form.form_errors.append(sentence_of(problem))
        return _simulation(form), 422
    _note("simulasi kebijakan fleksibel", form.instansi.data or "semua instansi")
    return _simulation(form, trial)


def _simulation(form: TrialForm, trial: Trial | None = None) -> str:
    together, in_all = form.jatah_bersamaan.data, form.jatah_keseluruhan.data
    return render_template(
        "staff/fleksibel/simulasi.html",
        form=form,
        trial=trial,
        floor=kebijakan.national_policy(db.session(), clock.today()).floor,
        share=(together, in_all) if together and in_all else None,
    )


def _trial_form() -> TrialForm:
    form = TrialForm()
    policy = kebijakan.national_policy(db.session(), clock.today())
    form.offer(policy)
    form.offer_people([(str(row.id), row.nama) for row in queries.agencies()], policy)
    return form


def _look(act: str, person_id: int, subject: str) -> None:
    with transaction() as session:
        access.note(
            session,
            person_id,
            subject,
            act=act,
            activity="kerja_fleksibel",
            by=current_user.username,
            at=clock.now(),
        )


def _note(act: str, subject: str) -> None:
    with transaction() as session:
        audit.record(session, at=clock.now(), by=current_user.username, act=act, subject=subject)
