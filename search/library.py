"""The library: one catalog with its vectors, for one encoder.

from search.library import open_library
from search.service import SearchRequest, SearchService

answer = SearchService(open_library()).search(SearchRequest("a dog on the beach"))
"""

from __future__ import annotations

import json
import threading
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from functools import cached_property
from pathlib import Path
from typing import Self

from search.catalog.store import Catalog, open_catalog
from search.catalog.stores.base import Store
from search.catalog.stores.registry import store_at
from search.catalog.tags import CatalogState
from search.contracts import Encoder, EncoderSpec
from search.encoders.registry import choose_auto, full_name, open_encoder
from search.errors import EncoderMismatch, LibraryMissing, LibraryReadOnly, ModelUnavailable, UsageError, VsearchError
from search.location import POINTER, Location
from search.lock import indexing_lock
from search.settings import EMOTION, emotion_is_off, read_settings
from search.vectors.live import LiveVectors


class Library:
    """An open library. Made by `open_library`; a context manager that closes the catalog."""

    def __init__(
        self, location: Location, catalog: Catalog, *, encoder: Encoder | None = None, notice: str = ""
    ) -> None:
        self.location = location
        self.catalog = catalog
        self.notice = notice
        """One sentence for the person, or empty: what `auto` chose and why."""
        self._encoder = encoder
        self._opening = threading.Lock()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        self.catalog.close()

    @property
    def path(self) -> Path:
        """The folder of its files on this machine."""
        return self.location.folder

    @property
    def name(self) -> str:
        """For messages: where it is."""
        return self.location.name

    @property
    def writable(self) -> bool:
        """Whether this process may change it."""
        return self.catalog.store.writable

    @cached_property
    def spec(self) -> EncoderSpec:
        """The encoder that this library's vectors are made with."""
        return EncoderSpec(**json.loads(self.catalog.meta("encoder") or "{}"))

    @property
    def encoder(self) -> Encoder:
        """The library's encoder, opened when first asked for.

        Raises ModelUnavailable when it cannot be opened, EncoderMismatch when its weights are not those that the
        library's vectors were made with.
        """
        with self._opening:
            if self._encoder is None:
                self._encoder = self._open_own()
        if self._encoder.spec.fingerprint != self.spec.fingerprint:
            raise EncoderMismatch(
                f"The weights of {self.spec.name} have changed since this library was indexed.",
                "Run `vsearch index` on its folders again: every clip is then encoded anew.",
            )
        return self._encoder

    @cached_property
    def vectors(self) -> LiveVectors:
        identity = f"{self.catalog.meta('id')}-{self.spec.fingerprint[:12]}"
        return LiveVectors(self.catalog, self.path, self.spec.dim, identity=identity)

    @property
    def hidden_kinds(self) -> frozenset[str]:
        """Kinds of tags that are not shown, offered or matched."""
        return hidden_kinds(self.catalog.state())

    @contextmanager
    def indexing(self, wait: bool = False) -> Iterator[None]:
        """Holds the library for writing videos; readers go on meanwhile."""
        with indexing_lock(self.catalog.store.lock("index"), self.name, wait=wait):
            yield

    def renew(self) -> bool:
        """Takes over the encoder's weights as they are now; whether that made every clip stale.

        To be called under the indexing lock, before indexing.
        """
        encoder = self._encoder or self._open_own()
        if encoder.spec.fingerprint == self.spec.fingerprint:
            return False
        self.catalog.forget_clips()
        self.catalog.set_meta(encoder=json.dumps(asdict(encoder.spec)))
        for cached in ("spec", "vectors"):
            self.__dict__.pop(cached, None)
        self._encoder = encoder
        return True

    def _open_own(self) -> Encoder:
        try:
            return open_encoder(self.spec.name)
        except UsageError as error:  # nobody named it wrongly: it was there when the library was made
            raise ModelUnavailable(
                f"The encoder of this library is not there any more: {error.message}",
                "Put it back where it was, or make a new library with --library.",
            ) from error

    def fold(self) -> None:
        """Brings the vector cache up to date on disk if it has fallen behind."""
        self.vectors.fold()


def hidden_kinds(state: CatalogState) -> frozenset[str]:
    """Kinds of tags that are switched off, for the library or by the settings."""
    return frozenset({EMOTION}) if state.no_emotion or emotion_is_off() else frozenset()


def open_library(
    location: Path | str | None = None, *, encoder: str | Encoder | None = None, create: bool = False
) -> Library:
    """Opens the library in a folder, or in a database by its URL (by default that of `VSEARCH_LIBRARY`, or the one in
    the user's data folder).

    With `create` a new one is made for `encoder` (a name, or an encoder that was opened already; `auto` when None),
    and an existing one is opened for writing: then an encoder other than its own raises EncoderMismatch. Without,
    raises LibraryMissing when there is none.
    """
    place = read_settings().locate(location)
    store = store_at(place)
    try:
        if store.holds_library():
            return _open(place, store, encoder, create)
        if create:
            return _create(place, store, "auto" if encoder is None else encoder)
        raise LibraryMissing(
            f"There is no library in {place.name}.",
            "Make one with `vsearch index FOLDER`, or name another with --library.",
        )
    except VsearchError:
        store.close()
        raise


def _open(place: Location, store: Store, encoder: str | Encoder | None, create: bool) -> Library:
    if place.database:
        _make_folder(place)
    opened = None if isinstance(encoder, str) else encoder
    library = Library(place, open_catalog(store), encoder=opened)
    if create and encoder is not None and encoder != "auto":
        _check_same(library, encoder)
    return library


def _create(place: Location, store: Store, encoder: str | Encoder) -> Library:
    notice = ""
    if encoder == "auto":
        encoder, notice = choose_auto(read_settings())
    opened = open_encoder(encoder) if isinstance(encoder, str) else encoder
    _make_folder(place)
    # Under the lock, so that two first runs at once do not both make one.
    with indexing_lock(store.lock("index"), place.name, wait=True):
        if not store.holds_library():
            _make_catalog(store, opened.spec)
    return Library(place, open_catalog(store), encoder=opened, notice=notice)


def _make_folder(place: Location) -> None:
    """For a database it says which, so that the folder alone names the library."""
    try:
        place.folder.mkdir(parents=True, exist_ok=True)
        pointer = place.folder / POINTER
        if place.database and not pointer.exists():
            pointer.write_text(place.database)
    except OSError as error:
        raise LibraryReadOnly(
            f"The folder {place.folder} cannot be made ({error.strerror}).", "Choose another place with --library."
        ) from error


def _make_catalog(store: Store, spec: EncoderSpec) -> None:
    with store.making() as fresh:
        open_catalog(fresh).set_meta(id=uuid.uuid4().hex[:12], encoder=json.dumps(asdict(spec)))


def _check_same(library: Library, encoder: str | Encoder) -> None:
    name = full_name(encoder) if isinstance(encoder, str) else encoder.spec.name
    if name != library.spec.name:
        raise EncoderMismatch(
            f"The library {library.name} holds vectors of {library.spec.name}, not of {name}.",
            f"Leave --encoder out, or make a second library: --library {library.name}-{Path(name).name}",
        )
