"""What events of the records are called on the audit trail."""

from __future__ import annotations

from comity.vocab.text import Text

NAMES = {
    "proposal-submitted": Text("Proposal handed in", "제안 제출"),
    "proposal-accepted": Text("Proposal accepted", "제안 채택"),
    "proposal-declined": Text("Proposal read, not accepted", "제안 미채택"),
    "proposal-withdrawn": Text("Proposal taken back", "제안 취소"),
    "batch-submitted": Text("Table handed in", "일괄 제안 제출"),
    "batch-accepted": Text("Table accepted", "일괄 제안 채택"),
    "batch-declined": Text("Table not accepted", "일괄 제안 미채택"),
    "batch-withdrawn": Text("Table taken back", "일괄 제안 취소"),
    "attachment-added": Text("File added", "첨부 파일 추가"),
    "attachment-removed": Text("File removed", "첨부 파일 삭제"),
    "list-exported": Text("List exported", "목록 내보내기"),
    "to-do-exported": Text("To-do list exported", "할 일 내보내기"),
    "looked-as": Text("Looked as another reader", "다른 열람자 시점으로 보기"),
    "view-saved": Text("View saved", "보기 저장"),
    "view-dropped": Text("View dropped", "보기 삭제"),
}
