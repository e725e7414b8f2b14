"""What events about people are called on the audit trail."""

from __future__ import annotations

from comity.vocab.text import Text

NAMES = {
    "signed-in": Text("Signed in", "로그인"),
    "signed-out": Text("Signed out", "로그아웃"),
    "sign-in-failed": Text("Sign-in failed", "로그인 실패"),
    "locked-out": Text("Locked out", "계정 잠금"),
    "sessions-ended": Text("Sessions ended", "로그인 종료"),
    "second-factor-added": Text("Second factor added", "2단계 인증 추가"),
    "second-factor-removed": Text("Second factor removed", "2단계 인증 삭제"),
    "second-factor-failed": Text("Second factor failed", "2단계 인증 실패"),
    "second-factor-reset": Text("Second factor reset", "2단계 인증 초기화"),
    "password-changed": Text("Password changed", "비밀번호 변경"),
    "password-reset": Text("Password reset", "비밀번호 재설정"),
    "language-chosen": Text("Language chosen", "언어 변경"),
    "account-created": Text("Account made", "계정 발급"),
    "account-changed": Text("Account changed", "계정 변경"),
    "provider-linked": Text("Identity provider linked", "인증 서버 연결"),
    "directorate-created": Text("Directorate set up", "부서 등록"),
    "directorate-changed": Text("Directorate changed", "부서 변경"),
    "token-made": Text("Token made", "토큰 발급"),
    "token-withdrawn": Text("Token withdrawn", "토큰 폐기"),
}
