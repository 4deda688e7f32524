"""The life of items: the version in use, steps, comments, openings, and the list with its search.

Steps, comments and openings are only ever added. Items that are already in the bank enter the list
at once; what is active now is in use. Full text is searched by FTS5 over `item_text` in SQLite,
kept by triggers, and by a GIN index over the same words in PostgreSQL.
"""

import re
import unicodedata

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

APPEND_ONLY = ("item_workflow", "item_transition", "item_comment", "item_opening")
GUESSED = ("belum dikalibrasi: taksiran ahli", "nilai awal: belum ditaksir")
LISTING_INDEXES = ("part", "domain", "status", "author", "parent")
LISTING_SORTS = ("changed_at", "difficulty", "open_comments")


def upgrade() -> None:
    op.add_column("item", sa.Column("active_version", sa.Integer()))
    op.execute("UPDATE item SET active_version = latest WHERE status = 'aktif'")
    _steps()
    _comments_and_openings()
    _listing()
    _append_only()
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            "ALTER TABLE item_text ADD COLUMN vector tsvector "
            "GENERATED ALWAYS AS (to_tsvector('simple', words)) STORED"
        )
        op.execute(
            "CREATE INDEX ix_item_text_search ON item_text USING gin (vector) "
            "WITH (fastupdate = off)"
        )
    else:
        _sqlite_search()
    _fill(op.get_bind())


