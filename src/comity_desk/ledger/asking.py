"""Which snapshot does this request read? The signed-in reader's own, or, looking as another will read it, what both may see.

Looking as another never widens what a person sees. It changes what is shown, not what may be done: writing is refused meanwhile.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any
from weakref import ReferenceType, ref

import polars as pl
from django.http import HttpRequest

from comity.register.readers import PUBLIC, Reader
from comity.register.snapshot import Snapshot
from comity.vocab.text import Text
from comity_desk.audit.models import Head
from comity_desk.ledger.snapshots import snapshot_for
from comity_desk.lib.errors import NOTHING_HERE, NotFound, NotPermitted

AS_READER = "as_reader"


@dataclass(frozen=True, slots=True)
class Within(Reader):
    """A class of readers, narrowed to what another class may see too."""

    other: Reader = field(default_factory=Reader)

    def visible(self, markings: pl.DataFrame) -> list[str]:
        """Ids of the markings that both may see."""
        own = set(Reader(self.name, self.clearance).visible(markings))
        return [one for one in self.other.visible(markings) if one in own]


CHANGED = "changed"  # in a session: the ledger's head after its person last changed something


def note_change(request: HttpRequest) -> None:
    """Whoever changed something reads nothing older afterwards."""
    request.session[CHANGED] = Head.objects.values_list("number", flat=True).get(name="ledger")


def reader_of(request: HttpRequest) -> Reader:
    """The class of readers for which this request is answered."""
    user: Any = request.user
    other = looking_as(request)
    return Within(user.reader.name, user.reader.clearance, other) if other else user.reader


def looking_as(request: HttpRequest) -> Reader | None:
    """The class as which the person looks just now, if any."""
    session = getattr(request, "session", None)
    chosen = session.get(AS_READER) if session is not None else None
    return Reader(chosen[0] or PUBLIC, chosen[1]) if chosen else None


def refuse_while_looking(request: HttpRequest) -> None:
    """`NotPermitted` while the person looks as another: what is shown then is not what would be changed. Call it first in a view that writes."""
    if looking_as(request) is not None:
        raise NotPermitted(_LOOKING)


def snapshot_of(request: HttpRequest) -> Snapshot:
    """The snapshot for this request, as known at the end of the day in `?known_at=` where one is given; a page that only reads is of one throughout."""
    asked = (reader_of(request), day_of(request, "known_at"))
    session = getattr(request, "session", None)
    if request.method not in ("GET", "HEAD") or session is None or not session.session_key:  # programs have no session: they always read the latest
        return snapshot_for(*asked)
    held: dict[tuple[Reader, date | None], ReferenceType[Snapshot]] = request.__dict__.setdefault("_snapshots", {})
    known = held[asked]() if asked in held else None
    if known is None:
        known = snapshot_for(*asked, enough=session.get(CHANGED, 0))
        held[asked] = ref(known)  # a request may live on until it is collected; the snapshot must not
    return known


def day_of(request: HttpRequest, name: str) -> date | None:
    """A day among the request's parameters; none where it is missing, `NotFound` where it is no day."""
    text = request.GET.get(name)
    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise NotFound(NOTHING_HERE) from None


_LOOKING = Text(
    "You look at the desk as another will read it. Leave that first; nothing can be changed meanwhile.",
    "다른 열람자의 시점으로 보고 있습니다. 먼저 그만두십시오. 그동안에는 변경할 수 없습니다.",
)
