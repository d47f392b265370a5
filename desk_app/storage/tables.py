"""The desk's tables. Journal and sealed records are migrated; look-up tables are rebuilt from them."""

from __future__ import annotations

from sqlalchemy import Column, Index, Integer, LargeBinary, MetaData, Table, Text, text

journal = MetaData()
lookups = MetaData()

meta = Table("meta", journal, Column("key", Text, primary_key=True), Column("value", Text, nullable=False))

entry = Table(
    "entry",
    journal,
    Column("feed", Text, primary_key=True),
    Column("desk", Text, primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("stream", Text, nullable=False),
    Column("body", LargeBinary, nullable=False),
    Column("place", Integer),
    Column("standing", Text, nullable=False, default=""),
    Column("reason", Text, nullable=False, default=""),
    Column("acknowledged", Integer, nullable=False, default=0),
    Index("entry_stream", "stream", "place"),
    Index("entry_waiting", "feed", "acknowledged", "number"),
    Index("entry_place", "feed", "place"),
    Index("entry_refused", "standing", sqlite_where=text("standing = 'refused'")),
)
"""`place`: none while it waits; 0 where it counts in a state that came, or in one that is no longer here."""

record = Table(
    "record",
    journal,
    Column("id", Text, primary_key=True),
    Column("stream", Text, nullable=False, index=True),
    Column("key", LargeBinary, nullable=False),
    Column("box", LargeBinary, nullable=False),
    Column("commitment", Text, nullable=False),
)

erased = Table("erased", journal, Column("id", Text, primary_key=True))

cursor = Table(
    "cursor",
    journal,
    Column("feed", Text, primary_key=True),
    Column("place", Integer, nullable=False),
    Column("last_number", Integer, nullable=False),
    Column("chain_number", Integer, nullable=False, default=0),
    Column("chain", LargeBinary, nullable=False, default=bytes(32)),
    Column("run", Text, nullable=False, default=""),
    Column("loaded_to", Integer, nullable=False, default=0),
    Column("load_from", Integer, nullable=False, default=0),
)
"""`loaded_to`: up to which place streams come as states; `load_from`: where the next of them begin, or 0."""

base = Table(
    "base",
    journal,
    Column("stream", Text, primary_key=True),
    Column("feed", Text, nullable=False),
    Column("place", Integer, nullable=False),
    Column("fold_version", Integer, nullable=False),
    Column("frozen", LargeBinary, nullable=False),
    Column("came_at", Integer, nullable=False, default=0),
    Index("base_version", "fold_version", "place", "feed"),
)
"""The state a stream came with instead of its entries up to a place, and when, in desk time (µs UTC).

`place` 0: of an order that is another one now; it only shows until another state, or the entries, have come.
"""

wanted = Table(
    "wanted",
    journal,
    Column("stream", Text, primary_key=True),
    Column("feed", Text, nullable=False),
)
"""Streams of which later entries are here, but neither those before them nor a base."""

mark = Table(
    "mark",
    journal,
    Column("feed", Text, primary_key=True),
    Column("place", Integer, primary_key=True),
    Column("at", Integer, nullable=False),
)
"""When a feed was here up to a place, by the service's clock (µs UTC), as those of desks may be wrong."""

incident = Table(
    "incident",
    journal,
    Column("code", Text, primary_key=True),
    Column("feed", Text, primary_key=True),
    Column("stream", Text, primary_key=True),
    Column("place", Integer, primary_key=True),
)

paper = Table(
    "paper",
    journal,
    Column("path", Text, primary_key=True),
    Column("stream", Text, nullable=False, index=True),
    Column("forgotten", Integer, nullable=False, default=0),
)

file = Table(
    "file",
    journal,
    Column("address", Text, primary_key=True),
    Column("record", Text, nullable=False, index=True),
    Column("feed", Text, nullable=False, default=""),
    Column("stream", Text, nullable=False, default="", index=True),
    Column("here", Integer, nullable=False, default=0),
    Column("at_central", Integer, nullable=False, default=0),
    Index("file_missing", "here", "record"),
    Index("file_unsent", "at_central", "record"),
)
"""Encrypted files by address; `here`: on this desk; `at_central`: the central service said that it has it."""

state = Table(
    "state",
    lookups,
    Column("stream", Text, primary_key=True),
    Column("feed", Text, nullable=False),
    Column("place", Integer, nullable=False),
    Column("confirmed", LargeBinary, nullable=False),
    Column("visible", LargeBinary),
    Index("state_waiting", "feed", sqlite_where=text("place = 0")),
)
"""`place`: of the last entry that `confirmed` counts, 0 for none; no `visible`: it is `confirmed`."""

case_row = Table(
    "case_row",
    lookups,
    Column("id", Integer, primary_key=True),  # `lookups.row_id`: in the order of the list
    Column("stream", Text, nullable=False, unique=True),
    Column("number", Text, nullable=False, index=True),
    Column("status", Text, nullable=False),
    Column("case_kind", Text, nullable=False),
    Column("customer", Text, nullable=False, index=True),
    Column("customer_name", Text, nullable=False),
    Column("phone", Text, nullable=False),
    Column("product", Text, nullable=False),
    Column("order_number", Text, nullable=False),
    Column("opened_at", Integer, nullable=False, index=True),
    Column("done_at", Integer, nullable=False),
    Index("case_done", "done_at", sqlite_where=text("done_at > 0")),
)
"""`done_at`: of `desk_app.domain.codes`."""

parcel_row = Table(
    "parcel_row",
    lookups,
    Column("stream", Text, primary_key=True),
    Column("waybill", Text, nullable=False),
    Column("carrier", Text, nullable=False),
    Column("reception", Text, nullable=False),
    Column("arrived_at", Integer, nullable=False, index=True),
    Column("arrived_by", Text, nullable=False),
    Column("shelf", Text, nullable=False, index=True),
    Column("case", Text, nullable=False),
)

code_row = Table(
    "code_row",
    lookups,
    Column("code", Text, primary_key=True),
    Column("stream", Text, primary_key=True, index=True),
    Column("item", Integer, primary_key=True),
)

person_row = Table(
    "person_row",
    lookups,
    Column("stream", Text, primary_key=True),
    Column("name", Text, nullable=False),
    Column("roles", Text, nullable=False),
    Column("left", Integer, nullable=False),
)

attention_row = Table(
    "attention_row",
    lookups,
    Column("stream", Text, primary_key=True),
    Column("contests", Integer, nullable=False),
    Column("incidents", Integer, nullable=False),
    Column("newer", Integer, nullable=False),
)

CREATE_SEARCH = (
    "CREATE VIRTUAL TABLE search USING fts5(words, tokenize='unicode61', prefix='1 2 3 4 5 6')",
    "INSERT INTO search(search, rank) VALUES('secure-delete', 1)",
)
"""Its rowid is a case's id. The prefixes are indexed, as each key typed is a search for a beginning.

Of a million cases' numbers many begin alike for five or six characters; for a beginning that is not indexed
SQLite puts all it finds in order before it gives the first: 25 ms for 200,000, and 0.2 ms with its index.
"""