def _item_key(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(["item_id"], ["item.id"], name=f"fk_{table}_item_id_item")


def _steps() -> None:
    op.create_table(
        "item_workflow",
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("first_used_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_item_workflow")),
    )
    op.create_table(
        "item_transition",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("item_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("by", sa.String(80), nullable=False),
        sa.Column("source", sa.String(20), nullable=False),
        sa.Column("target", sa.String(20), nullable=False),
        sa.Column("reason", sa.String(500), nullable=False),
        sa.Column("workflow", sa.String(64), nullable=False),
        _item_key("item_transition"),
        sa.ForeignKeyConstraint(
            ["workflow"],
            ["item_workflow.digest"],
            name=op.f("fk_item_transition_workflow_item_workflow"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_item_transition")),
    )
    op.create_index(op.f("ix_item_transition_item_id"), "item_transition", ["item_id"])


def _comments_and_openings() -> None:
    op.create_table(
        "item_comment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("item_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("thread_id", sa.Integer()),
        sa.Column("kind", sa.String(10), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("by", sa.String(80), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        _item_key("item_comment"),
        sa.ForeignKeyConstraint(
            ["thread_id"], ["item_comment.id"], name=op.f("fk_item_comment_thread_id_item_comment")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_item_comment")),
    )
    op.create_index(op.f("ix_item_comment_item_id"), "item_comment", ["item_id"])
    op.create_table(
        "item_opening",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("item_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("by", sa.String(80), nullable=False),
        sa.Column("page", sa.String(40), nullable=False),
        sa.Column("key_shown", sa.Boolean(), nullable=False),
        _item_key("item_opening"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_item_opening")),
    )
    op.create_index(op.f("ix_item_opening_item_id"), "item_opening", ["item_id"])
    op.create_index("ix_item_opening_by_at", "item_opening", ["by", "at", "item_id"])


def _listing() -> None:
    op.create_table(
        "item_listing",
        sa.Column("item_id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(40), nullable=False),
        sa.Column("part", sa.String(40), nullable=False),
        sa.Column("domain", sa.String(80), nullable=False),
        sa.Column("status", sa.String(20), nullable=False),
        sa.Column("active_version", sa.Integer()),
        sa.Column("author", sa.String(120), nullable=False),
        sa.Column("parent", sa.String(80), nullable=False),
        sa.Column("language_level", sa.String(20), nullable=False),
        sa.Column("calibrated", sa.Boolean(), nullable=False),
        sa.Column("difficulty", sa.Double(), nullable=False),
        sa.Column("open_comments", sa.Integer(), nullable=False),
        sa.Column("changed_at", sa.BigInteger(), nullable=False),
        _item_key("item_listing"),
        sa.PrimaryKeyConstraint("item_id", name=op.f("pk_item_listing")),
        sa.UniqueConstraint("code", name=op.f("uq_item_listing_code")),
    )
    for column in (*LISTING_INDEXES, *LISTING_SORTS):
        op.create_index(f"ix_item_listing_{column}", "item_listing", [column, "code"])
    op.create_table(
        "item_text",
        sa.Column("item_id", sa.Integer(), nullable=False),
        sa.Column("excerpt", sa.String(200), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        _item_key("item_text"),
        sa.PrimaryKeyConstraint("item_id", name=op.f("pk_item_text")),
    )


def _append_only() -> None:
    for table in APPEND_ONLY:
        if op.get_bind().dialect.name == "postgresql":
            op.execute(
                f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE ON {table} "
                "FOR EACH ROW EXECUTE FUNCTION refuse_change()"
            )
            continue
        for act in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER {table}_append_only_{act.lower()} BEFORE {act} ON {table} "
                f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
            )


def _sqlite_search() -> None:
    op.execute(
        "CREATE VIRTUAL TABLE item_search USING fts5("
        "words, content='item_text', content_rowid='item_id', tokenize='unicode61', prefix='2 3')"
    )
    add = "INSERT INTO item_search (rowid, words) VALUES (new.item_id, new.words);"
    drop = (
        "INSERT INTO item_search (item_search, rowid, words) "
        "VALUES ('delete', old.item_id, old.words);"
    )
    for act, body in (("INSERT", add), ("DELETE", drop), ("UPDATE", f"{drop} {add}")):
        op.execute(
            f"CREATE TRIGGER item_text_{act.lower()} AFTER {act} ON item_text BEGIN {body} END"
        )


def _fill(connection: sa.Connection) -> None:
    item = sa.table("item", *map(sa.column, ("id", "code", "status", "latest", "active_version")))
    version = sa.table(
        "item_version",
        *map(sa.column, ("id", "item_id", "version", "written_by", "written_at")),
        sa.column("content", sa.JSON),
    )
    calibration = sa.table(
        "calibration", *map(sa.column, ("id", "version_id", "status")), sa.column("b", sa.JSON)
    )
    first, each = version.alias(), calibration.alias()
    last = sa.select(sa.func.max(each.c.id)).where(each.c.version_id == version.c.id)
    rows = connection.execute(
        sa.select(
            *(item.c.id, item.c.code, item.c.status, item.c.active_version),
            *(version.c.content, version.c.written_at, first.c.written_by, calibration.c.b),
            calibration.c.status.label("said"),
        )
        .join(version, sa.and_(version.c.item_id == item.c.id, version.c.version == item.c.latest))
        .join(first, sa.and_(first.c.item_id == item.c.id, first.c.version == 1))
        .join(calibration, calibration.c.id == last.scalar_subquery())
    ).all()
    if rows:
        listing, text = _tables()
        connection.execute(listing.insert(), [_listed(row) for row in rows])
        connection.execute(text.insert(), [_said(row) for row in rows])


def _tables() -> tuple[sa.TableClause, sa.TableClause]:
    plain = ("item_id", "code", "part", "domain", "status", "active_version", "author", "parent")
    rest = ("language_level", "calibrated", "difficulty", "open_comments", "changed_at")
    return (
        sa.table("item_listing", *map(sa.column, (*plain, *rest))),
        sa.table("item_text", *map(sa.column, ("item_id", "excerpt", "words"))),
    )


def _listed(row: sa.Row) -> dict[str, object]:
    return {
        "item_id": row.id,
        "code": row.code,
        "part": row.content["domain"].split(".")[0],
        "domain": row.content["domain"],
        "status": row.status,
        "active_version": row.active_version,
        "author": row.written_by,
        "parent": row.content.get("induk", ""),
        "language_level": row.content.get("tingkat_bahasa", ""),
        "calibrated": row.said not in GUESSED,
        "difficulty": sum(row.b) / len(row.b),
        "open_comments": 0,
        "changed_at": row.written_at,
    }


def _said(row: sa.Row) -> dict[str, object]:
    stored = row.content
    excerpt = " ".join(stored["soal"].split())
    whole = (
        *(row.code, stored.get("stimulus", ""), stored.get("teks_stimulus", "")),
        *(stored["soal"], *stored["opsi"], stored["sumber"], stored.get("indikator", "")),
    )
    bare = unicodedata.normalize("NFKD", " ".join(whole).casefold())
    words = re.findall(r"[^\W_]+", "".join(c for c in bare if not unicodedata.combining(c)))
    return {"item_id": row.id, "excerpt": excerpt[:200], "words": " ".join(words)}
