"""Every form of outside event data that Comity reads, and which of them a file has, told from its name and first bytes.

Recognition looks at what a file is, not at where it came from: the number of columns, the names in its header, the columns of its table. A form
that is damaged is still recognised, so that its reader can put the rows into quarantine; what fits no form is refused with what was seen.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Literal

import polars as pl

from comity.sources import (
    gdelt_events,
    gdelt_extracts,
    gdelt_lists,
    gdelt_mentions,
    gdelt_totals,
    icews,
    missiles_cns,
    nk_russia_timeline,
    phoenix,
    polecat,
    provocations_csis,
    provocations_kor,
)
from comity.sources.headed import spelled
from comity.sources.listing import Listing
from comity.sources.reading import Batch
from comity.sources.text_rows import first_bytes
from comity.vocab.errors import UnknownForm
from comity.vocab.text import Text

HEAD = 64 << 10
Gives = Literal["events", "mentions", "list"]


@dataclass(frozen=True, slots=True)
class Form:
    """One form of file: `read` gives batches of events or mentions, `read_list` a whole list; the other is null."""

    name: str
    title: Text
    module: ModuleType
    gives: Gives
    read: Callable[..., Iterator[Batch]] | None = None
    read_list: Callable[[Path], Listing] | None = None

    @property
    def address(self) -> str:
        """Where the publisher offers it."""
        return str(self.module.ADDRESS)

    @property
    def citation(self) -> str:
        """How to cite it."""
        return str(self.module.CITATION)

    @property
    def terms(self) -> Text:
        """Terms of use in one line."""
        terms: Text = self.module.TERMS
        return terms

    @property
    def editions(self) -> Mapping[str, str]:
        """Known editions: file name to SHA-256."""
        editions: Mapping[str, str] = self.module.EDITIONS
        return editions


def _form(name: str, title: Text, module: ModuleType, *, gives: Gives = "list", read: str = "read") -> Form:
    reader = getattr(module, read)
    return Form(name, title, module, gives, None if gives == "list" else reader, reader if gives == "list" else None)


FORMS: dict[str, Form] = {
    form.name: form
    for form in (
        _form("gdelt_events", Text("GDELT events, 1.0 and 2.0", "GDELT 사건(1.0, 2.0)"), gdelt_events, gives="events"),
        _form("gdelt_mentions", Text("GDELT 2.0 mentions", "GDELT 2.0 언급"), gdelt_mentions, gives="mentions"),
        _form("gdelt_extract", Text("Dyadic cut of GDELT 2.0, 63 columns", "GDELT 2.0 양자 발췌(63열)"), gdelt_extracts, gives="events"),
        _form("gdelt_monthly", Text("Monthly sums of GDELT by dyad", "GDELT 양자별 월 합계"), gdelt_extracts, read="read_monthly"),
        _form("gdelt_list", Text("GDELT's list of published files", "GDELT 발행 파일 목록"), gdelt_lists),
        _form("gdelt_totals", Text("GDELT 1.0 totals by period and country", "GDELT 1.0 기간·국가별 총수"), gdelt_totals),
        _form("icews", Text("ICEWS coded events", "ICEWS 부호화 사건"), icews, gives="events"),
        _form("icews_quadruples", Text("Knowledge-graph facts cut from ICEWS", "ICEWS 지식 그래프 사실"), icews, read="read_quadruples"),
        _form("polecat", Text("POLECAT events", "POLECAT 사건"), polecat, gives="events"),
        _form("phoenix", Text("Historical Phoenix events", "역사 피닉스 사건"), phoenix, gives="events"),
        _form("provocations_csis", Text("CSIS list of North Korean provocations", "CSIS 북한 도발 목록"), provocations_csis),
        _form("exercises_csis", Text("US-ROK exercises in the CSIS list", "CSIS 목록의 한미 연합연습"), provocations_csis, read="read_exercises"),
        _form("provocations_csis_coded", Text("CSIS provocations, coded", "CSIS 도발 목록(부호화)"), provocations_csis, read="read_coded"),
        _form("provocations_csis_vintages", Text("Vintages of the CSIS list", "CSIS 목록의 판별 이력"), provocations_csis, read="read_vintages"),
        _form("provocations_kor", Text("Korean lists of North Korean acts", "한국어 북한 행위 목록"), provocations_kor),
        _form("missiles_cns", Text("CNS missile tests", "CNS 미사일 시험"), missiles_cns),
        _form("nk_russia_timeline", Text("CSIS timeline North Korea-Russia", "CSIS 북러 협력 연표"), nk_russia_timeline),
    )
}
BY_HEADER: tuple[tuple[str, frozenset[str]], ...] = (
    ("gdelt_events", frozenset({"globaleventid", "sqldate"})),
    ("polecat", frozenset({"event_id", "event_type", "quad_code", "recipient_country"})),
    ("icews", frozenset({"event_id", "cameo_code", "source_country", "target_country"})),
    ("phoenix", frozenset({"eid", "story_date", "source_root", "target_root"})),
    ("missiles_cns", frozenset({"date", "missile", "facility", "outcome"})),
    ("nk_russia_timeline", frozenset({"headline", "tag", "is_landmark"})),
    ("provocations_csis_coded", frozenset({"date", "cat", "event", "sev"})),
    ("exercises_csis", frozenset({"date", "type", "event", "start", "end"})),
    ("provocations_csis", frozenset({"date", "type", "event", "resources"})),
    ("provocations_kor", frozenset({"type", "date", "case", "latitude", "longtitude"})),
)
BY_TABLE: tuple[tuple[str, frozenset[str]], ...] = (
    ("gdelt_extract", frozenset({"Global_Event_ID", "Event_Code", "Date_Added"})),
    ("gdelt_monthly", frozenset({"month", "iso3_a", "iso3_b", "weight"})),
    ("gdelt_monthly", frozenset({"MonthYear", "Actor2CountryCode", "QuadClass", "RecordCount"})),
    ("icews_quadruples", frozenset({"head", "relation", "tail", "date"})),
    ("provocations_csis_vintages", frozenset({"first_snapshot", "last_snapshot", "date", "type"})),
    *(("gdelt_totals", frozenset({period, "total"})) for period in ("day", "month", "year")),
)
BY_COLUMNS = {57: "gdelt_events", 58: "gdelt_events", 61: "gdelt_events", 16: "gdelt_mentions", 4: "icews_quadruples"}
BY_NAME = ((r"\.export\.CSV(\.zip)?$", "gdelt_events"), (r"\.mentions\.CSV(\.zip)?$", "gdelt_mentions"), (r"^ngecEvents", "polecat"))
LISTED = re.compile(r"^(?:\d+ [0-9a-f]{32} https?://\S+|\d+ \S+\.zip|[0-9a-f]{32}\s+\S+\.zip)$")


def form_of(path: Path) -> Form:
    """The form of a file, plain or zipped, text or Parquet.

    Raises `UnknownForm`, which says what was seen and what is known, and `DamagedFile` for a broken zip.
    """
    with path.open("rb") as file:
        table = file.read(4) == b"PAR1"
    name, seen = _of_table(path) if table else _of_text(path)
    name = name or next((form for pattern, form in BY_NAME if re.search(pattern, path.name, re.IGNORECASE)), None)
    if name is None:
        raise UnknownForm(_UNKNOWN.format(file=path.name, seen=seen, known=", ".join(FORMS)))
    return FORMS[name]


def edition_of(path: Path) -> str | None:
    """The known edition that a file is, by its SHA-256: its published name here; null for any other file."""
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    return next((name for form in FORMS.values() for name, known in form.editions.items() if known == digest), None)


def _of_table(path: Path) -> tuple[str | None, str]:
    try:
        columns = set(pl.read_parquet_schema(path))
    except (pl.exceptions.PolarsError, OSError):
        return None, "broken Parquet"
    return next((form for form, wanted in BY_TABLE if wanted <= columns), None), ", ".join(sorted(columns)[:12])


def _of_text(path: Path) -> tuple[str | None, str]:
    lines = [line.rstrip("\r") for line in first_bytes(path, HEAD).decode("utf-8", "replace").split("\n")]
    lines = lines[:-1] if len(lines) > 1 else lines
    first = lines[0]
    for separator in ("\t", ",", ";"):
        names = {spelled(cell) for cell in first.split(separator)}
        found = next((form for form, wanted in BY_HEADER if wanted <= names), None)
        if found:
            return found, first[:80]
    if lines and all(LISTED.match(line) for line in lines[:5] if line):
        return ("gdelt_list" if any(lines) else None), first[:80]
    counts = [line.count("\t") + 1 for line in lines if line]
    common = max(set(counts), key=counts.count) if counts else 0
    return BY_COLUMNS.get(common), f"{common} columns: {first[:80]}"


_UNKNOWN = Text(
    "{file} has no form that is known (seen: {seen}). Known forms: {known}.",
    "{file}의 형식을 알 수 없습니다(읽은 것: {seen}). 아는 형식: {known}.",
)
