"""The life of items on the pages of the bank, by several people."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from sqlalchemy.exc import DatabaseError

from cat.itembank.lifecycle import Status
from cat.itembank.store import active_items, add_version, content_of, items_with, latest_version
from tests.web.conftest import START
from web.db import db, transaction
from web.operations.penulisan import kuota
from web.operations.penulisan.kuota import Quota
from web.tables import AuditRow, Item, ItemListing, ItemOpening, ItemTransition

CODE = "TWK-BHS-D001"
DRAFT = f"/bank/butir/{CODE}"


def item(code=CODE):
    db.session.remove()
    return db.session.scalars(db.select(Item).filter_by(code=code)).one()


def step(browser, target, reason="", code=CODE, **seen):
    now = item(code)
    fields = {"versi": now.latest, "status": now.status, "ke": target, "alasan": reason, **seen}
    path = f"/bank/butir/{code}"
    reply = browser.post(f"{path}/pindah", token_from="/bank/", **fields)
    assert reply.status_code == 303, reply.text
    return browser.get(path).text


def count(table, **where):
    db.session.remove()
    return db.session.scalar(db.select(db.func.count()).select_from(table).filter_by(**where))


def listed(browser, query):
    text = browser.get(f"/bank/?{query}").text
    total = re.search(r"([\d.]+) butir cocok", text).group(1)
    return int(total.replace(".", "")), re.findall(r'name="butir" value="([^"]+)"', text)


def add(content, status, by):
    with transaction() as session:
        add_version(session, content, status=status, by=by, now=START)


def test_an_item_lives_from_draft_to_leak_through_three_people(petugas, clock):
    penulis, penelaah, analis = petugas("penulis"), petugas("penelaah"), petugas("analis")

    assert "Telaah" in step(penulis, "telaah")
    penelaah.post(f"{DRAFT}/komentar", token_from=DRAFT, teks="Pilihan C <terlalu> panjang.")
    page = step(penelaah, "disetujui")
    assert "masih terbuka 1" in page
    assert item().status == "telaah"
    assert "alasan: wajib diisi" in step(penelaah, "perlu revisi")
    step(penelaah, "perlu revisi", "Lihat komentar.")
    assert listed(penulis, "komentar=1") == (1, [CODE])

    page = penulis.get(DRAFT).text
    assert "Pilihan C &lt;terlalu&gt; panjang." in page
    thread = re.search(r"komentar/(\d+)/balas", page).group(1)
    penulis.post(f"{DRAFT}/komentar/{thread}/balas", token_from=DRAFT, teks="Sudah dipendekkan.")
    penulis.post(f"{DRAFT}/komentar/{thread}/selesai", token_from=DRAFT)
    assert "hanya penulis komentar" in penulis.get(DRAFT).text
    assert listed(penulis, "komentar=1")[0] == 1
    clock.tick(60)
    step(penulis, "telaah")
    penelaah.post(f"{DRAFT}/komentar/{thread}/selesai", token_from=DRAFT)
    assert "✓ Selesai" in penelaah.get(DRAFT).text
    step(penelaah, "disetujui")
    step(analis, "uji coba")
    assert [pool.code for pool in items_with(db.session(), "twk", Status.UJI_COBA)] == [CODE]
    assert "belum ditaksir dari jawaban" in step(analis, "aktif", "Cukup.")

    assert "berubah sejak" in step(analis, "bocor", "Beredar.", versi=9)
    step(analis, "bocor", "Beredar di media sosial.")
    moved = db.session.scalars(
        db.select(ItemTransition).filter_by(item_id=item().id).order_by(ItemTransition.id)
    ).all()
    assert [(row.by, row.target) for row in moved] == [
        ("penulis", "telaah"),
        ("penelaah", "perlu revisi"),
        ("penulis", "telaah"),
        ("penelaah", "disetujui"),
        ("analis", "uji coba"),
        ("analis", "bocor"),
    ]
    assert count(AuditRow, act="pindahkan butir", subject=CODE) == 6
    history = penulis.get(f"{DRAFT}/riwayat").text
    assert "Beredar di media sosial." in history
    assert history.index("bocor") < history.index("Lihat komentar.")
    for table in ("item_transition", "item_comment", "item_opening", "item_workflow"):
        db.session.remove()
        with pytest.raises(DatabaseError, match="append-only"):
            db.session.execute(db.text(f"DELETE FROM {table}"))
    db.session.remove()


def test_the_version_in_use_stays_in_use_while_the_next_is_written(petugas, clock):
    code = "TWK-BHS-001"
    penulis, penelaah = petugas("penulis"), petugas("penelaah")
    path, now = f"/bank/butir/{code}", item(code)
    keys = {pool.key for pool in active_items(db.session(), "twk")}
    assert f"{code}@1" in keys
    seen = {"versi": now.latest, "status": now.status}

    assert penulis.get(f"{path}/ubah").status_code == 303  # locked
    penulis.post(f"{path}/versi-baru", token_from="/bank/", alasan="Ejaan.", **seen)
    assert item(code).latest == 1  # not the writer's own, and a draft would show its key
    assert "✓ kunci" not in penulis.get(path).text
    analis = petugas("analis")
    analis.post(f"{path}/versi-baru", token_from="/bank/", **seen)
    assert item(code).latest == 1  # no reason given
    analis.post(f"{path}/versi-baru", token_from="/bank/", alasan="Ejaan.", **seen)
    base = content_of(latest_version(db.session(), code))
    changed = replace(base, stem=f"{base.stem} (baru)")
    add(changed, Status.DRAF, "penulis")

    now = item(code)
    assert (now.status, now.latest, now.active_version) == ("draf", 3, 1)
    assert {pool.key for pool in active_items(db.session(), "twk")} == keys
    page = penelaah.get(path).text
    assert "Versi 1 tetap dipakai selama versi 3 dikerjakan" in page
    assert "Versi 1" in penelaah.get(f"{path}?versi=1").text
    difference = penelaah.get(f"{path}/riwayat?dari=1&ke=3").text
    assert '[ditambah: </span> (baru)<span class="sr">]' in difference
    assert penelaah.get(f"{path}?versi=7").status_code == 404

    with transaction() as session:
        stored = latest_version(session, code)
        add_version(session, content_of(stored), status=Status.AKTIF, by="analis", now=START)
    assert f"{code}@4" in {pool.key for pool in active_items(db.session(), "twk")}


def test_openings_are_noted_keys_are_guarded_and_a_quota_ends_the_tour(petugas, clock, monkeypatch):
    small = {"penulis": Quota(2, False), "analis": Quota(9, True)}
    monkeypatch.setattr(kuota, "quotas", lambda: small)
    penulis = petugas("penulis")
    others = "/bank/butir/TIU-SRL-003"

    hidden, own = penulis.get(others).text, penulis.get(DRAFT).text
    assert "✓ kunci" in own
    assert "✓ kunci" not in hidden
    assert "Rasional</dt>" not in hidden
    assert penulis.post(f"{others}/komentar", token_from=DRAFT, teks="?").status_code == 403
    third = penulis.get("/bank/butir/TWK-BHS-001")
    assert third.status_code == 429
    assert "Jatah membuka butir habis" in third.text
    assert third.headers["Retry-After"] == "3600"
    assert penulis.get("/bank/butir/TWK-BHS-001/riwayat").status_code == 429
    assert penulis.get(f"{others}/riwayat").status_code == 200
    assert penulis.get(f"{others}/pembuka").status_code == 403
    clock.tick(3601)
    assert penulis.get("/bank/butir/TWK-BHS-001").status_code == 200

    page = petugas("analis").get(f"{others}/pembuka").text
    assert "Dibuka 2 kali oleh 1 orang" in page
    assert "tidak tampak" in page
    assert count(ItemOpening, key_shown=True) == count(ItemOpening, item_id=item().id)


def test_the_list_finds_by_words_and_every_filter_and_never_shows_a_key(petugas):
    analis = petugas("analis")
    one = content_of(latest_version(db.session(), "TIU-SRL-003"))
    parameters = replace(one.parameters, b=(2.5,), status="2PL 2026")
    changes = {"language_level": "lanjut", "parent": "MODEL-7", "parameters": parameters}
    words = "Naïf 3x 1e5 kabel-serat zamrud_qhijauq"
    add(replace(one, code="TIU-SRL-900", stem=words, **changes), Status.TELAAH, "penulis2")

    for query in (
        *("cari=naif", "cari=ZAMR", "cari=3x+1e5", "cari=kabel-serat", "cari=qhijauq&bagian=tiu"),
        *(
            "cari=TIU-SRL-900",
            "induk=MODEL-7",
            "bahasa=lanjut&penulis=penulis2",
            "status=telaah&cari=zamrud",
        ),
        *(
            "parameter=dikalibrasi&penulis=penulis2",
            "kesukaran=sukar&induk=MODEL-7",
            "status=telaah&cari=naif",
        ),
        *("domain=tiu.figural&status=telaah&cari=naif", "domain=tiu.figural.serial&induk=MODEL-7"),
    ):
        assert listed(analis, query) == (1, ["TIU-SRL-900"]), query
    for query in ("cari=serat-kabel", "cari=%25%25", "cari=xyzzy", "kesukaran=mudah&cari=zamrud"):
        assert listed(analis, query) == (0, []), query
    assert listed(analis, "cari=zamrud&halaman=9")[0] == 1
    total, first = listed(analis, "")
    assert total == count(Item) == count(ItemListing)
    for number in ("0", "-3", "abc"):
        assert listed(analis, f"halaman={number}") == (total, first)
    last = listed(analis, f"halaman={9**30}")[1]
    assert last[-1] == max(db.session.scalars(db.select(Item.code)))
    by_words = one.rationale.split()[:6]
    assert "TIU-SRL-003" not in listed(analis, f"cari={'+'.join(by_words)}")[1]
    assert "✓ kunci" not in analis.get("/bank/?cari=TIU-SRL-003").text


def test_many_items_move_at_once_after_a_look_and_the_refused_are_named(petugas, clock):
    penulis, penelaah = petugas("penulis"), petugas("penelaah")
    base = content_of(latest_version(db.session(), CODE))
    for number, by in ((1, "penulis"), (2, "penulis"), (3, "penelaah")):
        add(replace(base, code=f"TWK-BHS-9{number}"), Status.TELAAH, by)
    codes = [f"TWK-BHS-9{number}" for number in (1, 2, 3)]

    page = penelaah.post(
        "/bank/massal", token_from="/bank/", ke="perlu revisi", semua=1, cari="TWK-BHS-9"
    ).text
    assert "Belum ada yang berubah. 2 butir akan dipindahkan" in page
    assert "Anda menulis salah satu versinya" in page
    chosen = re.findall(r'name="butir" value="([^"]+)"', page)
    assert chosen == [f"{code}@1:telaah" for code in codes]
    fields = {"ke": "perlu revisi", "butir": chosen}
    empty = penelaah.post("/bank/massal/terapkan", token_from="/bank/", **fields)
    assert empty.status_code == 422
    assert "alasan: wajib diisi" in empty.text
    step(penelaah, "bocor", "Beredar.", code=codes[1])
    done = penelaah.post(
        "/bank/massal/terapkan", token_from="/bank/", alasan="Seragamkan istilah.", **fields
    ).text

    assert "1 butir dipindahkan ke perlu revisi; 2 tidak" in done
    assert "sudah berubah sejak" in done
    assert [item(code).status for code in codes] == ["perlu revisi", "bocor", "telaah"]
    assert count(AuditRow, act="pindahkan butir massal") == 1
    assert penulis.post("/bank/massal", token_from="/bank/", ke="disetujui").status_code == 400
    assert penulis.post("/bank/massal", token_from="/bank/", ke="telaah").status_code == 303
    assert listed(penulis, "status=perlu+revisi&cari=TWK-BHS-9") == (1, [codes[0]])
