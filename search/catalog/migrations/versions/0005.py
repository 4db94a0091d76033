"""Groups of similar frames, who is on them, and what a person's word sets aside"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

START, END = "seconds from the first shown frame", "seconds, exclusive"


def upgrade() -> None:
    op.add_column(
        "segment",
        sa.Column(
            "source",
            sa.String(length=8),
            nullable=False,
            server_default="model",
            comment="model | hand: what says so",
        ),
    )
    op.create_table(
        "overruled_segment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("video_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=64), nullable=False),
        sa.Column("label", sa.String(length=128), nullable=False),
        sa.Column("start", sa.Double(), nullable=False, comment=START),
        sa.Column("end", sa.Double(), nullable=False, comment=END),
        sa.Column("score", sa.Double(), nullable=False, comment="0..1"),
        sa.ForeignKeyConstraint(["video_id"], ["video.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_overruled_segment_video_id", "overruled_segment", ["video_id"])
    op.create_table(
        "appearance_group",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("names", sa.String(), nullable=False, comment="JSON list; empty before anybody was named"),
        sa.PrimaryKeyConstraint("id"),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "appearance",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("video_id", sa.Integer(), nullable=False),
        sa.Column("group_id", sa.Integer(), nullable=True, comment="null before it was put into one"),
        sa.Column("start", sa.Double(), nullable=False, comment=START),
        sa.Column("end", sa.Double(), nullable=False, comment=END),
        sa.Column("feature", sa.LargeBinary(), nullable=False, comment="little-endian float16 [dim], of length 1"),
        sa.Column(
            "fingerprint", sa.String(length=64), nullable=False, comment="of the network that made the feature"
        ),
        sa.ForeignKeyConstraint(["group_id"], ["appearance_group.id"]),
        sa.ForeignKeyConstraint(["video_id"], ["video.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_appearance_group_id", "appearance", ["group_id"])
    op.create_index("ix_appearance_span", "appearance", ["video_id", "start"])
    op.create_table(
        "naming_step",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("words", sa.String(), nullable=False, comment="what was done"),
        sa.Column("back", sa.String(), nullable=False, comment="JSON: the change that takes it back"),
        sa.PrimaryKeyConstraint("id"),
    )


def downgrade() -> None:
    for table in ("naming_step", "appearance", "appearance_group", "overruled_segment"):
        op.drop_table(table)
    with op.batch_alter_table("segment") as batch_op:
        batch_op.drop_column("source")
