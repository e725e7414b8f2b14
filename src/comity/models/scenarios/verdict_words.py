"""What a what-if says: names of what is changed, warnings, verdicts and limits."""

from __future__ import annotations

from comity.vocab.text import Text

COVARIATES = {
    "main": Text("main exercises", "대규모 정례 연습"),
    "other": Text("other drills", "그 밖의 훈련"),
    "aftermath": Text("the weeks after a main exercise", "정례 연습 직후"),
    "talks": Text("times of talks", "대화 국면"),
    "summit": Text("times of summits", "정상회담 국면"),
}
MONTHS = [
    Text(name, f"{at + 1}월")
    for at, name in enumerate(
        ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December")
    )
]  # fmt: skip
MORE_DAYS = Text("{n} days a year of {what}: the record never saw more than {most}.", "연간 {what} {n}일은 기록상 최대({most}일)를 넘는다.")
FEWER_DAYS = Text("{n} days a year of {what}: the record never saw fewer than {least}.", "연간 {what} {n}일은 기록상 최소({least}일)에 못 미친다.")
LONGER = Text("{n} days on end of {what}: the longest on the record is {most}.", "{what} 연속 {n}일은 기록상 최장({most}일)을 넘는다.")
NEW_MONTH = Text("{what} in {month}: the years behind the model hold {n} such days.", "{month}의 {what}: 모형이 근거한 기간에 그런 날이 {n}일뿐이다.")
TOGETHER = Text(
    "{n} days of main exercises within a time of talks: the record holds {lived} such days, and the model merely multiplies the two.",
    "대화 국면 중 정례 연습 {n}일: 기록상 {lived}일뿐이며, 모형은 두 효과를 단순히 곱한다.",
)
TALKS_NEVER = Text("The register does not cover talks: what they go together with is not known.", "대화는 수록 범위에 없어 그 관련성을 알 수 없다.")
TALKS_SINCE = Text(
    "What goes together with talks is known from {first}-{last} only; since then talks are recorded in part, and the other side has changed its line.",
    "대화와의 관련성은 {first}~{last}년 기록에서만 추정했다. 그 뒤의 대화는 일부만 수록되었고 상대의 노선도 달라졌다.",
)
THIN = Text(
    "{name}: {n} acts on days of {what}, so that their ratio is little more than its prior.",
    "{name}: {what}에 해당하는 날의 행위가 {n}건뿐이라 비율이 사전 가정과 거의 같다.",
)
FAR = Text(
    "A horizon of {n} days: beyond {most} the calendar of exercises is guesswork, and no forecast was ever scored so far ahead.",
    "예측 기간 {n}일: {most}일을 넘는 연습 일정은 추측이며, 그만큼 먼 예측은 검증된 적이 없다.",
)
FEW_ACTS = Text(
    "{name}: {n} acts on the record; its numbers are little more than the long-run rate.", "{name}: 기록이 {n}건뿐이라 수치가 장기 평균과 거의 같다."
)
UNSEEN = Text("{name}: the record ends on {day}; what came since is drawn, not known.", "{name}: 기록이 {day}에 끝나며 이후는 모의로 채웠다.")

VERDICTS = {
    "fewer": Text("fewer", "감소"),
    "more": Text("more", "증가"),
    "unknown": Text("direction not known", "방향 불명"),
    "unchanged": Text("no change", "변화 없음"),
}
HEADLINE = Text(
    "{title}: over {days} days {without:.1f} acts expected without the change, {with_:.1f} with it; a difference of {difference:+.2f} "
    "on average (simulation error {error:.2f}), {median:+.2f} in the middle of the parameter draws, {low:+.2f} to {high:+.2f} for nine in ten. {verdict}",
    "{title}: {days}일간 예상 행위는 변경 없이 {without:.1f}건, 변경 시 {with_:.1f}건으로 차이는 평균 {difference:+.2f}건(모의 오차 {error:.2f}), "
    "모수 추출의 중앙값 {median:+.2f}건, 90 % 구간 {low:+.2f}~{high:+.2f}건. {verdict}",
)
FEWER = Text("{share:.0%} of the parameter draws say fewer: the direction is known.", "모수 추출의 {share:.0%}가 감소를 가리키므로 방향을 말할 수 있다.")
MORE = Text("{share:.0%} of the parameter draws say more: the direction is known.", "모수 추출의 {share:.0%}가 증가를 가리키므로 방향을 말할 수 있다.")
UNKNOWN = Text("{share:.0%} of the parameter draws say fewer: the direction is not known.", "모수 추출의 {share:.0%}가 감소를 가리킨다. 방향을 말할 수 없다.")
UNCHANGED = Text("The calendar of the coming days stays as it is.", "앞으로의 일정이 그대로이다.")
SPREAD = Text("Middle difference by how finely the season is held fixed: {told}.", "계절 통제 방식별 차이의 중앙값: {told}.")
WAVES = Text("{n} waves {value:+.2f}", "조화항 {n}개 {value:+.2f}")
EXPECTED = Text("Expected as last held: {told}.", "직전 실시일을 기준으로 예상한 연습: {told}.")
NOTHING_EXPECTED = Text("No exercise is planned or expected in these days.", "이 기간에 계획되었거나 예상되는 연습이 없다.")
WARNED = Text("{n} warnings on the range of the data: see the table 'range'. The first: {first}", "자료 범위에 관한 주의 {n}건('range' 표). 첫 번째: {first}")
LIMITS = Text(
    "What went together with exercises and talks in the past, carried forward; not what they cause. Nobody's answer to the change is in it.",
    "과거에 연습·대화와 함께 나타난 양상을 연장한 것이며 인과가 아니다. 변경에 대한 상대의 반응은 반영하지 않는다.",
)
TOO_FEW = Text("No what-if: fewer than 20 acts of covered classes are on the record.", "수록 대상 부류의 행위가 20건 미만이어서 계산하지 않음.")
NO_ACTOR = Text("No actor carries the code {actor}.", "{actor} 부호를 가진 행위자가 없습니다.")
MEASURES = {
    "acts": Text("acts expected", "예상 행위(건)"),
    "chance": Text("at least one in {days} days", "{days}일 안에 1건 이상"),
}
STATES = {
    "kept": Text("kept", "유지"),
    "cancelled": Text("not held", "취소"),
    "moved": Text("moved", "이동"),
    "rescaled": Text("rescaled", "규모 변경"),
    "added": Text("added", "추가"),
}
BASES = {
    "under_way": Text("under way", "실시 중"),
    "planned": Text("planned", "계획"),
    "expected": Text("expected as last held", "직전 실시일 기준 예상"),
    "added": Text("added", "추가"),
}
KINDS = {"exercise": Text("exercise", "연습"), "talks": Text("talks", "대화")}


def named(code: str) -> Text:
    """The words of a measure (`acts`, `chance_28`), a verdict, a state, a basis, a covariate or a kind of entry; an unknown code stands for itself."""
    if code.startswith("chance_"):
        return MEASURES["chance"].format(days=code.removeprefix("chance_"))
    for words in (MEASURES, VERDICTS, STATES, BASES, KINDS, COVARIATES):
        if code in words:
            return words[code]
    return Text(code, code)
