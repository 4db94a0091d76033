"""Subtitle files of every kind become clean cues."""

from __future__ import annotations

import json
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.cues.encodings import read_text
from indexer.cues.formats import Unreadable, read_cues
from indexer.cues.markup import plain
from indexer.cues.reading import read_sidecar
from indexer.cues.tidy import tidy
from indexer.cues.webvtt import webvtt
from search.catalog.records import Cue
from tests.subtitled_films import srt

ASS = """[Script Info]
ScriptType: v4.00+
[V4+ Styles]
Format: Name, Fontname, Fontsize, PrimaryColour
Style: Default,Arial,20,&H00FFFFFF
[Events]
Format: Layer, Start, End, Style, Name, MarginL, MarginR, MarginV, Effect, Text
Comment: 0,0:00:00.00,0:00:01.00,Default,,0,0,0,,a note
Dialogue: 0,0:00:01.00,0:00:02.50,Default,Anna,0,0,0,,{\\k20}Ka{\\k30}ra{\\k10}oke,\\Nand more
Dialogue: 0,0:00:03.00,0:00:04.00,Default,,0,0,0,,{\\an7\\p1}m 0 0 l 100 0 100 100{\\p0}
"""
VTT = """\ufeffWEBVTT - a title
Kind: captions

STYLE
::cue { color: red }

NOTE 00:00:09.000 --> 00:00:10.000 is no time

intro
00:01.000 --> 00:02.500 align:start position:0%
<v Anna>Hello <00:00:01.500><c>dear</c> <00:00:02.000><c.loud>you</c> &amp; me

NOTE not said

00:00:03.000 --> 00:00:04.000
1 < 2
"""


def said(text: str, suffix: str) -> list[tuple[float, float, str]]:
    return [(cue.start, cue.end, cue.words) for cue in read_cues(text, suffix, "film")]


def test_subrip_is_read_with_its_sins() -> None:
    text = "1\r\n00:00:01,000 --> 00:00:02,500\r\n{\\an8}<font color='red'>Hi</font>\r\n- <i>you</i>\r\n\r\n"
    assert said(text + "3\n0:0:3.0 --> 00:00:04,5\nlate", "srt")[0] == (1.0, 2.5, "Hi\n- you")


def test_substation_alpha_is_read_without_comments_drawings_and_karaoke() -> None:
    assert [it for it in said(ASS, "ass") if it[2]] == [(1.0, 2.5, "Karaoke,\nand more")]


def test_webvtt_is_read_without_notes_styles_and_names_of_cues() -> None:
    words = [it for it in said(VTT, "vtt") if it[0] < 9]
    assert words == [(1.0, 2.5, "Hello dear you & me"), (3.0, 4.0, "1 < 2")]


def test_transcripts_of_whisper_are_read() -> None:
    assert said(json.dumps({"segments": [{"start": 1, "end": 2.5, "text": " Hi"}]}), "json") == [(1.0, 2.5, "Hi")]
    cpp = {"transcription": [{"offsets": {"from": 1000, "to": 2500}, "text": " Hi"}]}
    assert said(json.dumps(cpp), "json") == [(1.0, 2.5, "Hi")]
    assert said('{"camera": "x100"}', "json") == []


@pytest.mark.parametrize(
    ("text", "suffix"),
    [
        ("no times here", "srt"),
        ("WEBVTT\n\nnothing", "vtt"),
        ("[Events]\nDialogue: what", "ass"),
        ("{", "json"),
        ("[" * 100_000, "json"),
        ('{"segments": [{"start": "soon"}]}', "json"),
    ],
)
def test_what_is_broken_is_unreadable(text: str, suffix: str) -> None:
    with pytest.raises(Unreadable):
        read_cues(text, suffix, "film")


PIECES = [
    "\n",
    "\n\n",
    "00:00:01,000",
    " --> ",
    "00:02.000",
    "WEBVTT",
    "[Events]",
    "Dialogue: 0,",
    "Style: ",
    "1",
    "{\\p1}",
    "<",
]


@given(
    st.text() | st.lists(st.sampled_from(PIECES) | st.text(max_size=5)).map("".join),
    st.sampled_from(["srt", "vtt", "ass", "ssa", "json"]),
)
def test_any_text_gives_cues_or_is_unreadable(text: str, suffix: str) -> None:
    with suppress(Unreadable):
        assert all(cue.source == "film" for cue in read_cues(text, suffix, "film"))


