"""catcpns layanan: configuration of a production server, and restarting it without a gap."""

from __future__ import annotations

import shlex
import subprocess
import time
import urllib.error
import urllib.request
from pathlib import Path

import click

from cat.errors import BadInput
from web.layanan import berkas


@click.group("layanan")
def layanan() -> None:
    """Server produksi: nginx, systemd, mulai ulang bergilir."""


POLL_SECONDS = 0.2


@layanan.command("nginx")
@click.option("--proses", multiple=True, required=True, help="Proses ujian, ALAMAT:PORTA.")
@click.option("--kantor", multiple=True, help="Proses kantor; tanpa ini sama dengan proses ujian.")
@click.option("--nama", default="_", show_default=True, help="Nama server, seperti ujian.go.id.")
@click.option("--sertifikat", required=True, help="Berkas sertifikat TLS dengan rantainya.")
@click.option("--kunci", required=True, help="Berkas kunci sertifikat.")
@click.option("--tls", default="443", show_default=True, help="Alamat atau porta HTTPS.")
@click.option("--http", default="80", show_default=True, help="Alamat atau porta HTTP.")
@click.option("--akun", default="www-data", show_default=True, help="Akun proses nginx.")
@click.option("--jalan", default="/run", show_default=True, help="Folder berkas pid.")
@click.option("--catatan", default="/var/log/nginx", show_default=True, help="Folder catatan.")
@click.option(
    "--sementara", default="/var/lib/nginx", show_default=True, help="Folder berkas sementara."
)
def nginx(proses: tuple[str, ...], kantor: tuple[str, ...], akun: str, **given: str) -> None:
    """Cetak berkas nginx.conf lengkap untuk server ini."""
    names = {"tls": "PORTA_TLS", "http": "PORTA_HTTP"}
    try:
        values = {
            names.get(name, name.upper()): berkas.harmless(name, value)
            for name, value in given.items()
        }
        values |= {
            "PENGGUNA": f"user {berkas.harmless('akun', akun)};",
            "PROSES": "\n".join(berkas.upstream(each) for each in proses),
            "KANTOR": "\n".join(berkas.upstream(each) for each in kantor or proses),
            "STATIS": str(berkas.ROOT / "web" / "static"),
            "HALAMAN": str(berkas.DEPLOY / "halaman"),
        }
        click.echo(berkas.fill(berkas.DEPLOY / "nginx.conf", values), nl=False)
    except BadInput as error:
        raise click.ClickException(str(error)) from error


@layanan.command("systemd")
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option(
    "--rumah", default=str(berkas.ROOT), show_default=True, help="Folder pemasangan platform."
)
@click.option("--akun", default="catcpns", show_default=True, help="Akun yang menjalankannya.")
@click.option(
    "--data", default="/var/lib/catcpns", show_default=True, help="Folder yang boleh ditulisinya."
)
@click.option(
    "--lingkungan",
    default="/etc/catcpns/catcpns.env",
    show_default=True,
    help="Berkas pengaturan dan rahasia.",
)
@click.option("--dry-run", is_flag=True, help="Sebutkan saja, jangan tulis.")
def systemd(folder: Path, dry_run: bool, **given: str) -> None:
    """Tulis satuan systemd ke FOLDER: target, proses web per porta, pekerjaan latar."""
    try:
        values = {name.upper(): berkas.harmless(name, value) for name, value in given.items()}
        for path in sorted((berkas.DEPLOY / "systemd").iterdir()):
            text = berkas.fill(path, values)
            if not dry_run:
                (folder / path.name).write_text(text, encoding="utf-8")
            click.echo(folder / path.name)
    except (BadInput, OSError) as error:
        raise click.ClickException(str(error)) from error


@layanan.command("gulir")
@click.argument("porta", type=click.IntRange(1, 65535), nargs=-1, required=True)
@click.option(
    "--perintah",
    default="systemctl restart catcpns-web@{porta}",
    show_default=True,
    help="Cara memulai ulang satu proses.",
)
@click.option("--tunggu", default=60, show_default=True, help="Detik sampai satu proses siap.")
@click.option("--dry-run", is_flag=True, help="Sebutkan saja, jangan mulai ulang.")
def roll(porta: tuple[int, ...], perintah: str, tunggu: int, dry_run: bool) -> None:
    """Mulai ulang proses web di PORTA satu demi satu; yang berikutnya baru sesudah yang ini siap.

    Berhenti dengan kode 1 bila ada yang tidak siap: yang belum digilir tetap melayani.
    """
    if len(porta) < 2 and not dry_run:
        raise click.UsageError("perlu sedikitnya dua proses: selagi satu berhenti, yang lain jalan")
    for each in porta:
        command = shlex.split(perintah.format(porta=each))
        click.echo(shlex.join(command), err=True)
        if dry_run:
            continue
        try:
            subprocess.run(command, check=True)
        except (subprocess.CalledProcessError, OSError) as error:
            raise click.ClickException(f"porta {each}: {error}") from error
        _wait_until_ready(each, tunggu)
        click.echo(f"porta {each} siap")


def _wait_until_ready(port: int, seconds: int) -> None:
    end, found = time.monotonic() + seconds, "tidak menjawab"
    while time.monotonic() < end:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/siap", timeout=5):
                return
        except urllib.error.HTTPError as error:
            found = error.read().decode(errors="replace")
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            pass
        time.sleep(POLL_SECONDS)
    raise click.ClickException(f"porta {port} tidak siap dalam {seconds} detik: {found}")
