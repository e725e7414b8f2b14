"""Commands that make pages: the brief and the dossier of a partner, as HTML, PDF, DOCX, XLSX and JSON."""

from __future__ import annotations

import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from comity.cli.ask import Ask, question
from comity.cli.words import both
from comity.vocab.text import LANGUAGES, Lang, Text

if TYPE_CHECKING:
    from comity.report.document import Document

FORMS = ("html", "pdf", "json", "docx", "xlsx")
Out = Annotated[
    Path | None,
    typer.Option("--out", help=both("Folder to write into; without it the page goes to the standard output.", "저장할 폴더. 없으면 표준 출력으로 내보냅니다.")),
]
Forms = Annotated[
    str,
    typer.Option(
        "--form", metavar="FORMS", help=both("Forms, joined by commas: html, pdf, json, docx, xlsx.", "형식(쉼표로 구분): html, pdf, json, docx, xlsx.")
    ),
]


def add_to(app: typer.Typer) -> None:
    """Add the commands of this module."""

    @question(app, "brief")
    def brief(
        ask: Ask,
        country: Annotated[str, typer.Argument(help=both("Country whose brief it is.", "보고서의 주체 국가."))] = "",
        out: Out = None,
        form: Forms = "html,pdf,json",
    ) -> None:
        """The brief of a country's military diplomacy, in both languages unless --lang names one.‖군사외교 보고서(--lang을 주지 않으면 두 언어로)."""
        from comity.report.brief import brief as make

        document = make(ask.snapshot, country or ask.home, as_of=ask.as_of)
        deliver(ask, document, f"{document.home.lower()}-brief", out, form)

    @question(app, "partner")
    def partner(
        ask: Ask,
        code: Annotated[str, typer.Argument(help=both("Code of the partner, such as JPN.", "상대국 부호(예: JPN)."))],
        out: Out = None,
        form: Forms = "html,pdf,json",
        since: Annotated[
            str | None, typer.Option("--since", metavar="DATE", help=both("Day of the last brief; default: a year before.", "지난 보고일. 기본값은 1년 전."))
        ] = None,
    ) -> None:
        """The dossier of one partner.‖상대국 한 곳의 자료집."""
        from comity.cli.ask import day_of
        from comity.report.dossier import dossier as make

        document = make(ask.snapshot, code, home=ask.home, as_of=ask.as_of, since=day_of(since) if since else None)
        deliver(ask, document, f"{document.home.lower()}-{code.lower()}-dossier", out, form)


def deliver(ask: Ask, document: Document, name: str, out: Path | None, form: str) -> None:
    """Write a document in the forms asked for, in the language asked for or in both; or print it when no folder is given."""
    forms = [one.strip() for one in form.split(",") if one.strip()]
    unknown = [one for one in forms if one not in FORMS]
    if unknown:
        raise typer.BadParameter(_FORM.format(form=unknown[0], all=", ".join(FORMS)).in_(ask.lang))
    languages: list[Lang] = [ask.lang] if ask.lang_given else list(LANGUAGES)
    if out is None:
        _print(ask, document)
        return
    out.mkdir(parents=True, exist_ok=True)
    for written in _written(document, name, out, forms, languages):
        print(written)


def _written(document: Document, name: str, out: Path, forms: list[str], languages: list[Lang]) -> list[Path]:
    made = []
    for form in forms:
        for lang in [None] if form == "json" else languages:
            target = out / (f"{name}.json" if lang is None else f"{name}.{lang}.{form}")
            began = time.monotonic()
            _write(document, form, lang, target)
            print(f"{target.name}  {time.monotonic() - began:.1f} s", file=sys.stderr)
            made.append(target)
    return made


def _write(document: Document, form: str, lang: Lang | None, target: Path) -> None:
    if form == "json" or lang is None:
        from comity.report.json import to_json

        target.write_text(to_json(document), encoding="utf-8")
    elif form == "html":
        from comity.report.html import to_html

        target.write_text(to_html(document, lang), encoding="utf-8")
    elif form == "pdf":
        from comity.report.pdf import to_pdf

        target.write_bytes(to_pdf(document, lang))
    elif form == "docx":
        from comity.report.docx import to_docx

        target.write_bytes(to_docx(document, lang))
    else:
        from comity.report.xlsx import to_xlsx

        target.write_bytes(to_xlsx(document, lang))


def _print(ask: Ask, document: Document) -> None:
    """Without a folder: JSON when asked for, else the page's words."""
    if ask.format == "json":
        from comity.report.json import to_json

        print(to_json(document))
    else:
        from comity.report.plain import to_plain

        print(to_plain(document, ask.lang))


_FORM = Text("There is no form {form}; there are {all}.", "{form} 형식은 없습니다. 있는 형식: {all}.")
