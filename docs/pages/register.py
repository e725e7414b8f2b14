"""The reference pages that tell the shipped register: its files and settings, its coverage, how audits were settled, what was left out."""

from __future__ import annotations

import re
from pathlib import Path

import polars as pl

from comity.register.snapshot import Snapshot
from comity.vocab.dates import written
from comity.vocab.kinds import code_label, kinds
from comity.vocab.text import Lang, Text
from pages.markdown import code, page, plain, section, table

PROOF = Path(__file__).resolve().parents[2] / "tests" / "data" / "test_kor.py"  # asserts how many values of the collection changed, and which


def package_page(lang: Lang) -> str:
    """Keys of package.yaml and files of a data package."""
    keys = table([_KEY, _MEANING], [[code(name), told.in_(lang)] for name, told in KEYS.items()], lang)
    files = [[code(name), told.in_(lang)] for name, told in FILES.items()]
    files += [[code(kind.file), f"[{kind.plural_label.in_(lang)}](kinds.md). {kind.help.in_(lang)}"] for kind in kinds().values()]
    cells = section(_CELLS.in_(lang), "\n".join(f"- {rule.in_(lang)}" for rule in CELL_RULES))
    return page(_PACKAGE, lang, section("`package.yaml`", keys), section(_FILES.in_(lang), table([_FILE, _MEANING], files, lang)), cells, about=_PACKAGE_ABOUT)


def coverage_page(lang: Lang, snapshot: Snapshot) -> str:
    """Every coverage statement of the shipped register."""
    parts = []
    rows = snapshot.table("coverage").sort("scope", "start", nulls_last=False)
    for level in ("mechanism", "kind", "event_class", "series"):
        own = rows.filter(pl.col("scope").str.starts_with(f"{level}:"))
        listed = [
            [
                code(row["scope"].split(":", 1)[1]),
                f"{_day(row['start'], lang)} – {_day(row['end'], lang)}",
                code_label("completeness", row["completeness"], lang),
                f"{plain(_told(row, 'basis', lang))}<br>{code(row['source'])}",
                plain(row["gaps"]),
            ]
            for row in own.iter_rows(named=True)
        ]
        parts.append(section(f"{LEVELS[level].in_(lang)} ({len(listed)})", table([_SCOPE, _SPAN, _COMPLETE, _BASIS, _GAPS], listed, lang)))
    return page(_COVERAGE, lang, *parts, about=_COVERAGE_ABOUT)


def settlements_page(lang: Lang, snapshot: Snapshot) -> str:
    """Every finding of the audits and how it was settled."""
    findings = snapshot.table("finding").sort("id")
    counted = findings.group_by("settlement").len().sort("len", "settlement", descending=[True, False])
    summary = table([_SETTLED, _NUMBER], [[code_label("settlement", name, lang), f"{n:,}"] for name, n in counted.iter_rows()], lang)
    rows = [
        [
            "<br>".join(code(ref) for ref in [row["id"], *(row["records"] or "").split(";")] if ref),
            plain(row["what_en"]),
            f"**{code_label('settlement', row['settlement'], lang)}.** {plain(_told(row, 'how', lang))}",
        ]
        for row in findings.iter_rows(named=True)
    ]
    return page(_SETTLEMENTS, lang, summary, table([_RECORDS, _FINDING, _HOW], rows, lang), about=_SETTLEMENTS_ABOUT)


def absences_page(lang: Lang, snapshot: Snapshot) -> str:
    """What the register leaves out of counts, and what it changed of the collection that it was made from."""
    parts = [
        section(_NOT_COUNTED.in_(lang), _NOT_COUNTED_ABOUT.in_(lang), _not_counted(snapshot, lang)),
        section(_CHANGED.in_(lang), _CHANGED_ABOUT.in_(lang), _changed(snapshot, lang)),
        section(_GAVE_WAY.in_(lang), _GAVE_WAY_ABOUT.in_(lang), _superseded(snapshot, lang)),
    ]
    return page(_ABSENCES, lang, *parts, about=_ABSENCES_ABOUT)


