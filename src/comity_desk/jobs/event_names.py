"""What events of work in the background are called on the audit trail."""

from __future__ import annotations

from comity.vocab.text import Text

NAMES = {
    "job-started": Text("Work asked for", "작업 요청"),
    "job-cancelled": Text("Work cancelled", "작업 취소"),
}
