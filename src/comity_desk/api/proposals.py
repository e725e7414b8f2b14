"""Changes of the record for programs: proposing them, seeing what waits, deciding. The same acts and rules as on the pages.

A proposal tells no more than its reader sees: of one's own about what one cannot see any more, only that it was made.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from ninja import Header, Path, Query, Router, Schema
from pydantic import ConfigDict, Field

from comity.register.snapshot import Snapshot
from comity.vocab.kinds import kinds
from comity.vocab.text import Text
from comity_desk.accounts.models import User
from comity_desk.api.answers import digest, held_already, told
from comity_desk.api.describing import also, describe
from comity_desk.api.errors import Malformed, fault
from comity_desk.api.once import once
from comity_desk.api.proposing import Change, wanted
from comity_desk.ledger.asking import snapshot_of
from comity_desk.lib.errors import NotFound
from comity_desk.lib.middleware import fault_as_json
from comity_desk.records.proposals.actions import AcceptProposal, DeclineProposal, OnProposal, SubmitProposal, WithdrawProposal
from comity_desk.records.proposals.content import Content
from comity_desk.records.proposals.edits import Worked
from comity_desk.records.proposals.inbox import DECIDED, MINE, WAITING, Line, lines
from comity_desk.records.proposals.models import Decision, Proposal
from comity_desk.records.proposals.page import Sheet, sheet_of
from comity_desk.records.proposals.seeing import DECIDING, TAKING_PART, Seen, decides, proposal_seen
from comity_desk.records.proposals.views.asking import person, writer

router = Router(tags=["proposals"])
Key = Annotated[str, Path(max_length=16)]
Shown = Literal["waiting", "mine", "decided"]


class Why(Schema):
    """Why it was decided so."""

    model_config = ConfigDict(extra="forbid")

    reason: Annotated[str, Field(max_length=20_000)] = ""


@router.get(
    "/proposals",
    **also(describe(
        Text("Proposals", "제안"),
        Text("What waits for your decision, your own, or what was decided; newest first.", "검토 대기, 내 제안, 처리된 제안. 최신 순."),
        gives="Proposals", refuses=(412,),
    ), 304),
)  # fmt: skip
def proposal_list(
    request: HttpRequest,
    show: Shown | None = None,
    kind: Annotated[str | None, Query(max_length=40)] = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
    cursor: Annotated[str | None, Query(max_length=16)] = None,
) -> HttpResponse:
    """Proposals of single records that the person sees."""
    user, seen = person(request, *TAKING_PART), snapshot_of(request)
    if kind is not None and kind not in kinds():
        raise Malformed([fault("kind", "wrong-value", _NO_KIND, _SEE_KINDS)])
    tab = show or (WAITING if decides(user) else MINE)
    found = lines(user, seen, {"waiting": WAITING, "mine": MINE, "decided": DECIDED}[tab], kind=kind or "")
    rest = _after(found, cursor)
    listed = [_line(one, user) for one in rest[:limit]]
    after = f"{_BASE}?show={tab}&limit={limit}{f'&kind={kind}' if kind else ''}&cursor={rest[limit - 1].proposal.key}" if len(rest) > limit else None
    body = {"total": len(found), "proposals": listed, "next": after}
    held_already(request, digest("proposals", user.pk, body))
    return told(body)


@router.post(
    "/proposals",
    **describe(
        Text("Propose a change", "변경 제안"),
        Text(
            "A new record (`add`), other values (`change`), a competing value (`claim`), another claim to stand (`judge`), a record to be taken back (`withdraw`). "
            "For a record that is there, send its ETag as If-Match, or the cells as you read them as `before`; a name (Idempotency-Key) makes it safe to send again.",
            "새 기록(`add`), 값 변경(`change`), 경쟁 주장(`claim`), 채택 변경(`judge`), 기록 철회(`withdraw`). "
            "기존 기록은 ETag를 If-Match로 보내거나 읽은 값을 `before`에 적는다. Idempotency-Key를 붙이면 다시 보내도 안전하다.",
        ),
        gives="Proposal", status=201, refuses=(404, 409, 412, 413, 415, 428),
    ),
)  # fmt: skip
def proposal_add(
    request: HttpRequest,
    payload: Change,
    if_match: Annotated[str | None, Header(alias="If-Match")] = None,
    idempotency_key: Annotated[str | None, Header(alias="Idempotency-Key", max_length=200)] = None,
) -> HttpResponse:
    """Hand a change in."""
    user, seen = writer(request, *TAKING_PART), snapshot_of(request)

    worked: list[Worked | None] = []

    def do() -> str:
        asked = wanted(request, payload, seen)
        made = SubmitProposal(actor=user, content=asked.content, before=asked.before, former=payload.former, looked_at=payload.looked_at)
        key = made.run().key
        worked.append(made.worked)
        return key

    key, repeated = once(user, idempotency_key, request.body + (if_match or "").encode(), do)
    found = proposal_seen(user, snapshot_of(request), key)
    headers = {"Location": _link(found.proposal)} | ({"Idempotent-Replayed": "true"} if repeated else {})
    return told(_told(found, user, snapshot_of(request), *worked), status=201, headers=headers)


@router.get("/proposals/{key}", **also(describe(Text("One proposal", "제안 하나"), gives="Proposal", refuses=(404, 412)), 304))
def proposal(request: HttpRequest, key: Key) -> HttpResponse:
    """What it would change, and how it stands."""
    user, seen = person(request, *TAKING_PART), snapshot_of(request)
    body = _told(proposal_seen(user, seen, key), user, seen)
    held_already(request, digest("proposal", user.pk, body))
    return told(body)


@router.post(
    "/proposals/{key}/accept",
    **describe(
        Text("Accept a proposal", "제안 채택"),
        Text("A reason is needed where something is open against it; where the marking asks for two officers, the first acceptance is noted.", "해소되지 않은 사항이 있으면 이유가 필요하다. 두 사람의 승인이 필요한 등급이면 1차 승인으로 남는다."),
        gives="Proposal", refuses=(404, 409, 413, 415),
    ),
)  # fmt: skip
def proposal_accept(request: HttpRequest, key: Key, payload: Why) -> HttpResponse:
    """Let it into the record."""
    return _decided(request, AcceptProposal(actor=writer(request, *DECIDING), key=key, reason=payload.reason))


@router.post(
    "/proposals/{key}/decline", **describe(Text("Decline a proposal, and say why", "제안 미채택(이유 필요)"), gives="Proposal", refuses=(404, 409, 413, 415))
)
def proposal_decline(request: HttpRequest, key: Key, payload: Why) -> HttpResponse:
    """Read, not accepted, and why."""
    return _decided(request, DeclineProposal(actor=writer(request, *DECIDING), key=key, reason=payload.reason))


@router.post("/proposals/{key}/withdraw", **describe(Text("Take your proposal back", "내 제안 취소"), gives="Proposal", refuses=(404, 409, 413, 415)))
def proposal_withdraw(request: HttpRequest, key: Key, payload: Why) -> HttpResponse:
    """Take one's own back."""
    return _decided(request, WithdrawProposal(actor=writer(request, *TAKING_PART), key=key, reason=payload.reason))


