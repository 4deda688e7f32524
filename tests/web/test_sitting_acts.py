"""What may be done to a sitting: linear ones, other tests, endings, opening again, closing a sesi.

One database for all of it; every test takes back what it did.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from itertools import count

import numpy as np
import pytest
from sqlalchemy import create_engine, func, select
from sqlalchemy.orm import Session

from cat.errors import AlreadyDecided, BadInput, BadRules, NeedsSecondPerson, NotDue, SesiClosed
from cat.exam.moves import GRACE_SECONDS
from cat.exam.record import ADAPTIVE, LINEAR, MICROSECONDS
from cat.exam.state import Phase
from cat.itembank.content import LETTERS
from cat.ketentuan.bentuk_tes import BentukTes
from seeds.demo.load import FINISHED, OPEN_LINEAR
from seeds.demo.simulee import sit
from seeds.load import HERE, read_toml
from tests.web.conftest import KEYS, START, postgres_copy, sqlite_copy
from web.operations import proctoring, rescoring, sittings
from web.operations.closing import close_sesi
from web.operations.kalibrasi import platform
from web.operations.pools import find_rules, get_pool, get_rules, latest_pool
from web.operations.publishing import publish_pool
from web.operations.records import append, state_of, terms_of
from web.operations.verification import verify_sitting
from web.tables import (
    AuditRow,
    BentukTesRow,
    Change,
    Hasil,
    Pengumuman,
    Person,
    Peserta,
    Sesi,
    Sitting,
    SittingEvent,
)

pytestmark = pytest.mark.both

BY = {"by": "pengawas", "keys": KEYS}


@pytest.fixture(scope="module")
def address(request, tmp_path_factory) -> Iterator[str]:
    kind = getattr(request, "param", "sqlite")
    if kind == "sqlite":
        template = request.getfixturevalue("sqlite_template")
        with sqlite_copy(template, tmp_path_factory.mktemp("tindakan")) as url:
            yield url
    else:
        with postgres_copy(request.getfixturevalue("postgres_template")) as url:
            yield url


@pytest.fixture(scope="module")
def engine(address):
    engine = create_engine(address)
    yield engine
    engine.dispose()


@pytest.fixture
def session(engine) -> Iterator[Session]:
    with Session(engine) as session:
        yield session
        session.rollback()


both = pytest.mark.parametrize("address", ["sqlite", "postgresql"], indirect=True)


def at(seconds):
    return START + int(seconds * MICROSECONDS)


class Kursi:
    """A seat of the linear sesi of the demonstration, and what is done there."""

    def __init__(self, session, seat=1, sesi=OPEN_LINEAR):
        chosen = select(Sitting).join(Sitting.sesi).where(Sesi.nama == sesi, Sitting.seat == seat)
        self.session, self.sitting = session, session.scalars(chosen).one()

    def does(self, act, *args, now, **kwargs):
        return act(self.session, self.sitting.id, *args, now=at(now), keys=KEYS, **kwargs)

    def starts(self):
        self.does(sittings.start, now=1)
        return self

    def chooses(self, number, shown, now=10, **kwargs):
        return self.does(sittings.choose, number, shown, now=now, **kwargs)

    @property
    def state(self):
        return state_of(self.session, self.sitting)

    def results(self):
        self.session.expire(self.sitting, ["results"])
        return {row.part: (row.nilai, row.maximum, row.answered) for row in self.sitting.results}

    def findings(self):
        return [str(each) for each in verify_sitting(self.session, self.sitting, KEYS.record)]


@both
def test_a_linear_sitting_counts_what_was_chosen_last(session):
    kursi = Kursi(session).starts()
    right = {}
    for number in range(1, 31):
        item = kursi.state.item_at(number)
        own = LETTERS[item.points.index(1)]
        right[number] = LETTERS[kursi.state.order_at(number).index(own)]
    for number in (1, 2, 3, 4):
        kursi.chooses(number, right[number], turn=1)
    wrong = "A" if right[4] != "A" else "B"
    kursi.chooses(4, wrong, turn=2)
    kursi.chooses(4, right[4], turn=1)  # overtaken on the way
    kursi.does(sittings.flag, 9, True, now=20, turn=1)
    before = platform.counts(session, "twk").items

    kursi.does(sittings.finish, now=30)

    assert kursi.sitting.phase == Phase.FINISHED
    assert kursi.sitting.answered == 4
    assert kursi.results() == {"twk": (15, 150, 4), "tiu": (0, 175, 0), "tkp": (0, 225, 0)}
    assert kursi.findings() == []
    assert rescored(session, kursi) == ()
    assert added(before, platform.counts(session, "twk").items) == 4


def rescored(session, kursi):
    (chunk,) = rescoring.plan(session, which=kursi.sitting.id)
    return rescoring.rescore(session, chunk, KEYS.record).differences


def added(before, after):
    """Answers to items that are there now and were not before."""
    return sum(each.answers for each in after) - sum(each.answers for each in before)


def test_a_changed_nilai_of_a_linear_sitting_is_found(session):
    kursi = Kursi(session).starts()
    kursi.chooses(1, "A")
    kursi.does(sittings.finish, now=30)
    kursi.sitting.results[0].nilai += 5
    session.flush()

    assert "twk.nilai tersimpan" in kursi.findings()[0]
    assert "twk.nilai tersimpan" in str(rescored(session, kursi)[0][1])


def test_time_and_grace_close_a_sitting_and_what_arrives_in_between_counts(session):
    kursi = Kursi(session).starts()
    deadline = 1 + kursi.sitting.seconds

    assert sittings.close_overdue(session, now=at(deadline + GRACE_SECONDS - 1), keys=KEYS) == []
    kursi.chooses(1, "A", now=deadline + GRACE_SECONDS - 1, in_time=True)
    sittings.close_overdue(session, now=at(deadline + GRACE_SECONDS), keys=KEYS)

    assert (kursi.sitting.phase, kursi.sitting.answered) == (Phase.FINISHED, 1)
    assert kursi.sitting.last_at == at(deadline)
    assert kursi.findings() == []


def test_a_sitting_opened_again_has_no_result_until_it_ends_again(session):
    kursi = Kursi(session).starts()
    kursi.chooses(1, "A")
    kursi.does(proctoring.end, now=60, by="pengawas", reason="salah orang")
    first = kursi.results()

    kursi.does(proctoring.reopen, now=90, by="staf", second="staf2", reason="salah orang")
    assert kursi.results() == {}
    assert kursi.findings() == []
    kursi.does(proctoring.resume, now=100, by="pengawas")
    kursi.chooses(2, "B", now=110)
    kursi.does(sittings.finish, now=120)

    assert sum(answered for *_, answered in first.values()) == 1
    assert sum(answered for *_, answered in kursi.results().values()) == 2
    assert kursi.findings() == []
    assert rescored(session, kursi) == ()
    audited = select(AuditRow.data).where(
        AuditRow.subject == kursi.sitting.id, AuditRow.act == "buka kembali ujian"
    )
    assert session.scalars(audited).all() == [{"alasan": "salah orang", "kedua": "staf2"}]
    noted = select(func.count()).select_from(Change).where(Change.key == kursi.sitting.id)
    assert session.scalar(noted) == 3  # came, went, came


def test_one_person_opens_nothing_again(session):
    kursi = Kursi(session).starts()
    kursi.does(proctoring.end, now=60, by="pengawas", reason="salah orang")

    with pytest.raises(NeedsSecondPerson):
        kursi.does(proctoring.reopen, now=90, by="staf", second="staf", reason="salah orang")
    assert len(kursi.results()) == 3


def test_a_result_that_an_approved_announcement_uses_stays(session):
    kursi = Kursi(session).starts()
    kursi.does(proctoring.end, now=60, by="pengawas", reason="salah orang")
    head = Pengumuman(
        **{"kode": "SKD-UJI", "tahap": "skd", "tahun": 2024, "drawn_at": 1, "drawn_by": "staf"},
        **{"row_count": 1, "digest": "", "signature": "", "dasar": {}, "approved_at": None},
        rules_digest=kursi.sitting.rules_digest,
    )
    said = {"urut": 1, "rank": 1, "kode": "P", "data": {"ujian": kursi.sitting.id}}
    peserta = kursi.sitting.peserta
    session.add(Hasil(pengumuman=head, peserta=peserta, formasi_id=peserta.formasi_id, **said))
    session.flush()

    def reopens():
        kursi.does(proctoring.reopen, now=120, by="staf", second="staf2", reason="salah orang")

    reopens()  # what is only drawn up binds nobody
    kursi.does(proctoring.end, now=100, by="pengawas", reason="selesai")
    head.approved_at = at(110)
    session.flush()
    with pytest.raises(AlreadyDecided, match="SKD-UJI"):
        reopens()
    assert len(kursi.results()) == 3


@both
def test_a_sesi_closes_only_when_nobody_is_in_the_middle_of_an_exam(session):
    working, paused, ready = (Kursi(session, seat) for seat in (1, 2, 3))
    working.starts()
    paused.starts().does(proctoring.pause, now=9, by="pengawas", reason="sakit")
    sesi_id = ready.sitting.sesi_id

    with pytest.raises(NotDue, match=r"kursi 1 masih mengerjakan; kursi 2 dijeda"):
        close_sesi(session, sesi_id, now=at(20), **BY)
    paused.does(proctoring.end, now=30, by="pengawas", reason="dibawa ke rumah sakit")
    late = 1 + working.sitting.seconds + GRACE_SECONDS

    assert close_sesi(session, sesi_id, now=at(late), **BY).is_closed  # time closed the other
    assert working.sitting.phase == Phase.FINISHED
    assert close_sesi(session, sesi_id, now=at(late), **BY).is_closed
    for act, extra in (
        (sittings.start, {}),
        (proctoring.admit, {"by": "pengawas"}),
        (proctoring.reopen, {"by": "staf", "second": "staf2", "reason": "salah"}),
    ):
        with pytest.raises(SesiClosed):
            ready.does(act, now=late + 1, **extra)
    assert (ready.findings(), paused.findings()) == ([], [])


def test_nobody_starts_what_was_called_off(session):
    kursi = Kursi(session)
    kursi.sitting.is_void = True
    session.flush()

    with pytest.raises(SesiClosed):
        kursi.starts()


# Opening sittings


_seats = count(100)


def opens(session, *, pool, rules=None, **kwargs):
    """A sitting of a new person in the linear sesi of the demonstration."""
    seat = next(_seats)
    sesi = session.scalars(select(Sesi).where(Sesi.nama == OPEN_LINEAR)).one()
    person = Person(
        nama="Uji Contoh", tanggal_lahir=START_DAY, jenis_kelamin="L", nik=f"990101010190{seat:04}"
    )
    peserta = Peserta(nomor=f"UJI{seat}", person=person, formasi=None, netra=True)
    session.add(peserta)
    session.flush()
    chosen = {"seat": seat, "pin": None, "keys": KEYS, "seed": 5, **kwargs}
    rules = rules or find_rules(session, "cpns-2024")
    return sittings.schedule(session, sesi, peserta, pool=pool, rules=rules, **chosen)


START_DAY = date(1990, 1, 1)


@pytest.fixture
def pools(session):
    """Mode -> the pool of the SKD for it."""
    return {m: get_pool(session, latest_pool(session, mode=m).digest) for m in (ADAPTIVE, LINEAR)}


def test_a_form_is_drawn_by_the_seed_and_each_has_its_turn(session, pools):
    pool = pools[LINEAR]
    drawn = [opens(session, pool=pool, mode=LINEAR, seed=seed).paket for seed in range(12)]

    assert set(drawn) == {"A", "B", "C"}
    again = opens(session, pool=pool, mode=LINEAR, seed=3)
    assert again.paket == drawn[3]
    assert (again.pin_hash, again.ujian, again.mode) == ("", "skd", LINEAR)


def test_a_form_that_was_seen_is_not_given_again(session, pools):
    pool = pools[LINEAR]
    one_of = {form: next(iter(pool.numbers(form))).partition("@")[0] for form in pool.forms}

    sitting = opens(session, pool=pool, mode=LINEAR, burnt=[one_of["A"], one_of["C"]])

    assert sitting.paket == "B"
    assert sitting.hangus == sorted([one_of["A"], one_of["C"]])
    assert terms_of(sitting).burnt == tuple(sitting.hangus)
    for wrong, rule in (
        ({"burnt": list(one_of.values())}, "setiap paket"),
        ({"burnt": [one_of["A"]], "form": "A"}, "paket A memuat"),
        ({"form": "Z"}, "tidak punya paket 'Z'"),
    ):
        with pytest.raises(BadInput, match=rule):
            opens(session, pool=pool, mode=LINEAR, **wrong)


def test_an_adaptive_sitting_is_not_opened_on_a_bank_too_small_without_the_burnt(session, pools):
    pool = pools[ADAPTIVE]
    figural = [item.code for item in pool.part("tiu").items if item.domain == "figural.serial"]

    with pytest.raises(BadInput, match=rf"tiu: kisi-kisi .* tanpa {len(figural)} butir"):
        opens(session, pool=pool, burnt=figural)
    sitting = opens(session, pool=pool, burnt=figural[:5])
    assert state_of(session, sitting).current_item.code not in figural[:5]


@pytest.mark.parametrize(
    ("mode", "of_pool", "error", "rule"),
    [
        (LINEAR, ADAPTIVE, BadInput, "tidak memuat paket"),
        (ADAPTIVE, LINEAR, BadInput, "untuk ujian linear"),
        ("lisan", ADAPTIVE, BadRules, "moda"),
    ],
)
def test_mode_pool_and_rules_must_fit_each_other(session, pools, mode, of_pool, error, rule):
    with pytest.raises(error, match=rule):
        opens(session, pool=pools[of_pool], mode=mode)


def test_a_test_of_a_position_is_sat_scored_and_verified_like_any_other(session):
    plan = read_toml(HERE / "kisi_kisi" / "skb_pranata_komputer.toml")
    form = BentukTes.from_mapping(plan["bentuk"])
    pool = publish_pool(session, plan, by="staf", now=START)

    sitting = opens(session, pool=pool, rules=form)
    theta, rng = np.zeros(len(pool.parts)), np.random.default_rng(1)
    told = {"now": START, "seconds_per_item": 30.0, "proctor": "pengawas"}
    state = state_of(session, sitting)
    append(session, sitting, state, sit(state, theta, rng, **told), KEYS.record)

    assert (sitting.ujian, sitting.seconds) == (form.kode, form.menit * 60)
    assert sitting.phase == Phase.FINISHED
    assert [row.part for row in sitting.results] == [part.kode for part in form.bagian]
    assert all(row.maximum == form.get_bagian(row.part).nilai_maks for row in sitting.results)
    assert verify_sitting(session, sitting, KEYS.record) == []
    assert get_rules(session, sitting.rules_digest) == form
    assert session.get_one(BentukTesRow, form.digest).kode == form.kode


def test_old_records_keep_their_seals(session):
    kursi = Kursi(session, sesi=FINISHED)

    assert (kursi.sitting.paket, kursi.sitting.hangus) == ("", [])
    assert kursi.findings() == []
    events = select(func.count()).select_from(SittingEvent)
    mine = events.where(SittingEvent.sitting_id == kursi.sitting.id)
    assert session.scalar(mine) == kursi.sitting.event_count
