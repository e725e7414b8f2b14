"""What keeps a proposal from being handed in or accepted, with what a form needs to show it beside the fields.

Refused
└── DoesNotFit        422  faults, or likely duplicates that nobody has looked at
Conflict
└── ChangedMeanwhile  409  a cell was changed by somebody else since the proposer read it
"""

from __future__ import annotations

from collections.abc import Sequence

from comity.register.duplicates import Duplicate
from comity.vocab.errors import Fault
from comity.vocab.text import Text
from comity_desk.lib.errors import Conflict, Refused
from comity_desk.records.proposals.merging import Merged


class DoesNotFit(Refused):
    """The change cannot be made as it stands; `.faults` and `.duplicates` say why."""

    def __init__(self, text: Text, faults: Sequence[Fault], duplicates: Sequence[Duplicate] = (), elsewhere: Sequence[Duplicate] = ()) -> None:
        super().__init__(text, faults)
        self.duplicates = list(duplicates)
        self.elsewhere = list(elsewhere)  # that only the proposer sees


class ChangedMeanwhile(Conflict):
    """Somebody else changed the same cells; `.merged` says which."""

    def __init__(self, merged: Merged) -> None:
        super().__init__(_MEANWHILE)
        self.merged = merged


_MEANWHILE = Text(
    "The record was changed since this was written. Look at it again; nothing that was typed is lost.",
    "작성하는 사이 기록이 바뀌었습니다. 다시 확인하십시오. 입력한 내용은 그대로 남아 있습니다.",
)
