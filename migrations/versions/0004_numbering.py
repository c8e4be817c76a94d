"""Words of numbers belong to one organisation, may differ by kind, and are counted apart or in common.

Revision: 0004, after 0003
"""

import re
from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

OLD_PARTS = "UNIQUE (issuer_id, number_year, number_sequence)"
NEW_PARTS = "UNIQUE (number_prefix, number_year, number_sequence)"
OLD = f"CONSTRAINT uq_agreement_number_parts {OLD_PARTS}"
NEW = ", ".join(
    (
        f"CONSTRAINT uq_agreement_number_parts {NEW_PARTS}",
        "CONSTRAINT uq_agreement_number_series UNIQUE (issuer_id, number_series, number_year, number_sequence)",
        "CONSTRAINT fk_agreement_number_prefix_number_prefix FOREIGN KEY(number_prefix)"
        " REFERENCES number_prefix (prefix)",
    )
)
AGREEMENT = sa.table(
    "agreement",
    *(
        sa.column(name)
        for name in (
            "id", "owner_id", "issuer_id", "number", "number_prefix", "number_series", "number_year",
            "number_sequence", "is_historic",
        )
    ),
)  # fmt: skip
PREFIX = sa.table("number_prefix", sa.column("prefix"), sa.column("organisation_id"))
SCHEME = ("organisation_id", "prefix")
COUNTER = ("issuer_id", "year", "last")


def upgrade() -> None:
    """Go forward: each word goes to the organisation that numbered with it first; numbers stay as they are."""
    schemes, counters = _take("number_scheme", *SCHEME), _take("number_counter", *COUNTER)
    _make_tables()
    op.add_column("agreement", sa.Column("number_prefix", sa.String(length=20), nullable=True))
    op.add_column("agreement", sa.Column("number_series", sa.String(length=20), nullable=True))
    words = _give_words(schemes)
    _exchange_constraints(OLD, NEW)
    op.create_index("ix_agreement_number_register", "agreement", ["issuer_id", "number_year", "number_sequence"])
    _put_back(schemes, counters, words)


def downgrade() -> None:
    """Go back: one word an organisation, one count; a number that was counted apart keeps only its text."""
    op.drop_index("ix_agreement_number_register", "agreement")
    _forget_doubles()
    _exchange_constraints(NEW, OLD)
    op.drop_column("agreement", "number_series")
    op.drop_column("agreement", "number_prefix")
    schemes, counters = _take("number_scheme", *SCHEME), _take("number_counter", *COUNTER)
    for name in ("number_skip", "number_kind_prefix", "number_prefix"):
        op.drop_table(name)
    _make_old_tables()
    _insert("number_scheme", schemes)
    highest: dict[tuple[int, int], int] = {}
    for row in counters:
        key = (row["issuer_id"], row["year"])
        highest[key] = max(row["last"], highest.get(key, 0))
    _insert("number_counter", [{"issuer_id": key[0], "year": key[1], "last": last} for key, last in highest.items()])


def _take(name: str, *columns: str) -> list[dict[str, Any]]:
    """The rows of a small table that is made anew; its primary key changes."""
    table = sa.table(name, *(sa.column(column) for column in columns))
    rows = [dict(row) for row in op.get_bind().execute(sa.select(table)).mappings()]
    op.drop_table(name)
    return rows


def _insert(name: str, rows: list[dict[str, Any]]) -> None:
    if rows:
        op.bulk_insert(sa.table(name, *(sa.column(column) for column in rows[0])), rows)


def _organisation(column: str, table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], ["organisation.id"], name=op.f(f"fk_{table}_{column}_organisation"))


