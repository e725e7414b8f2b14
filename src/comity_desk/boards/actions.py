"""Changes of state of papers: drafting, revising, asking ministries, their answers, withdrawing and closing. Each is an event of the audit trail.

An answer is about the version that the ministry had before it. A paper that somebody objects to, or has not answered, is closed only with a
reason. What a paper says never stands in an event.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar

from comity.vocab.text import Text
from comity_desk.audit.actions import Action
from comity_desk.audit.models import Event
from comity_desk.boards.models import AGREED, ANSWERS, CLEARED, OPEN, WITHDRAWN, BoardResult, Consultation, Paper, Version
from comity_desk.boards.papers import Draft, check_marking, consultation_of, paper_of, with_own_addresses
from comity_desk.ledger.snapshots import snapshot_for
from comity_desk.lib import clock, tokens
from comity_desk.lib.errors import Conflict, Refused

KEY = 10


@dataclass(kw_only=True)
class DraftPaper(Action[Paper]):
    """Set a paper up with its first version."""

    permission: ClassVar[str] = "clearance.ask"
    audit_event: ClassVar[str] = "paper-drafted"

    title: str
    marking: str
    draft: Draft
    key: str = ""

    @property
    def target(self) -> str:
        """The paper."""
        self.key = self.key or tokens.token(KEY)
        return f"paper:{self.key}"

    def check(self) -> None:
        """It has a title, and a marking that its content allows."""
        self.title = " ".join(self.title.split())[:200]
        if not self.title:
            raise Refused(_NO_TITLE)
        check_marking(snapshot_for(self.actor.reader), self.actor.reader, self.marking, self.draft)
        self.details = {"kind": self.draft.kind, "marking": self.marking, "digest": self.draft.digest}

    def perform(self, event: Event) -> Paper:
        """Keep it."""
        paper = Paper.objects.create(key=self.key, title=self.title, kind=self.draft.kind, marking=self.marking, owner=self.actor, made_at=clock.now())
        keep_version(paper, self.draft, self.actor, 1, self.reason)
        return paper


def keep_version(paper: Paper, draft: Draft, author: Any, number: int, note: str) -> Version:
    """Keep a version as it is; a board's page leads to this version's own copies of what is behind it."""
    content = draft.content
    if draft.result is not None:
        content = with_own_addresses(content.decode(), draft.result, paper.key, number).encode()
        BoardResult.objects.filter(pk=draft.result.pk).update(kept=True)
    told = {"as_of": draft.as_of, "snapshot": draft.snapshot, "result": draft.result, "name": draft.name[:160], "media_type": draft.media_type}
    digest = Draft(draft.kind, draft.media_type, content).digest
    return Version.objects.create(paper=paper, number=number, made_at=clock.now(), author=author, note=note.strip(), digest=digest, content=content, **told)


@dataclass(kw_only=True)
class _OfPaper(Action[Paper]):
    """What is common to acts upon a paper that stands."""

    permission: ClassVar[str] = "clearance.ask"

    paper: Paper

    @property
    def target(self) -> str:
        """The paper."""
        return f"paper:{self.paper.key}"

    def check(self) -> None:
        """The actor may see it, and it is open."""
        self.paper = paper_of(self.actor.reader, self.paper.key)
        if self.paper.state != OPEN:
            raise Conflict(_OVER)


@dataclass(kw_only=True)
class RevisePaper(_OfPaper):
    """Add a version; answers stay with the versions that they were given on. The reason says what is new."""

    audit_event: ClassVar[str] = "paper-revised"
    reason_needed: ClassVar[bool] = True

    draft: Draft

    def check(self) -> None:
        """It is of the paper's kind, and its marking allows the content."""
        super().check()
        if self.draft.kind != self.paper.kind:
            raise Refused(_OTHER_KIND.format(kind=self.paper.kind_label))
        check_marking(snapshot_for(self.actor.reader), self.actor.reader, self.paper.marking, self.draft)
        self.details = {"digest": self.draft.digest}

    def perform(self, event: Event) -> Paper:
        """Keep it."""
        keep_version(self.paper, self.draft, self.actor, self.paper.latest.number + 1, self.reason)
        return self.paper


@dataclass(kw_only=True)
class AskClearance(_OfPaper):
    """Ask a ministry to agree to the paper as it stands; an older question to it that waits is withdrawn."""

    audit_event: ClassVar[str] = "clearance-asked"

    ministry: str
    person: str = ""
    due: date

    def check(self) -> None:
        """A ministry is named, and the day lies ahead."""
        super().check()
        self.ministry, self.person = (" ".join(one.split())[:120] for one in (self.ministry, self.person))
        if not self.ministry:
            raise Refused(_NO_MINISTRY)
        if self.due < clock.today():
            raise Refused(_PAST)
        self.details = {"ministry": self.ministry, "person": self.person, "due": self.due.isoformat(), "version": self.paper.latest.number}

    def perform(self, event: Event) -> Paper:
        """Note the question."""
        now, version = clock.now(), self.paper.latest
        waiting = Consultation.objects.filter(paper=self.paper, ministry=self.ministry, answer="", withdrawn_at=None)
        waiting.update(withdrawn_at=now, withdrawn_reason=_ANEW.format(n=version.number).in_(self.actor.language))
        told = {"ministry": self.ministry, "person": self.person, "due": self.due, "version": version}
        Consultation.objects.create(paper=self.paper, key=tokens.token(KEY), asked_by=self.actor, asked_at=now, **told)
        return self.paper


