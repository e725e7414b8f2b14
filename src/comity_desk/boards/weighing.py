"""Weights of the reader's own as a board: what was chosen stands in the address, so that it can be kept and sent."""

from __future__ import annotations

from comity.measures.tie_settings import MECHANISMS, TieSettings
from comity.report.context import Context
from comity.report.document import Document
from comity.vocab.text import Text, same
from comity_desk.boards.catalogue import Asked, Board
from comity_desk.lib.errors import Refused

SHIPPED = {name: round(100 * value) for name, value in TieSettings().mechanism_weights.items()}
MOST = 100


def chosen(asked: Asked) -> dict[str, float]:
    """Weights of 0 to 100 by mechanism; what is no such number is refused."""
    given = {name: asked[name] for name in MECHANISMS if name in asked}
    if any(not (text.isascii() and text.isdigit() and len(text) < 4 and int(text) <= MOST) for text in given.values()):
        raise Refused(_NO_WEIGHT)
    weights = {name: float(text) for name, text in given.items()}
    if sum((SHIPPED | weights).values()) == 0:
        raise Refused(_NOTHING_WEIGHS)
    return weights


def cleaned(asked: dict[str, str]) -> dict[str, str]:
    """What differs from the shipped weights, as plain numbers."""
    chosen(asked)
    return {name: str(int(value)) if name in MECHANISMS else value for name, value in asked.items() if name not in MECHANISMS or int(value) != SHIPPED[name]}


def _document(context: Context, asked: Asked) -> Document:
    from comity.report.sections.weighing import weighing

    return Document("weights", _TITLE, same(""), context.as_of, context.home, context.snapshot, tuple(weighing(context, chosen(asked))))


_TITLE = Text("Other weights", "가중치 바꿔 보기")
_NO_WEIGHT = Text("Weights are whole numbers from 0 to 100.", "가중치는 0에서 100 사이의 정수입니다.")
_NOTHING_WEIGHS = Text("Something must weigh.", "가중치가 모두 0일 수는 없습니다.")
BOARDS = (
    Board(
        "weights",
        _TITLE,
        _document,
        ("ties",),
        asks=("as_of", "known_at", *MECHANISMS),
        order=15,
        clean=cleaned,
        address="weights",
        lead=Text("How the ranks move when other things weigh.", "수단별 비중을 바꾸면 순위가 어떻게 달라지는가."),
    ),
)
