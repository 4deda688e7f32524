"""catcpns sesi, catcpns peserta: the calendar and who sits in it."""

from __future__ import annotations

import sys
import tomllib
from collections.abc import Callable
from datetime import date
from typing import BinaryIO, TypeVar

import click
from flask import current_app
from flask.cli import AppGroup
from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from cat.errors import CatError, FileRefused
from web import clock
from web.db import db, transaction
from web.operations.jadwal import berkas, foto, impor, pelaksanaan, syarat
from web.operations.jadwal import sesi as calendar
from web.operations.jadwal.lokasi import rooms_of
from web.operations.jadwal.waktu import day_of, moment_text
from web.operations.registrasi.kehadiran import Hitungan, counts
from web.operations.seleksi.lembar import Temuan
from web.tables import Ruang, Sesi, TitikLokasi

sesi = AppGroup("sesi", help="Sesi ujian: kalender, pola hari, aturan hari ujian.")
peserta = AppGroup("peserta", help="Peserta ujian: impor dari berkas, foto.")
_SHOWN = 50
T = TypeVar("T")


def _day(context: click.Context, option: click.Parameter, text: str | None) -> date | None:
    if text is None:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise click.BadParameter(f"{text!r}: harus tttt-bb-hh") from error


_oleh = click.option("--oleh", required=True, help="Nama pengguna yang bertanggung jawab.")
_dry_run = click.option("--dry-run", is_flag=True, help="Periksa saja, jangan simpan.")


@sesi.command("list")
@click.option("--lokasi", help="Nama titik lokasi.")
@click.option("--dari", callback=_day, help="Hari pertama, tttt-bb-hh.")
@click.option("--sampai", callback=_day, help="Hari terakhir, tttt-bb-hh.")
def list_sesi(lokasi: str | None, dari: date | None, sampai: date | None) -> None:
    """Sebutkan sesi: id, mulai, titik lokasi, nama, terdaftar, kapasitas, hadir."""
    query = select(Sesi).join(TitikLokasi).options(joinedload(Sesi.titik_lokasi, innerjoin=True))
    if lokasi:
        query = query.where(TitikLokasi.nama == lokasi)
    rows = [
        each
        for each in db.session.scalars(query.order_by(Sesi.starts_at, Sesi.id))
        if (dari is None or dari <= day_of(each)) and (sampai is None or day_of(each) <= sampai)
    ]
    attendance = counts(db.session(), [each.id for each in rows])
    for each in rows:
        found, site = attendance.get(each.id, Hitungan()), each.titik_lokasi
        seats = calendar.capacity(db.session(), each.id)
        fields = (each.id, moment_text(each.starts_at, site.zona), site.nama, each.nama)
        click.echo("\t".join(map(str, (*fields, found.terdaftar, seats, found.hadir))))


@sesi.command("pola")
@click.argument("lokasi")
@click.option("--pola", required=True, help="Kode pola dalam aturan hari ujian, misalnya skd.")
@click.option("--ujian", required=True, help="Kode ketentuan atau bentuk tes, misalnya cpns-2024.")
@click.option("--moda", help="adaptif atau linear; pool terbaru untuk moda itu.")
@click.option("--dari", required=True, callback=_day, help="Hari pertama, tttt-bb-hh.")
@click.option("--sampai", required=True, callback=_day, help="Hari terakhir, tttt-bb-hh.")
@click.option("--ruang", multiple=True, help="Nama ruang, boleh berkali-kali; kosong: semuanya.")
@click.option("--label", default="SKD", show_default=True, help="Sebutan ujian dalam nama sesi.")
@_oleh
@_dry_run
def from_pattern(
    lokasi: str,
    pola: str,
    ujian: str,
    moda: str | None,
    dari: date,
    sampai: date,
    ruang: tuple[str, ...],
    label: str,
    oleh: str,
    dry_run: bool,
) -> None:
    """Buat sesi di LOKASI dari pola hari; pola Jumat dipakai pada hari Jumat.

    Semua dibuat, atau tidak satu pun bila ada yang bentrok.
    """

    def make(session: Session) -> list[calendar.Rencana]:
        site = _site(session, lokasi)
        rooms = _rooms(session, site, ruang)
        terms = syarat.agree(session, ujian, dari, mode=moda)
        now = clock.now()
        plans = calendar.plan_days(
            session, site, rooms, terms, pola=pola, first=dari, last=sampai, label=label, now=now
        )
        if not any(plan.bentrok for plan in plans):
            for plan in plans:
                calendar.create(
                    session,
                    site,
                    rooms,
                    terms,
                    nama=plan.nama,
                    starts_at=plan.starts_at,
                    by=oleh,
                    now=now,
                )
        return plans

    plans = _carry_out(make, dry_run)
    clashing = [plan for plan in plans if plan.bentrok]
    for plan in plans:
        click.echo("\t".join((plan.nama, *plan.bentrok)))
    if clashing:
        raise click.ClickException(f"{len(clashing)} sesi bentrok; tidak ada yang dibuat")
    click.echo(f"{len(plans)} sesi {'akan ' if dry_run else ''}dibuat", err=True)


