"""Who may see what: closed unless said otherwise."""

from __future__ import annotations

import pytest
from flask import Flask
from flask_security import hash_password, utils
from flask_security.utils import get_hmac
from passlib.hash import argon2

from seeds.demo.load import PASSWORD
from web.access import GUARDED, PUBLIC, ROLES_OF
from web.db import db, own_session, transaction
from web.tables import User


def fill_in(rule) -> str:
    """A path for a route, with something in the place of each variable."""
    path = str(rule)
    for name, converter in rule._converters.items():
        value = "1" if type(converter).__name__ == "IntegerConverter" else "sesuatu"
        for written in (f"<{name}>", f"<int(max=2147483647):{name}>", f"<path:{name}>"):
            path = path.replace(written, value)
    return path


def visit(client, rule):
    method = "GET" if "GET" in rule.methods else "POST"
    return client.open(fill_in(rule), method=method)


@pytest.fixture
def open_app(app: Flask) -> Flask:
    """Without the token guard, which would refuse posts before the role guard is asked."""
    app.config["WTF_CSRF_ENABLED"] = False
    return app


def test_a_stranger_gets_nothing_from_any_route_that_is_not_public(open_app):
    seen = set()
    for rule in open_app.url_map.iter_rules():
        reply = visit(open_app.test_client(), rule)
        if rule.endpoint in PUBLIC:
            continue
        seen.add(rule.endpoint)
        assert reply.status_code in ((401,) if rule.endpoint.startswith("api.") else (303, 404)), (
            rule
        )
        if reply.status_code == 303:
            assert "/masuk" in reply.location, rule
    assert len(seen) > 20


@pytest.mark.parametrize("role", ["staf", "penulis", "pengawas"])
def test_a_member_of_staff_gets_nothing_of_the_other_audiences(open_app, petugas, role):
    client = petugas(role).client
    for rule in open_app.url_map.iter_rules():
        blueprint = rule.endpoint.split(".")[0]
        if rule.endpoint in PUBLIC or blueprint not in GUARDED - {"media"}:
            continue
        if role in ROLES_OF.get(blueprint, ()):
            continue
        reply = visit(client, rule)
        if blueprint == "api":
            assert reply.status_code == 401, rule
        elif blueprint == "candidate":
            assert reply.status_code == 303, rule
            assert reply.location == "/ujian/masuk", rule
        else:
            assert reply.status_code == 403, rule


def test_a_route_that_nobody_opened_is_refused(open_app):
    open_app.add_url_rule("/lupa-dijaga", view_func=lambda: "rahasia")

    assert open_app.test_client().get("/lupa-dijaga").status_code == 404


def test_every_blueprint_has_a_guard_of_its_own(app):
    for name, blueprint in app.blueprints.items():
        if name in GUARDED:
            assert blueprint.before_request_funcs.get(None), name


@pytest.mark.parametrize("path", ["/", "/ujian/masuk", "/petugas/masuk", "/tidak-ada"])
def test_every_reply_carries_the_security_headers(app, path):
    headers = app.test_client().get(path).headers

    policy = headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Cache-Control"] == "no-store"


def test_pages_hold_no_inline_script_or_style(app, petugas, working):
    staff = petugas("staf")
    pages = [working.sees(), staff.get("/staf/").text, staff.get("/staf/formasi/1").text]
    for page in pages:
        assert "style=" not in page
        assert "onclick" not in page
        assert page.count("<script") == page.count("<script src=")


def test_cookies_are_safe_unless_plain_http_was_asked_for(app, monkeypatch, tmp_path):
    from web import config

    monkeypatch.delenv("CATCPNS_PLAIN_HTTP", raising=False)
    assert config.settings(tmp_path)["SESSION_COOKIE_SECURE"] is True
    monkeypatch.setenv("CATCPNS_PLAIN_HTTP", "1")
    assert config.settings(tmp_path)["SESSION_COOKIE_SECURE"] is False

    cookie = app.test_client().get("/ujian/masuk").headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie


def test_the_secret_is_made_once_and_readable_by_its_owner_only(tmp_path, monkeypatch):
    from web import config

    monkeypatch.delenv("CATCPNS_SECRET")
    first = config.settings(tmp_path)["SECRET_KEY"]

    assert config.settings(tmp_path)["SECRET_KEY"] == first
    assert (tmp_path / "secret").stat().st_mode & 0o077 == 0


def test_a_wrong_password_and_an_unknown_account_look_the_same(app, petugas):
    from tests.web.conftest import Browser

    replies = [
        Browser(app).post(
            "/petugas/masuk", token_from="/petugas/masuk", username=name, password="salah"
        )
        for name in ("staf", "tidakada")
    ]

    assert all("Nama pengguna atau kata sandi salah" in reply.text for reply in replies)


def test_guessing_passwords_is_stopped(app):
    from tests.web.conftest import Browser

    browser = Browser(app)
    codes = [
        browser.post(
            "/petugas/masuk", token_from="/petugas/masuk", username="staf", password=f"x{n}"
        ).status_code
        for n in range(12)
    ]

    assert codes[:10] == [200] * 10
    assert codes[10:] == [429] * 2


def test_staff_passwords_are_argon2_hashes(app):
    for user in db.session.scalars(db.select(User)):
        assert user.password.startswith("$argon2id$")


def test_a_hash_with_older_settings_is_made_anew_while_others_write(app, petugas, monkeypatch):
    def account(**changed) -> User:
        with transaction() as session:
            found = session.scalar(db.select(User).filter_by(username="staf"))
            for name, value in changed.items():
                setattr(found, name, value)
            return found

    older = argon2.using(rounds=2, memory_cost=32, parallelism=1).hash(get_hmac(PASSWORD))
    account(password=older)

    def hash_while_others_write(password):
        with own_session(db.engine, writes=True) as session:
            session.execute(
                db.update(User).where(User.username == "staf2").values(nama="Nama Lain")
            )
        return hash_password(password)

    monkeypatch.setattr(utils, "hash_password", hash_while_others_write)

    petugas("staf")

    newer = account().password
    assert newer != older
    monkeypatch.undo()
    petugas("staf")
    assert account().password == newer


def test_the_front_door_and_the_health_check_are_open(app):
    client = app.test_client()

    assert "Peserta ujian" in client.get("/").text
    assert client.get("/sehat").json == {"status": "sehat"}
    assert client.get("/petugas/").location == "/petugas/masuk"


def test_static_files_may_be_kept_and_change_their_address_with_their_content(app):
    page = app.test_client().get("/").text
    address = page.split('href="/static/css/base.css')[1].split('"')[0]

    with app.test_client().get("/static/css/base.css" + address) as reply:
        assert address.startswith("?v=")
        assert "max-age=31536000" in reply.headers["Cache-Control"]