def _not_counted(snapshot: Snapshot, lang: Lang) -> str:
    rows = []
    for kind in kinds().values():
        frame = snapshot.table(kind.name)
        if kind.has("count_as") and frame.height:
            why = frame.group_by("count_as").len().filter(pl.col("count_as").is_not_null()).sort("count_as")
            marked = ", ".join(f"{code_label('count_as', name, lang)} {n:,}" for name, n in why.iter_rows())
            retold = frame["counted_with"].drop_nulls().len()
            unsourced = frame.filter(pl.col("source") == "unsourced").height
            if marked or retold or unsourced:
                rows.append([kind.plural_label.in_(lang), f"{frame.height:,}", marked, f"{retold:,}", f"{unsourced:,}"])
    return table([_KIND, _ROWS, _MARKED, _RETOLD, _UNSOURCED], rows, lang)


def _changed(snapshot: Snapshot, lang: Lang) -> str:
    proved = PROOF.read_text(encoding="utf-8")
    (zeros,), (refined,) = (re.findall(rf'counted\["{name}"\] == (\d+)', proved) for name in ("zero emptied", "refined"))
    (listed,) = re.findall(r"^REFINED = \{[^\n]*\n(.*?)^\}", proved, re.DOTALL | re.MULTILINE)
    subtypes = ", ".join(code(one) for one in sorted(re.findall(r'"(\w+)"', listed)))
    kept = snapshot.table("claim").filter(pl.col("status") == "superseded").height
    rows = [
        [_ZEROS.in_(lang), f"{int(zeros):,}", _ZEROS_WHY.in_(lang)],
        [_REFINED.in_(lang), f"{int(refined):,}", _REFINED_WHY.format(subtypes=subtypes).in_(lang)],
        [_KEPT.in_(lang), f"{kept:,}", _KEPT_WHY.in_(lang)],
    ]
    return table([_WHAT, _NUMBER, _WHY], rows, lang)


def _superseded(snapshot: Snapshot, lang: Lang) -> str:
    claims = snapshot.table("claim").filter(pl.col("status") == "superseded").sort("record_kind", "record", "field", "id")
    rows = []
    for row in claims.iter_rows(named=True):
        ref = f"{row['record_kind']}:{row['record']}"
        now = snapshot.record(ref)[row["field"]] if snapshot.has_record(ref) else None
        rows.append([code(ref), code(row["field"]), _short(row["value"]), _short(now), plain(_told(row, "reason", lang))])
    return table([_RECORD, _FIELD, _FORMER, _NOW, _WHY], rows, lang)


def _day(text: str | None, lang: Lang) -> str:
    return written(text, lang) if text else "?"


def _told(row: dict[str, str | None], field: str, lang: Lang) -> str | None:
    return row[f"{field}_{lang}"] or row[f"{field}_en"]


def _short(text: str | None) -> str:
    return "–" if not text else plain(text if len(text) <= 120 else text[:117] + "…")