def _word(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(["prefix"], ["number_prefix.prefix"], name=op.f(f"fk_{table}_prefix_number_prefix"))


def _make_tables() -> None:
    op.create_table(
        "number_prefix",
        sa.Column("prefix", sa.String(length=20), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        _organisation("organisation_id", "number_prefix"),
        sa.PrimaryKeyConstraint("prefix", name=op.f("pk_number_prefix")),
    )
    op.create_index("ix_number_prefix_organisation_id", "number_prefix", ["organisation_id"])
    op.create_table(
        "number_scheme",
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("prefix", sa.String(length=20), nullable=False),
        sa.Column("in_common", sa.Boolean(), nullable=False),
        sa.Column("row_version", sa.Integer(), nullable=False),
        _organisation("organisation_id", "number_scheme"),
        _word("number_scheme"),
        sa.PrimaryKeyConstraint("organisation_id", name=op.f("pk_number_scheme")),
    )
    op.create_table(
        "number_kind_prefix",
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("kind", _kind(), nullable=False),
        sa.Column("prefix", sa.String(length=20), nullable=False),
        _organisation("organisation_id", "number_kind_prefix"),
        _word("number_kind_prefix"),
        sa.PrimaryKeyConstraint("organisation_id", "kind", name=op.f("pk_number_kind_prefix")),
    )
    _make_counting_tables()


def _kind() -> sa.Enum:
    return sa.Enum(
        "framework", "school_locality", "strategic", "workstation", "docking_memorandum", "letter_of_intent",
        "supplement", "renewal", name="agreementkind", native_enum=False, create_constraint=True, length=40,
    )  # fmt: skip


def _make_counting_tables() -> None:
    op.create_table(
        "number_counter",
        sa.Column("issuer_id", sa.Integer(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("series", sa.String(length=20), nullable=False),
        sa.Column("last", sa.Integer(), nullable=False),
        _organisation("issuer_id", "number_counter"),
        sa.PrimaryKeyConstraint("issuer_id", "year", "series", name=op.f("pk_number_counter")),
    )
    reasons = sa.Enum(
        "started_higher", "taken_over", name="skipreason", native_enum=False, create_constraint=True, length=40
    )
    op.create_table(
        "number_skip",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("issuer_id", sa.Integer(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("series", sa.String(length=20), nullable=False),
        sa.Column("first", sa.Integer(), nullable=False),
        sa.Column("last", sa.Integer(), nullable=False),
        sa.Column("reason", reasons, nullable=False),
        sa.CheckConstraint("first >= 1 AND last >= first", name=op.f("ck_number_skip_range")),
        _organisation("issuer_id", "number_skip"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_number_skip")),
    )
    op.create_index("ix_number_skip_issuer_year", "number_skip", ["issuer_id", "year"])


def _make_old_tables() -> None:
    op.create_table(
        "number_scheme",
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("prefix", sa.String(length=20), nullable=False),
        _organisation("organisation_id", "number_scheme"),
        sa.PrimaryKeyConstraint("organisation_id", name=op.f("pk_number_scheme")),
    )
    op.create_table(
        "number_counter",
        sa.Column("issuer_id", sa.Integer(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("last", sa.Integer(), nullable=False),
        _organisation("issuer_id", "number_counter"),
        sa.PrimaryKeyConstraint("issuer_id", "year", name=op.f("pk_number_counter")),
    )


def _numbered() -> Iterator[tuple[sa.Row[Any], str]]:
    """Agreements whose number the owner's count knows, oldest first, with the word of the number."""
    of_issuer = sa.select(AGREEMENT).where(AGREEMENT.c.issuer_id.is_not(None), AGREEMENT.c.number.is_not(None))
    for row in op.get_bind().execute(of_issuer.order_by(AGREEMENT.c.id)).all():
        yield row, row.number.partition("〔")[0][:20]


def _give_words(schemes: list[dict[str, Any]]) -> dict[int, str]:
    """Who has which word; the words in use by organisation. Numbers of one that comes too late keep their text."""
    holders: dict[str, int] = {}
    words: dict[int, str] = {}
    for scheme in schemes:
        holders.setdefault(scheme["prefix"], scheme["organisation_id"])
    rows = list(_numbered())
    for row, word in rows:
        holders.setdefault(word, row.issuer_id)
        if holders[word] == row.issuer_id:
            words[row.issuer_id] = word
    for scheme in schemes:
        if holders[scheme["prefix"]] == scheme["organisation_id"]:
            words[scheme["organisation_id"]] = scheme["prefix"]
    _insert("number_prefix", [{"prefix": word, "organisation_id": holder} for word, holder in holders.items()])
    for row, word in rows:
        if holders[word] == row.issuer_id:
            series = None if row.is_historic else word
            change = AGREEMENT.update().where(AGREEMENT.c.id == row.id)
            op.execute(change.values(number_prefix=word, number_series=series))
    return words


def _put_back(schemes: list[dict[str, Any]], counters: list[dict[str, Any]], words: dict[int, str]) -> None:
    """Schemes and counters in their new form; gaps that exist can only come from numbers taken over from papers."""
    new = {"in_common": False, "row_version": 1}
    known = dict.fromkeys([*(one["organisation_id"] for one in schemes), *words])
    _insert("number_scheme", [{"organisation_id": one, "prefix": words[one], **new} for one in known if one in words])
    rows = [{**row, "series": words.get(row["issuer_id"], "")} for row in counters]
    _insert("number_counter", rows)
    skips = [{**row, "first": 1, "reason": "taken_over"} for row in rows if row["last"] > 0]
    _insert("number_skip", skips)


def _forget_doubles() -> None:
    """Parts that the old constraint would take for the same number: the first one keeps them."""
    seen: set[tuple[int, int, int]] = set()
    for row, _word_of_it in list(_numbered()):
        parts = (row.issuer_id, row.number_year, row.number_sequence)
        if parts in seen:
            nothing = dict.fromkeys(("issuer_id", "number_year", "number_sequence"))
            op.execute(AGREEMENT.update().where(AGREEMENT.c.id == row.id).values(nothing))
        seen.add(parts)


def _exchange_constraints(old: str, new: str) -> None:
    if op.get_context().dialect.name == "postgresql":
        for name in re.findall(r"CONSTRAINT (\w+)", old):
            op.execute(f"ALTER TABLE agreement DROP CONSTRAINT {name}")
        for constraint in re.split(r", (?=CONSTRAINT)", new):
            op.execute(f"ALTER TABLE agreement ADD {constraint}")
    else:
        _build_anew(old, new)


def _build_anew(old: str, new: str) -> None:
    """SQLite cannot change a constraint: the table is made again from its own definition, with all of its rows.

    Taken from what is there, so that columns and checks of other migrations stay; foreign keys are off (see env.py).
    """
    connection = op.get_bind()
    definition = str(_master("type = 'table' AND name = 'agreement'")[0])
    indexes = _master("type = 'index' AND tbl_name = 'agreement' AND sql IS NOT NULL")
    body = definition.split("(", 1)[1]
    if old not in body:
        raise RuntimeError("the table of agreements has another form than this migration knows")
    columns = ", ".join(f'"{row[1]}"' for row in connection.exec_driver_sql("PRAGMA table_info(agreement)").all())
    connection.exec_driver_sql(f"CREATE TABLE _new_agreement ({body.replace(old, new)}")
    connection.exec_driver_sql(f"INSERT INTO _new_agreement ({columns}) SELECT {columns} FROM agreement")  # noqa: S608 - names
    connection.exec_driver_sql("DROP TABLE agreement")
    connection.exec_driver_sql("ALTER TABLE _new_agreement RENAME TO agreement")
    for index in indexes:
        connection.exec_driver_sql(str(index))


def _master(condition: str) -> list[str]:
    statement = f"SELECT sql FROM sqlite_master WHERE {condition}"  # noqa: S608 - our own words
    return list(op.get_bind().exec_driver_sql(statement).scalars())