SENTENCES = {
    "cp1252": "Wo bist du gewesen? Ich habe den ganzen Tag auf dich gewartet. Es ist spät, und ich bin müde. Grüße!",
    "cp1250": "Gdzie byłeś? Czekałem na ciebie cały dzień na dworcu. Jest już bardzo późno i jestem głodny.",
    "cp1251": "Где ты был? Я ждал тебя весь день на вокзале. Уже очень поздно, и я хочу есть. Пойдём домой.",
    "koi8-r": "Где ты был? Я ждал тебя весь день на вокзале. Уже очень поздно, и я хочу есть. Пойдём домой.",
    "cp1253": "Πού ήσουν; Σε περίμενα όλη μέρα στο σταθμό. Είναι ήδη πολύ αργά και πεινάω. Πάμε σπίτι.",
    "cp1256": "أين كنت؟ انتظرتك طوال اليوم في المحطة. لقد تأخر الوقت وأنا جائع. هيا نذهب إلى البيت.",
    "shift_jis": "どこにいたの？駅で一日中待っていました。もう遅いです。お腹が空きました。家に帰りましょう。",
    "gb18030": "你去哪儿了？我在火车站等了你一整天。已经很晚了，我饿了。我们回家吧。你为什么不说话？",
    "big5": "你去哪兒了？我在火車站等了你一整天。已經很晚了，我餓了。我們回家吧。你為什麼不說話？",
    "euc-kr": "어디 있었어? 하루 종일 역에서 기다렸어. 벌써 늦었고 배고파. 집에 가자.",
    "utf-8": "Grüße, 世界",
    "utf-8-sig": "Grüße, 世界",
    "utf-16": "Grüße, 世界",
    "utf-16-le": "Grüße, мир, as it was said at the station",
    "utf-16-be": "Grüße, мир, as it was said at the station",
}


@pytest.mark.parametrize("encoding", SENTENCES)
def test_the_encoding_of_a_file_is_found_out(encoding: str) -> None:
    words = SENTENCES[encoding].split(" ")
    text = srt(*((at, at + 1, " ".join(words[at : at + 4])) for at in range(0, len(words), 4)))
    assert read_text(text.encode(encoding)) == text


@given(st.binary(max_size=400))
def test_any_bytes_are_text_or_none(data: bytes) -> None:
    text = read_text(data)
    assert text is None or isinstance(text, str)


def test_a_file_that_is_none_is_unreadable(tmp_path: Path) -> None:
    for path in (tmp_path, tmp_path / "gone.srt"):
        with pytest.raises(Unreadable):
            read_sidecar(path)


def test_markup_is_taken_off() -> None:
    assert plain("{\\an8}<b>A</b>&nbsp;<FONT size=2>b</font>\\h c\\N\\n  d  ") == "A b c\nd"
    assert plain("3 < 4 and 5 > 4") == "3 < 4 and 5 > 4"
    assert plain("♪ <i></i> ♪") == "♪ ♪"
    assert plain("\u200e") == ""


def test_cues_are_cut_to_the_film_and_said_once() -> None:
    cues = [
        Cue(8, 12, "beyond", "a"),
        Cue(11, 12, "after", "a"),
        Cue(-1, 1, "before", "a"),
        Cue(3, 3, "no time", "a"),
        Cue(5, 4, "backwards", "a"),
        Cue(2, 3, "twice", "a"),
        Cue(2.1, 3.4, "twice", "b"),
        Cue(6, 7, "twice", "a"),
        Cue(2, 3, "", "a"),
        Cue(float("nan"), 3, "never", "a"),
    ]
    assert tidy(cues, 10.0) == [
        Cue(0.0, 1, "before", "a"),
        Cue(2, 3.4, "twice", "a"),
        Cue(6, 7, "twice", "a"),
        Cue(8, 10.0, "beyond", "a"),
    ]


def test_captions_that_roll_upwards_are_said_once() -> None:
    rolled = [
        Cue(0, 2, "one\ntwo", "a"),
        Cue(2, 2.01, "two", "a"),
        Cue(2.01, 4, "two\nthree", "a"),
        Cue(9, 10, "two", "a"),
    ]
    assert [cue.words for cue in tidy(rolled, 10.0)] == ["one\ntwo", "three", "two"]


times = st.floats(-5, 30, allow_nan=False)


@given(st.lists(st.builds(Cue, times, times, st.sampled_from(["a", "b", "a\nb", "c", ""]), st.sampled_from("xy"))))
def test_tidy_cues_stay_so(cues: list[Cue]) -> None:
    kept = tidy(cues, 20.0)
    assert all(0 <= cue.start < cue.end <= 20 and cue.words for cue in kept)
    assert [cue.start for cue in kept] == sorted(cue.start for cue in kept)
    assert {cue.source for cue in kept} <= {cue.source for cue in cues}


def test_what_is_written_as_webvtt_is_read_again() -> None:
    cues = [Cue(0.5, 3601.25, "a < b & c\nnext", "x"), Cue(7322.0, 7323.0, "--> end", "x")]
    assert said(webvtt(cues[:1], "made by a test"), "vtt") == [(0.5, 3601.25, "a < b & c\nnext")]
    assert len(said(webvtt(cues), "vtt")) == 2


def test_a_file_of_far_too_many_cues_is_refused_before_it_is_read(tmp_path: Path) -> None:
    path = tmp_path / "film.srt"
    path.write_text("00:00:01,000 --> 00:00:02,000\nx\n" * 60_000)
    with pytest.raises(Unreadable, match="too many"):
        read_sidecar(path)
