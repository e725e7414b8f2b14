"""How the commands of the event store tell what they did: progress on the standard error, tables, JSON, CSV and Parquet on the standard output."""

from __future__ import annotations

import sys
import time
from typing import TYPE_CHECKING, Any, cast

import polars as pl

from comity.cli import tables as t
from comity.cli.ask import Format
from comity.events.following import REASONS as GAP_REASONS
from comity.events.following import read_state
from comity.events.querying import files_frame
from comity.sources.reasons import reason_text
from comity.vocab.text import Lang, Text

if TYPE_CHECKING:
    from comity.events.compacting import Compacted
    from comity.events.following import FollowSummary, Gap
    from comity.events.loading import LoadSummary, Progress
    from comity.events.panels import Panel
    from comity.events.store import Store
    from comity.register.snapshot import Snapshot

PAGE = 60  # rows of a panel or answer printed as a table; the other forms give all
EVERY = 5.0  # seconds between lines of progress where the standard error is no terminal


class Told:
    """Progress on the standard error: one line that is written over on a terminal, a line now and then elsewhere."""

    def __init__(self, lang: Lang) -> None:
        self.lang, self.on_terminal = lang, sys.stderr.isatty()
        self._last, self._open = time.monotonic(), False

    def progress(self, progress: Progress) -> None:
        """How far a load is."""
        self._write(_PROGRESS.format(name=progress.name, lines=progress.lines, at=progress.files_done + 1, files=progress.files, rows=progress.rows))

    def share(self, done: int, of: int) -> None:
        """How many of so many are done."""
        self._write(_SHARE.format(done=done, of=of))

    def line(self, text: Text) -> None:
        """A sentence of its own."""
        self.end()
        print(text.in_(self.lang), file=sys.stderr, flush=True)

    def end(self) -> None:
        """End the line that is being written over."""
        if self._open:
            print(file=sys.stderr, flush=True)
            self._open = False

    def _write(self, text: Text) -> None:
        if self.on_terminal:
            print(f"\r\x1b[K{text.in_(self.lang)}", end="", file=sys.stderr, flush=True)
            self._open = True
        elif time.monotonic() - self._last > EVERY:
            self._last = time.monotonic()
            print(text.in_(self.lang), file=sys.stderr, flush=True)


def tell_load(summary: LoadSummary, form: Format, lang: Lang) -> None:
    """What became of the files and of every line."""
    files = files_frame(summary.loaded)
    if form is not Format.table:
        known = [{"file": str(path), "as": entry.name, "loaded_at": entry.loaded_at} for path, entry in summary.known]
        failed = [{"file": str(path), "type": type(error).__name__, "message": error.in_(lang)} for path, error in summary.failed]
        extra = {"totals": summary.totals, "reasons": summary.reasons, "repaired": summary.repaired, "known": known, "failed": failed}
        _give(files, form, {"files": files.to_dicts(), **extra, "seconds": round(summary.seconds, 3)})
        return
    _table(files, _FILE_COLUMNS, lang)
    print(_LOADED.format(files=len(summary.loaded), **summary.totals, seconds=summary.seconds).in_(lang))
    for told, counts in ((_REASON, summary.reasons), (_REPAIR, summary.repaired)):
        for code, count in counts.items():
            print(told.format(count=count, code=code, told=reason_text(code)).in_(lang))
    for path, entry in summary.known:
        print(_KNOWN.format(file=path.name, name=entry.name, day=f"{entry.loaded_at:%Y-%m-%d %H:%M}").in_(lang))
    for path, error in summary.failed:
        print(_FAILED.format(file=path, words=error.text).in_(lang), file=sys.stderr)


def tell_follow(summary: FollowSummary, form: Format, lang: Lang) -> None:
    """What a round of following brought."""
    gaps = _gaps(summary.gaps, lang)
    if form is not Format.table:
        counts = {name: getattr(summary, name) for name in ("files", "rows", "quarantined", "duplicates", "unlisted", "newest")}
        _give(gaps, form, counts | {"gaps": gaps.to_dicts()})
        return
    print(_FOLLOWED.format(files=summary.files, rows=summary.rows, quarantined=summary.quarantined, duplicates=summary.duplicates).in_(lang))
    _tell_gaps(gaps, summary.unlisted, lang)


