"""What may each role do? Roles say what a person may do; nationality and clearance say what a person may see, and no role widens that.

A permission that no role lists is nobody's.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from comity.vocab.text import Text


@dataclass(frozen=True, slots=True)
class Role:
    """A role, its name for people and its permissions."""

    name: str
    label: Text
    help: Text
    permissions: frozenset[str]


_READ = frozenset({"record.read", "board.read", "export.make", "view.save", "job.run", "token.make", "feed.read"})
_EDIT = frozenset({"record.propose", "record.import", "attachment.add", "clearance.ask", "commitment.update"})

ROLES: dict[str, Role] = {
    role.name: role
    for role in (
        Role("reader", Text("Reader", "열람자"), Text("Reads and exports what clearance allows.", "비밀취급 범위 안에서 열람하고 내보냅니다."), _READ),
        Role("editor", Text("Editor", "편집자"), Text("Proposes records and changes.", "기록과 변경을 제안합니다."), _READ | _EDIT),
        Role(
            "reviewer",
            Text("Reviewer", "검토자"),
            Text("Accepts proposals into the record or says why not.", "제안을 등록하거나 미채택 사유를 밝힙니다."),
            _READ | {"record.review", "record.judge"},
        ),
        Role(
            "release_officer",
            Text("Release officer", "공개 담당관"),
            Text("Sets markings, decides who may read what, takes part in spill procedures.", "공개 등급을 정하고 유출 처리 절차에 참여합니다."),
            _READ | {"marking.set", "release.approve", "spill.order", "clearance.answer"},
        ),
        Role(
            "administrator",
            Text("Administrator", "관리자"),
            Text("Keeps accounts and the desk's settings; sees no record by that role.", "계정과 설정을 관리합니다. 이 역할만으로 기록을 볼 수는 없습니다."),
            frozenset({"account.manage", "directorate.manage", "desk.manage", "metrics.read", "spill.order", "token.make"}),
        ),
        Role(
            "auditor",
            Text("Auditor", "감사관"),
            Text("Reads the audit trail and verifies the chains.", "감사 기록을 열람하고 사슬을 검증합니다."),
            frozenset({"audit.read", "chain.verify", "token.make"}),
        ),
    )
}


def permissions_of(names: Iterable[str]) -> frozenset[str]:
    """Everything that these roles allow."""
    return frozenset().union(*(ROLES[name].permissions for name in names if name in ROLES))


# What a token may be given, and what each lets through. Whatever is in no scope, such as the keeping of accounts, no token can do.
_TOKEN_READS = frozenset({"record.read", "board.read", "export.make", "feed.read", "audit.read"})
SCOPES: dict[str, tuple[Text, frozenset[str]]] = {
    "read": (Text("Read", "열람"), _TOKEN_READS),
    "write": (
        Text("Write", "쓰기"),
        _TOKEN_READS | _EDIT | {"view.save", "job.run", "record.review", "record.judge", "marking.set", "release.approve", "clearance.answer", "chain.verify"},
    ),
    "feed": (Text("Calendar and feed addresses", "캘린더·피드 주소"), frozenset({"feed.read"})),
    "metrics": (Text("Metrics of the service", "서비스 지표"), frozenset({"metrics.read"})),
}


def permissions_of_token(scopes: Iterable[str]) -> frozenset[str]:
    """Everything that these scopes let through, for a person whose roles allow it too."""
    return frozenset().union(*(SCOPES[name][1] for name in scopes if name in SCOPES))
