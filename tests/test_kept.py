"""What was read is kept until the catalog changes."""

from __future__ import annotations

from search.asking.kept import Kept


def test_each_id_is_read_once_until_the_version_changes() -> None:
    reads: list[list[int]] = []

    def read(ids: list[int]) -> dict[int, str]:
        reads.append(ids)
        return {each: str(each) for each in ids if each != 13}

    kept = Kept(read)
    assert kept.get(1, [1, 2]) == {1: "1", 2: "2"}
    assert kept.get(1, [2, 3, 13]) == {2: "2", 3: "3"}
    assert kept.get(2, [2]) == {2: "2"}
    assert reads == [[1, 2], [3, 13], [2]]
