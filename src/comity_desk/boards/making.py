"""How is a board made? Results first, one after the other, then the document, then its page in both languages and its figures as files.

Long boards are made by the worker (`board`); those whose results take a moment are made while the page waits. Either way the page, the list of
records behind each number and the files come from one and the same document.
"""

from __future__ import annotations

import csv
import io
import re
import time
from collections.abc import Callable, Mapping
from contextlib import nullcontext
from dataclasses import replace
from datetime import date
from typing import Any, NoReturn

from comity.register.snapshot import Snapshot
from comity.report.context import Context
from comity.report.document import Document, Figure, Table
from comity.report.figure_svg import figure_file, figure_rows, table_rows
from comity.report.fragment import section_html
from comity.vocab.text import LANGUAGES, Lang, Text
from comity_desk.boards.catalogue import Board, board_named
from comity_desk.boards.models import BoardResult
from comity_desk.boards.results import Asked, Made, Place, class_of, found, store
from comity_desk.ledger.models import SpillOrder
from comity_desk.ledger.snapshots import snapshot_for
from comity_desk.lib import clock
from comity_desk.lib.addresses import record_address
from comity_desk.lib.background import Running, work
from comity_desk.lib.errors import NOTHING_HERE, NotFound

FILE_WIDTH = 900
FORMULA = re.compile(r"[=@+\t\r]|-(?![\d.,]+$)")  # a leading minus that begins no number counts too
Tell = Callable[[int, int, Text], None]


def not_asked_for(given: Mapping[str, Any], snapshot: Snapshot) -> NoReturn:
    """Nobody starts this by hand: pages ask for what they show."""
    raise NotFound(NOTHING_HERE)


@work("board", label=Text("Boards", "현황판"), permission="board.read", clean=not_asked_for)
def board_made(running: Running) -> None:
    """Make a board for the class of readers, from the record as it stands when the work begins."""
    told = running.parameters
    snapshot = snapshot_for(running.reader, day_in(told["asked"], "known_at"))
    make(snapshot, board_named(told["board"]), told["asked"], tell=running.progress, while_computing=running.interruptible)


def day_in(asked: Asked, name: str) -> date | None:
    """A day among what was asked for."""
    return date.fromisoformat(asked[name]) if asked.get(name) else None


def day_of(asked: Asked) -> date:
    """The day that a board is of: as asked, else today."""
    return day_in(asked, "as_of") or clock.today()


def make(snapshot: Snapshot, board: Board, asked: Asked, *, tell: Tell | None = None, while_computing: Callable[[], Any] = nullcontext) -> BoardResult:
    """Make a board and keep it; the one that is there already where nothing changed."""
    place, day = Place(class_of(snapshot), board.name, asked), day_of(asked)
    already = found(place.key(snapshot, day))
    if already is not None:
        return already
    spills = confirmed_spills()
    say, began = tell or (lambda done, total, words: None), time.monotonic()
    context = Context(snapshot, snapshot.home, day)
    for at, name in enumerate(board.needs):
        say(at, len(board.needs) + 2, _COMPUTING.format(what=WORDS.get(name, Text(name, name))))
        with while_computing():
            getattr(context, name)
    say(len(board.needs), len(board.needs) + 2, _DRAWING)
    with while_computing():
        document = board.document(context, asked)
        made = rendered(document, board, place.key(snapshot, day), board.data(context, asked) if board.data else {})
    say(len(board.needs) + 1, len(board.needs) + 2, _KEEPING)
    if confirmed_spills() != spills:  # what was destroyed meanwhile may stand in what was made
        return make(snapshot_for(snapshot.reader, snapshot.known_at), board, asked, tell=tell, while_computing=while_computing)
    return store(place, snapshot, day, replace(made, seconds=time.monotonic() - began))


def confirmed_spills() -> int:
    """How often something was destroyed in the record."""
    return SpillOrder.objects.filter(state=SpillOrder.CONFIRMED).count()


def rendered(document: Document, board: Board, key: str, data: dict[str, object]) -> Made:
    """The document as pages and files."""
    html = {lang: page_html(document, board.name, key, lang) for lang in LANGUAGES}
    return Made(document.title, html, document.records(), [list(refs) for refs in document.sets], files_of(document), data)


def page_html(document: Document, board: str, key: str, lang: Lang) -> str:
    """Every section of the document, one after the other, with addresses on this desk."""
    sections = [
        section_html(
            document,
            section.id,
            lang,
            record_href=record_address,
            behind_href=lambda n: f"/boards/{board}/behind/{n}/?of={key}",
            figure_href=lambda block, form: f"/boards/{board}/{block}.{form}?of={key}",
        )
        for section in document.sections
    ]
    return "\n".join(sections)


def files_of(document: Document) -> list[tuple[str, str, str, str]]:
    """The drawings and rows of every figure, and the rows of every table."""
    files: dict[tuple[str, str, str], str] = {}
    for block in document.blocks():
        if isinstance(block, Figure):
            files[block.id, "csv", ""] = csv_text(figure_rows(block))
            files |= {(block.id, "svg", lang): figure_file(block, lang, width=FILE_WIDTH) for lang in LANGUAGES}
        elif isinstance(block, Table):
            files[block.id, "csv", ""] = csv_text(table_rows(block))
    return [(*name, content) for name, content in files.items()]


def csv_text(rows: list[list[Any]]) -> str:
    """Rows as CSV; a cell that a spreadsheet would read as a formula is quoted with an apostrophe."""
    out = io.StringIO()
    csv.writer(out, lineterminator="\r\n").writerows([[_plain(cell) for cell in row] for row in rows])
    return out.getvalue()


def _plain(cell: Any) -> Any:
    return f"'{cell}" if isinstance(cell, str) and FORMULA.match(cell) else cell


_COMPUTING = Text("Computing: {what}", "계산 중: {what}")
_DRAWING = Text("Drawing the figures", "그림 작성 중")
_KEEPING = Text("Putting the page together", "지면 구성 중")
WORDS: Mapping[str, Text] = {
    "ties": Text("strength of ties", "유대 강도"),
    "history": Text("ties over twenty years", "20년간의 유대"),
    "eras": Text("eras", "시기 구분"),
    "activity": Text("activity by mechanism", "수단별 활동"),
    "balance": Text("balance towards the blocs", "진영 간 균형"),
    "network": Text("network and roles", "관계망과 역할"),
    "agreements": Text("agreements", "협정"),
    "every_agreement": Text("agreements past and present", "전체 협정"),
    "watch": Text("what needs a decision", "결정이 필요한 사안"),
    "tempo": Text("tempo of exercises", "연습 빈도"),
    "technology": Text("technology", "방산·기술"),
    "deployments": Text("forces abroad", "해외 파병"),
    "pressure": Text("provocations", "도발"),
    "track_record": Text("track record of the forecast (the longest part)", "예측 성적(가장 오래 걸림)"),
    "forecast": Text("forecast", "예측"),
    "stability": Text("stability", "안정성"),
    "effects": Text("effects of exercises and talks", "연습·회담의 효과"),
    "what_if": Text("what-if", "가상 시나리오"),
    "opinion": Text("opinion polls", "여론조사"),
    "opinion_pool": Text("polls pooled", "여론조사 종합"),
    "changes": Text("changes in a year", "1년간의 변화"),
    "without_source": Text("ties with unsourced records", "출처 없는 기록을 포함한 유대"),
}
