"""`/api/videos`: what the library holds, and all that is known of one video."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

import numpy as np
from flask import Response
from flask_openapi3.blueprint import APIBlueprint

from classifiers.screen_time import screen_time
from search.answer import printable
from search.catalog.records import Cue, Segment, Track, VideoRecord, VideoState
from search.library import Library
from search.service import SearchService
from web.api.openapi import api_blueprint
from web.api.schemas import VideoId
from web.api.schemas_videos import VideoDocument, VideoQuery, VideosDocument, VideosQuery
from web.cursors import read_cursor, write_cursor
from web.freshness import compared


def videos_api(service: SearchService) -> APIBlueprint:
    blueprint = api_blueprint("api_videos", "videos")
    library = service.library

    @blueprint.get("/videos", responses={200: VideosDocument, 304: None})
    def videos(query: VideosQuery) -> Response:
        """List the videos, a page at a time.

        A page begins after the last video of the page before, so nothing is repeated or passed over while videos are
        added or removed meanwhile.
        """
        about = query.model_dump_json(exclude={"k", "cursor"})
        after = read_cursor(query.cursor, about, 1)[0] if query.cursor else 0
        state = None if query.state == "any" else VideoState(query.state)
        found = library.catalog.video_page(after, query.k + 1, state=state, folder=query.folder)
        page = found[: query.k]
        return compared(
            {
                "schema": 1,
                "count": len(page),
                "videos": [video_summary(video) for video in page],
                "next": write_cursor(about, page[-1].id) if len(page) < len(found) else None,
            }
        )

    @blueprint.get("/videos/<int(max=9223372036854775807):video_id>", responses={200: VideoDocument, 304: None})
    def video(path: VideoId, query: VideoQuery) -> Response:
        """Tell all that is known of one video: cuts, segments, cues, tracks and screen time."""
        return compared(video_document(library, path.video_id, scores=query.tracks))

    return blueprint


def video_summary(video: VideoRecord) -> dict[str, Any]:
    return {
        "video_id": video.id,
        "title": printable(video.title),
        "path": printable(str(video.path)),
        "state": video.state.value,
        "code": video.code,
        "reason": video.reason,
        **asdict(video.facts),
        "duration": round(video.facts.duration, 3),
        "size": video.file.size,
        "clips": video.clips,
        "media": f"/media/{video.id}",
    }


def video_document(library: Library, video_id: int, *, scores: bool = False) -> dict[str, Any]:
    """All that is known of a video, without the kinds of tags that are switched off. Raises NotFound."""
    catalog, hidden = library.catalog, library.hidden_kinds
    video = catalog.video(video_id)
    segments = [segment for segment in catalog.segments(video_id) if segment.kind not in hidden]
    tracks = [track for track in catalog.tracks(video_id) if track.kind not in hidden]
    return {
        "schema": 1,
        **video_summary(video),
        "cuts": [round(at, 3) for at in catalog.cuts([video_id])[video_id]],
        "segments": [_segment_document(segment) for segment in segments],
        "cues": [_cue_document(cue) for cue in catalog.cues(video_id)],
        "tracks": [track_document(track, scores=scores) for track in tracks],
        "screen_time": screen_time(segments, video.facts.duration).to_document(),
    }


def _segment_document(segment: Segment) -> dict[str, Any]:
    rounded = {"start": round(segment.start, 3), "end": round(segment.end, 3), "score": round(segment.score, 4)}
    return {"kind": segment.kind, "label": segment.label, **rounded}


def _cue_document(cue: Cue) -> dict[str, Any]:
    times = {"start": round(cue.start, 3), "end": round(cue.end, 3)}
    return {**times, "text": printable(cue.words), "source": printable(cue.source)}


def track_document(track: Track, *, scores: bool) -> dict[str, Any]:
    """JSON knows no NaN: a row with nothing to say is null."""
    document = {
        "kind": track.kind,
        "labels": list(track.labels),
        "fingerprint": track.fingerprint,
        "step": track.step,
        "span": track.span,
        "rows": len(track.scores),
    }
    if scores:
        rows = np.round(track.scores.astype(np.float64), 4).tolist()
        silent = np.isnan(track.scores).sum(axis=1).tolist()
        document["scores"] = [None if nothing else row for row, nothing in zip(rows, silent, strict=True)]
    return document
