"""What events of papers in clearance are called on the audit trail."""

from __future__ import annotations

from comity.vocab.text import Text

NAMES = {
    "paper-drafted": Text("Paper set up", "협의 문서 작성"),
    "paper-revised": Text("Version added to a paper", "협의 문서 새 판 추가"),
    "paper-cleared": Text("Paper cleared", "협의 완료"),
    "paper-withdrawn": Text("Paper withdrawn", "협의 문서 철회"),
    "clearance-asked": Text("Ministry asked", "협의 요청"),
    "clearance-answered": Text("Answer of a ministry noted", "회신 입력"),
    "clearance-withdrawn": Text("Question to a ministry taken back", "협의 요청 철회"),
}
