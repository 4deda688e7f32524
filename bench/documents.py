"""How long do a thousand signed result documents with QR codes take, beside the bare typesetter?

Run it with `python -m bench.documents --json out/bench-documents.json`.
"""

from __future__ import annotations

import resource
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median

import click
import typst

from bench import machine, report
from web.dokumen import qr
from web.dokumen.factory import Factory, Order
from web.dokumen.inspection import inspect
from web.dokumen.kinds import Jenis
from web.dokumen.typeset import STANDARDS, TEMPLATES, Sheet, Stamp, inputs, print_sheet, seal

SEED = bytes(range(32))
NOW = 1_795_000_000_000_000
WANTED_SECONDS = 20.0
ALONE = 100


@click.command()
@click.option("--documents", default=1_000, show_default=True)
@click.option("--processes", default=2, show_default=True)
@click.option("--json", "path", type=click.Path(path_type=Path), help="also write the figures here")
def main(documents: int, processes: int, path: Path | None) -> None:
    """Time a whole batch, then each step of one document alone."""
    facts = machine.describe(("typst", "pypdf", "segno", "cryptography"))
    report.show_facts("Machine", facts)
    orders = [_order(number) for number in range(documents)]
    busy = _processor_seconds()
    with Factory(processes) as factory:
        started = time.perf_counter()
        size = sum(len(pdf) for pdf, _ in factory.make(orders, SEED))
        seconds = time.perf_counter() - started
    busy = _processor_seconds() - busy  # of the workers too: they have ended
    steps = _steps(orders[:ALONE])
    bare = steps["typst alone"]
    rows = [
        (f"{documents:,} documents, {processes} processes, by the clock", f"{seconds:.1f} s"),
        ("processor seconds", f"{busy:.1f} s"),
        (f"the same shared by {processes} idle cores", f"{busy / processes:.1f} s"),
        ("processor time per document", f"{1000 * busy / documents:.1f} ms"),
        ("bytes per document", f"{size / documents:,.0f}"),
        ("memory of the parent, highest", _memory(resource.RUSAGE_SELF)),
        ("memory of a worker, highest", _memory(resource.RUSAGE_CHILDREN)),
        *((f"one process: {name}", f"{spent:.1f} ms") for name, spent in steps.items()),
        ("whole document over bare typst", f"{steps['whole document'] / bare:.2f} times"),
    ]
    report.show("Result documents, one PDF each", ("what", "figure"), rows)
    click.echo(f"wanted: 1,000 in at most {WANTED_SECONDS:.0f} s on two cores")
    if path:
        figures = {
            "documents": documents,
            "processes": processes,
            "seconds": seconds,
            "processor_seconds": busy,
        }
        report.save(path, {"machine": facts, **figures, "milliseconds_alone": steps})


def _steps(orders: list[Order]) -> dict[str, float]:
    """Median processor milliseconds of each step of a document in this process, once warm."""
    compiler = typst.Compiler(
        TEMPLATES / "hasil.typ",
        root=TEMPLATES,
        font_paths=typst.Fonts(include_system_fonts=False),
    )

    def bare(order: Order) -> bytes:
        sheet, stamp = order
        given = inputs(sheet, stamp)
        started.append(time.process_time())
        return compiler.compile(
            format="pdf", sys_inputs=given, pdf_standards=STANDARDS, timestamp=1_795_000_000
        )

    started: list[float] = []
    printed = [print_sheet(*order) for order in orders]
    pairs = list(zip(orders, printed, strict=True))
    steps: dict[str, Callable[[int], object]] = {
        "QR code": lambda n: qr.svg(orders[n][1].address),
        "fingerprints of pages": lambda n: inspect(printed[n].pdf),
        "signature and attachment": lambda n: seal(*pairs[n][0], pairs[n][1], SEED),
        "whole document": lambda n: seal(*orders[n], print_sheet(*orders[n]), SEED),
    }
    spent = {"typst alone": _median(lambda n: bare(orders[n]), len(orders), started)}
    return spent | {name: _median(step, len(orders), []) for name, step in steps.items()}


def _median(step: Callable[[int], object], rounds: int, started: list[float]) -> float:
    """started : where the step notes when its own work begins; empty to time all of it."""
    spent = []
    for number in range(rounds):
        begun = time.process_time()
        step(number)
        end = time.process_time()
        spent.append(1000 * (end - (started.pop() if started else begun)))
    return median(spent)


def _processor_seconds() -> float:
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(each.ru_utime + each.ru_stime for each in used)


def _memory(whose: int) -> str:
    return f"{resource.getrusage(whose).ru_maxrss / 1024:,.0f} MiB"


def _order(number: int) -> Order:
    nomor = f"HSL-2026-{number + 1:06}"
    nilai = [60 + number % 80, 70 + number % 90, 150 + number % 70]
    parts = (
        ("Tes Wawasan Kebangsaan (TWK)", 150, 65),
        ("Tes Intelegensia Umum (TIU)", 175, 80),
        ("Tes Karakteristik Pribadi (TKP)", 225, 166),
    )
    data = {
        "kop": "Seleksi Calon Pegawai Negeri Sipil Tahun Anggaran 2024",
        "peserta": [
            ["Nomor peserta", f"2499012011{number:07}"],
            ["Nama", f"Peserta Contoh {number}"],
            ["Jabatan", "Pranata Komputer Ahli Pertama"],
            ["Instansi", "Kementerian Contoh Digital"],
            ["Lokasi penempatan", "Pusat Data Contoh"],
            ["Kualifikasi pendidikan", "S1 Informatika"],
            ["Jenis kebutuhan", "Umum"],
        ],
        "ujian": [
            ["Sesi", "Sesi 1 SKD"],
            ["Titik lokasi", f"UPT Seleksi Contoh Jakarta, Ruang A, kursi {number + 1}"],
            ["Mulai", "18 November 2026 pukul 08.00 WIB"],
            ["Selesai", "18 November 2026 pukul 09.21 WIB"],
        ],
        "nilai": [
            {
                "bagian": name,
                "nilai": value,
                "maksimum": most,
                "batas": least,
                "memenuhi": value >= least,
            }
            for value, (name, most, least) in zip(nilai, parts, strict=True)
        ],
        "total": {"nilai": sum(nilai), "maksimum": 550, "batas": None, "memenuhi": None},
        "ambang": "Umum, KepmenPANRB 321/2024 (keyakinan sumber A).",
        "cara": "Nilai adalah perkiraan poin pada paket acuan berisi 110 soal (uji coba).",
        "pengumuman": None,
    }
    public = (("Nomor peserta", f"2499012011{number:07}"), ("Total", str(sum(nilai))))
    address = f"https://cat.contoh.go.id/periksa/{nomor}?k=K7QM3XPA"
    sheet = Sheet(Jenis.HASIL, "Hasil Seleksi Kompetensi Dasar", data, public)
    return sheet, Stamp(nomor, "K7QM-3XPA", NOW, address)


if __name__ == "__main__":
    main()
