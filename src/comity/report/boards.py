"""The desk's boards: the brief's content by theme, each a document of its own, and what each one costs.

A board is made from a `Context`, which keeps the results of measures; `needs` names the results that it reads, so that they can be computed before
anybody asks. `ready` makes a board only from what is kept, for a page that must answer at once.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date

from comity.report.context import Context
from comity.report.document import Document, Section
from comity.report.kept import NotYetKept
from comity.report.words import HASH_SHOWN
from comity.vocab.dates import written
from comity.vocab.errors import ComityError, UnknownActor
from comity.vocab.text import Text


@dataclass(frozen=True, slots=True)
class Options:
    """What a reader chose: a partner, another to compare it with, an earlier day (default a year before)."""

    partner: str | None = None
    against: str | None = None
    since: date | None = None


NO_OPTIONS = Options()


@dataclass(frozen=True, slots=True)
class Board:
    """A document made when asked for; `needs` are the names of the `Context`'s results that it reads, `asks` the options without which it says nothing."""

    id: str
    title: Text
    needs: tuple[str, ...]
    sections: Callable[[Context, Options], list[Section]]
    asks: tuple[str, ...] = ()

    def document(self, context: Context, options: Options = NO_OPTIONS) -> Document:
        """The board on the context's day, everything computed that is not kept."""
        for name in self.asks:
            _known(context, getattr(options, name))
        sections = tuple(self.sections(context, options))
        return Document(self.id, self.title, _subtitle(context), context.as_of, context.home, context.snapshot, sections)

    def ready(self, context: Context, options: Options = NO_OPTIONS) -> Document | None:
        """The board from what is kept, or None where something is still to be computed."""
        try:
            return self.document(replace(context, only_kept=True), options)
        except NotYetKept:
            return None

    def waiting(self, context: Context) -> tuple[str, ...]:
        """Which of the results that it needs are still to be computed."""
        there = replace(context, only_kept=True)
        return tuple(name for name in self.needs if not _is_kept(there, name))


def board(name: str) -> Board:
    """The board of that name, or `ComityError` with the names that there are."""
    if name not in BOARDS:
        raise ComityError(_NO_BOARD.format(name=repr(name), all=", ".join(BOARDS)))
    return BOARDS[name]


def _is_kept(context: Context, name: str) -> bool:
    try:
        getattr(context, name)
    except NotYetKept:
        return False
    return True


def _known(context: Context, partner: str | None) -> None:
    if partner not in context.snapshot.actor_names:
        raise UnknownActor(_NO_ACTOR.format(code=repr(partner)))


def _subtitle(context: Context) -> Text:
    day, digest = context.as_of.isoformat(), context.snapshot.hash[:HASH_SHOWN]
    return Text(f"As of {written(day, 'en')} · register snapshot {digest}", f"{written(day, 'ko')} 기준 · 등록부 스냅숏 {digest}")


def year_before(day: date) -> date:
    """The day a year before, from which a comparison goes unless another is asked for."""
    return date(day.year - 1, day.month, min(day.day, 28))


def _since(context: Context, options: Options) -> date:
    day = context.as_of
    return options.since or year_before(day)


def _home(context: Context, _: Options) -> list[Section]:
    from comity.report.sections.standing import due
    from comity.report.sections.summary import summary

    return [summary(context), due(context)]


def _partners(context: Context, _: Options) -> list[Section]:
    from comity.report.sections.partners import partners

    return partners(context)


def _partner(context: Context, options: Options) -> list[Section]:
    from comity.report.dossier import dossier_in

    return list(dossier_in(context, str(options.partner), options.since).sections)


def _map(context: Context, _: Options) -> list[Section]:
    from comity.report.sections.abroad import where

    return [where(context)]


def _network(context: Context, _: Options) -> list[Section]:
    from comity.report.sections.network import network

    return [network(context)]


def _evolution(context: Context, _: Options) -> list[Section]:
    from comity.report.sections.evolution import evolution

    return [evolution(context)]


def _exercises(context: Context, _: Options) -> list[Section]:
    from comity.report.sections.exercises import exercises

    return [exercises(context)]


