"""The first schema: roots, videos, clips, thumbnails, segments"""

import sqlalchemy as sa
from alembic import op

from search.catalog.models import PathText

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "meta",
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("value", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("key"),
    )
    op.create_table(
        "root",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("path", PathText(), nullable=False, comment="absolute"),
        sa.Column("missing", sa.Boolean(), nullable=False, comment="was not there at the last look"),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("path"),
    )
    op.create_table(
        "video",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("root_id", sa.Integer(), nullable=False),
        sa.Column("relpath", PathText(), nullable=False, comment="below the root, with /"),
        sa.Column("size", sa.BigInteger(), nullable=False, comment="bytes"),
        sa.Column("mtime_ns", sa.BigInteger(), nullable=False, comment="nanoseconds since the epoch"),
        sa.Column("fingerprint", sa.String(length=64), nullable=False, comment="of size, head, middle and tail"),
        sa.Column("state", sa.String(length=16), nullable=False, comment="indexed | partial | failed"),
        sa.Column("missing", sa.Boolean(), nullable=False, comment="its root was not there at the last look"),
        sa.Column("code", sa.String(length=64), nullable=False, comment="why partial or failed, for programs"),
        sa.Column("reason", sa.String(), nullable=False, comment="why partial or failed, for people"),
        sa.Column("recipe", sa.String(), nullable=False, comment="what decided the rows of this video"),
        sa.Column("duration", sa.Double(), nullable=False, comment="seconds really decoded"),
        sa.Column("width", sa.Integer(), nullable=False, comment="pixels as shown"),
        sa.Column("height", sa.Integer(), nullable=False, comment="pixels as shown"),
        sa.Column("fps", sa.Double(), nullable=False, comment="nominal frames a second, 0 where unknown"),
        sa.Column("codec", sa.String(length=32), nullable=False),
        sa.Column("container", sa.String(length=64), nullable=False),
        sa.Column("added_at", sa.Double(), nullable=False, comment="seconds since the epoch"),
        sa.ForeignKeyConstraint(["root_id"], ["root.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("root_id", "relpath"),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("video", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_video_fingerprint"), ["fingerprint"], unique=False)

    op.create_table(
        "clip",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("video_id", sa.Integer(), nullable=False),
        sa.Column("start", sa.Double(), nullable=False, comment="seconds from the first shown frame"),
        sa.Column("end", sa.Double(), nullable=False, comment="seconds, exclusive"),
        sa.Column("vector", sa.LargeBinary(), nullable=False, comment="little-endian float16 [dim]"),
        sa.ForeignKeyConstraint(["video_id"], ["video.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id"),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("clip", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_clip_video_id"), ["video_id"], unique=False)

    op.create_table(
        "segment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("video_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=64), nullable=False),
        sa.Column("label", sa.String(length=128), nullable=False),
        sa.Column("start", sa.Double(), nullable=False, comment="seconds from the first shown frame"),
        sa.Column("end", sa.Double(), nullable=False, comment="seconds, exclusive"),
        sa.Column("score", sa.Double(), nullable=False, comment="0..1"),
        sa.ForeignKeyConstraint(["video_id"], ["video.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id"),
    )
    with op.batch_alter_table("segment", schema=None) as batch_op:
        batch_op.create_index("ix_segment_tag", ["kind", "label", "video_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_segment_video_id"), ["video_id"], unique=False)

    op.create_table(
        "thumbnail",
        sa.Column("clip_id", sa.Integer(), nullable=False),
        sa.Column("jpeg", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["clip_id"], ["clip.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("clip_id"),
    )


def downgrade() -> None:
    op.drop_table("thumbnail")
    with op.batch_alter_table("segment", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_segment_video_id"))
        batch_op.drop_index("ix_segment_tag")

    op.drop_table("segment")
    with op.batch_alter_table("clip", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_clip_video_id"))

    op.drop_table("clip")
    with op.batch_alter_table("video", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_video_fingerprint"))

    op.drop_table("video")
    op.drop_table("root")
    op.drop_table("meta")