def tell_panel(panel: Panel, form: Format, lang: Lang) -> None:
    """The rows of a panel and what must be said beside them."""
    if form is not Format.table:
        _give(panel.rows, form, panel.answer(lang))
        return
    tell_rows(panel.rows, form, lang)
    for note in panel.notes:
        print(note.in_(lang))


def tell_rows(rows: pl.DataFrame, form: Format, lang: Lang) -> None:
    """Any rows; as a table the first of them."""
    if form is not Format.table:
        _give(rows, form, {"rows": rows.to_dicts()})
        return
    columns = [_column(name, dtype) for name, dtype in rows.schema.items()]
    _table(rows.head(PAGE), columns, lang)
    if rows.height > PAGE:
        print(_MORE.format(shown=PAGE, rows=rows.height).in_(lang))


def tell_status(store: Store, form: Format, lang: Lang) -> None:
    """Every loaded file with its counts, the sums, and what a follower misses."""
    files, state = files_frame(store.ledger.files), read_state(store)
    gaps, parts = _gaps(list(state.gaps.values()), lang), store.ledger.parts
    totals = {name: int(files[name].sum()) for name in ("lines", "rows", "quarantined", "duplicates")}
    size = sum(part.size for part in parts)
    if form is not Format.table:
        extra = {"totals": totals, "parts": len(parts), "size": size, "digest": store.ledger.digest, "since": state.since, "unlisted": state.unlisted}
        _give(files, form, {"files": files.to_dicts(), **extra, "gaps": gaps.to_dicts()})
        return
    _table(files, _FILE_COLUMNS, lang)
    print(_STORE.format(files=files.height, parts=len(parts), megabytes=size / 1e6, **totals).in_(lang))
    if state.since:
        _tell_gaps(gaps, state.unlisted, lang)


def tell_compacted(done: Compacted, lang: Lang) -> None:
    """How many parts there were and are."""
    numbers = {"before": done.parts_before, "after": done.parts_after, "mb_before": done.size_before / 1e6, "mb_after": done.size_after / 1e6}
    print(_COMPACTED.format(**numbers).in_(lang))


def _tell_gaps(gaps: pl.DataFrame, unlisted: int | None, lang: Lang) -> None:
    if gaps.height:
        _table(
            gaps,
            [t.words("name", "File", "파일"), t.words("told", "Why", "이유"), t.numbers("tries", "Tries", "시도"), t.words("tried_at", "Last", "최근 시도")],
            lang,
        )
    print(_GAPS.format(gaps=gaps.height).in_(lang))
    if unlisted:
        print(_UNLISTED.format(unlisted=unlisted).in_(lang))


def _gaps(gaps: list[Gap], lang: Lang) -> pl.DataFrame:
    rows = [
        {
            "name": gap.wanted.name,
            "reason": gap.reason,
            "told": GAP_REASONS[gap.reason].in_(lang),
            "tries": gap.tries,
            "tried_at": f"{gap.tried_at:%Y-%m-%d %H:%M}",
        }
        for gap in gaps
    ]
    return pl.DataFrame(rows, schema={"name": pl.String, "reason": pl.String, "told": pl.String, "tries": pl.Int64, "tried_at": pl.String})


def _give(rows: pl.DataFrame, form: Format, answer: dict[str, Any]) -> None:
    if form is Format.json:
        t.print_json(answer)
    elif form is Format.csv:
        t.write_csv(rows)
    else:
        t.write_parquet(rows)


def _table(rows: pl.DataFrame, columns: list[t.Shown], lang: Lang) -> None:
    if rows.height:
        t.print_rows(rows, columns, cast("Snapshot", None), lang)  # none of these columns asks the register


def _column(name: str, dtype: pl.DataType) -> t.Shown:
    heading = _HEADINGS.get(name, Text(name, name))
    if dtype.is_float():
        return t.numbers(name, heading.en, heading.ko, 6 if name == "share" else 2)
    return t.numbers(name, heading.en, heading.ko) if dtype.is_integer() and name != "quad" else t.words(name, heading.en, heading.ko)


