"""Versions of rule sets: proposed by one, approved by another, in force on their days."""

from __future__ import annotations

import html
import re
from datetime import date

import pytest
from sqlalchemy import text, update
from sqlalchemy.exc import DBAPIError, IntegrityError

from cat.errors import BadInput
from cat.ketentuan.ruleset import RuleSet
from cat.ketentuan.toml_text import write_toml
from web.db import db, transaction
from web.operations import ketentuan
from web.operations.pools import find_rules, get_rules
from web.tables import AuditRow, RuleSetRow, Sitting

KODE = "cpns-2024"
LAW = {"by": "staf", "reason": "KepmenPANRB contoh", "now": 1}


def changed(rules: RuleSet, **fields: object) -> RuleSet:
    return RuleSet.from_mapping({**rules.to_mapping(), **fields})


def approved(rules: RuleSet, now: int) -> RuleSetRow:
    """Proposed by staf and approved by staf2 at a moment after the seeds."""
    with transaction() as session:
        row = ketentuan.propose(session, rules, by="staf", reason="contoh", now=now)
        ketentuan.approve(session, row, by="staf2", reason="sesuai", now=now)
        return row


def field_values(page: str) -> dict[str, str]:
    """What a browser would send back from the structured form, unchanged."""
    page = re.sub(r"\s+", " ", page)
    values = {}
    for tag in re.findall(r"<input [^>]*>", page):
        name = re.search(r'name="([^"]+)"', tag)
        if name and 'type="checkbox"' not in tag:
            value = re.search(r'value="([^"]*)"', tag)
            values[name[1]] = html.unescape(value[1]) if value else ""
    for name, options in re.findall(r'<select [^>]*name="([^"]+)"[^>]*>(.*?)</select>', page):
        values[name] = re.search(r'<option selected value="([^"]*)"', options)[1]
    values.pop("csrf_token", None)
    return values


def test_only_an_approved_version_is_in_force_and_the_one_approved_last(app, clock):
    session = db.session()
    shipped = find_rules(session, KODE)

    with transaction() as session:
        row = ketentuan.propose(session, changed(shipped, judul="Usulan"), **LAW)
    assert find_rules(db.session(), KODE) == shipped
    assert row.menggantikan == shipped.digest

    with transaction() as session:  # the clock was set back meanwhile
        ketentuan.approve(session, row, by="staf2", reason="sesuai", now=clock.now() - 1)
    assert find_rules(db.session(), KODE).judul == "Usulan"
    assert get_rules(db.session(), shipped.digest) == shipped


def test_days_decide_between_approved_versions(app, clock):
    shipped = find_rules(db.session(), KODE)
    later = changed(shipped, judul="Mulai 2027", berlaku_sejak="2027-01-01")
    approved(later, clock.now() + 1)

    def title(day: date) -> str:
        return find_rules(db.session(), KODE, day).judul

    assert title(date(2026, 12, 31)) == shipped.judul
    assert title(date(2027, 1, 1)) == "Mulai 2027"

    only_a_while = changed(
        later, judul="Sementara", berlaku_sejak="2027-02-01", berlaku_sampai="2027-02-28"
    )
    approved(only_a_while, clock.now() + 2)
    assert [title(date(2027, 2, day)) for day in (1, 28)] == ["Sementara"] * 2
    assert title(date(2027, 3, 1)) == "Mulai 2027"


def test_after_its_last_day_the_rules_of_a_year_stay_the_rules_of_that_year(app, clock):
    mapping = find_rules(db.session(), KODE).to_mapping()
    past = {"kode": "cpns-1999", "berlaku_sampai": "1999-12-31"}
    first = RuleSet.from_mapping({**mapping, **past, "judul": "Pertama"})
    second = RuleSet.from_mapping({**mapping, **past, "berlaku_sampai": "1999-06-30"})
    approved(first, clock.now() + 1)
    approved(second, clock.now() + 2)

    assert ketentuan.find_version(db.session(), "cpns-1999", date(2000, 1, 1)) is None
    assert find_rules(db.session(), "cpns-1999", date(2000, 1, 1)).judul == "Pertama"


