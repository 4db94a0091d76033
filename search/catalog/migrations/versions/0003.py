"""Cuts, words said with their full-text index, saved searches, and when a video was taken"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

FTS5 = (
    "CREATE VIRTUAL TABLE cue_words USING fts5("
    "words, content='cue', content_rowid='id', tokenize='unicode61 remove_diacritics 2')",
    "CREATE TRIGGER cue_added AFTER INSERT ON cue BEGIN "
    "INSERT INTO cue_words(rowid, words) VALUES (new.id, new.words); END",
    "CREATE TRIGGER cue_removed AFTER DELETE ON cue BEGIN "
    "INSERT INTO cue_words(cue_words, rowid, words) VALUES ('delete', old.id, old.words); END",
)
TEXT_SEARCH = (
    "CREATE TABLE cue_words (cue_id INTEGER PRIMARY KEY REFERENCES cue ON DELETE CASCADE, words TSVECTOR NOT NULL)",
    "CREATE INDEX ix_cue_words ON cue_words USING gin (words)",
)
FULL_TEXT = {"sqlite": FTS5, "postgresql": TEXT_SEARCH}


def upgrade() -> None:
    with op.batch_alter_table("video") as batch_op:
        batch_op.add_column(
            sa.Column(
                "taken_at",
                sa.Double(),
                nullable=True,
                comment="seconds since the epoch, as the container says; null where it says nothing",
            )
        )
    op.create_table(
        "cut",
        sa.Column("video_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.Double(), nullable=False, comment="seconds from the first shown frame"),
        sa.ForeignKeyConstraint(["video_id"], ["video.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("video_id", "at"),
    )
    op.create_table(
        "cue",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("video_id", sa.Integer(), nullable=False),
        sa.Column("start", sa.Double(), nullable=False, comment="seconds from the first shown frame"),
        sa.Column("end", sa.Double(), nullable=False, comment="seconds, exclusive"),
        sa.Column("words", sa.String(), nullable=False, comment="plain text, no markup"),
        sa.Column("source", sa.String(), nullable=False, comment="the file beside the video, or `track N`"),
        sa.ForeignKeyConstraint(["video_id"], ["video.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_cue_span", "cue", ["video_id", "start", "end"])
    op.create_table(
        "saved_search",
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("question", sa.String(), nullable=False, comment="in the query language"),
        sa.Column("added_at", sa.Double(), nullable=False, comment="seconds since the epoch"),
        sa.Column("ran_at", sa.Double(), nullable=True, comment="seconds since the epoch; null before it first ran"),
        sa.Column("newest_clip", sa.Integer(), nullable=False, comment="the highest clip id when it last ran"),
        sa.PrimaryKeyConstraint("name"),
    )
    for statement in FULL_TEXT[op.get_context().dialect.name]:
        op.execute(statement)


def downgrade() -> None:
    if op.get_context().dialect.name == "sqlite":
        for trigger in ("cue_added", "cue_removed"):
            op.execute(f"DROP TRIGGER {trigger}")
    op.drop_table("cue_words")
    for table in ("saved_search", "cue", "cut"):
        op.drop_table(table)
    with op.batch_alter_table("video") as batch_op:
        batch_op.drop_column("taken_at")
