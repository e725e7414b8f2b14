"""Papers in clearance: which there are, who is late, what each ministry answered and on which version."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from comity.register.snapshot import Snapshot
from comity.vocab.text import Text
from comity_desk.boards import actions
from comity_desk.boards.models import ANSWERS, BOARD, DOSSIER, OPEN, PAPER_STATES, Consultation, Paper, Version
from comity_desk.boards.papers import HTML, PLAIN, Draft, consultation_of, from_board, from_file, from_text, paper_of, papers_of, visible_markings
from comity_desk.boards.references import referred
from comity_desk.boards.results import of as result_of
from comity_desk.boards.views import for_holders_of
from comity_desk.boards.views.board import file_of
from comity_desk.ledger.asking import reader_of, snapshot_of
from comity_desk.lib import clock
from comity_desk.lib.attention import Attention, asks_for_attention
from comity_desk.lib.errors import NOTHING_HERE, DeskError, NotFound, Refused
from comity_desk.lib.language import lang
from comity_desk.lib.pages import page

SHOWN = 200


@require_GET
@for_holders_of("board.read")
def papers(request: HttpRequest) -> HttpResponse:
    """The papers that this reader may see, open ones first."""
    today, state = clock.today(), request.GET.get("state", OPEN)
    seen = papers_of(reader_of(request)).prefetch_related("consultations")
    wanted = seen.filter(state=state) if state in PAPER_STATES else seen
    rows = [_summary(one, today) for one in wanted[:SHOWN]]
    rows.sort(key=lambda row: (not row["late"], row["next"] or date.max))
    user: Any = request.user
    context = {
        "may_ask": user.permitted("clearance.ask"),
        "rows": rows,
        "states": list(PAPER_STATES.items()),
        "state": state,
        "late": [one for row in rows for one in row["late"]],
        "today": today,
    }
    return page(request, "boards/papers.html", context)


def _summary(paper: Paper, today: date) -> dict[str, Any]:
    asked = [one for one in paper.consultations.all() if one.withdrawn_at is None]
    waiting = [one for one in asked if one.waits]
    return {
        "paper": paper,
        "asked": len(asked),
        "answered": sum(bool(one.answer) for one in asked),
        "against": [one for one in asked if one.answer == "objected"],
        "late": [one for one in waiting if one.is_late(today)],
        "next": min((one.due for one in waiting), default=None),
    }


@require_http_methods(["GET", "HEAD", "POST"])
@for_holders_of("clearance.ask")
def paper_new(request: HttpRequest) -> HttpResponse:
    """A new paper: from a board that is open, from words, or from a file."""
    snapshot = snapshot_of(request)
    given = {name: request.POST.get(name, request.GET.get(name, "")) for name in ("title", "marking", "of", "text")}
    result = result_of(given["of"], snapshot) if given["of"] else None
    problem: DeskError | None = None
    if request.method == "POST":
        try:
            draft = _draft(request, snapshot, given["of"])
            paper = actions.DraftPaper(
                actor=request.user, title=given["title"], marking=given["marking"], draft=draft, reason=request.POST.get("note", "")
            ).run()
            return redirect("paper", key=paper.key)
        except Refused as error:
            problem = error
    page_of = result.pages.filter(lang=lang()).first() if result else None
    kind = (DOSSIER if result.board == "partner" else BOARD) if result else ""
    context = {
        "given": given,
        "result": result,
        "result_title": page_of.title if page_of else "",
        "markings": _markings(request, snapshot),
        "problem": problem,
        "open_papers": list(papers_of(reader_of(request)).filter(state=OPEN, kind=kind)) if kind else [],
    }
    return page(request, "boards/paper_new.html", context, status=422 if problem else 200)


def _draft(request: HttpRequest, snapshot: Snapshot, key: str) -> Draft:
    """What was sent: a board's result, a file, or words."""
    sent = request.FILES.get("file")
    if key:
        return from_board(snapshot, key, lang())
    return from_file(sent.name or "", sent.read()) if sent is not None else from_text(request.POST.get("text", ""))


def _markings(request: HttpRequest, snapshot: Snapshot) -> list[tuple[str, Text]]:
    visible = set(visible_markings(reader_of(request)))
    rows = snapshot.table("marking").sort("id").iter_rows(named=True)
    return [(row["id"], Text(row["name_en"], row["name_ko"] or row["name_en"])) for row in rows if row["id"] in visible]


@require_GET
@for_holders_of("board.read")
def paper(request: HttpRequest, key: str) -> HttpResponse:
    """One paper with its versions and what the ministries said."""
    return _shown(request, paper_of(reader_of(request), key))


def _shown(request: HttpRequest, found: Paper, problem: DeskError | None = None) -> HttpResponse:
    user: Any = request.user
    today = clock.today()
    asked = list(found.consultations.select_related("version", "asked_by", "answered_by"))
    context = {
        "paper": found,
        "versions": list(found.versions.select_related("author").defer("content")),
        "latest": found.latest,
        "asked": [{"one": one, "late": one.is_late(today), "days_left": (one.due - today).days} for one in asked],
        "against": [one for one in asked if one.stands_against],
        "answers": list(ANSWERS.items()),
        "marking": dict(_markings(request, snapshot_of(request))).get(found.marking),
        "may_ask": user.permitted("clearance.ask") and found.state == OPEN,
        "may_answer": user.permitted("clearance.answer") and found.state == OPEN,
        "problem": problem,
        "today": today,
    }
    return page(request, "boards/paper.html", context, status=problem.status if problem else 200)