def _decided(request: HttpRequest, action: OnProposal) -> HttpResponse:
    done = action.run()
    user, seen = person(request, *TAKING_PART), snapshot_of(request)
    try:
        found = proposal_seen(user, seen, action.key)
    except NotFound:  # what was decided took away what it is about
        found = Seen(done, False)
    return told(_told(found, user, seen))


def _after(found: list[Line], cursor: str | None) -> list[Line]:
    if cursor is None:
        return found
    at = next((at for at, line in enumerate(found) if line.proposal.key == cursor), None)
    if at is None:
        raise Malformed([fault("cursor", "wrong-value", _BAD_CURSOR, _FROM_THE_START)])
    return found[at + 1 :]


def _line(line: Line, user: User) -> dict[str, Any]:
    """A proposal in a list."""
    return _frame(line.proposal, user, whole=line.whole) | {"title": line.title or None}


def _frame(one: Proposal, user: User, *, whole: bool) -> dict[str, Any]:
    """What is told of every proposal; of one that is not seen whole, that it was made."""
    shown = {"change": one.change, "kind": one.kind, "record": one.ref if ":" in one.ref else None, "marking": one.marking}
    mine = one.proposer_id == user.pk
    own = {"key": one.key, "state": one.state, "made_at": one.made_at, "mine": mine, "proposer": str(one.proposer), "whole": whole, "link": _link(one)}
    return own | (shown if whole else dict.fromkeys(shown))


def _told(found: Seen, user: User, seen: Snapshot, worked: Worked | None = None) -> dict[str, Any]:
    """A proposal with what it says, what was decided and what is open."""
    framed = _frame(found.proposal, user, whole=found.whole)
    if not found.whole:
        return framed | {"title": None, "says": None, "decisions": [], "open": None}
    sheet = sheet_of(found.proposal, user, seen, worked)
    return framed | {"title": sheet.title, "says": _says(sheet.content), "decisions": [_decision(one) for one in sheet.decisions], "open": _open(sheet, found)}


def _says(content: Content) -> dict[str, Any]:
    told_of = {name: getattr(content, name) for name in ("cells", "basis", "another_thing", "beneath")}
    return told_of | {"before": content.base, "claim": content.claim or None, "reason": content.reason}


def _decision(one: Decision) -> dict[str, Any]:
    return {"verdict": one.verdict, "by": str(one.by), "at": one.at, "why": one.why}


def _open(sheet: Sheet, found: Seen) -> dict[str, Any] | None:
    """What is open against it while it waits."""
    if not sheet.is_open:
        return None
    faults = [fault_as_json(one) for one in [*sheet.errors, *sheet.concerns.warnings]]
    moved = list(sheet.worked.moved) if sheet.worked is not None and sheet.moved else []
    duplicates = [{"record": one["ref"], "title": one["title"], "score": one["score"]} for one in sheet.duplicates]
    return {
        "faults": faults,
        "moved": moved,
        "duplicates": duplicates,
        "findings": [one.ref for one in sheet.concerns.findings],
        "of_two": sheet.of_two,
        "may_decide": sheet.may_decide,
        "may_accept": sheet.may_accept,
    }


def _link(one: Proposal) -> str:
    return f"{_BASE}/{one.key}"


_BASE = f"{settings.API_PREFIX}v1/proposals"
_NO_KIND = Text("There is no such kind of records.", "그런 기록 종류가 없습니다.")
_SEE_KINDS = Text("See /kinds.", "/kinds를 보십시오.")
_BAD_CURSOR = Text("It is no cursor of this list.", "이 목록의 커서가 아닙니다.")
_FROM_THE_START = Text("Begin without a cursor.", "커서 없이 처음부터 시작하십시오.")
