"""The central service's tables. What belongs to a feed is keyed by the feed first: feeds can be parted.

Times are microseconds UTC. A column `…_hash` holds the SHA-256 of a secret, never the secret.
"""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    LargeBinary,
    MetaData,
    PrimaryKeyConstraint,
    Table,
    Text,
    UniqueConstraint,
)

metadata = MetaData()

meta = Table(
    "meta",
    metadata,
    Column("name", Text, primary_key=True),
    Column("value", Text, nullable=False),
)

feed = Table(
    "feed",
    metadata,
    Column("feed", Text, primary_key=True),
    Column("head", BigInteger, nullable=False),
)

entry = Table(
    "entry",
    metadata,
    Column("feed", Text, ForeignKey("feed.feed"), nullable=False),
    Column("place", BigInteger, nullable=False),
    Column("stream", Text, nullable=False),
    Column("desk", Text, nullable=False),
    Column("number", BigInteger, nullable=False),
    Column("body", LargeBinary, nullable=False),
    Column("standing", Text, nullable=False),
    Column("reason", Text, nullable=False),
    PrimaryKeyConstraint("feed", "place"),
    UniqueConstraint("feed", "desk", "number"),
    ForeignKeyConstraint(["feed", "desk"], ["watermark.feed", "watermark.desk"]),
    Index("entry_of_stream", "feed", "stream", "place"),
)

watermark = Table(
    "watermark",
    metadata,
    Column("feed", Text, ForeignKey("feed.feed"), nullable=False),
    Column("desk", Text, nullable=False),
    Column("number", BigInteger, nullable=False),
    Column("chain", LargeBinary, nullable=False),
    Column("signature", Text, nullable=False),
    PrimaryKeyConstraint("feed", "desk"),
)

stream_state = Table(
    "stream_state",
    metadata,
    Column("feed", Text, ForeignKey("feed.feed"), nullable=False),
    Column("stream", Text, nullable=False),
    Column("fold_version", BigInteger, nullable=False),
    Column("place", BigInteger, nullable=False),
    Column("frozen", LargeBinary, nullable=False),
    Column("done_at", BigInteger, nullable=False, default=0),
    PrimaryKeyConstraint("feed", "stream"),
    Index("stream_state_place", "feed", "place"),
)
"""`place`: of the last entry that is folded in; `done_at`: when that came, by the service's
clock (µs UTC), where it is a case that is done with; else 0."""

code = Table(
    "code",
    metadata,
    Column("feed", Text, ForeignKey("feed.feed"), nullable=False),
    Column("code", Text, nullable=False),
    Column("stream", Text, nullable=False),
    PrimaryKeyConstraint("feed", "code", "stream"),
)
"""What a scan may read that names a case; a code that a case no longer has still finds it."""

record = Table(
    "record",
    metadata,
    Column("feed", Text, ForeignKey("feed.feed"), nullable=False),
    Column("id", Text, nullable=False),
    Column("stream", Text, nullable=False),
    Column("key", LargeBinary, nullable=False),
    Column("box", LargeBinary, nullable=False),
    PrimaryKeyConstraint("feed", "id"),
    Index("record_of_stream", "feed", "stream"),
)

erased = Table(
    "erased",
    metadata,
    Column("feed", Text, ForeignKey("feed.feed"), nullable=False),
    Column("id", Text, nullable=False),
    PrimaryKeyConstraint("feed", "id"),
)

file = Table(
    "file",
    metadata,
    Column("feed", Text, ForeignKey("feed.feed"), nullable=False),
    Column("address", Text, nullable=False),
    Column("record", Text, nullable=False),
    Column("size", BigInteger, nullable=False, default=0),
    Column("gone", Boolean, nullable=False, default=False),
    PrimaryKeyConstraint("feed", "address"),
    Index("file_of_record", "feed", "record"),
)
"""Photographs' encrypted files; `size` is 0 until one is here whole, `gone`: its record was erased."""

run = Table(
    "run",
    metadata,
    Column("feed", Text, ForeignKey("feed.feed"), nullable=False),
    Column("number", BigInteger, nullable=False),
    Column("id", Text, nullable=False),
    Column("head", BigInteger, nullable=False),
    PrimaryKeyConstraint("feed", "number"),
)
"""The times the service was started, in order, and where each feed ended then."""

desk = Table(
    "desk",
    metadata,
    Column("id", Text, primary_key=True),
    Column("token_hash", LargeBinary, nullable=False, unique=True),
    Column("name", Text, nullable=False),
    Column("key", Text, nullable=False),
    Column("block", Text, nullable=False, unique=True),
    Column("store", Text, ForeignKey("feed.feed"), nullable=False),
    Column("joined_at", BigInteger, nullable=False),
    Column("confirmed", Boolean, nullable=False),
    Column("signs", Boolean, nullable=False),
    Column("shut_out", Boolean, nullable=False),
    Column("heard_at", BigInteger, nullable=False, default=0),
)

invitation = Table(
    "invitation",
    metadata,
    Column("secret_hash", LargeBinary, primary_key=True),
    Column("store", Text, ForeignKey("feed.feed"), nullable=False),
    Column("founding", Boolean, nullable=False),
    Column("expires_at", BigInteger),
    Column("used_by", Text, ForeignKey("desk.id")),
)