@sesi.command("aturan")
@click.argument("file", type=click.File("rb"))
@_dry_run
def load_rules(file: BinaryIO, dry_run: bool) -> None:
    """Muat versi aturan hari ujian dari FILE (TOML): jam mulai, batas PIN, dan lain-lain."""
    try:
        content = tomllib.loads(file.read().decode())
    except ValueError as error:
        raise click.ClickException(f"bukan TOML: {error}") from error
    new = _carry_out(lambda session: pelaksanaan.adopt(session, content, now=clock.now()), dry_run)
    verb = "akan dimuat" if dry_run else "dimuat"
    click.echo(f"{content['kode']} {verb if new else 'sudah ada'}", err=True)


@peserta.command("import")
@click.argument("file", type=click.File("rb"))
@click.option("--sesi", "sesi_id", type=int, help="Id sesi untuk baris yang tidak menyebut sesi.")
@_oleh
@_dry_run
def import_people(file: BinaryIO, sesi_id: int | None, oleh: str, dry_run: bool) -> None:
    """Masukkan peserta dari FILE (XLSX atau CSV) dan beri kursi: semua baris, atau tidak ada.

    Keluar dengan kode 1 bila ada yang melanggar aturan.
    """
    content, now = file.read(), clock.now()
    try:
        report = impor.examine(db.session(), content, sesi_id=sesi_id, now=now)
    except CatError as error:
        raise click.ClickException(str(error)) from error
    for each in report.peringatan[:_SHOWN]:
        click.echo(f"peringatan: {_line(each)}", err=True)
    _refuse(report.masalah)
    if not dry_run:
        keys = current_app.config["KEYS"]
        report = _carry_out(
            lambda session: impor.apply(
                session, content, sesi_id=sesi_id, by=oleh, now=now, keys=keys
            ),
            False,
        )
    click.echo(
        f"{report.jumlah} baris: {report.baru} baru, {report.diubah} diubah, {report.tetap} tetap; "
        f"{report.ditempatkan} {'akan ' if dry_run else ''}mendapat kursi",
        err=True,
    )


@peserta.command("foto")
@click.argument("file", type=click.File("rb"))
@_oleh
@_dry_run
def import_photos(file: BinaryIO, oleh: str, dry_run: bool) -> None:
    """Simpan foto dari FILE, ZIP berisi JPEG atau PNG bernama nomor peserta: semua, atau tidak."""
    content = file.read()
    try:
        report = foto.examine(db.session(), content)
    except FileRefused as error:
        raise click.ClickException(str(error)) from error
    _refuse(report.masalah)
    if not dry_run:
        _carry_out(lambda s: foto.store(s, content, by=oleh, now=clock.now()), False)
    verb = "akan " if dry_run else ""
    click.echo(
        f"{len(report.baru)} foto {verb}disimpan, {len(report.diganti)} {verb}diganti", err=True
    )


@peserta.command("templat")
@click.option("--csv", "as_csv", is_flag=True, help="CSV, bukan XLSX.")
def template(as_csv: bool) -> None:
    """Tulis templat impor peserta ke stdout."""
    click.echo(berkas.template("csv" if as_csv else "xlsx"), nl=False)


def _carry_out(act: Callable[[Session], T], dry_run: bool) -> T:
    """Do an act in one transaction, which a dry run takes back."""
    try:
        with transaction() as session:
            done = act(session)
            if dry_run:
                session.rollback()
    except CatError as error:
        raise click.ClickException(str(error)) from error
    return done


def _refuse(problems: list[Temuan]) -> None:
    for each in problems[:_SHOWN]:
        click.echo(_line(each))
    if problems:
        click.echo(f"{len(problems)} masalah; tidak ada yang disimpan", err=True)
        sys.exit(1)


def _line(found: Temuan) -> str:
    return f"baris {found.baris}\t{found.nomor}\t{found.bagian}\t{found.nilai}\t{found.aturan}"


def _site(session: Session, nama: str) -> TitikLokasi:
    site = session.scalar(select(TitikLokasi).where(TitikLokasi.nama == nama))
    if site is None:
        raise click.UsageError(f"titik lokasi {nama!r} tidak ada")
    return site


def _rooms(session: Session, site: TitikLokasi, names: tuple[str, ...]) -> list[Ruang]:
    rooms = list(rooms_of(session, site.id))
    unknown = set(names) - {room.nama for room in rooms}
    if unknown:
        raise click.UsageError(f"ruang {', '.join(sorted(unknown))} tidak ada di {site.nama}")
    return [room for room in rooms if not names or room.nama in names]
