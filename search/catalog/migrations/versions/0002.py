"""Tracks, the raw scores that segments are made of; clips and segments found by when they are"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "track",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("video_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=64), nullable=False),
        sa.Column("labels", sa.String(), nullable=False, comment="JSON list, one per column of the scores"),
        sa.Column("fingerprint", sa.String(length=64), nullable=False, comment="of the classifier"),
        sa.Column(
            "step", sa.Double(), nullable=False, comment="seconds from the beginning of one row to that of the next"
        ),
        sa.Column("span", sa.Double(), nullable=False, comment="seconds that a row is about"),
        sa.Column("rows", sa.Integer(), nullable=False),
        sa.Column(
            "scores", sa.LargeBinary(), nullable=False, comment="little-endian float16 [rows, labels], NaN: no say"
        ),
        sa.ForeignKeyConstraint(["video_id"], ["video.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("video_id", "kind"),
    )
    for table in ("clip", "segment"):
        with op.batch_alter_table(table) as batch_op:
            batch_op.drop_index(f"ix_{table}_video_id")
            batch_op.create_index(f"ix_{table}_span", ["video_id", "start", "end"])


def downgrade() -> None:
    for table in ("clip", "segment"):
        with op.batch_alter_table(table) as batch_op:
            batch_op.drop_index(f"ix_{table}_span")
            batch_op.create_index(f"ix_{table}_video_id", ["video_id"])
    op.drop_table("track")
