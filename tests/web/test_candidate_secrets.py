"""Nothing that a candidate receives in a whole sitting says what is right, how hard, or why."""

from __future__ import annotations

import base64
import re
import zlib

import pytest

from cat.itembank.store import content_of
from web.db import db
from web.tables import Item, ItemVersion

# What the item itself says, which may well use such words.
ITEM_TEXT = re.compile(r'<div class="stem".*?</div>|<span class="option-text">.*?</label>', re.S)
FORBIDDEN_WORDS = (
    *("theta", "kunci", "rasional", "difficulty", "belum dikalibrasi", "taksiran ahli"),
    *("twk.", "tiu.", "tkp.", "verbal.", "numerik.", "figural.", "daya beda", "poin_"),
)


@pytest.fixture
def whole_sitting(peserta):
    """Every reply of one sitting, as the text of its headers and body."""
    candidate, replies = peserta(1), []
    candidate.client.get("/")  # makes a cookie jar
    original = candidate._fresh

    def remember(call):
        reply = original(call)
        replies.append(f"{reply.headers}\n{reply.get_data(as_text=True)}")
        return reply

    candidate._fresh = remember
    candidate.starts()
    for turn in range(74):
        candidate.marks("ABCDE"[turn % 5])
        page = candidate.sees()
        for picture in re.findall(r'src="(/media/[^"]+)"', page):
            candidate.get(picture)
        candidate.answers("ABCDE"[(turn + 1) % 5])
    candidate.get(f"{candidate.url}/keadaan")
    candidate.sees()
    assert "Ujian selesai" in replies[-1]
    return replies


def test_no_reply_holds_key_points_parameters_domains_or_marks(whole_sitting, app):
    _cookies_hold_nothing_but_which_sitting_this_is(whole_sitting)
    everything = "\n".join(whole_sitting)
    lower = everything.lower()
    around = "\n".join(ITEM_TEXT.sub("", reply) for reply in whole_sitting).lower()
    assert len(around) > 100_000

    for item in db.session.scalars(db.select(Item)):
        assert item.code not in everything
        assert item.domain not in lower
    for version in db.session.scalars(db.select(ItemVersion)):
        content = content_of(version)
        assert content.rationale not in everything
        assert content.source.lower() not in around
    for word in FORBIDDEN_WORDS:
        assert word not in around, word


def _cookies_hold_nothing_but_which_sitting_this_is(replies):
    for payload in re.findall(r"catcpns=([^;]+);", "\n".join(replies)):
        body = payload.lstrip(".").split(".")[0]
        raw = base64.urlsafe_b64decode(body + "=" * (-len(body) % 4))
        text = zlib.decompress(raw) if payload.startswith(".") else raw
        names = set(re.findall(rb'"(\w+)":', text))
        assert names <= {
            b"sitting_id",
            b"masuk_id",
            b"csrf_token",
            b"_fresh",
            b"fs_cc",
            b"_permanent",
        }


def test_an_item_page_is_the_same_whichever_option_is_right(pool, create_pool):
    from dataclasses import replace

    from cat.exam.record import Terms
    from cat.exam.state import begin
    from seeds.ketentuan_files import read_rule_sets
    from web.candidate.queries import item_page

    rules = next(rules for rules in read_rule_sets() if rules.kode == "cpns-2024")
    part = pool.parts[0]
    turned = replace(
        part,
        items=tuple(replace(item, points=item.points[1:] + item.points[:1]) for item in part.items),
    )
    other = replace(pool, parts=(turned, *pool.parts[1:]))

    pages = [
        item_page(begin(Terms("s", each.digest, "r", "adaptif", 4, 600), each), rules, 0)
        for each in (pool, other)
    ]

    assert pages[0] == pages[1]
