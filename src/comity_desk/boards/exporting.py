"""A board or dossier to take away: the same document as on the page, as a file for Word, Excel, paper or a browser, made in the background."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any, get_args

from comity.register.snapshot import Snapshot
from comity.report.context import Context
from comity.report.document import Document
from comity.vocab.text import Lang, Text, same
from comity_desk.boards.catalogue import board_named
from comity_desk.boards.making import WORDS, day_in, day_of
from comity_desk.ledger.snapshots import snapshot_for
from comity_desk.lib.background import File, Running, work
from comity_desk.lib.errors import Refused

MEDIA_TYPES = {
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "pdf": "application/pdf",
    "html": "text/html; charset=utf-8",
}
LANGUAGES: tuple[Lang, ...] = get_args(Lang)


def clean(given: Mapping[str, Any], snapshot: Snapshot) -> dict[str, Any]:
    """The board, its settings, form and language, checked."""
    board = board_named(str(given.get("board", "")))
    form, lang = str(given.get("form", "docx")), str(given.get("lang", "en"))
    if form not in MEDIA_TYPES or lang not in LANGUAGES:
        raise Refused(_NO_FORM.format(form=repr(form), all=", ".join(MEDIA_TYPES)))
    asked = {name: str(given[name]) for name in board.asks if given.get(name)}
    for name in ("as_of", "known_at", "since"):
        _check_day(asked.get(name))
    for name in ("partner", "against"):
        if name in asked and asked[name] not in snapshot.actor_names:
            raise Refused(_NO_PARTNER.format(code=repr(asked[name])))
    asked = board.clean(asked) if board.clean else asked
    asked.setdefault("as_of", day_of(asked).isoformat())
    return {"board": board.name, "asked": asked, "form": form, "lang": lang}


def _check_day(text: str | None) -> None:
    try:
        date.fromisoformat(text) if text else None
    except ValueError:
        raise Refused(_NO_DAY.format(day=repr(text))) from None


def title(parameters: dict[str, Any], snapshot: Snapshot) -> Text:
    """Which board, of whom, as of a day, and in which form."""
    board, asked = board_named(parameters["board"]), parameters["asked"]
    names = [snapshot.actor_names[asked[name]] for name in ("partner", "against") if name in asked]
    whom = Text("".join(f", {one[0]}" for one in names), "".join(f", {one[1]}" for one in names))
    form = same(parameters["form"].upper())
    return Text("{board}{whom}, as of {day} ({form})", "{board}{whom}, {day} 기준({form})").format(board=board.title, whom=whom, day=asked["as_of"], form=form)


@work("board_file", label=Text("Board to take away", "현황판 내려받기"), permission="export.make", clean=clean, title=title)
def board_file(running: Running) -> File:
    """Make the document and write it."""
    told = running.parameters
    board, asked = board_named(told["board"]), told["asked"]
    snapshot = snapshot_for(running.reader, day_in(asked, "known_at"))
    context = Context(snapshot, snapshot.home, day_of(asked))
    for at, name in enumerate(board.needs):
        running.progress(at, len(board.needs) + 1, WORDS.get(name, Text(name, name)))
        with running.interruptible():
            getattr(context, name)
    running.progress(len(board.needs), len(board.needs) + 1, Text("Writing the file", "파일 작성 중"))
    with running.interruptible():
        content = rendered(board.document(context, asked), told["form"], told["lang"])
    who = "-".join(asked[name].lower() for name in ("partner", "against") if name in asked)
    name = "-".join(one for one in (snapshot.home.lower(), board.name, who, asked["as_of"]) if one)
    return File(f"{name}.{told['lang']}.{told['form']}", MEDIA_TYPES[told["form"]], content)


def rendered(document: Document, form: str, lang: Lang) -> bytes:
    """A document as a file of that form."""
    if form == "docx":
        from comity.report.docx import to_docx

        return to_docx(document, lang)
    if form == "xlsx":
        from comity.report.xlsx import to_xlsx

        return to_xlsx(document, lang)
    if form == "pdf":
        from comity.report.pdf import to_pdf

        return to_pdf(document, lang)
    from comity.report.html import to_html

    return to_html(document, lang).encode()


_NO_FORM = Text("There is no form {form}; there are {all}.", "{form} 형식은 없습니다. 있는 형식: {all}.")
_NO_DAY = Text("{day} is no day; write it as 2026-03-01.", "{day}은(는) 날짜가 아닙니다. 2026-03-01처럼 적으십시오.")
_NO_PARTNER = Text("There is no partner {code}.", "{code} 상대국이 없습니다.")