KEYS = {
    "name": Text("Short name of the package; required.", "패키지의 짧은 이름. 필수."),
    "version": Text("Version, such as 2026.11; required.", "판 번호(예: 2026.11). 필수."),
    "title": Text("Title by language (`en`, `ko`); required.", "언어별 제목(`en`, `ko`). 필수."),
    "extends": Text("Packages whose rows come first, such as `[world]` for the actors.", "먼저 읽을 패키지 목록. 행위자는 `[world]`에 있다."),
    "home": Text("Code of the country whose diplomacy it is; the default of `--home`.", "주체 국가의 부호. `--home`의 기본값."),
    "until": Text("Last day on which the record was looked after; the default of `--as-of`.", "기록을 관리한 마지막 날. `--as-of`의 기본값."),
    "licence": Text("Licence of the data.", "자료의 이용 허락."),
    "featured": Text("Partners that the brief puts first and the watch list looks after.", "보고서가 앞에 두고 확인 목록이 살피는 상대국."),
    "adversaries": Text(
        "Actors shown apart: their acts are pressure, their ties no partnership.", "따로 보이는 행위자. 그 행위는 압박으로 세고 유대는 협력으로 보지 않는다."
    ),
    "blocs": Text("Named blocs for `comity balance`: a label by language and members.", "`comity balance`가 쓰는 진영: 언어별 이름과 구성국."),
    "main_exercises": Text(
        "Series of the great yearly exercises with the ally: the windows of effects and what-if.",
        "동맹국과의 연례 대규모 연습 계열. 효과 추정과 가정 분석의 창으로 쓴다.",
    ),
    "exercise_lines": Text("Series that carried one exercise on under other names, drawn as one line.", "이름을 바꾸어 이어진 연습 계열. 한 줄로 그린다."),
    "cases": Text(
        "Case studies of the brief: `id`, `type` (series, format, missions, partner), title, question, limits and what they are about.",
        "보고서의 사례 연구: `id`, `type`(series, format, missions, partner), 제목, 질문, 한계, 대상.",
    ),
    "marking": Text("Marking that a new row gets when none is given.", "공개 등급을 적지 않은 새 행에 붙는 등급."),
    "authors": Text("Authors for citations: names, or `family-names` and `given-names`.", "인용에 쓰는 저자: 이름 또는 `family-names`와 `given-names`."),
    "url": Text("Address for citations.", "인용에 쓰는 주소."),
    "doi": Text("DOI for citations.", "인용에 쓰는 DOI."),
}
FILES = {
    "package.yaml": Text("Settings, above.", "위의 설정."),
    "seal.csv": Text("A fingerprint of each row at the last edition: an edit without a reason is seen.", "마지막 판의 행별 지문. 이유 없는 수정을 드러낸다."),
    "datapackage.json": Text("Description of the files in the words of Frictionless Data, generated.", "Frictionless Data 형식의 파일 기술서(자동 생성)."),
}
CELL_RULES = (
    Text(
        "UTF-8, one header row, `\\n` line ends, cells quoted only where needed, rows in the order of their ids.",
        "UTF-8, 머리글 한 행, 줄바꿈 `\\n`, 필요한 칸만 따옴표, 행은 식별자 순.",
    ),
    Text(
        "An empty cell is unknown. `..` at the end of a span means that it still holds.", "빈 칸은 모르는 값이다. 기간의 끝에 적은 `..`은 계속 중이라는 뜻이다."
    ),
    Text("Dates are as precise as known: `1953`, `1953-10`, `1953-10-01`.", "날짜는 아는 만큼 적는다: `1953`, `1953-10`, `1953-10-01`."),
    Text(
        "Lists are separated by `;`, numbers by actor are written `KOR:200000;USA:11500`.",
        "목록은 `;`로 나누고, 행위자별 수는 `KOR:200000;USA:11500`처럼 적는다.",
    ),
    Text("A file that has no rows may be missing.", "행이 없는 파일은 없어도 된다."),
)
LEVELS = {
    "mechanism": Text("Mechanisms", "수단"),
    "kind": Text("Kinds of records", "기록 종류"),
    "event_class": Text("Classes of events", "사건 부류"),
    "series": Text("Series", "계열"),
}
_PACKAGE = Text("A data package", "데이터 패키지")
_PACKAGE_ABOUT = Text(
    "A register on disk is a folder: settings, one CSV file per kind with the adopted values, and the claims behind them. A second country is a second folder.",
    "디스크의 등록부는 폴더 하나이다. 설정, 종류마다 채택된 값을 담은 CSV 하나, 그 뒤의 주장이 들어 있다. 다른 나라는 다른 폴더이다.",
)
_KEY, _MEANING, _FILE = Text("Key", "키"), Text("Meaning", "뜻"), Text("File", "파일")
_FILES, _CELLS = Text("Files", "파일"), Text("Cells", "칸")
_COVERAGE = Text("Coverage of the shipped register", "내장 등록부의 수록 범위")
_COVERAGE_ABOUT = Text(
    "From when to when the register believes a scope to be complete, and how we know. Trends are computed from scopes that are complete or nearly complete ([days and coverage](../explanation/days-and-coverage.md)).",
    "등록부가 어떤 대상을 언제부터 언제까지 빠짐없다고 보는지와 그 근거. 추세는 완전하거나 거의 완전한 대상에서만 계산한다([날짜와 수록 범위](../explanation/days-and-coverage.md)). 결락은 기록된 그대로이다.",
)
_SCOPE, _SPAN, _COMPLETE = Text("Scope", "대상"), Text("Span", "기간"), Text("Completeness", "완전성")
_BASIS, _GAPS = Text("Basis and source", "근거와 출처"), Text("Gaps", "결락")
_SETTLEMENTS = Text("Audit findings and how they were settled", "감사 지적과 처리")
_SETTLEMENTS_ABOUT = Text(
    "Places that audits of the collection found doubtful or incomplete. Each was mended, kept with a reason, or marked.",
    "수집 자료를 감사하면서 의심스럽거나 불완전하다고 본 곳. 고치거나, 이유를 적어 유지하거나, 표시하였다. 지적 사항은 영문 원문이다.",
)
_SETTLED, _NUMBER, _RECORDS = Text("Settlement", "처리"), Text("Number", "건수"), Text("Finding and records", "식별자와 기록")
_FINDING, _HOW = Text("What was found", "지적 사항"), Text("How it was settled", "처리 내용")
_ABSENCES = Text("What is left out or changed", "제외하거나 바꾼 것")
_ABSENCES_ABOUT = Text(
    "No row of the collection from which the register was made was dropped: each is a record under its own id. This page lists what counts leave out, and every value that no longer reads as it did.",
    "등록부의 바탕이 된 수집 자료에서 버린 행은 없다. 모든 행이 제 식별자를 가진 기록이다. 이 문서는 집계에서 빠지는 기록과, 수집 당시와 달라진 모든 값을 밝힌다.",
)
_NOT_COUNTED = Text("Records that measures do not count", "측정이 세지 않는 기록")
_NOT_COUNTED_ABOUT = Text(
    "They stay in the register and are found and shown, and lists such as `comity actors --member-of` read them. `--include-unsourced` counts the unsourced ones too.",
    "등록부에 남아 있어 검색되고 보이며, `comity actors --member-of` 같은 목록에도 쓰인다. `--include-unsourced`이면 출처 없는 기록도 센다.",
)
_KIND, _ROWS, _MARKED = Text("Kind", "종류"), Text("Rows", "행"), Text("Marked as no thing of their own", "집계 제외 표시")
_RETOLD, _UNSOURCED = Text("Told by another record", "다른 기록이 대표"), Text("Without a source", "출처 없음")
_CHANGED = Text("Values that read otherwise than collected", "수집 당시와 달라진 값")
_CHANGED_ABOUT = Text(
    "The suite compares every filled cell of the collection with the register: each stands as it was, or is one of these.",
    "테스트가 수집 자료의 모든 칸을 등록부와 대조한다. 그대로 있거나 다음 가운데 하나이다.",
)
_KEPT = Text("Values that gave way", "대체된 값")
_KEPT_WHY = Text("Listed below, each with its reason; the former value is kept as a claim.", "아래에 이유와 함께 모두 적었다. 이전 값은 주장으로 남아 있다.")
_WHAT, _WHY = Text("What", "내용"), Text("Why", "이유")
_ZEROS = Text("Deaths of 0 emptied", "사망자 0을 비움")
_ZEROS_WHY = Text(
    "The 0 stood where nobody had looked; no source of the row says that nobody died. Unknown is not zero.",
    "확인하지 않은 곳에 적힌 0이었다. 사망자가 없다고 밝힌 출처가 없다. 모르는 것은 0이 아니다.",
)
_REFINED = Text("Subtypes of events refined", "사건 세부 유형을 구체화")
_REFINED_WHY = Text(
    "Coarse subtypes ({subtypes}) gave way to finer ones of the controlled list.", "포괄적인 세부 유형({subtypes})을 통제 어휘의 더 구체적인 유형으로 바꾸었다."
)
_GAVE_WAY = Text("Values that gave way and are kept as claims", "대체되어 주장으로 남은 값")
_GAVE_WAY_ABOUT = Text("`comity record` shows them beside the value that stands.", "`comity record`에서 채택된 값 옆에 보인다.")
_RECORD, _FIELD, _FORMER, _NOW = Text("Record", "기록"), Text("Field", "항목"), Text("Formerly", "이전 값"), Text("Now", "현재 값")
