"""The boards of the library as the desk shows them, with the calendars, clocks and lists that only a live page needs beside them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from comity.report import boards as shipped
from comity.report.context import Context
from comity.report.document import Document, Section
from comity.vocab.text import Text, same
from comity_desk.boards.catalogue import Asked, Board

Sections = Callable[[Context, Asked], list[Section]]
Data = Callable[[Context, Asked], dict[str, object]]
DAYS = ("as_of", "known_at")


@dataclass(frozen=True, slots=True)
class Around:
    """What the desk puts before and after a shipped board, and what its page needs beside it."""

    before: Sections | None = None
    after: Sections | None = None
    data: Data | None = None
    more_needs: tuple[str, ...] = ()
    without: tuple[str, ...] = ()  # sections that stand on a board of their own


def options(asked: Asked) -> shipped.Options:
    """What the reader chose, as the library takes it."""
    since = date.fromisoformat(asked["since"]) if asked.get("since") else None
    return shipped.Options(asked.get("partner"), asked.get("against"), since)


def wrapped(id: str, order: int, lead: Text, *reads: str, around: Around | None = None, title: Text | None = None, **told: Any) -> Board:
    """A shipped board on the desk."""
    board, extra = shipped.board(id), around or Around()

    def document(context: Context, asked: Asked) -> Document:
        made = board.document(context, options(asked))
        before = extra.before(context, asked) if extra.before else []
        after = extra.after(context, asked) if extra.after else []
        kept = [section for section in made.sections if section.id not in extra.without]
        return replace(made, sections=(*before, *kept, *after))

    needs = tuple(dict.fromkeys((*board.needs, *extra.more_needs)))
    return Board(id, title or board.title, document, needs, order=order, lead=lead, reads=reads, data=extra.data, **told)


def own(id: str, order: int, title: Text, lead: Text, sections: Sections, *reads: str, needs: tuple[str, ...] = (), **told: Any) -> Board:
    """A board that only the desk has."""

    def document(context: Context, asked: Asked) -> Document:
        return Document(id, title, same(""), context.as_of, context.home, context.snapshot, tuple(sections(context, asked)))

    return Board(id, title, document, needs, order=order, lead=lead, reads=reads, **told)


def _summary(context: Context, asked: Asked) -> list[Section]:
    from comity.report.sections.summary import summary

    return [summary(context)]


def _coming(context: Context, asked: Asked) -> list[Section]:
    from comity.report.sections.calendar import coming

    return [coming(context, ("exercise",))]


def _life(context: Context, asked: Asked) -> list[Section]:
    from comity.report.sections.calendar import life_cycle

    return [life_cycle(context)]


def _clock(context: Context, asked: Asked) -> list[Section]:
    from comity.report.sections.notice_clock import notice_clock

    return [notice_clock(context)]


def _meetings(context: Context, asked: Asked) -> list[Section]:
    from comity.report.sections.calendar import coming, meetings

    return [coming(context, ("dialogue", "visit")), meetings(context)]


def _commitments(context: Context, asked: Asked) -> list[Section]:
    from comity.report.sections.commitments import commitments

    return [commitments(context, asked.get("partner"))]


def _offices(context: Context, asked: Asked) -> list[Section]:
    from comity.report.sections.offices import offices

    return offices(context)


def _due(context: Context, asked: Asked) -> list[Section]:
    from comity.report.sections.standing import due

    return [due(context)]


def _watched(context: Context, asked: Asked) -> dict[str, object]:
    """What falls due, for the first page and for calendars."""
    names = ("item", "ref", "partners", "what_en", "what_ko", "records", "days_left")
    return {"watch": [{name: row[name] for name in names} | {"due": row["due"].isoformat()} for row in context.watch.rows.iter_rows(named=True)]}


def _tie_rows(context: Context, asked: Asked) -> dict[str, object]:
    """The tie of each partner, for the list of partners."""
    names = ("score", "low", "high", "rank", "rank_low", "rank_high", "apart")
    return {"ties": {row["partner"]: {name: row[name] for name in names} for row in context.ties.rows.iter_rows(named=True)}}


def _clock_tiles(context: Context, asked: Asked) -> dict[str, object]:
    """The soonest of the notice clock, for the tiles above it."""
    from comity.report.sections.notice_clock import clock_rows, urgency

    rows = clock_rows(context).head(12)
    return {"clock": [_tile(row, *urgency(row["days"])) for row in rows.iter_rows(named=True)]}


def _tile(row: Mapping[str, Any], name: str, words: Text) -> dict[str, object]:
    soonest = "notice_day" if row["days"] == row["days_to_notice"] else "term_end"
    return {
        "ref": f"agreement:{row['id']}",
        "days": row["days"],
        "urgency": name,
        "en": words.en,
        "ko": words.ko,
        "day": row[soonest].isoformat(),
        "which": soonest,
    }


_PEOPLE = Text("Who is in office, where attaché posts stand, and what the record leaves empty.", "재임 중인 보직자, 무관부, 기록이 비어 있는 자리.")
BOARDS = (
    own("home", 1, Text("What matters", "핵심"), Text("Findings made by rules from the numbers.", "수치에서 규칙으로 뽑은 핵심."), _summary, "agreement", "exercise", needs=shipped.board("home").needs, in_menu=False),
    own("due", 2, Text("What needs a decision", "결정이 필요한 사안"), Text("Notice, expiry, mandates, anniversaries and late editions.", "통보·만료·파병 기한·주년·지연 회차."), _due, "agreement", "mandate", needs=("watch",), quick=True, data=_watched),
    wrapped("partners", 10, Text("Every partner by strength of tie, with its interval.", "모든 상대국의 유대 강도와 구간."), "partner", title=Text("Strength of ties", "유대 강도"), around=Around(data=_tie_rows)),
    wrapped("partner", 11, Text("For the hour before a meeting.", "회담 직전 한 시간을 위한 자료."), "partner", asks=("partner", "since", *DAYS), in_menu=False, quick=True),
    wrapped("network", 30, Text("Who is close to home, and to whom else.", "누가 가깝고 누구와 이어지는가."), "agreement", "membership"),
    wrapped("exercises", 40, Text("The rhythm of exercises, what is ahead, and what became of plans.", "연습의 주기, 앞으로의 일정, 계획의 결과."), "exercise", "exercise_series", around=Around(_coming, _life, more_needs=("tempo",))),
    wrapped("agreements", 45, Text("What stands, with a clock to the next day for notice.", "유효한 협정과 통보 기한."), "agreement", "agreement_period", around=Around(_clock, data=_clock_tiles, without=("due",))),
    own("meetings", 50, Text("Meetings and visits", "회담·방문"), Text("The calendar of dialogues and visits.", "회담과 방문 일정."), _meetings, "dialogue", "visit", quick=True),
    own("commitments", 55, Text("Promises", "약속 사항"), Text("Who promised what, due when, done when.", "누가 무엇을 언제까지 약속했고 이행했는가."), _commitments, "commitment", asks=("partner", *DAYS), quick=True, address="commitments"),
    own("offices", 60, Text("Office-holders and attachés", "보직자·무관"), _PEOPLE, _offices, "office_holder", "attache_post", quick=True),
    wrapped("technology", 65, Text("Arms, technology and information ties.", "무기·기술·정보 분야의 유대."), "transfer"),
    wrapped("peacekeeping", 70, Text("Forces abroad, their mandates and numbers.", "해외 파병 부대와 동의·인원."), "deployment", "mandate", "strength"),
    wrapped("evolution", 75, Text("How activity evolved, with its eras.", "활동의 변천과 시기 구분."), "agreement", "exercise", "dialogue"),
    wrapped("stability", 80, Text("Threat, forecast with its record, effects and what-if.", "위협, 예측과 그 성적, 효과, 가상 시나리오."), "event"),
    wrapped("pressures", 85, Text("Provocations by class, and what the public says.", "유형별 도발과 여론."), "event", "poll_answer"),
    wrapped("balance", 90, Text("Ties towards the blocs and the gap between them.", "진영별 유대와 그 격차."), "partner"),
    wrapped("cases", 95, Text("The cases in some depth.", "사례 심층."), "agreement", "dialogue"),
    wrapped("compare", 100, Text("Any two days side by side.", "임의의 두 시점 비교."), "agreement", asks=("since", *DAYS)),
    wrapped("versus", 105, Text("Any two partners side by side.", "임의의 두 상대국 비교."), "partner", asks=("partner", "against", *DAYS), requires=("partner", "against")),
    wrapped("trust", 110, Text("Coverage, what is unsourced, and how numbers are made.", "수록 범위, 출처 없는 기록, 산출 방식."), "coverage", "finding"),
)  # fmt: skip
