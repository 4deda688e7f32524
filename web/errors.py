"""What people read when something is refused: one row for each refusal of the engine."""

from __future__ import annotations

import logging
from dataclasses import dataclass

from flask import Flask, jsonify, make_response, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from werkzeug.exceptions import HTTPException

from cat import errors as engine
from web.db import db
from web.layanan.catatan import route_of_request


@dataclass(frozen=True)
class Refusal:
    """status of the reply, short code to tell the pengawas, sentence to read, may it be retried."""

    status: int
    code: str
    sentence: str
    may_retry: bool = False


REFUSALS: dict[type[engine.CatError], Refusal] = {
    engine.NotAdmitted: Refusal(
        409, "U01", "Anda belum diizinkan mulai. Tunggu pengawas memberi izin.", True
    ),
    engine.AlreadyStarted: Refusal(409, "U11", "Ujian ini sudah dimulai."),
    engine.NotWorking: Refusal(
        409, "U02", "Ujian sedang tidak berjalan. Jawaban yang sudah tersimpan tetap aman.", True
    ),
    engine.SittingClosed: Refusal(409, "U03", "Ujian ini sudah selesai."),
    engine.TimeIsUp: Refusal(409, "U04", "Waktu ujian sudah habis."),
    engine.NotTheCurrentItem: Refusal(
        409, "U05", "Soal itu bukan soal yang sedang dibuka. Lanjutkan dari soal sekarang."
    ),
    engine.AlreadyAnswered: Refusal(
        409,
        "U06",
        "Soal itu sudah dijawab. Jawaban pertama yang berlaku; lanjutkan dari soal sekarang.",
    ),
    engine.UnknownOption: Refusal(422, "U07", "Pilihan jawaban harus salah satu dari A sampai E."),
    engine.TooManyChanges: Refusal(
        409, "U08", "Pilihan sudah terlalu sering diganti. Tekan Simpan dan lanjutkan bila yakin."
    ),
    engine.SesiClosed: Refusal(409, "U09", "Sesi ini sudah ditutup."),
    engine.NotInThisMode: Refusal(409, "U10", "Ujian ini tidak mengenal tindakan itu."),
    engine.RecordBroken: Refusal(
        500, "S01", "Rekaman ujian tidak dapat dibaca. Panggil pengawas sekarang."
    ),
    engine.PoolExhausted: Refusal(
        500, "S02", "Soal berikutnya tidak dapat ditentukan. Panggil pengawas sekarang."
    ),
    engine.PoolDamaged: Refusal(500, "S03", "Paket soal tidak utuh. Panggil pengawas sekarang."),
    engine.BlueprintInfeasible: Refusal(409, "S04", "Kisi-kisi tidak dapat dipenuhi oleh bank."),
    engine.BadParameters: Refusal(422, "S05", "Parameter butir di luar batas."),
    engine.BadItem: Refusal(422, "S06", "Isi butir melanggar aturan bank soal."),
    engine.BadRules: Refusal(422, "S07", "Berkas ketentuan tidak sesuai bentuknya."),
    engine.BadTable: Refusal(422, "S19", "Isi tabel peserta atau formasi melanggar aturan."),
    engine.CannotBePrinted: Refusal(
        422, "D01", "Ada tulisan yang tidak dapat dicetak: perbaiki hurufnya di data asal."
    ),
    engine.BadInput: Refusal(422, "S08", "Masukan tidak dapat dipakai."),
    engine.RequestError: Refusal(409, "F00", "Permohonan kerja fleksibel tidak dapat diproses."),
    engine.StepOutOfTurn: Refusal(
        409, "F01", "Keadaan permohonan sudah berubah. Muat ulang halaman permohonan itu."
    ),
    engine.NotYourStep: Refusal(403, "F02", "Langkah ini bukan wewenang Anda."),
    engine.StepIncomplete: Refusal(422, "F03", "Isian langkah ini belum lengkap."),
    engine.RuleForbids: Refusal(409, "F04", "Ketentuan kerja fleksibel tidak mengizinkannya."),
    engine.DecisionError: Refusal(409, "K00", "Tindakan seleksi ini tidak dapat dilakukan."),
    engine.NeedsSecondPerson: Refusal(
        403, "K01", "Tindakan ini memerlukan orang kedua: akun lain dari yang mengusulkan."
    ),
    engine.AlreadyDecided: Refusal(409, "K02", "Hal ini sudah diusulkan atau sudah diputuskan."),
    engine.NotDue: Refusal(409, "K03", "Tahap seleksi belum sampai pada tindakan ini."),
    engine.NotLawful: Refusal(422, "K04", "Ketentuan tahun ini tidak mengizinkannya."),
    engine.FileRefused: Refusal(422, "K05", "Ada baris berkas yang melanggar aturan."),
    engine.NormGroupTooSmall: Refusal(
        409, "S11", "Kelompok norma terlalu kecil untuk membandingkan siapa pun."
    ),
    engine.NoFiniteEstimate: Refusal(
        422, "S09", "Semua jawaban searah: kemampuan tidak dapat ditaksir dengan cara ini."
    ),
    engine.RunCancelled: Refusal(409, "S12", "Perhitungan dibatalkan sebelum selesai."),
    engine.DidNotConverge: Refusal(500, "S10", "Perhitungan berhenti sebelum cukup teliti."),
}