def test_nobody_approves_their_own_proposal(app):
    rules = changed(find_rules(db.session(), KODE), judul="Usulan")
    with transaction() as session:
        row = ketentuan.propose(session, rules, **LAW)

    with pytest.raises(BadInput, match="Orang lain harus menyetujuinya"), transaction() as session:
        ketentuan.approve(session, row, by="staf", reason="setuju sendiri", now=2)
    with pytest.raises(BadInput, match="Alasan wajib"), transaction() as session:
        ketentuan.approve(session, row, by="staf2", reason="  ", now=2)

    assert db.session.get(RuleSetRow, rules.digest, populate_existing=True).status == "usulan"


def test_a_decided_version_is_not_decided_again_and_the_same_content_not_proposed_twice(app, clock):
    shipped = find_rules(db.session(), KODE)
    rules = changed(shipped, judul="Usulan")
    with transaction() as session:
        row = ketentuan.propose(session, rules, **LAW)
    with pytest.raises(BadInput, match="sudah diusulkan oleh staf"), transaction() as session:
        ketentuan.propose(session, rules, **LAW)
    with transaction() as session:
        ketentuan.reject(session, row, by="staf2", reason="salah angka", now=2)
    with pytest.raises(BadInput, match="sudah ditolak"), transaction() as session:
        ketentuan.approve(session, row, by="staf2", reason="jadi", now=3)
    with pytest.raises(BadInput, match="pernah disetujui"), transaction() as session:
        ketentuan.propose(session, shipped, **LAW)

    with transaction() as session:  # a refused version may come again
        again = ketentuan.propose(session, rules, by="staf2", reason="dibetulkan", now=4)
    assert (again.status, again.diusulkan_oleh, again.diputuskan_oleh) == ("usulan", "staf2", None)


def test_a_proposal_made_before_another_approval_does_not_undo_it(app, clock):
    shipped = find_rules(db.session(), KODE)
    with transaction() as session:
        stale = ketentuan.propose(session, changed(shipped, judul="Pertama"), **LAW)
    approved(changed(shipped, judul="Kedua"), clock.now() + 1)

    with pytest.raises(BadInput, match="versi lain telah disetujui"), transaction() as session:
        ketentuan.approve(session, stale, by="staf2", reason="sesuai", now=clock.now() + 2)

    assert find_rules(db.session(), KODE).judul == "Kedua"


def test_a_kode_never_becomes_the_rules_of_another_year_or_another_jenis_pengadaan(app):
    rules = find_rules(db.session(), KODE)
    for fields in ({"tahun": 2025}, {"jenis_pengadaan": "pppk"}):
        with pytest.raises(BadInput, match="versi barunya tidak dapat"), transaction() as session:
            ketentuan.propose(session, changed(rules, **fields), **LAW)


def test_the_seeds_never_replace_what_people_approved(app, clock):
    from seeds.load import load_rules

    shipped = find_rules(db.session(), KODE)
    approved(changed(shipped, judul="Ditetapkan orang"), clock.now() + 1)

    with transaction() as session:
        load_rules(session, now=clock.now() + 2)
        newer = changed(shipped, judul="Isi awal yang lebih baru")
        ketentuan.adopt(session, newer, by="bank awal", now=clock.now() + 3)

    assert find_rules(db.session(), KODE).judul == "Ditetapkan orang"
    assert db.session.get(RuleSetRow, newer.digest).status == "usulan"