@dataclass(kw_only=True)
class _OfConsultation(Action[Consultation]):
    """What is common to acts upon a question to a ministry."""

    consultation: Consultation

    @property
    def target(self) -> str:
        """The paper and the question."""
        return f"paper:{self.consultation.paper.key}:{self.consultation.key}"

    def check(self) -> None:
        """The actor may see it, and it is not settled."""
        self.consultation = consultation_of(self.actor.reader, self.consultation.key)
        if self.consultation.paper.state != OPEN or self.consultation.withdrawn_at is not None:
            raise Conflict(_OVER)


@dataclass(kw_only=True)
class AnswerClearance(_OfConsultation):
    """Note what a ministry answered, on the version that it had; remarks say what it asks for or why it objects."""

    permission: ClassVar[str] = "clearance.answer"
    audit_event: ClassVar[str] = "clearance-answered"

    answer: str
    remarks: str = ""
    answered_on: date | None = None

    def check(self) -> None:
        """One of the answers there are, with remarks where it is no plain yes; given once."""
        super().check()
        if self.consultation.answer:
            raise Conflict(_ANSWERED)
        if self.answer not in ANSWERS:
            raise Refused(_NO_ANSWER)
        if self.answer != AGREED and not self.remarks.strip():
            raise Refused(_REMARKS)
        day = self.answered_on or clock.today()
        if not self.consultation.asked_at.date() <= day <= clock.today():
            raise Refused(_WHEN)
        self.answered_on = day
        self.details = {"answer": self.answer, "version": self.consultation.version.number}

    def perform(self, event: Event) -> Consultation:
        """Note it."""
        one = self.consultation
        one.answer, one.remarks, one.answered_on, one.answered_by = self.answer, self.remarks.strip(), self.answered_on, self.actor
        one.save(update_fields=["answer", "remarks", "answered_on", "answered_by"])
        return one


@dataclass(kw_only=True)
class WithdrawConsultation(_OfConsultation):
    """Take a question back."""

    permission: ClassVar[str] = "clearance.ask"
    audit_event: ClassVar[str] = "clearance-withdrawn"
    reason_needed: ClassVar[bool] = True

    def check(self) -> None:
        """It has not been answered."""
        super().check()
        if self.consultation.answer:
            raise Conflict(_ANSWERED)

    def perform(self, event: Event) -> Consultation:
        """Note it."""
        one = self.consultation
        one.withdrawn_at, one.withdrawn_reason = clock.now(), self.reason.strip()
        one.save(update_fields=["withdrawn_at", "withdrawn_reason"])
        return one


@dataclass(kw_only=True)
class WithdrawPaper(_OfPaper):
    """Take a paper back."""

    audit_event: ClassVar[str] = "paper-withdrawn"
    reason_needed: ClassVar[bool] = True

    def perform(self, event: Event) -> Paper:
        """Note it."""
        return _ended(self.paper, WITHDRAWN, self.reason)


@dataclass(kw_only=True)
class ClosePaper(_OfPaper):
    """Call a paper cleared; over an objection or without an answer only with a reason."""

    audit_event: ClassVar[str] = "paper-cleared"

    def check(self) -> None:
        """Everybody asked has agreed, or there is a reason to go on without."""
        super().check()
        against = [one for one in self.paper.consultations.all() if one.stands_against]
        if not self.paper.consultations.filter(withdrawn_at=None).exists():
            raise Refused(_NOBODY)
        if against and not self.reason.strip():
            raise Refused(_AGAINST.format(who=", ".join(one.ministry for one in against)))
        self.details = {"over": [one.ministry for one in against]} if against else {}

    def perform(self, event: Event) -> Paper:
        """Note it."""
        return _ended(self.paper, CLEARED, self.reason)


def _ended(paper: Paper, state: str, reason: str) -> Paper:
    paper.state, paper.ended_at, paper.end_reason = state, clock.now(), reason.strip()
    paper.save(update_fields=["state", "ended_at", "end_reason"])
    return paper


_NO_TITLE = Text("Give the paper a title.", "문서 제목을 적으십시오.")
_OVER = Text("This is over already.", "이미 종료되었습니다.")
_OTHER_KIND = Text("A new version is of the same kind: {kind}.", "새 판은 같은 종류여야 합니다: {kind}.")
_NO_MINISTRY = Text("Name the ministry.", "협의 부처를 적으십시오.")
_PAST = Text("The day by which it should answer is past.", "회신 기한이 지난 날짜입니다.")
_ANEW = Text("Asked anew on version {n}.", "제{n}판으로 다시 협의 요청.")
_ANSWERED = Text("This ministry has answered.", "이미 회신한 부처입니다.")
_NO_ANSWER = Text("Choose one of the answers.", "회신 내용을 고르십시오.")
_REMARKS = Text("Say what the ministry asks for, or why it objects.", "부처의 수정 의견이나 부동의 사유를 적으십시오.")
_WHEN = Text("The answer came after it was asked for, and not after today.", "회신일은 요청일 이후, 오늘 이전이어야 합니다.")
_NOBODY = Text("No ministry was asked. Withdraw the paper, or ask one.", "협의를 요청한 부처가 없습니다. 문서를 철회하거나 부처에 요청하십시오.")
_AGAINST = Text(
    "Without an agreement of {who}: say why the paper is cleared nevertheless.", "{who}의 동의가 없습니다. 그럼에도 협의를 마치는 이유를 적으십시오."
)