@require_POST
@for_holders_of("board.read")
def paper_act(request: HttpRequest, key: str, act: str) -> HttpResponse:
    """An act upon a paper."""
    found = paper_of(reader_of(request), key)
    reason = request.POST.get("reason", "")
    try:
        if act == "revise":
            actions.RevisePaper(actor=request.user, paper=found, draft=_draft(request, snapshot_of(request), request.POST.get("of", "")), reason=reason).run()
        elif act == "ask":
            ministry, person = (request.POST.get(name, "") for name in ("ministry", "person"))
            actions.AskClearance(actor=request.user, paper=found, due=_day(request.POST.get("due", "")), ministry=ministry, person=person).run()
        elif act == "close":
            actions.ClosePaper(actor=request.user, paper=found, reason=reason).run()
        elif act == "withdraw":
            actions.WithdrawPaper(actor=request.user, paper=found, reason=reason).run()
        else:
            raise NotFound(NOTHING_HERE)
    except Refused as error:
        return _shown(request, found, error)
    return redirect("paper", key=key)


@require_POST
@for_holders_of("board.read")
def consultation_act(request: HttpRequest, key: str, act: str) -> HttpResponse:
    """An act upon a question to a ministry."""
    one = consultation_of(reader_of(request), key)
    try:
        if act == "answer":
            day = request.POST.get("answered_on")
            answer, remarks = (request.POST.get(name, "") for name in ("answer", "remarks"))
            answered = _day(day) if day else None
            actions.AnswerClearance(actor=request.user, consultation=one, answered_on=answered, answer=answer, remarks=remarks).run()
        elif act == "withdraw":
            actions.WithdrawConsultation(actor=request.user, consultation=one, reason=request.POST.get("reason", "")).run()
        else:
            raise NotFound(NOTHING_HERE)
    except Refused as error:
        return _shown(request, one.paper, error)
    return redirect("paper", key=one.paper.key)


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise Refused(_NO_DAY) from None


@require_GET
@for_holders_of("board.read")
def version(request: HttpRequest, key: str, number: int) -> HttpResponse:
    """A version as it was: a page, words, or a file to save."""
    found = _version(request, key, number)
    if found.content is None:
        return page(request, "boards/paper_version.html", {"version": found, "paper": found.paper})
    content = bytes(found.content)
    if found.media_type in (HTML, PLAIN):
        told = {"version": found, "paper": found.paper, "html" if found.media_type == HTML else "text": content.decode()}
        return page(request, "boards/paper_version.html", told)
    response = HttpResponse(content, content_type=found.media_type)
    response.headers["Content-Disposition"] = f'attachment; filename="{found.digest[:12]}-{found.name.encode("ascii", "ignore").decode() or "paper"}"'
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return response


@require_GET
@for_holders_of("board.read")
def version_behind(request: HttpRequest, key: str, number: int, n: int) -> HttpResponse:
    """The records behind a number of a version, those of them that this reader may see."""
    found, snapshot = _version(request, key, number), snapshot_of(request)
    behind = found.result.behind if found.result is not None else []
    refs = [ref for ref in (behind[n] if n < len(behind) else []) if snapshot.has_record(ref)]
    if not refs:
        raise NotFound(NOTHING_HERE)
    back = reverse("paper_version", args=[key, number])
    context = {"title": _BEHIND, "references": referred(snapshot, refs), "count": len(refs), "back": back, "back_label": found.paper.title}
    return page(request, "boards/behind.html", context)


@require_GET
@for_holders_of("board.read")
def version_file(request: HttpRequest, key: str, number: str, block: str, form: str) -> HttpResponse:
    """A figure or table of a version."""
    found = _version(request, key, int(number))
    if found.result is None or found.content is None:
        raise NotFound(NOTHING_HERE)
    return file_of(found.result, block, form)


def _version(request: HttpRequest, key: str, number: int) -> Version:
    found = paper_of(reader_of(request), key).versions.select_related("paper", "result").filter(number=number).first()
    if found is None:
        raise NotFound(NOTHING_HERE)
    return found


@asks_for_attention
def late_answers(request: HttpRequest) -> list[Attention]:
    """Ministries that are late, for those who ask or note answers."""
    user: Any = request.user
    if not (user.permitted("clearance.ask") or user.permitted("clearance.answer")):
        return []
    waiting = Consultation.objects.filter(paper__in=papers_of(reader_of(request)).filter(state=OPEN), answer="", withdrawn_at=None, due__lt=clock.today())
    n = waiting.count()
    return [Attention(_LATE.format(n=n), reverse("papers"), late=True)] if n else []


_BEHIND = Text("Records behind a number", "수치의 근거 기록")
_NO_DAY = Text("Write the day as 2026-03-01.", "날짜를 2026-03-01처럼 적으십시오.")
_LATE = Text("Answers of ministries that are late: {n}", "기한이 지난 부처 회신 {n}건")
