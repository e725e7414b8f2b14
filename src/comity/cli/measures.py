"""One command a measure: each prints the measure's rows as a table, or everything as JSON, CSV or Parquet."""

from __future__ import annotations

from typing import Annotated

import typer

from comity.cli import tables as t
from comity.cli.ask import Ask, day_of, question
from comity.cli.words import both

Partner = Annotated[str, typer.Argument(help=both("Code of the partner, such as USA.", "상대국 부호(예: USA)."))]


def add_to(app: typer.Typer) -> None:
    """Add the commands of this module."""
    _ties(app)
    _history(app)
    _standing(app)
    _pressures(app)


def _ties(app: typer.Typer) -> None:
    @question(app, "ties")
    def ties(ask: Ask, draws: Annotated[int, typer.Option(help=both("Number of draws.", "추첨 횟수."))] = 1000) -> None:
        """Strength of the tie with every partner, with interval and rank interval.‖모든 상대국과의 유대 강도, 구간과 순위 구간."""
        from comity.measures.tie_settings import TieSettings
        from comity.measures.tie_strength import tie_strength

        columns = [
            t.numbers("rank", "Rank", "순위"),
            t.actors("partner", "Partner", "상대국"),
            t.numbers("score", "Tie", "강도", 1),
            t.numbers("low", "5 %", "5 %", 1),
            t.numbers("high", "95 %", "95 %", 1),
        ]
        columns += [t.numbers("rank_low", "Rank from", "순위 하한"), t.numbers("rank_high", "to", "상한"), t.counted("records", "Records", "기록")]
        ask.answer(tie_strength(ask.snapshot, ask.home, as_of=ask.as_of, settings=TieSettings(draws=draws)), columns)

    @question(app, "network")
    def network(ask: Ask) -> None:
        """The network of ties and the roles in it; ties among others are known only in part.‖유대의 관계망과 역할. 제3국 사이의 유대는 일부만 알려져 있습니다."""
        from comity.measures.network import network as measure

        columns = [
            t.actors("partner", "Actor", "행위자"),
            t.numbers("tie", "Tie", "유대", 1),
            t.numbers("degree", "Degree", "연결", 0),
            t.numbers("neighbours", "Neighbours", "이웃"),
            t.numbers("betweenness", "Betweenness", "매개", 2),
        ]
        columns += [
            t.numbers("eigenvector", "Eigenvector", "고유벡터", 2),
            t.numbers("constraint", "Constraint", "제약", 2),
            t.numbers("core", "Core", "코어"),
            t.numbers("community", "Community", "군집"),
        ]
        ask.answer(measure(ask.snapshot, ask.home, as_of=ask.as_of), columns)

    @question(app, "balance")
    def balance(ask: Ask) -> None:
        """Ties towards the named blocs over time, their difference and what others did after own moves.‖진영별 유대의 변화와 격차, 자국 행동 이후의 반응."""
        from comity.measures.balance import balance as measure

        columns = [
            t.days("day", "Day", "시점"),
            t.words(f"label_{ask.lang}", "Bloc", "진영"),
            t.numbers("score", "Tie", "강도", 1),
            t.numbers("low", "5 %", "5 %", 1),
            t.numbers("high", "95 %", "95 %", 1),
            t.actors("strongest", "Strongest", "가장 강한 상대"),
        ]
        ask.answer(measure(ask.snapshot, ask.home, as_of=ask.as_of), columns)

    @question(app, "interoperability")
    def interoperability(ask: Ask, partner: Partner) -> None:
        """Interoperability with one partner: practice, procedures, equipment, command, people.‖한 상대국과의 상호운용성: 연습, 절차, 장비, 지휘, 인력."""
        from comity.measures.interoperability import interoperability as measure

        columns = [
            t.words("component", "Component", "구성 요소"),
            t.numbers("score", "Score", "점수", 2),
            t.numbers("low", "5 %", "5 %", 2),
            t.numbers("high", "95 %", "95 %", 2),
            t.numbers("filled", "Filled", "채움", 2),
            t.told("reason", "Remark", "비고"),
        ]
        ask.answer(measure(ask.snapshot, partner, home=ask.home, as_of=ask.as_of), columns)

    @question(app, "compare")
    def compare(
        ask: Ask,
        first: Annotated[str, typer.Argument(metavar="FIRST", help=both("Earlier day.", "앞선 날."))],
        second: Annotated[str, typer.Argument(metavar="SECOND", help=both("Later day.", "뒤의 날."))],
        partner: Annotated[str | None, typer.Option("--partner", metavar="ACTOR", help=both("One partner only.", "한 상대국만."))] = None,
    ) -> None:
        """What changed between two days: ties with intervals, agreements, series, deployments, statuses.‖두 날 사이의 변화: 유대(구간), 협정, 계열, 파병, 지위."""
        from comity.measures.compare import compare as measure

        columns = [
            t.actors("partner", "Partner", "상대국"),
            t.numbers("first", "Then", "이전", 1),
            t.numbers("second", "Now", "이후", 1),
            t.numbers("difference", "Change", "변화", 1),
            t.numbers("low", "5 %", "5 %", 1),
            t.numbers("high", "95 %", "95 %", 1),
        ]
        columns += [t.counted("gained", "Gained", "새 기록"), t.counted("lost", "Lost", "효력 상실")]
        ask.answer(measure(ask.snapshot, ask.home, first=day_of(first), second=day_of(second), partner=partner), columns)