_FILE_COLUMNS = [
    t.numbers("no", "No.", "번호"), t.words("name", "File", "파일"), t.words("source", "Source", "출처"), t.numbers("lines", "Lines", "줄"),
    t.numbers("rows", "Loaded", "적재"), t.numbers("quarantined", "Quarantined", "격리"), t.numbers("duplicates", "Duplicates", "중복"),
    t.words("added_first", "Added from", "등록 시작"), t.words("added_last", "to", "등록 끝"), t.words("loaded_at", "Loaded at (UTC)", "적재 시각(UTC)"),
]  # fmt: skip
_HEADINGS = {
    "period": Text("Period", "기간"), "actor1": Text("From", "행위 측"), "actor2": Text("To", "상대 측"), "root": Text("Root", "대분류"), "quad": Text("Quad", "4분류"),
    "role1": Text("Role", "역할"), "role2": Text("Role of the other", "상대 역할"), "place": Text("Place", "장소"), "source": Text("Source", "출처"),
    "events": Text("Events", "사건"), "goldstein_mean": Text("Goldstein", "골드스타인"), "goldstein_sum": Text("Sum", "합"),
    "goldstein_known": Text("of events", "해당 사건"), "tone_mean": Text("Tone", "논조"), "tone_known": Text("of", "해당 수"),
    "mentions": Text("Mentions", "언급"), "total": Text("All events", "전체 사건"), "share": Text("Share", "비중"),
}  # fmt: skip
_PROGRESS = Text("{name}: {lines:,} lines (file {at:,} of {files:,}, {rows:,} rows)", "{name}: {lines:,}줄({files:,}개 중 {at:,}번째, {rows:,}행)")
_SHARE = Text("{done:,} of {of:,}", "{of:,} 중 {done:,}")
_LOADED = Text(
    "{files:,} files, {lines:,} lines: {rows:,} loaded, {duplicates:,} duplicates, {quarantined:,} in quarantine; {seconds:.1f} s.",
    "파일 {files:,}개, {lines:,}줄: 적재 {rows:,}, 중복 {duplicates:,}, 격리 {quarantined:,}. {seconds:.1f}초.",
)
_REASON = Text("  {count:,} × {code}: {told}", "  {count:,} × {code}: {told}")
_REPAIR = Text("  mended in {count:,}: {told}", "  고친 것 {count:,}: {told}")
_KNOWN = Text("{file} is in the store already, as {name} ({day} UTC).", "{file}은(는) 이미 저장소에 있습니다({name}, {day} UTC).")
_FAILED = Text("{file} was not loaded: {words}", "{file}을(를) 적재하지 못했습니다: {words}")
_FOLLOWED = Text(
    "{files:,} files: {rows:,} rows loaded, {duplicates:,} duplicates, {quarantined:,} in quarantine.",
    "파일 {files:,}개: 적재 {rows:,}행, 중복 {duplicates:,}, 격리 {quarantined:,}.",
)
_GAPS = Text("{gaps:,} published files are missing.", "발행 파일 중 누락 {gaps:,}개.")
_UNLISTED = Text("The publisher's list leaves out {unlisted:,} quarters of an hour.", "발행 목록에 없는 15분 구간 {unlisted:,}개.")
_MORE = Text("{shown:,} of {rows:,} rows; --format csv, json or parquet gives all.", "{rows:,}행 중 {shown:,}행. 전체는 --format csv, json, parquet.")
_STORE = Text(
    "{files:,} files, {lines:,} lines: {rows:,} loaded, {duplicates:,} duplicates, {quarantined:,} in quarantine; {parts:,} parts, {megabytes:,.1f} MB.",
    "파일 {files:,}개, {lines:,}줄: 적재 {rows:,}, 중복 {duplicates:,}, 격리 {quarantined:,}. 조각 {parts:,}개, {megabytes:,.1f} MB.",
)
_COMPACTED = Text(
    "{before:,} parts ({mb_before:,.1f} MB) became {after:,} ({mb_after:,.1f} MB).",
    "조각 {before:,}개({mb_before:,.1f} MB)를 {after:,}개({mb_after:,.1f} MB)로 합쳤습니다.",
)