def test_the_database_refuses_to_change_or_delete_a_version(app):
    row = ketentuan.find_version(db.session(), KODE)
    digest = row.digest
    attempts = [
        update(RuleSetRow).where(RuleSetRow.digest == digest).values(content={"tahun": 1}),
        update(RuleSetRow).where(RuleSetRow.digest == digest).values(status="ditolak"),
        text(f"DELETE FROM rule_set WHERE digest = '{digest}'"),
    ]
    proposal = changed(find_rules(db.session(), KODE), judul="Usulan")
    with transaction() as session:
        ketentuan.propose(session, proposal, **LAW)
    attempts.append(
        update(RuleSetRow).where(RuleSetRow.digest == proposal.digest).values(tahun=1999)
    )

    for attempt in attempts:
        with pytest.raises((DBAPIError, IntegrityError), match="append-only"), transaction() as s:
            s.execute(attempt)


def test_sittings_keep_the_version_they_were_sat_under(app, clock):
    sitting = db.session.scalar(db.select(Sitting))
    before = sitting.rules_digest
    approved(changed(find_rules(db.session(), KODE), judul="Baru"), clock.now() + 1)

    assert db.session.get(Sitting, sitting.id, populate_existing=True).rules_digest == before
    assert get_rules(db.session(), before).judul != "Baru"


def test_a_change_walks_from_form_to_force_through_two_people(app, petugas, clock):
    shipped = find_rules(db.session(), KODE)
    first, second = petugas("staf"), petugas("staf2")
    page = f"/staf/ketentuan/{shipped.digest}"
    assert "belum terkonfirmasi" in first.get(page).text
    form = field_values(first.get(f"{page}/usul").text)
    assert form["ambang-0-tkp"] == "166"

    wrong = first.post(
        f"{page}/usul", f"{page}/usul", **{**form, "ambang-0-tkp": "226", "alasan": "x"}
    )
    assert wrong.status_code == 422
    at_field = re.search(r'id="ambang-0-tkp-errors">\s*<li>([^<]+)', wrong.text)
    assert "melebihi nilai maksimum 225 (terbaca: 226)" in at_field[1]

    reply = first.post(
        f"{page}/usul",
        f"{page}/usul",
        **{
            **form,
            "ambang-0-tkp": "150",
            "ambang-14-hapus": "y",
            "ambang-15-jenis_kebutuhan": "atlet",
            "ambang-15-nama": "Atlet contoh",
            "ambang-15-total": "280",
            "ambang-15-dasar_hukum": "Peraturan contoh",
            "berlaku_sejak": "2026-01-01",
            "alasan": "Peraturan contoh berubah",
        },
    )
    assert reply.status_code == 303
    proposal = reply.headers["Location"]
    shown = first.get(proposal).text
    assert "Ambang batas umum: TKP" in shown
    assert "Ambang batas atlet" in shown
    assert "Setujui dan berlakukan" not in shown  # the proposer cannot even press it
    refused = first.post(f"{proposal}/setujui", proposal, alasan="sendiri")
    assert refused.status_code == 409
    assert "Orang lain harus menyetujuinya" in refused.text

    assert second.post(f"{proposal}/setujui", proposal, alasan=" ").status_code in (409, 422)
    assert second.post(f"{proposal}/setujui", proposal, alasan="Sesuai naskah").status_code == 303
    assert second.post(f"{proposal}/setujui", proposal, alasan="lagi").status_code == 409

    db.session.remove()
    now = find_rules(db.session(), KODE, date(2026, 1, 1))
    assert now.get_ambang_batas("umum").minimums["tkp"] == 150
    assert now.get_ambang_batas("atlet").minimums == {"total": 280}
    assert "pengamat_gunung_api" not in {row.jenis_kebutuhan for row in now.ambang_batas}
    assert now.skb == shipped.skb  # what the form does not show stays
    acts = db.session.scalars(
        db.select(AuditRow.act).where(AuditRow.data["digest"].as_string() == now.digest)
    ).all()
    assert acts == ["usulkan ketentuan", "setujui ketentuan"]


