"""What is asked at each address of the desk, for tests that must ask everywhere: one description an address.

`CASES` says how to ask at an address, given what a reader may see and what there is besides; `POLICY` names addresses whose answers rest on
accounts and the audit trail alone, with the reason. Both are checked against the desk's own list of addresses.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from comity.register.readers import Reader
from comity.register.register import Register
from comity.register.snapshot import Snapshot
from comity.vocab.kinds import kinds


@dataclass(frozen=True)
class Asked:
    """One request, and what is read after it where it writes."""

    method: str
    path: str
    data: Any = None
    headers: dict[str, str] = field(default_factory=dict)
    content_type: str = ""
    then: tuple[str, ...] = ()


@dataclass(frozen=True)
class Visible:
    """What the reader may see, and the whole register, from which hidden things are named."""

    shown: Snapshot
    whole: Register
    reader: Reader

    def refs(self, count: int = 3) -> list[tuple[str, str]]:
        """Kind and id of visible records: some of each kind that the tests are about."""
        found = []
        for kind in ("exercise", "agreement", "event", "dialogue", "exercise_series", "source", "commitment"):
            found += [(kind, one) for one in self.shown.table(kind)["id"].sort().to_list()[:count]]
        return found

    def hidden(self) -> list[tuple[str, str]]:
        """Kind and id of hidden records, and of none at all."""
        found = [(kind, one) for kind in kinds() if kind != "claim" for one in self.whole.tables[kind]["id"] if not self.shown.has_record(f"{kind}:{one}")]
        return [*found[:12], ("exercise", "nowhere")]


Case = Callable[[Visible], list[Asked]]


def get(*paths: str) -> Case:
    """The same addresses for every reader."""
    return lambda visible: [Asked("GET", path) for path in paths]


CASES: dict[str, Case] = {}
POLICY: dict[str, str] = {}


def described(visible: Visible) -> list[Asked]:
    """Everything that is asked for this reader, address by address."""
    return [asked for case in CASES.values() for asked in case(visible)]


from routes_reading import READING  # noqa: E402 - they use what stands above

CASES |= READING

from routes_api import API  # noqa: E402

CASES |= API

from routes_accounts import ACCOUNTS, POLICY_ACCOUNTS  # noqa: E402

CASES |= ACCOUNTS
POLICY |= POLICY_ACCOUNTS

from routes_boards import BOARDS  # noqa: E402
from routes_proposing import PROPOSING  # noqa: E402

CASES |= BOARDS | PROPOSING
