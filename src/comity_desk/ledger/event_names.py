"""What events of the ledger are called on the audit trail."""

from __future__ import annotations

from comity.vocab.text import Text

NAMES = {
    "package-loaded": Text("Register loaded", "등록부 적재"),
    "spill-ordered": Text("Destruction ordered", "파기 지시"),
    "spill-confirmed": Text("Destruction confirmed", "파기 확인"),
    "spill-cancelled": Text("Destruction cancelled", "파기 취소"),
}
