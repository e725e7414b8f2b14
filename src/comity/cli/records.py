"""Questions about single records: one with its claims and sources, a search, the actors, the kinds."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from comity.cli import tables as t
from comity.cli.ask import Ask, Format, question
from comity.cli.words import both
from comity.vocab.text import Lang, Text


def add_to(app: typer.Typer) -> None:
    """Add the commands of this module."""

    @question(app, "record")
    def record(ask: Ask, id: Annotated[str, typer.Argument(help=both("Id of a record, or kind:id.", "기록 식별자 또는 종류:식별자."))]) -> None:
        """One record: its fields, the claims on each, its sources, what links to it.‖기록 하나: 항목, 주장, 출처, 연결된 기록."""
        answer = record_answer(ask, id)
        if ask.format in (Format.json, Format.csv, Format.parquet):
            t.print_json(answer)
        else:
            _print_record(answer, ask.lang)

    @question(app, "search")
    def search(
        ask: Ask,
        words: Annotated[list[str], typer.Argument(help=both("Words to find, English or Korean.", "찾을 말(영어 또는 한국어)."))],
        limit: Annotated[int, typer.Option(help=both("At most this many.", "최대 건수."))] = 50,
    ) -> None:
        """Records in which all the words occur, English or Korean.‖모든 낱말이 들어 있는 기록."""
        from comity.measures.result import result
        from comity.register.search import search as find

        rows = find(ask.snapshot, " ".join(words), lang=ask.lang, limit=limit)
        found = result("search", ask.snapshot, rows, as_of=ask.as_of, settings={"words": " ".join(words)})
        ask.answer(found, [t.days("date", "Date", "날짜"), t.words("kind", "Kind", "종류"), t.words("id", "Id", "식별자"), t.words("title", "Title", "제목")])

    @question(app, "actors")
    def actors(
        ask: Ask,
        words: Annotated[str, typer.Argument(help=both("Part of a name or code; empty for all.", "이름이나 부호의 일부. 비우면 전부."))] = "",
        member_of: Annotated[
            str | None, typer.Option("--member-of", metavar="ACTOR", help=both("Only members of this organisation on the day.", "그날 이 기구의 회원만."))
        ] = None,
    ) -> None:
        """States since 1816, organisations, commands and units, with codes and spans.‖1816년 이후의 국가, 기구, 사령부, 부대와 부호·기간."""
        rows = actor_rows(ask, words, member_of)
        from comity.measures.result import result

        columns = [t.words("id", "Id", "부호"), t.words("short_" + ask.lang, "Name", "이름"), t.coded("actor_type", "actor_type", "Type", "유형")]
        columns += [t.days("start", "From", "시작"), t.days("end", "To", "끝"), t.words("cow", "COW", "COW"), t.words("gw", "Gleditsch-Ward", "Gleditsch-Ward")]
        ask.answer(result("actors", ask.snapshot, rows, as_of=ask.as_of), columns)

    @question(app, "kinds")
    def kinds(
        ask: Ask,
        kind: Annotated[str, typer.Argument(help=both("A kind, for its fields; empty for all kinds.", "종류 이름(항목 표시). 비우면 모든 종류."))] = "",
    ) -> None:
        """The record kinds, or the fields of one.‖기록의 종류 또는 한 종류의 항목."""
        import polars as pl

        from comity.measures.result import result
        from comity.vocab.kinds import kind_of
        from comity.vocab.kinds import kinds as every

        listed: list[dict[str, Any]]
        if kind:
            listed = [
                {"field": f.name, "type": f.type, "required": "●" if f.required else "", "label": f.label.in_(ask.lang), "help": f.help.in_(ask.lang)}
                for f in kind_of(kind).fields
            ]
            columns = [
                t.words("field", "Field", "항목"),
                t.words("type", "Type", "형식"),
                t.words("required", "Required", "필수"),
                t.words("label", "Label", "이름"),
                t.words("help", "Meaning", "뜻"),
            ]
        else:
            listed = [
                {"kind": k.name, "file": k.file, "label": k.label.in_(ask.lang), "records": ask.snapshot.table(k.name).height, "help": k.help.in_(ask.lang)}
                for k in every().values()
            ]
            columns = [
                t.words("kind", "Kind", "종류"),
                t.words("label", "Label", "이름"),
                t.words("file", "File", "파일"),
                t.numbers("records", "Records", "기록 수"),
                t.words("help", "Meaning", "뜻"),
            ]
        ask.answer(result("kinds", ask.snapshot, pl.DataFrame(listed), as_of=ask.as_of), columns)


def actor_rows(ask: Ask, words: str, member_of: str | None) -> Any:
    """Actors by part of a name or code, with their codes on the day."""
    import polars as pl

    from comity.vocab.date_columns import holds_possibly

    frame = ask.snapshot.actors
    if words:
        wanted = words.casefold()
        frame = frame.filter(
            pl.any_horizontal(
                [
                    pl.col(name).str.to_lowercase().str.contains(wanted, literal=True).fill_null(False)
                    for name in ("id", "name_en", "short_en", "name_ko", "short_ko")
                ]
            )
        )
    if member_of:
        from comity.register.actors import members

        frame = frame.filter(pl.col("id").is_in(members(ask.snapshot, member_of, on=ask.as_of)))
    codes = ask.snapshot.actor_codes.filter(pl.col("system").is_in(["cow", "gw"]) & holds_possibly("start", "end", ask.as_of))
    wide = codes.group_by("actor", "system").agg(pl.col("code").first()).pivot(on="system", index="actor", values="code")
    for name in ("cow", "gw"):
        if name not in wide.columns:
            wide = wide.with_columns(pl.lit(None, dtype=pl.String).alias(name))
    return (
        frame.join(wide.select("actor", "cow", "gw"), left_on="id", right_on="actor", how="left")
        .select("id", "actor_type", "name_en", "short_en", "name_ko", "short_ko", "iso3", "iso2", "cow", "gw", "start", "end", "region")
        .sort("id")
    )


def record_answer(ask: Ask, ref: str) -> dict[str, Any]:
    """A record as plain values: fields as shown, the claims on each, sources, and the records that link to it."""
    from comity.register.titles import shown

    record = ask.snapshot.record(ref)
    fields = []
    for field in record.kind.fields:
        if record[field.name] is None:
            continue
        claims = [
            {
                "value": c.value,
                "status": c.status,
                "source": source_words(ask, c.source),
                "locator": c.locator,
                "confidence": c.confidence,
                "reason": c.reason.in_(ask.lang) if c.reason else None,
            }
            for c in record.why(field.name)
        ]
        fields.append(
            {
                "field": field.name,
                "label": field.label.in_(ask.lang),
                "value": record[field.name],
                "shown": shown(ask.snapshot, field, record[field.name], ask.lang),
                "claims": claims,
            }
        )
    head = {"as_of": ask.as_of.isoformat(), "home": ask.home, "snapshot": ask.snapshot.hash, "settings": {"reader": ask.reader}}
    body = {
        "kind": record.kind.name,
        "id": record.id,
        "title": record.title(ask.lang),
        "rows": fields,
        "linked_from": linked_from(ask, record.kind.name, record.id),
    }
    return head | body


def source_words(ask: Ask, source: str | None) -> dict[str, str | None] | None:
    """A source by its title and address."""
    if source is None or not ask.snapshot.has_record(f"source:{source}"):
        return None
    cells = ask.snapshot.record(f"source:{source}").cells
    return {"id": source, "title": cells["title"], "url": cells["url"], "published": cells["published"]}


def linked_from(ask: Ask, kind: str, record_id: str) -> list[dict[str, str]]:
    """Records that name this one, under the link's name seen from this side."""
    import polars as pl

    from comity.vocab.kinds import kinds

    found = []
    for other in kinds().values():
        for field in other.of_type("link", "links"):
            if field.target not in (kind, "any") or field.name in ("source", "second_source", "marking"):
                continue
            wanted = f"{kind}:{record_id}" if field.target == "any" else record_id
            table = ask.snapshot.table(other.name)
            for linked in table.filter(pl.col(field.name).str.split(";").list.contains(wanted))["id"]:
                label = field.inverse.in_(ask.lang) if field.inverse else field.name
                found.append({"as": label, "record": f"{other.name}:{linked}", "title": ask.snapshot.record(f"{other.name}:{linked}").title(ask.lang)})
    return found


