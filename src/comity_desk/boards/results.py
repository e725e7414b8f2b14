"""Which board was made last for these readers, and is it of the record as it stands? Kept pages in the database, shared by all web processes.

A result is found by the class of readers that the request's snapshot was cut for, so that no other class's page can be reached, by a guessed
address either. One that is older than the record is shown only while everything that it names may still be seen.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from django.db import IntegrityError, transaction

import comity
from comity.register.snapshot import Snapshot
from comity.report.kept import code_digest
from comity.vocab.kinds import kinds
from comity.vocab.text import LANGUAGES, Lang, Text
from comity_desk.boards.models import BoardFile, BoardPage, BoardResult
from comity_desk.lib import clock
from comity_desk.lib.background import keeping

KEEP = timedelta(days=1)  # results that a newer one has replaced, for pages that are still open
KEEP_ASKED = timedelta(days=30)  # results that somebody asked for with settings of their own
MOST_OF_A_CLASS = 600
Asked = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Place:
    """What a page shows: a board, for a class of readers, as asked for."""

    reader: str
    board: str
    asked: Asked

    @property
    def digest(self) -> str:
        """Its name in the table."""
        return _digest("place", self.reader, self.board, self.asked)

    def key(self, snapshot: Snapshot, day: date) -> str:
        """The name of the result for this state of the record, on this day, by the code that runs."""
        return _digest("result", self.digest, snapshot.hash, day.isoformat(), code())[:24]


@dataclass(frozen=True, slots=True)
class Made:
    """What was made: the page in each language, the sets of records behind its numbers, the files of its figures."""

    titles: Text
    html: Mapping[Lang, str]
    records: list[str]
    behind: list[list[str]]
    files: list[tuple[str, str, str, str]]  # block, form, language, content
    data: dict[str, object]
    seconds: float = 0.0


HEAVY = ("records", "behind", "data")  # columns that are read where they are needed


def class_of(snapshot: Snapshot) -> str:
    """The class of readers that a snapshot was cut for."""
    return _digest("class", repr(snapshot.reader))


@cache
def code() -> str:
    """Digest of the code that boards are made with."""
    whole = hashlib.sha256(code_digest().encode())
    for folder in (Path(comity.__file__).parent / "report", Path(__file__).parent):
        for path in sorted(entry for entry in folder.rglob("*") if entry.suffix == ".py"):
            whole.update(path.name.encode() + b"\0" + path.read_bytes())
    return whole.hexdigest()[:32]


def found(key: str) -> BoardResult | None:
    """The result of that name."""
    return BoardResult.objects.defer(*HEAVY).filter(key=key).first()


def last(place: Place, snapshot: Snapshot, until: date) -> BoardResult | None:
    """The newest result of a place that its readers may still be shown, of no later day than `until`."""
    newest = BoardResult.objects.defer(*HEAVY).filter(place=place.digest, as_of__lte=until).order_by("-made_at", "-pk").first()
    return newest if newest is not None and may_show(newest, snapshot) else None


def data_of(snapshot: Snapshot, result: BoardResult | None) -> dict[str, Any]:
    """What the page of a result needs beside the document; read once for a snapshot."""
    if result is None:
        return {}
    told: dict[str, Any] = snapshot.remembered(("board data", result.key), lambda: result.data)
    return told


def of(key: str, snapshot: Snapshot) -> BoardResult | None:
    """The result of that name, for the class of readers of that snapshot alone."""
    result = BoardResult.objects.defer("records").filter(key=key, reader=class_of(snapshot)).first()
    return result if result is not None and may_show(result, snapshot) else None


def may_show(result: BoardResult, snapshot: Snapshot) -> bool:
    """Whether everything that a result names may be seen in the record as it stands for the same readers."""
    if result.snapshot == snapshot.hash:
        return True
    shown: bool = snapshot.remembered(("may show", result.key), lambda: holds_all(snapshot, result.records))
    return shown


def holds_all(snapshot: Snapshot, records: Mapping[str, list[str]]) -> bool:
    """Whether a snapshot holds all of these records (kind → ids)."""
    known: dict[str, frozenset[str]] = snapshot.derived(("ids",), lambda seen: _ids(seen, kinds()), lambda seen, old, edited: old | _ids(seen, edited))
    return all(known.get(kind, frozenset()).issuperset(ids) for kind, ids in records.items())


def _ids(snapshot: Snapshot, names: Iterable[str]) -> dict[str, frozenset[str]]:
    return {name: frozenset(snapshot._tables[name]["id"]) for name in names}


def by_kind(refs: Iterable[str]) -> dict[str, list[str]]:
    """Records as kind → ids."""
    found: dict[str, list[str]] = {}
    for ref in refs:
        kind, _, record = ref.partition(":")
        found.setdefault(kind, []).append(record)
    return found


def store(place: Place, snapshot: Snapshot, day: date, made: Made) -> BoardResult:
    """Keep what was made; whoever makes the same at once keeps the first."""
    key = place.key(snapshot, day)
    told = {"place": place.digest, "reader": place.reader, "board": place.board, "asked": dict(place.asked), "as_of": day, "snapshot": snapshot.hash}
    try:
        with transaction.atomic():
            result = BoardResult.objects.create(
                key=key, code=code(), made_at=clock.now(), seconds=made.seconds, records=by_kind(made.records), behind=made.behind, data=made.data, **told
            )
            BoardPage.objects.bulk_create(BoardPage(result=result, lang=lang, title=made.titles.in_(lang), html=made.html[lang]) for lang in LANGUAGES)
            BoardFile.objects.bulk_create(BoardFile(result=result, block=block, form=form, lang=lang, content=text) for block, form, lang, text in made.files)
    except IntegrityError:
        return BoardResult.objects.get(key=key)
    tidy(result)
    return result


def tidy(result: BoardResult) -> None:
    """Delete what the result has replaced, and the oldest of its readers' results beyond a number."""
    now, old = clock.now(), BoardResult.objects.filter(kept=False).exclude(pk=result.pk)
    old.filter(place=result.place, made_at__lt=now - KEEP).delete()
    old.filter(made_at__lt=now - KEEP_ASKED).delete()
    beyond = old.filter(reader=result.reader).order_by("-made_at", "-pk").values_list("pk", flat=True)[MOST_OF_A_CLASS:]
    old.filter(pk__in=list(beyond)).delete()


@keeping
def forget() -> None:
    """Delete every result on which no paper rests: what was spilled or narrowed may stand in any of them."""
    BoardResult.objects.filter(kept=False).delete()


def _digest(*told: object) -> str:
    return hashlib.sha256(json.dumps([dict(one) if isinstance(one, Mapping) else one for one in told], sort_keys=True, ensure_ascii=False).encode()).hexdigest()
