"""Everything that the query language can ask is answered by the service."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from search.catalog.records import Cue, Segment
from search.errors import BadQuery, NotFound
from search.library import Library
from search.query import SearchRequest
from search.service import SearchService
from tests.fakes import FakeEncoder
from tests.library_fixtures import CLIP_SECONDS, add_different_films, add_film, make_library

MAY = datetime(2026, 5, 3, 12).timestamp()
BLUE = ["blue"] * 3


class Seeing(FakeEncoder):
    """Knows every word of the background sentences, which all look grey."""

    def unknown_words(self, text: str) -> list[str]:
        return ["zorg"] if "zorg" in text else []


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    with make_library(tmp_path) as library:
        tom = [Segment("character", "tom", 0.0, 1.0, 0.9)]
        add_film(library, "holiday/sunset.mp4", ["red", "orange", "black", *BLUE], segments=tom, taken_at=MAY)
        add_film(
            library, "holiday/sea.mp4", [*BLUE, "green", "red"], cues=[Cue(5.0, 6.0, "A red sunset!", "sea.srt")]
        )
        add_film(library, "Meadow.mkv", ["green"] * 4, cues=[Cue(0.2, 1.0, "Listen to the zorg sing", "track 2")])
        yield library


@pytest.fixture
def service(library: Library) -> SearchService:
    return SearchService(library)


def found(service: SearchService, line: str, **asked: Any) -> list[tuple[str, float]]:
    hits = service.search(SearchRequest(line, **asked)).hits
    return [(hit.clip.title, round(hit.clip.start / CLIP_SECONDS, 3)) for hit in hits]


def titles(service: SearchService, line: str) -> set[str]:
    return {title for title, _ in found(service, line)}


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("red in:holiday/", {"sunset.mp4", "sea.mp4"}),
        ("red in:HOLIDAY", {"sunset.mp4", "sea.mp4"}),
        ("red in:films", {"sunset.mp4", "sea.mp4", "Meadow.mkv"}),
        ("red name:sun", {"sunset.mp4"}),
        ("red name:*.mkv name:sea", {"Meadow.mkv", "sea.mp4"}),
        ("red on:2026-05", {"sunset.mp4"}),
        ("red since:2026-05-03", {"sunset.mp4"}),
        ("red until:2026-05-02", {"sea.mp4", "Meadow.mkv"}),
        ("red longer:8.5s", {"sunset.mp4"}),
        ("red shorter:7s", {"Meadow.mkv"}),
        ("character:tom", {"sunset.mp4"}),
        ("red -character:tom in:holiday", {"sunset.mp4", "sea.mp4"}),
        ("red after:8s", {"sunset.mp4"}),
    ],
)
def test_filters_of_the_text_leave_what_they_say(service: SearchService, line: str, expected: set[str]) -> None:
    assert titles(service, line) == expected


@pytest.mark.parametrize(
    ("line", "cure"),
    [
        ("red in:holi", "Did you mean holiday?"),
        ("in:holiday in:holyday/", "Did you mean holiday?"),
        ("red in:zzz", "The folders in this library: holiday, films."),
    ],
)
def test_a_folder_without_films_is_refused_with_the_nearest_that_has_some(
    service: SearchService, line: str, cure: str
) -> None:
    with pytest.raises(BadQuery, match="No film lies in a folder") as refused:
        service.search(SearchRequest(line))
    assert refused.value.cure == cure


def test_an_empty_library_has_no_folder_to_offer(tmp_path: Path) -> None:
    with make_library(tmp_path) as library:
        assert SearchService(library).search(SearchRequest("in:holiday")).hits == ()


def test_words_said_are_refused_where_no_film_has_any(tmp_path: Path) -> None:
    with make_library(tmp_path) as library:
        add_film(library, "silent.mp4", ["red"])
        with pytest.raises(BadQuery, match="No film here has words") as refused:
            SearchService(library).search(SearchRequest("red then said:music"))
    assert "vsearch transcribe" in refused.value.cure


def test_wide_letters_are_letters(service: SearchService) -> None:
    answer = service.search(SearchRequest("ｒｅｄ in:holiday -ｂｌｕｅ"))
    assert (answer.unknown_words, answer.hits[0].clip.title) == ((), "sunset.mp4")


def test_film_time_bounds_the_clips(service: SearchService) -> None:
    assert found(service, "blue name:sunset after:1.6 before:3.3") == [("sunset.mp4", 1.0)]


def test_neighbours_become_one_moment_that_ends_at_a_cut(library: Library, service: SearchService) -> None:
    add_film(library, "cut.mp4", ["purple"] * 4, cuts=[2 * CLIP_SECONDS])
    spans = [(hit.start, hit.end) for hit in service.search(SearchRequest("blue name:sea")).hits]
    assert spans[0] == (0.0, pytest.approx(3 * CLIP_SECONDS))
    for hit in service.search(SearchRequest("purple name:cut")).hits:
        assert hit.end - hit.start == pytest.approx(2 * CLIP_SECONDS)


def test_what_looks_the_same_is_shown_once_and_counted(service: SearchService) -> None:
    best = service.search(SearchRequest("blue")).hits[0]
    assert best.duplicates >= 1


def test_minus_moves_what_looks_like_it_down(service: SearchService) -> None:
    assert found(service, "red blue -blue name:sunset")[0] == ("sunset.mp4", 0.0)
    assert found(service, "red blue -red name:sunset")[0] == ("sunset.mp4", 3.0)


def test_minus_alone_begins_with_what_is_least_like_it(service: SearchService) -> None:
    assert found(service, "-green")[-1][0] in ("Meadow.mkv", "sea.mp4")
    assert service.search(SearchRequest("-green")).hits[0].score is not None


def test_then_finds_two_moments_in_order(service: SearchService) -> None:
    answer = service.search(SearchRequest("red then blue"))
    best = answer.hits[0]
    assert (best.clip.title, best.clip.start) == ("sunset.mp4", 0.0)
    assert [later.start for later in best.then] == [pytest.approx(3 * CLIP_SECONDS)]
    assert answer.to_document()["results"][0]["then"][0]["clip_id"] == 4
    assert found(service, "blue then red")[0][0] == "sea.mp4"


def test_within_bounds_the_time_between(service: SearchService) -> None:
    for hit in service.search(SearchRequest("red then blue within 1s")).hits:
        assert hit.then[0].start - hit.end <= 1.1


def test_tags_and_words_said_can_be_steps(service: SearchService) -> None:
    assert found(service, "character:tom then blue")[0] == ("sunset.mp4", 0.0)
    assert found(service, "blue then said:sunset")[0][0] == "sea.mp4"


def test_a_step_of_tags_is_found_however_late_its_film_comes(
    library: Library, service: SearchService, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("search.asking.result_search.CHAIN_POOL", 2)
    monkeypatch.setattr("search.asking.result_search.WIDEST_CHAIN", 2)
    for number in range(5):
        colours = ["purple" if number == 4 else "grey", "green"]
        add_film(library, f"z{number}.mp4", colours, segments=[Segment("character", "tom", 2.0, 3.0, 0.9)])
    assert found(service, "purple then character:tom")[0] == ("z4.mp4", 0.0)


def test_said_alone_finds_the_clip_in_which_it_is_said(service: SearchService) -> None:
    answer = service.search(SearchRequest('said:"red sunset"'))
    assert [(hit.clip.title, hit.clip.start) for hit in answer.hits] == [("sea.mp4", pytest.approx(3 * CLIP_SECONDS))]
    [cue] = answer.to_document()["results"][0]["cues"]
    assert cue == {"start": 5.0, "end": 6.0, "text": "A red sunset!", "source": "sea.srt", "marks": [[2, 12]]}
    assert (answer.total, answer.hits[0].score) == (1, None)
    assert found(service, 'said:"sunset red"') == []


def test_said_narrows_what_is_seen(service: SearchService) -> None:
    assert titles(service, "green said:listen") == {"Meadow.mkv"}


def test_plain_words_find_what_is_said_as_well(service: SearchService) -> None:
    hits = service.search(SearchRequest("red sunset")).hits
    assert hits[0].clip.title in ("sunset.mp4", "sea.mp4")
    assert any(hit.cues for hit in hits[:2])


def test_words_that_the_encoder_does_not_know_may_be_said(service: SearchService) -> None:
    answer = service.search(SearchRequest("zorg sing"))
    assert [hit.clip.title for hit in answer.hits] == ["Meadow.mkv"]
    assert answer.unknown_words == ("zorg", "sing")


def test_like_a_clip_finds_others_and_not_itself(service: SearchService) -> None:
    answer = service.similar(1)
    assert answer.hits[0].clip.title == "sea.mp4"
    assert 1 not in [hit.clip.id for hit in answer.hits]
    with pytest.raises(NotFound, match="no clip 999"):
        service.similar(999)


def test_like_a_picture_needs_the_picture(service: SearchService) -> None:
    green = FakeEncoder().encode_texts(["green"])[0]
    assert found(service, "like:grass.jpg", pictures={"grass.jpg": green})[0] in [
        ("Meadow.mkv", 0.0),
        ("sea.mp4", 3.0),
    ]
    assert found(service, "", embedding=green)[0] in [("Meadow.mkv", 0.0), ("sea.mp4", 3.0)]
    with pytest.raises(BadQuery, match=r"grass\.jpg"):
        found(service, "like:grass.jpg")


def test_by_video_each_video_comes_once_with_its_best_moment(service: SearchService) -> None:
    hits = service.search(SearchRequest("orange", group="video")).hits
    assert hits[0].clip.title == "sunset.mp4"
    assert len({hit.clip.video_id for hit in hits}) == len(hits)
    assert hits[0].others >= 1


@pytest.mark.parametrize("line", ["red", "in:films", "red then blue", "red sunset"])
@pytest.mark.parametrize("group", ["clip", "video"])
def test_pages_fit_together(service: SearchService, line: str, group: str) -> None:
    whole = found(service, line, k=50, group=group)
    pages = [found(service, line, k=1, skip=at, group=group) for at in range(len(whole) + 1)]
    assert [hit for page in pages for hit in page] == whole


@pytest.mark.slow
def test_pages_fit_together_where_the_search_widens(library: Library, service: SearchService) -> None:
    add_different_films(library, 300)
    whole = found(service, "red pink", k=300)
    assert [hit for at in range(0, 300, 20) for hit in found(service, "red pink", k=20, skip=at)] == whole


def test_what_is_absent_is_said_to_be_and_the_nearest_is_shown(tmp_path: Path) -> None:
    with make_library(tmp_path) as library:
        library._encoder = Seeing()
        add_film(library, "grey.mp4", ["grey"] * 3)
        background = np.tile(FakeEncoder().encode_texts(["grey"]), (40, 1))
        service = SearchService(library)
        service._weighing._background = background
        absent, present = service.search(SearchRequest("blue")), service.search(SearchRequest("grey"))
    assert absent.nothing
    assert absent.hits[0].clip.title == "grey.mp4"
    assert absent.to_document()["nothing"] is True
    assert present.hits


def test_a_hit_is_possible_at_best_where_a_word_of_weight_is_unknown(library: Library) -> None:
    library._encoder = Seeing()
    service = SearchService(library)
    service._weighing._background = np.tile(FakeEncoder().encode_texts(["purple"]), (40, 1))

    def band(line: str) -> str:
        return service.search(SearchRequest(line)).hits[0].band

    assert (band("red"), band("red zorg"), band("zorg red then blue")) == ("strong", "possible", "possible")
    assert service.search(SearchRequest("red zorg")).unknown_words == ("zorg",)


def test_an_unknown_article_takes_nothing_from_a_hit(library: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Seeing, "unknown_words", lambda _, text: ["the"] if "the" in text.split() else [])
    library._encoder = Seeing()
    service = SearchService(library)
    service._weighing._background = np.tile(FakeEncoder().encode_texts(["purple"]), (40, 1))
    assert service.search(SearchRequest("the red")).hits[0].band == "strong"


def test_what_was_meant_is_offered_with_the_rest_of_the_line(service: SearchService) -> None:
    query = service.search(SearchRequest("red dogg in:holiday then blue -green")).to_document()["query"]
    assert query["did_you_mean"] == "red dog in:holiday then blue -green"
    assert service.search(SearchRequest("red in:holiday")).did_you_mean is None
    with pytest.raises(BadQuery, match="knows none of these words: bicylce") as refused:
        service.search(SearchRequest("bicylce"))
    assert refused.value.cure == "Did you mean bicycle?"


def test_explain_says_how_a_result_came_by_its_rank(service: SearchService) -> None:
    hit = service.search(SearchRequest("red sunset -blue", explain=True)).to_document()["results"][0]
    how = hit["explain"]
    assert how["similarity"] - how["minus"] == pytest.approx(hit["score"], abs=1e-3)
    assert hit["clip_id"] in how["clip_ids"]
    assert "explain" not in service.search(SearchRequest("red")).to_document()["results"][0]


def test_the_document_says_how_the_question_was_understood(service: SearchService) -> None:
    document = service.search(
        SearchRequest("red   -blue  character=TOM then green", group="video", skip=1)
    ).to_document()
    assert document["query"]["understood"] == "red -blue character:tom then green"
    assert document["query"]["minus"] == ["blue"]
    assert (document["group"], document["skip"]) == ("video", 1)
