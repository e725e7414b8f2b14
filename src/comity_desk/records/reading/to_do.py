"""What is to be done about the record, for a directorate or for all: sorts, counts, who is late, and the list, which can be taken away as CSV."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, ClassVar
from urllib.parse import urlencode

import polars as pl
from django.http import HttpRequest, HttpResponse, QueryDict
from django.views.decorators.http import require_POST, require_safe

from comity.register.completeness import NEEDS, field_label
from comity.register.snapshot import Snapshot
from comity.vocab.kinds import kinds
from comity.vocab.text import Lang, Text
from comity_desk.audit.actions import Action
from comity_desk.audit.models import Event
from comity_desk.ledger.asking import snapshot_of
from comity_desk.lib import clock
from comity_desk.lib.addresses import record_address
from comity_desk.lib.language import lang
from comity_desk.lib.pages import page
from comity_desk.records.reading.etags import etag_of
from comity_desk.records.reading.exports import MEDIA, harmless_words
from comity_desk.records.reading.permits import reading
from comity_desk.records.reading.shelf import shelf
from comity_desk.records.reading.waiting import NOBODY, WHATS, Keeper, items_of, keepers, loads, of_nobody

PAGE_SIZE = 50
ALL = "*"


@dataclass(frozen=True, slots=True)
class Wanted:
    """What of the list is asked for."""

    keeper: str = ALL
    what: str = ""
    kind: str = ""
    page: int = 1

    @property
    def query(self) -> str:
        """As the part of an address after `?`."""
        said = (("directorate", self.keeper), ("what", self.what), ("kind", self.kind), ("page", self.page if self.page != 1 else ""))
        return urlencode([(name, value) for name, value in said if value])


@dataclass(frozen=True, slots=True)
class Item:
    """One thing to be done."""

    what: Text
    kind: Text
    title: str
    address: str
    missing: tuple[tuple[Text, Text], ...]
    since: str | None
    age: int | None

    @property
    def left(self) -> Text:
        """For what is still to come: how long it is until then."""
        return Text(f"in {-(self.age or 0)}", f"{-(self.age or 0)}일 뒤")


@require_safe
def to_do(request: HttpRequest) -> HttpResponse:
    """The page."""
    user = reading(request)
    snapshot, today, every = snapshot_of(request), clock.today(), keepers()
    own = user.directorate.name_en if user.directorate else ALL
    wanted = wanted_of(request.GET, own, every)
    of_keeper = items_of(snapshot, today).filter(_keeps(wanted, every))
    found = of_keeper.filter(_asks(wanted))
    pages = max(1, -(-found.height // PAGE_SIZE))
    at = min(wanted.page, pages)
    rows = found.slice((at - 1) * PAGE_SIZE, PAGE_SIZE)
    context = {
        "wanted": wanted,
        "keepers": _choices(wanted, every),
        "loads": [(load, replace(wanted, keeper=load.keeper.key, page=1).query) for load in loads(snapshot, today, every)] if every else [],
        "whats": _whats(of_keeper, wanted),
        "sorts": list(WHATS.values()),
        "kinds": _kinds(of_keeper.filter(_asks(replace(wanted, kind=""))), wanted),
        "help": WHATS[wanted.what].help if wanted.what else None,
        "items": listed(snapshot, rows, today, lang()),
        "total": found.height,
        "query": wanted.query,
        "before": replace(wanted, page=at - 1).query if at > 1 else None,
        "after": replace(wanted, page=at + 1).query if at < pages else None,
    }
    return page(request, "records/to_do.html", context, etag=etag_of(request, snapshot, own, every))


@dataclass(kw_only=True)
class ExportToDo(Action[bytes]):
    """Take away the list of what is to be done."""

    permission: ClassVar[str] = "export.make"
    audit_event: ClassVar[str] = "to-do-exported"

    snapshot: Snapshot
    wanted: Wanted
    every: Sequence[Keeper]
    lang: Lang
    today: date

    def perform(self, event: Event) -> bytes:
        """As CSV."""
        found = items_of(self.snapshot, self.today).filter(_keeps(self.wanted, self.every) & _asks(self.wanted))
        out = io.StringIO(newline="")
        writer = csv.writer(out)
        writer.writerow([label.in_(self.lang) for label in (_WHAT, _KIND, _RECORD, _TITLE, _MISSING, _SINCE, _DAYS)])
        for row, item in zip(found.iter_rows(named=True), listed(self.snapshot, found, self.today, self.lang), strict=True):
            missing = "; ".join(label.in_(self.lang) for label, _ in item.missing)
            cells = (item.what.in_(self.lang), item.kind.in_(self.lang), f"{row['kind']}:{row['id']}", item.title, missing, item.since or "")
            writer.writerow([*(harmless_words(cell) for cell in cells), "" if item.age is None else item.age])
        return b"\xef\xbb\xbf" + out.getvalue().encode()


@require_POST
def to_do_export(request: HttpRequest) -> HttpResponse:
    """The list as a file."""
    reading(request)
    every = keepers()
    wanted = wanted_of(QueryDict(request.POST.get("query", "")), ALL, every)
    action = ExportToDo(actor=request.user, snapshot=snapshot_of(request), wanted=wanted, every=every, lang=lang(), today=clock.today())
    response = HttpResponse(action.run(), content_type=MEDIA["csv"])
    response.headers["Content-Disposition"] = 'attachment; filename="to-do.csv"'
    return response


def wanted_of(parameters: QueryDict, own: str, every: Sequence[Keeper]) -> Wanted:
    """What an address asks for; one's own directorate unless another is named."""
    keeper = parameters.get("directorate", own)
    known = {ALL, NOBODY, *(one.key for one in every)}
    what, kind, number = (parameters.get(name, "") for name in ("what", "kind", "page"))
    at = int(number) if number.isascii() and number.isdigit() and len(number) < 7 else 1
    return Wanted(keeper if keeper in known else ALL, what if what in WHATS else "", kind if kind in kinds() else "", max(at, 1))