def _history(app: typer.Typer) -> None:
    @question(app, "activity")
    def activity(ask: Ask) -> None:
        """Acts a year by mechanism, all and those of covered series.‖수단별 연간 활동 건수(전체와 수록 계열)."""
        from comity.measures.activity import activity as measure

        columns = [
            t.words("year", "Year", "연도"),
            t.words("mechanism", "Mechanism", "수단"),
            t.numbers("all", "On the record", "등록"),
            t.numbers("covered", "Of covered series", "수록 계열"),
        ]
        ask.answer(measure(ask.snapshot, ask.home, as_of=ask.as_of), columns)

    @question(app, "eras")
    def eras(ask: Ask) -> None:
        """Eras of covered activity: where its pace changed beyond chance, with intervals.‖수록 활동의 시기 구분: 우연을 넘어 속도가 달라진 때와 구간."""
        from comity.measures.eras import eras as measure

        columns = [
            t.words("start", "Begins", "시작"),
            t.words("end", "Ends", "끝"),
            t.words("start_low", "90 % from", "90 % 하한"),
            t.words("start_high", "to", "상한"),
            t.numbers("rate", "Rate", "비율", 2),
            t.numbers("ratio", "Ratio", "이전 대비", 2),
        ]
        columns += [t.numbers("ratio_low", "low", "하한", 2), t.numbers("ratio_high", "high", "상한", 2), t.numbers("count", "Acts", "건수")]
        ask.answer(measure(ask.snapshot, ask.home, as_of=ask.as_of), columns)

    @question(app, "exercises")
    def exercises(ask: Ask, series: Annotated[str | None, typer.Option("--series", metavar="ID", help=both("One series only.", "한 계열만."))] = None) -> None:
        """Tempo of exercises by year: planned against realised, scaled down, postponed, suspended, cancelled.‖연도별 연습: 계획 대비 실시, 축소, 연기, 유예, 취소."""
        from comity.measures.tempo import tempo

        columns = [
            t.words("year", "Year", "연도"),
            t.numbers("scheduled", "Scheduled", "예정"),
            t.numbers("conducted", "Conducted", "실시"),
            t.numbers("scaled_down", "Scaled down", "축소"),
            t.numbers("postponed", "Postponed", "연기"),
            t.numbers("suspended", "Suspended", "유예"),
            t.numbers("cancelled", "Cancelled", "취소"),
        ]
        columns += [t.numbers("realised_share", "Realised", "실시율", 2), t.numbers("days", "Days", "일수"), t.numbers("personnel", "Personnel", "인원")]
        ask.answer(tempo(ask.snapshot, ask.home, as_of=ask.as_of, series=series), columns)

    @question(app, "deployments")
    def deployments(ask: Ask) -> None:
        """Forces abroad on the day: last count and its age, peak, ceiling, mandate.‖해외 파병: 최근 인원과 집계일, 최대, 상한, 기한."""
        from comity.measures.deployments import deployments as measure

        columns = [
            t.words("id", "Deployment", "파병"),
            t.coded("framework", "framework", "Framework", "틀"),
            t.actors("countries", "Where", "지역"),
            t.days("start", "Since", "시작"),
            t.words("certainty", "Certainty", "확실성"),
            t.numbers("personnel", "Persons", "인원"),
            t.days("counted_on", "Counted on", "집계일"),
            t.numbers("peak", "Peak", "최대"),
            t.days("mandate_until", "Mandate until", "기한"),
        ]
        ask.answer(measure(ask.snapshot, ask.home, as_of=ask.as_of), columns)

    @question(app, "technology")
    def technology(ask: Ask) -> None:
        """Technology partnerships: import and export by period and partner, concentration, diversification.‖방산·기술 협력: 기간·상대별 도입과 수출, 집중도, 다변화."""
        from comity.measures.technology import technology as measure

        columns = [
            t.words("direction", "Direction", "방향"),
            t.words("from_year", "From", "부터"),
            t.words("to_year", "To", "까지"),
            t.actors("partner", "Partner", "상대국"),
            t.numbers("contracts", "Contracts", "계약"),
            t.numbers("value_usd_m", "USD million", "백만 달러"),
            t.numbers("share_of_contracts", "Share", "비중", 2),
        ]
        ask.answer(measure(ask.snapshot, ask.home, as_of=ask.as_of), columns)