_HTTP = {
    400: ("H400", "Permintaan tidak dapat dipahami."),
    403: ("H403", "Akun Anda tidak berwenang membuka halaman ini."),
    404: ("H404", "Halaman tidak ditemukan."),
    405: ("H405", "Cara mengakses halaman ini tidak didukung."),
    413: ("H413", "Kiriman terlalu besar."),
    429: ("H429", "Terlalu banyak percobaan. Tunggu beberapa menit, lalu coba lagi."),
    500: ("H500", "Terjadi kesalahan pada server. Jawaban yang sudah tersimpan tetap aman."),
    503: ("H503", "Server sedang sibuk. Jawaban yang sudah tersimpan tetap aman. Coba lagi."),
}
# A database that is away, busy or restarting: asking again may well succeed.
RETRY_SECONDS = 2


def refusal_of(error: engine.CatError) -> Refusal:
    """The row of an error, or of its nearest ancestor that has one."""
    for kind in type(error).__mro__:
        if kind in REFUSALS:
            return REFUSALS[kind]
    return Refusal(500, "S00", "Terjadi kesalahan pada server.")


def wants_json() -> bool:
    """Whether a script asked, rather than a person."""
    return bool(request.accept_mimetypes.best == "application/json")


def reply(status: int, code: str, sentence: str) -> ResponseReturnValue:
    """The refusal as a page, as JSON to a script that asked for it, or as the API promises."""
    if request.path.startswith("/api/"):
        from web.api.guard import problem

        return problem(status, sentence)
    sentence = gettext(sentence)  # candidates may have chosen another language
    if wants_json():
        return jsonify(kode=code, pesan=sentence), status
    page = "candidate/problem.html" if request.path.startswith("/ujian/") else "problem.html"
    return render_template(page, code=code, sentence=sentence), status


def register(app: Flask) -> None:
    """Answer every refusal in Indonesian."""

    @app.errorhandler(engine.CatError)
    def refuse(error: engine.CatError) -> ResponseReturnValue:
        row = refusal_of(error)
        # What the error says may name people and items: the log keeps its kind.
        level = logging.ERROR if row.status >= 500 else logging.INFO
        app.logger.log(level, "%s %s %s", row.code, route_of_request(), type(error).__name__)
        return reply(row.status, row.code, row.sentence)

    @app.errorhandler(CSRFError)
    def stale(error: CSRFError) -> ResponseReturnValue:
        sentence = "Halaman ini sudah kedaluwarsa. Muat ulang halaman, lalu ulangi."
        return reply(400, "H419", sentence)

    @app.errorhandler(OperationalError)
    @app.errorhandler(InterfaceError)
    @app.errorhandler(PoolTimeout)
    def busy(error: Exception) -> ResponseReturnValue:
        db.session.rollback()
        app.logger.error("H503 %s %s", route_of_request(), type(error).__name__)
        answer = make_response(reply(503, *_HTTP[503]))
        answer.headers["Retry-After"] = str(RETRY_SECONDS)
        return answer

    @app.errorhandler(HTTPException)
    def http(error: HTTPException) -> ResponseReturnValue:
        if error.response is not None or (error.code or 500) < 400:
            return error
        status = error.code or 500
        return reply(status, *_HTTP.get(status, (f"H{status}", "Permintaan ditolak.")))
