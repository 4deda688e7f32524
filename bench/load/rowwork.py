"""What the database can do by itself: pgbench with the four statements of an answer."""

from __future__ import annotations

import re
import subprocess
import tempfile
from pathlib import Path

import psycopg

from bench.scratch_postgres import PROGRAMS, Database

SECONDS, ROWS = 6, 2_000
SCRIPT = f"""\
\\set s random(1, :rows)
BEGIN;
SELECT event_count AS c, answered AS a FROM sitting
    WHERE id = 'kerja-' || :s::text FOR UPDATE \\gset
INSERT INTO sitting_event (sitting_id, seq, kind, at, item, option, data, seal) VALUES
    ('kerja-' || :s::text, :c::int + 1, 'answered', 1795000000000000, 'TIU-0001@1', 'A', '{{}}',
    '{"a" * 64}');
UPDATE sitting SET event_count = :c::int + 1, answered = :a::int + 1, last_at = 1795000000000000,
    seal = '{"b" * 64}' WHERE id = 'kerja-' || :s::text;
COMMIT;
"""
# Rows of their own in the very tables, so that indexes, keys and triggers are the same. Nobody is
# at work on them, so that the platform leaves them alone.
PREPARE = f"""
WITH slot AS (
    INSERT INTO sesi (nama, titik_lokasi_id, ruang, starts_at, is_closed)
    SELECT 'kerja baris', titik_lokasi_id, '-', 0, true FROM sitting JOIN sesi ON sesi.id = sesi_id
    ORDER BY starts_at DESC LIMIT 1 RETURNING id
), chosen AS (
    SELECT sitting.*, row_number() OVER (ORDER BY sitting.id) AS n FROM sitting
    WHERE sesi_id = (SELECT max(sesi_id) FROM sitting) LIMIT {ROWS}
)
INSERT INTO sitting (id, sesi_id, peserta_id, seat, pin_hash, pool_digest, rules_digest, mode, seed,
    seconds, phase, event_count, answered, last_at, seal)
SELECT 'kerja-' || n, slot.id, peserta_id, seat, '', pool_digest, rules_digest, mode, seed, seconds,
    'waiting', 0, 0, 0, seal FROM chosen, slot
"""
_RATE = re.compile(r"tps = ([\d.]+) \(without initial")


class RowWork:
    """The row work of an answer on a database, by so many clients at once."""

    def __init__(self, database: Database, clients: int) -> None:
        self._clients = clients
        self._address = database.url.replace("postgresql+psycopg", "postgresql")
        with psycopg.connect(self._address, autocommit=True) as connection:
            self._rows = connection.execute(PREPARE).rowcount
            connection.execute("VACUUM ANALYZE")

    def run(self) -> float:
        """Transactions a second."""
        program = sorted(PROGRAMS.glob("*/bin/pgbench"))[-1]
        with tempfile.NamedTemporaryFile("w", suffix=".sql") as script:
            script.write(SCRIPT)
            script.flush()
            command = [str(program), "-n", "-M", "prepared", "-c", str(self._clients), "-j", "2"]
            command += ["-D", f"rows={self._rows}"]
            command += ["-T", str(SECONDS), "-f", str(Path(script.name)), self._address]
            done = subprocess.run(command, capture_output=True, text=True)
        found = _RATE.search(done.stdout)
        if found is None:
            raise SystemExit(f"pgbench failed:\n{done.stdout[-500:]}{done.stderr[-1500:]}")
        return float(found.group(1))
