"""The door lets in only what is plainly in order; Flask judges all the rest."""

from __future__ import annotations

import pytest

from tests.web.jawaban.conftest import CUT
from web.front.bridge import Bridge
from web.headers import POLICY

pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)


def test_replies_carry_the_security_headers_of_every_page(script):
    candidate = script(1)

    told = candidate.sends("jawab", 1, "A")
    page = candidate.get(candidate.url)

    assert told.headers["content-security-policy"] == POLICY
    assert told.headers["content-type"] == "application/json"
    for name in ("x-content-type-options", "x-frame-options", "referrer-policy", "cache-control"):
        assert told.headers[name] == page.headers[name]


def test_a_request_from_another_site_changes_nothing(script):
    candidate = script(1)

    for wrong in (
        {"x-csrftoken": "x"},
        {"x-csrftoken": ""},
        {"x-csrftoken": candidate.token[:-2]},
        {"cookie": ""},
        {"cookie": candidate.cookie[:-3] + "abc"},
    ):
        assert candidate.sends("jawab", 1, "A", **wrong).status in (400, 401)
    assert candidate.stored().answered == 0


@pytest.mark.parametrize("header", ["sec-fetch-site", "origin"])
def test_the_short_way_is_for_pages_of_this_site_only(script, ukuran, header):
    candidate = script(1)
    value = {"sec-fetch-site": "cross-site", "origin": "http://elsewhere.example"}[header]

    candidate.sends("jawab", 1, "A", **{header: value})

    assert ukuran.answers == 0  # Flask saw it, and its own guards decided


def test_nobody_answers_for_somebody_else(script):
    own, other = script(1), script(2)
    other.url = own.url

    assert other.sends("jawab", 1, "A").status == 404
    assert own.stored().answered == 0


def test_a_login_that_may_no_longer_act_is_turned_away(script, app):
    first = script(1)
    second = type(first)(app, 1, first.entrance)
    second.logs_in()  # on another computer: both are held

    reply = first.sends("jawab", 1, "A")

    assert reply.status == 401
    assert first.stored().answered == 0


@pytest.mark.parametrize(
    "body",
    [
        b"nomor=1&pilihan=A&nomor=2",
        b"nomor=1&pilihan=A&lain=1",
        b"nomor=%00&pilihan=A",
        b"nomor=-1&pilihan=A",
        b"nomor=1&pilihan=\xff",
        b"nomor=1",
        b"x" * 5_000,
        b"",
    ],
)
def test_a_strange_form_is_left_to_flask(script, ukuran, body):
    candidate = script(1)

    reply = candidate.entrance.ask("POST", f"{candidate.url}/jawab", candidate.headers(), body)

    assert reply.status < 500
    assert ukuran.answers + ukuran.passed == 0
    assert candidate.stored().answered <= 1


@pytest.mark.parametrize("accept", ["application/json", "text/html"])
def test_a_form_that_was_cut_off_is_not_acted_on(script, accept):
    candidate = script(1)
    path, headers = f"{candidate.url}/jawab", candidate.headers(accept=accept)

    for filler in (b"", b"&" * 600):
        pieces = b"nomor=1&pilihan=A", filler, CUT
        assert candidate.entrance.ask("POST", path, headers, *pieces).status == 0
    assert candidate.stored().answered == 0


def test_no_computer_of_an_exam_room_fills_the_disk(script):
    candidate = script(1)
    pieces = [b"x" * 1_000_000] * 5

    for path in (f"{candidate.url}/jawab", f"{candidate.url}/ragu", "/ujian/masuk"):
        reply = candidate.entrance.ask("POST", path, candidate.headers(), *pieces)
        assert (reply.status, reply.body) == (413, b"")  # before Flask was asked


def test_a_body_in_pieces_and_a_form_with_parts_are_understood(script):
    candidate = script(1)
    pieces = b"nomor=1&pil", b"ihan=A", b"&urut=1"
    whole = candidate.entrance.ask("POST", f"{candidate.url}/jawab", candidate.headers(), *pieces)
    assert whole.json["nomor"] == 2

    parts = b"".join(
        b'--x\r\nContent-Disposition: form-data; name="%s"\r\n\r\n%s\r\n' % pair
        for pair in ((b"nomor", b"2"), (b"pilihan", b"B"))
    )
    headers = candidate.headers(**{"content-type": "multipart/form-data; boundary=x"})
    reply = candidate.entrance.ask("POST", f"{candidate.url}/jawab", headers, parts + b"--x--\r\n")
    assert reply.json["nomor"] == 3


def test_pages_without_script_go_through_flask(script, entrance):
    candidate = script(1)

    page = entrance.ask("GET", candidate.url, {"cookie": candidate.cookie, "accept": "text/html"})
    style = entrance.ask("GET", "/static/css/tokens.css", {})
    missing = entrance.ask("GET", "/tidak-ada", {})

    assert (page.status, style.status, missing.status) == (200, 200, 404)
    assert "Soal 1" in page.body.decode()
    assert len(style.body) == int(style.headers["content-length"])


def test_a_long_reply_is_sent_as_it_comes(entrance, monkeypatch):
    def app(environ, start_response):
        start_response("200 OK", [("Content-Type", "text/plain")])
        length = len(environ["wsgi.input"].read())
        return (f"{n}:{length};".encode() for n in range(4))

    monkeypatch.setattr(entrance.door, "_bridge", Bridge(app, 1))

    reply = entrance.ask("PUT", "/x?a=1", {}, b"abc", b"def")

    assert reply.body == b"0:6;1:6;2:6;3:6;"
