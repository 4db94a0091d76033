"""Jobs"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "job",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column(
            "kind", sa.String(length=16), nullable=False, comment="index | rescan | retag | retry | forget | group"
        ),
        sa.Column("about", sa.String(), nullable=False, comment="JSON list: paths; of a retag, changes of rules"),
        sa.Column(
            "state", sa.String(length=16), nullable=False, comment="queued | running | done | failed | cancelled"
        ),
        sa.Column("cancel_asked", sa.Boolean(), nullable=False, comment="while it runs: it shall stop"),
        sa.Column("attempts", sa.Integer(), nullable=False, comment="how often a worker has taken it up"),
        sa.Column("share", sa.Double(), nullable=True, comment="0..1 of its work; null while that cannot be told"),
        sa.Column("words", sa.String(), nullable=False, comment="what it is at"),
        sa.Column("counts", sa.String(), nullable=False, comment="JSON: how many, by what became of them"),
        sa.Column("code", sa.String(length=64), nullable=False, comment="why it failed, for programs"),
        sa.Column("reason", sa.String(), nullable=False, comment="why it failed, for people"),
        sa.Column("cure", sa.String(), nullable=False, comment="what to do about it"),
        sa.Column("created_at", sa.Double(), nullable=False, comment="seconds since the epoch"),
        sa.Column("started_at", sa.Double(), nullable=True, comment="seconds since the epoch"),
        sa.Column("ended_at", sa.Double(), nullable=True, comment="seconds since the epoch"),
        sa.PrimaryKeyConstraint("id"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_job_state", "job", ["state"])


def downgrade() -> None:
    op.drop_table("job")