def test_the_whole_rule_set_can_be_proposed_as_text_and_errors_name_their_line(app, petugas):
    shipped = find_rules(db.session(), KODE)
    staf, page = petugas("staf"), f"/staf/ketentuan/{shipped.digest}"
    toml = write_toml(shipped)
    assert staf.get(f"{page}/ketentuan.toml").text == toml

    bad = staf.post(
        f"{page}/usul-teks",
        f"{page}/usul-teks",
        teks=toml.replace("bobot_cat_min = 60", "bobot_cat_min = 70"),
        alasan="x",
    )
    assert bad.status_code == 422
    assert re.search(r"Baris \d+\. cpns-2024: skb: daerah: tambahan_maks_bobot", bad.text)

    good = staf.post(
        f"{page}/usul-teks",
        f"{page}/usul-teks",
        teks=toml.replace("bobot_cat_min = 60", "bobot_cat_min = 55"),
        alasan="Naskah dibaca ulang",
    )
    assert "SKB: daerah: bobot cat min" in staf.get(good.headers["Location"]).text
    withdrawn = staf.post(
        f"{good.headers['Location']}/tolak", good.headers["Location"], alasan="keliru"
    )
    assert withdrawn.status_code == 303


def test_the_comparison_page_counts_and_names_those_whose_result_changes(app, petugas, clock):
    shipped = find_rules(db.session(), KODE)
    mapping = shipped.to_mapping()
    mapping["ambang_batas"][0]["minimum"]["tkp"] = 150
    row = approved(RuleSet.from_mapping(mapping), clock.now() + 1)
    staf = petugas("staf")

    page = staf.get(f"/staf/ketentuan/banding?lama={shipped.digest}&baru={row.digest}&tahun=2024")

    assert page.status_code == 200
    gained = int(re.search(r"Menjadi memenuhi ambang batas: (\d+) orang", page.text)[1])
    assert gained > 0
    assert page.text.count(": 166 → 150") >= gained
    assert "Batal memenuhi" not in page.text
    same = staf.get(f"/staf/ketentuan/banding?lama={row.digest}&baru={row.digest}&tahun=2024")
    assert "Tidak ada putusan yang berubah" in same.text
    assert staf.get("/staf/ketentuan/banding?tahun=1999").status_code == 404
    assert staf.get(f"/staf/ketentuan/{'0' * 64}").status_code == 404


def test_commands_check_propose_and_compare(app, tmp_path):
    shipped = find_rules(db.session(), KODE)
    run = app.test_cli_runner().invoke
    file = tmp_path / "baru.toml"
    file.write_text(write_toml(shipped).replace("tkp = 166", "tkp = 150", 1), encoding="utf-8")

    checked = run(args=["ketentuan", "check", str(file)])
    assert checked.exit_code == 0
    assert "Ambang batas umum: TKP\t166\t150" in checked.output
    compared = run(args=["ketentuan", "banding", KODE, str(file)])
    assert compared.exit_code == 0, compared.output
    umum = next(line for line in compared.output.splitlines() if line.startswith("umum\t"))
    assert int(umum.split("\t")[3]) > int(umum.split("\t")[2])

    propose = ["ketentuan", "propose", str(file), "--oleh", "staf", "--alasan", "contoh"]
    assert "dapat diusulkan" in run(args=[*propose, "--dry-run"]).output
    assert len(ketentuan.versions(db.session(), KODE)) == 1
    assert run(args=propose).exit_code == 0
    assert [row.status for row in ketentuan.versions(db.session(), KODE)].count("usulan") == 1
    assert run(args=[*propose[:3], "--oleh", "bukan-akun", "--alasan", "x"]).exit_code == 2

    file.write_text(write_toml(shipped).replace("tkp = 166", "tkp = 1500", 1), encoding="utf-8")
    broken = run(args=["ketentuan", "check", str(file)])
    assert broken.exit_code == 1
    assert re.search(r"baru\.toml:\d+: cpns-2024: ambang_batas ke-1", broken.output)