def _agreements(context: Context, _: Options) -> list[Section]:
    from comity.report.sections.standing import agreements, due

    return [due(context), agreements(context)]


def _technology(context: Context, _: Options) -> list[Section]:
    from comity.report.sections.technology import information, technology

    return [technology(context), information(context)]


def _peacekeeping(context: Context, _: Options) -> list[Section]:
    from comity.report.sections.abroad import abroad

    return [abroad(context)]


def _pressures(context: Context, _: Options) -> list[Section]:
    from comity.report.sections.opinion import pooled
    from comity.report.sections.pressures import provocation_blocks

    acts = Section("provocations", Text("Provocations", "도발"), tuple(provocation_blocks(context)))
    return [acts, Section("opinion", Text("Public opinion", "여론"), tuple(pooled(context)))]


def _stability(context: Context, _: Options) -> list[Section]:
    from comity.report.sections.stability import stability

    return stability(context)


def _balance(context: Context, _: Options) -> list[Section]:
    from comity.report.sections.balancing import balancing

    return [Section("balance-between", Text("Between the blocs", "진영 사이의 균형"), tuple(balancing(context)))]


def _cases(context: Context, _: Options) -> list[Section]:
    from comity.report.sections.cases import cases

    return cases(context)


def _compare(context: Context, options: Options) -> list[Section]:
    from comity.report.sections.comparison import two_days

    return two_days(context, _since(context, options))


def _versus(context: Context, options: Options) -> list[Section]:
    from comity.report.sections.comparison import two_partners

    return two_partners(context, str(options.partner), str(options.against))


def _trust(context: Context, _: Options) -> list[Section]:
    from comity.report.sections.annex import annex

    return annex(context)


_NO_BOARD = Text("There is no board {name}; there are {all}.", "{name} 현황판은 없습니다. 있는 것: {all}.")
_NO_ACTOR = Text("No actor carries the code {code}.", "{code} 부호를 가진 행위자가 없습니다.")
_LISTED = (
    Board("home", Text("What matters", "핵심"), ("activity", "balance", "changes", "eras", "forecast", "opinion", "pressure", "watch"), _home),
    Board("partners", Text("Partners", "상대국"), ("changes", "history", "ties"), _partners),
    Board("partner", Text("Partner dossier", "상대국 자료집"), ("history", "ties"), _partner, asks=("partner",)),
    Board("map", Text("Map", "지도"), ("deployments", "ties"), _map),
    Board("network", Text("Network", "관계망"), ("network", "ties"), _network),
    Board("evolution", Text("How it evolved", "변천"), ("activity", "eras"), _evolution),
    Board("exercises", Text("Exercises", "연습"), (), _exercises),
    Board("agreements", Text("Agreements and obligations", "협정과 의무"), ("agreements", "every_agreement", "watch"), _agreements),
    Board("technology", Text("Technology and information", "방산·기술과 정보"), ("agreements", "technology"), _technology),
    Board("peacekeeping", Text("Forces abroad", "해외 파병"), ("deployments",), _peacekeeping),
    Board("pressures", Text("Provocations and opinion", "도발과 여론"), ("balance", "opinion", "opinion_pool", "pressure"), _pressures),
    Board(
        "stability",
        Text("Regional stability", "지역 안정성"),
        ("balance", "effects", "forecast", "opinion_pool", "pressure", "stability", "track_record", "what_if"),
        _stability,
    ),
    Board("balance", Text("Between the blocs", "진영 사이의 균형"), ("balance",), _balance),
    Board("cases", Text("Case studies", "사례"), ("ties",), _cases),
    Board("compare", Text("Two days compared", "두 시점 비교"), (), _compare),
    Board("versus", Text("Two partners compared", "두 상대국 비교"), ("changes", "history", "ties"), _versus, asks=("partner", "against")),
    Board("trust", Text("How far to trust this", "신뢰의 근거"), ("ties", "without_source"), _trust),
)
BOARDS: dict[str, Board] = {one.id: one for one in _LISTED}