def listed(snapshot: Snapshot, rows: pl.DataFrame, today: date, language: Lang) -> list[Item]:
    """Items with their titles and words."""
    titles = {
        (name, one): title
        for name in rows["kind"].unique()
        for one, title in shelf(snapshot, kinds()[name])
        .filter(pl.col("id").is_in(rows.filter(kind=name)["id"].implode()))
        .select("id", f"_title_{language}")
        .iter_rows()
    }
    return [_item(row, titles, today) for row in rows.iter_rows(named=True)]


def _item(row: dict[str, Any], titles: dict[tuple[str, str], str], today: date) -> Item:
    kind, since = kinds()[row["kind"]], row["since"]
    pairs = [gap.split(":", 1) for gap in row["gaps"] or []]
    return Item(
        WHATS[row["what"]].label,
        kind.label,
        titles.get((kind.name, row["id"])) or row["id"],
        record_address(f"{kind.name}:{row['id']}"),
        tuple((field_label(kind, field), NEEDS[need]) for need, field in pairs),
        since.isoformat() if since else None,
        (today - since).days if since else None,
    )


def _keeps(wanted: Wanted, every: Sequence[Keeper]) -> pl.Expr:
    if wanted.keeper == ALL:
        return pl.lit(True)
    if wanted.keeper == NOBODY:
        return of_nobody(every)
    return next(one for one in every if one.key == wanted.keeper).own().fill_null(False)


def _asks(wanted: Wanted) -> pl.Expr:
    what = pl.col("what") == wanted.what if wanted.what else pl.lit(True)
    return what & (pl.col("kind") == wanted.kind if wanted.kind else pl.lit(True))


def _choices(wanted: Wanted, every: Sequence[Keeper]) -> list[tuple[Text, str, bool]]:
    there = [Keeper(ALL, _ALL), *every, Keeper(NOBODY, _NOBODY)] if every else []
    return [(one.name, replace(wanted, keeper=one.key, page=1).query, one.key == wanted.keeper) for one in there]


def _whats(items: pl.DataFrame, wanted: Wanted) -> list[tuple[Text, int, str, bool]]:
    """Sorts with their numbers, the whole first."""
    counts: dict[str, int] = dict(items.group_by("what").len().iter_rows())
    whole = (_ALL_SORTS, items.height, replace(wanted, what="", kind="", page=1).query, not wanted.what)
    return [
        whole,
        *((what.label, counts[name], replace(wanted, what=name, kind="", page=1).query, wanted.what == name) for name, what in WHATS.items() if name in counts),
    ]


def _kinds(items: pl.DataFrame, wanted: Wanted) -> list[tuple[Text, int, str, bool]]:
    counts: dict[str, int] = dict(items.group_by("kind").len().iter_rows())
    return [
        (kind.plural_label, counts[name], replace(wanted, kind="" if wanted.kind == name else name, page=1).query, wanted.kind == name)
        for name, kind in kinds().items()
        if name in counts
    ]


_ALL, _NOBODY, _ALL_SORTS = Text("everybody's", "전체"), Text("nobody's", "담당 없음"), Text("All", "전체")
_WHAT, _KIND, _RECORD, _TITLE = Text("To do", "할 일"), Text("Kind", "종류"), Text("Record", "기록"), Text("Title", "제목")
_MISSING, _SINCE, _DAYS = Text("Missing", "빠진 항목"), Text("Since", "기준일"), Text("Days", "경과일")