def _standing(app: typer.Typer) -> None:
    @question(app, "agreements")
    def agreements(
        ask: Ask,
        in_force: Annotated[bool, typer.Option("--in-force/--all", help=both("Only those that stand on the day.", "기준일에 유효한 것만."))] = True,
        lapsing: Annotated[
            str | None,
            typer.Option(
                "--lapsing",
                metavar="DAYS",
                help=both("Only those that lapse or need notice within so many days (365d).", "이 기간(365d) 안에 만료되거나 통보가 필요한 것만."),
            ),
        ] = None,
        partner: Annotated[str | None, typer.Option("--partner", metavar="ACTOR", help=both("One partner only.", "한 상대국만."))] = None,
    ) -> None:
        """Agreements: what stands, what lapses, what needs notice when.‖협정: 유효 여부, 만료, 통보 기한."""
        from comity.measures.agreements import agreements as measure

        columns = [
            t.titles("ref", "Agreement", "협정"),
            t.coded("agreement_type", "agreement_type", "Type", "유형"),
            t.actors("partners", "With", "상대"),
            t.days("signed", "Signed", "서명"),
            t.told("state", "State", "상태"),
            t.days("term_end", "Term ends", "기간 만료"),
            t.days("notice_day", "Notice by", "통보 기한"),
        ]
        found = measure(ask.snapshot, ask.home, as_of=ask.as_of, in_force=in_force, lapsing_days=days_of(lapsing) if lapsing else None, partner=partner)
        ask.answer(t.with_ref(found, "agreement"), columns)

    @question(app, "watch")
    def watch(
        ask: Ask, days: Annotated[str, typer.Option("--days", metavar="DAYS", help=both("How many days ahead (365d).", "며칠 앞까지(365d)."))] = "365d"
    ) -> None:
        """What needs a decision soon: notice days, expiries, mandates, anniversaries, overdue editions, unknown terms.‖곧 결정이 필요한 사안: 통보 기한, 만료, 파병 기한, 주년, 지연된 회차, 미상 기간."""
        from comity.measures.watch import watch as measure

        columns = [
            t.days("due", "Due", "기한"),
            t.numbers("days_left", "Days", "남은 날"),
            t.words("item", "Kind", "구분"),
            t.titles("ref", "Record", "기록"),
            t.told("what", "What", "내용"),
            t.actors("partners", "With", "상대"),
        ]
        ask.answer(measure(ask.snapshot, ask.home, as_of=ask.as_of, days=days_of(days)), columns)


def _pressures(app: typer.Typer) -> None:
    @question(app, "pressure")
    def pressure(ask: Ask) -> None:
        """Provocations and coercion: the last year against the five before, by class.‖도발과 강압: 부류별 최근 1년과 직전 5년 비교."""
        from comity.measures.pressure import pressure as measure

        columns = [
            t.words("role", "Role", "구분"),
            t.actors("actor", "By", "행위자"),
            t.coded("what", "event_class", "Class", "부류"),
            t.numbers("recent", "Last year", "최근 1년"),
            t.numbers("rate_before", "A year before", "이전 연평균", 1),
            t.numbers("ratio", "Ratio", "비율", 2),
            t.numbers("ratio_low", "low", "하한", 2),
            t.numbers("ratio_high", "high", "상한", 2),
            t.days("last_day", "Last", "최근"),
        ]
        ask.answer(measure(ask.snapshot, ask.home, as_of=ask.as_of), columns)

    @question(app, "fill")
    def fill(ask: Ask) -> None:
        """How far every field of every kind is filled.‖모든 종류의 항목별 채움 비율."""
        from comity.measures.fill import fill as measure

        columns = [
            t.words("kind", "Kind", "종류"),
            t.words("field", "Field", "항목"),
            t.numbers("records", "Records", "기록"),
            t.numbers("filled", "Filled", "채움", 2),
        ]
        ask.answer(measure(ask.snapshot), columns)


def days_of(text: str) -> int:
    """A number of days written as `365` or `365d`."""
    digits = text.removesuffix("d")
    if not digits.isdigit():
        raise typer.BadParameter(text)
    return int(digits)
