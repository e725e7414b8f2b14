"""`comity events`: load files of political events into a store, follow a publisher, ask for panels, ask in SQL, see what is there.

These commands need no register. Answers go to the standard output, what happens on the way to the standard error.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from comity.cli.ask import Format, FormatOption, LangOption, Language
from comity.cli.words import both
from comity.vocab.text import Lang, Text

if TYPE_CHECKING:
    from comity.events.panels import PanelSpec
    from comity.events.store import Store

StoreOption = Annotated[
    Path, typer.Option("--store", metavar="DIR", envvar="COMITY_EVENTS", show_envvar=False, help=both("Folder of the store.", "저장소 폴더."))
]
DEFAULT = Path("events-store")
Files = Annotated[list[Path], typer.Argument(help=both("Files as published, or folders of them.", "발행된 파일 또는 그 폴더."))]


def add_to(app: typer.Typer) -> None:
    """Add the group `events` and its commands."""
    group = typer.Typer(
        no_args_is_help=True,
        rich_markup_mode=None,
        help=both(
            "Political events: a store of GDELT, ICEWS, POLECAT and other files, and panels of it.", "정치 사건: GDELT, ICEWS, POLECAT 등의 저장소와 패널."
        ),
    )
    group.command("load", help=both("Load files into the store, each once and whole.", "파일을 저장소에 적재합니다. 파일마다 한 번, 전부 아니면 전무."))(load)
    group.command("follow", help=both("Take the publisher's 15-minute files as they come.", "발행 기관의 15분 파일을 나오는 대로 받아 적재합니다."))(follow)
    group.command("panel", help=both("Events by dyad and period.", "국가 쌍과 기간별 사건."))(panel)
    group.command(
        "query",
        help=both(
            "One SELECT over the views events, months, quarantine, duplicates, files.", "events, months, quarantine, duplicates, files 뷰에 SELECT 한 문장."
        ),
    )(query)
    group.command("status", help=both("What was loaded from which file, and what was not.", "어느 파일에서 무엇이 적재되고 무엇이 빠졌는지."))(status)
    group.command("compact", help=both("Merge small parts; answers stay the same.", "작은 조각을 합칩니다. 답은 바뀌지 않습니다."))(compact)
    app.add_typer(group, name="events")


def load(files: Files, store: StoreOption = DEFAULT, format: FormatOption = Format.table, lang: LangOption = None) -> None:
    """Load files."""
    from comity.cli.events_told import Told, tell_load
    from comity.events.loading import load as load_files
    from comity.events.origin import source_of
    from comity.events.store import open_store

    told, paths = Told(_lang(lang)), _each(files, _lang(lang))
    opened = open_store(store, create=True)
    try:
        summary = load_files(opened, paths, source_of=source_of, told=told.progress)
    except KeyboardInterrupt:
        told.line(_STOPPED)
        raise typer.Exit(130) from None
    told.end()
    tell_load(summary, format, _lang(lang))
    if summary.failed:
        raise typer.Exit(1)


def follow(
    since: Annotated[str | None, typer.Option("--since", metavar="DATE", help=both("Fill in from this day on.", "이날부터 채웁니다."))] = None,
    once: Annotated[bool, typer.Option("--once", help=both("Stop when all is there that is published.", "발행된 것을 다 받으면 끝냅니다."))] = False,
    origin: Annotated[
        str | None,
        typer.Option("--from", metavar="WHERE", help=both("A mirror's address or a folder; default: the publisher.", "미러 주소나 폴더. 기본값은 발행 기관.")),
    ] = None,
    store: StoreOption = DEFAULT,
    format: FormatOption = Format.table,
    lang: LangOption = None,
) -> None:
    """Follow a publisher."""
    from datetime import UTC, datetime

    from comity.cli.events_told import Told, tell_follow
    from comity.events.fetching import place_of
    from comity.events.following import Follower
    from comity.events.origin import source_of
    from comity.events.store import open_store
    from comity.sources.gdelt_lists import BASE
    from comity.vocab.dates import PartialDate

    told = Told(_lang(lang))
    day = PartialDate.parse(since).earliest if since else None
    follower = Follower(open_store(store, create=True), place_of(origin or BASE), source_of, told.line, told.progress)
    begin = datetime(day.year, day.month, day.day, tzinfo=UTC) if day else None
    try:
        if once:
            summary = follower.catch_up(begin)
            told.end()
            tell_follow(summary, format, _lang(lang))
        else:
            follower.follow(begin)
    except KeyboardInterrupt:
        told.line(_STOPPED)
        raise typer.Exit(130) from None


def panel(
    actors: Annotated[
        str, typer.Option("--actors", metavar="CODES", help=both("States, separated by commas; default: all.", "국가 부호(쉼표로 구분). 기본값은 전체."))
    ] = "",
    match: Annotated[
        str, typer.Option("--match", metavar="both|either", help=both("Whether both sides must be among them or one.", "양측 모두 또는 한쪽이 해당 국가."))
    ] = "both",
    undirected: Annotated[bool, typer.Option("--undirected", help=both("A to B and B to A together.", "방향을 구분하지 않습니다."))] = False,
    step: Annotated[str, typer.Option("--step", metavar="day|week|month", help=both("Periods.", "기간 단위."))] = "month",
    by: Annotated[
        str | None, typer.Option("--by", metavar="root|quad", help=both("Split by PLOVER root or quad class.", "PLOVER 대분류 또는 4분류로 나눕니다."))
    ] = None,
    measures: Annotated[
        str, typer.Option("--measures", metavar="WORDS", help=both("Of goldstein, tone, mentions, share.", "goldstein, tone, mentions, share 중."))
    ] = "goldstein,tone,mentions,share",
    weigh_tone: Annotated[bool, typer.Option("--weigh-tone", help=both("Weigh the tone by mentions.", "논조를 언급 수로 가중합니다."))] = False,
    split: Annotated[
        str, typer.Option("--split", metavar="WORDS", help=both("By roles, place, source.", "roles(역할), place(장소), source(출처)로 나눕니다."))
    ] = "",
    role: Annotated[str, typer.Option("--role", metavar="CODES", help=both("One side has one of these roles.", "한쪽이 이 역할 중 하나."))] = "",
    place: Annotated[str, typer.Option("--place", metavar="CODES", help=both("Happened in these countries.", "이 국가에서 일어난 것만."))] = "",
    source: Annotated[str, typer.Option("--source", metavar="NAMES", help=both("From these sources only.", "이 출처만."))] = "",
    root: Annotated[str, typer.Option("--root", metavar="WORDS", help=both("These PLOVER roots only.", "이 PLOVER 대분류만."))] = "",
    quad: Annotated[str, typer.Option("--quad", metavar="NUMBERS", help=both("These quad classes only (1-4).", "이 4분류(1-4)만."))] = "",
    first: Annotated[str | None, typer.Option("--first", metavar="DATE", help=both("First day.", "첫날."))] = None,
    last: Annotated[str | None, typer.Option("--last", metavar="DATE", help=both("Last day.", "마지막 날."))] = None,
    distinct: Annotated[bool, typer.Option("--distinct", help=both("Of equal events of a day count one.", "같은 날 같은 사건은 하나만 셉니다."))] = False,
    unknown: Annotated[bool, typer.Option("--unknown", help=both("Rows for sides without a state too.", "국가 미상의 측도 행으로 보입니다."))] = False,
    on: Annotated[
        str,
        typer.Option(
            "--on",
            metavar="ENGINE",
            help=both("Engine: duckdb, spark://…, clickhouse://…, bigquery://…", "엔진: duckdb, spark://…, clickhouse://…, bigquery://…"),
        ),
    ] = "duckdb",
    store: StoreOption = DEFAULT,
    format: FormatOption = Format.table,
    lang: LangOption = None,
) -> None:
    """Give a panel."""
    from comity.cli.events_told import tell_panel
    from comity.events.panels import PanelSpec
    from comity.vocab.dates import PartialDate

    lists = {"actors": actors, "measures": measures, "split": split, "roles": role, "places": place, "sources": source, "roots": root}
    given: dict[str, Any] = {name: _listed(value) for name, value in lists.items()}  # PanelSpec refuses words that it does not know
    given |= {"match": match, "directed": not undirected, "step": step, "by": by, "weigh_tone": weigh_tone, "distinct": distinct, "unknown": unknown}
    given["quads"] = tuple(int(word) if word.isdecimal() else 0 for word in _listed(quad))
    given |= {"first_day": PartialDate.parse(first).earliest if first else None, "last_day": PartialDate.parse(last).latest if last else None}
    spec = PanelSpec(**given)
    tell_panel(_panel_on(on, spec, store), format, _lang(lang))


def query(
    sql: Annotated[str, typer.Argument(metavar="SQL", help=both("The statement.", "실행할 문장."))],
    store: StoreOption = DEFAULT,
    format: FormatOption = Format.table,
    lang: LangOption = None,
) -> None:
    """Ask in SQL."""
    from comity.cli.events_told import tell_rows
    from comity.events.querying import query as ask

    tell_rows(ask(_opened(store), sql), format, _lang(lang))


def status(store: StoreOption = DEFAULT, format: FormatOption = Format.table, lang: LangOption = None) -> None:
    """Tell what is there."""
    from comity.cli.events_told import tell_status

    tell_status(_opened(store), format, _lang(lang))


def compact(store: StoreOption = DEFAULT, lang: LangOption = None) -> None:
    """Merge small parts."""
    from comity.cli.events_told import Told, tell_compacted
    from comity.events.compacting import compact as merge

    told = Told(_lang(lang))
    try:
        done = merge(_opened(store), told=told.share)
    except KeyboardInterrupt:
        told.line(_STOPPED)
        raise typer.Exit(130) from None
    told.end()
    tell_compacted(done, _lang(lang))


def _panel_on(engine: str, spec: PanelSpec, store: Path) -> Any:
    if engine == "duckdb":
        from comity.events.panels import panel as of_store

        return of_store(_opened(store), spec)
    from comity.events.panel_ibis import panel_on

    return panel_on(engine, spec, _opened(store) if (store / "ledger.tsv").is_file() else None)


def _opened(folder: Path) -> Store:
    from comity.events.store import open_store

    return open_store(folder)


def _each(given: list[Path], lang: Lang) -> list[Path]:
    """Files, and those in folders by their names; a path where there is nothing is a wrong use of the command."""
    if missing := [path for path in given if not path.exists()]:
        raise typer.BadParameter(_NO_FILE.format(path=missing[0]).in_(lang))
    found: list[Path] = []
    for path in given:
        found += sorted(one for one in path.iterdir() if one.is_file() and not one.name.startswith(".")) if path.is_dir() else [path]
    return found


def _listed(text: str) -> tuple[str, ...]:
    return tuple(word.strip() for word in text.split(",") if word.strip())


def _lang(chosen: Language | None) -> Lang:
    from comity.cli.main import LANG

    return LANG if chosen is None else chosen.value


_NO_FILE = Text("there is no file or folder {path}.", "{path} 파일이나 폴더가 없습니다.")
_STOPPED = Text(
    "Stopped. The store is sound and holds the files that were whole; run the same command again to go on.",
    "중지했습니다. 저장소는 온전하며 끝난 파일까지 들어 있습니다. 같은 명령을 다시 실행하면 이어집니다.",
)