def _print_record(answer: dict[str, Any], lang: Lang) -> None:
    from rich.console import Console
    from rich.markup import escape
    from rich.table import Table

    console = Console()
    console.print(f"[bold]{escape(answer['title'])}[/bold]  {answer['kind']}:{answer['id']}", highlight=False)
    table = Table(box=None, pad_edge=False, show_header=False)
    table.add_column(style="dim", overflow="fold")
    table.add_column(overflow="fold")
    for row in answer["rows"]:
        table.add_row(escape(row["label"]), escape(row["shown"]))
        for claim in row["claims"][1:] if len(row["claims"]) > 1 else []:
            source = claim["source"]["title"] if claim["source"] else ""
            table.add_row(
                "",
                f"[dim]↳ {escape(_STATUS[claim['status']].in_(lang))}: {escape(str(claim['value']))} ({escape(source)}) {escape(claim['reason'] or '')}[/dim]",
            )
    for link in answer["linked_from"]:
        table.add_row(escape(link["as"]), escape(f"{link['title']} ({link['record']})"))
    console.print(table)


_STATUS = {
    "adopted": Text("adopted", "채택"),
    "competing": Text("competing", "경쟁"),
    "superseded": Text("superseded", "대체됨"),
    "withdrawn": Text("withdrawn", "철회"),
}
