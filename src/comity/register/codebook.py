"""What does every field mean, which values may it take, and how does it map to the data sets that researchers know?

The codebook is the vocabulary as a citable document: every kind with its fields, types, controlled lists, help and counterparts in ATOP,
DCAD, MME, PLOVER and SIPRI, under the version of the vocabulary. How far each field is filled in a snapshot is given by the caller; without it
the column is left out. A counterpart names where the same thing stands, not that the coding rules agree.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from comity.vocab.kinds import LIST_TYPES, VOCABULARY_VERSION, Field, Kind, code_lists, codes, kinds
from comity.vocab.text import Lang, Text, same

FillRates = Mapping[str, Mapping[str, float]]  # kind → field → share of rows that are filled, 0 to 1
SCHEMES = {
    "atop": Text("ATOP (Leeds et al. 2002)", "ATOP(Leeds 외 2002)"),
    "dcad": Text("DCAD (Kinne 2020)", "DCAD(Kinne 2020)"),
    "mme": Text("Multinational Military Exercises", "다국적 군사연습 자료(MME)"),
    "plover": Text("PLOVER (Open Event Data Alliance)", "PLOVER(Open Event Data Alliance)"),
    "sipri": Text("SIPRI Arms Transfers Database", "SIPRI 무기이전 데이터베이스"),
}
TYPES = {
    "text": Text("text", "글"),
    "code": Text("controlled value", "통제 어휘"),
    "codes": Text("controlled values", "통제 어휘 목록"),
    "actor": Text("actor", "행위자"),
    "actors": Text("actors", "행위자 목록"),
    "date": Text("date to the day, month or year", "일·월·연 단위 날짜"),
    "day": Text("day", "날짜"),
    "integer": Text("whole number", "정수"),
    "number": Text("number", "수"),
    "flag": Text("true or false", "참·거짓"),
    "link": Text("link", "연결"),
    "links": Text("links", "연결 목록"),
    "url": Text("web address", "웹 주소"),
    "duration": Text("duration (ISO 8601)", "기간(ISO 8601)"),
    "actor_counts": Text("numbers by actor", "행위자별 수"),
}


def codebook(fill: FillRates | None = None) -> dict[str, Any]:
    """The codebook as plain data: version, kinds with their fields, controlled lists, and the counterparts in other data sets."""
    return {
        "version": VOCABULARY_VERSION,
        "kinds": [_kind(kind, fill) for kind in kinds().values()],
        "lists": {name: [{"value": code.value, **_both("label", code.label)} for code in codes(name).values()] for name in code_lists()},
        "counterparts": [row for scheme in schemes() for row in counterparts(scheme)],
    }


def schemes() -> list[str]:
    """The data sets to which fields map, in alphabetical order."""
    return sorted({scheme for kind in kinds().values() for field in kind.fields for scheme in field.maps})


def counterparts(scheme: str) -> list[dict[str, str]]:
    """Which field of ours holds what a data set keeps in which column: rows of `scheme`, `kind`, `field`, `theirs`."""
    return [
        {"scheme": scheme, "kind": kind.name, "field": field.name, "theirs": field.maps[scheme]}
        for kind in kinds().values()
        for field in kind.fields
        if scheme in field.maps
    ]


def codebook_markdown(lang: Lang, fill: FillRates | None = None) -> str:
    """The whole codebook as one Markdown page."""
    parts = [f"# {_TITLE.in_(lang)}", _ABOUT.format(version=VOCABULARY_VERSION).in_(lang)]
    parts += [kind_markdown(kind, lang, fill) for kind in kinds().values()]
    return "\n\n".join([*parts, counterparts_markdown(lang), lists_markdown(lang)]) + "\n"


def kind_markdown(kind: Kind, lang: Lang, fill: FillRates | None = None) -> str:
    """One kind as a Markdown section: what it is, its file, and a table of its own fields and of those that every record carries."""
    rates = (fill or {}).get(kind.name)
    head = [_FIELD, _LABEL, _TYPE, _REQUIRED, *([_FILLED] if rates is not None else []), _HELP]
    rows = [_field_row(field, lang, rates) for field in kind.fields]
    place = _FILE.format(file=kind.file, fields=len(kind.fields))
    return "\n\n".join([f"## {kind.label.in_(lang)} (`{kind.name}`)", kind.help.in_(lang), place.in_(lang), _table([one.in_(lang) for one in head], rows)])


def lists_markdown(lang: Lang) -> str:
    """Every controlled list as a Markdown section."""
    parts = [f"## {_LISTS.in_(lang)}"]
    for name in code_lists():
        rows = [[f"`{code.value}`", code.label.in_(lang)] for code in codes(name).values()]
        parts.append(f"### `{name}`\n\n" + _table([_VALUE.in_(lang), _LABEL.in_(lang)], rows))
    return "\n\n".join(parts)


def counterparts_markdown(lang: Lang) -> str:
    """The counterparts in other data sets as a Markdown section, one table a data set."""
    parts = [f"## {_COUNTERPARTS.in_(lang)}", _CARE.in_(lang)]
    for scheme in schemes():
        rows = [[f"`{row['kind']}.{row['field']}`", row["theirs"]] for row in counterparts(scheme)]
        parts.append(f"### {SCHEMES.get(scheme, same(scheme.upper())).in_(lang)}\n\n" + _table([_FIELD.in_(lang), _THEIRS.in_(lang)], rows))
    return "\n\n".join(parts)


def _kind(kind: Kind, fill: FillRates | None) -> dict[str, Any]:
    fields = [_field(field) | _rate(kind.name, field.name, fill) for field in kind.fields]
    named = {"name": kind.name, "plural": kind.plural, "file": kind.file, **_both("label", kind.label), **_both("help", kind.help)}
    return named | {"span": list(kind.span) if kind.span else None, "fields": fields}


def _field(field: Field) -> dict[str, Any]:
    told = {"name": field.name, "type": field.type, "list": field.is_list, "required": field.required, "common": field.common}
    more = {"codes": field.codes, "target": field.target, "unit": field.unit, "min": field.min, "max": field.max, "maps": dict(field.maps) or None}
    return told | _both("label", field.label) | _both("help", field.help) | {name: value for name, value in more.items() if value is not None}


def _rate(kind: str, field: str, fill: FillRates | None) -> dict[str, float]:
    rate = (fill or {}).get(kind, {}).get(field)
    return {} if rate is None else {"filled": rate}


def _field_row(field: Field, lang: Lang, rates: Mapping[str, float] | None) -> list[str]:
    filled = [] if rates is None else [f"{rates[field.name]:.0%}" if field.name in rates else "–"]
    return [f"`{field.name}`", field.label.in_(lang), _type(field, lang), _YES.in_(lang) if field.required else "", *filled, field.help.in_(lang)]


def _type(field: Field, lang: Lang) -> str:
    told = TYPES[field.type].in_(lang)
    if field.codes:
        told += f" [`{field.codes}`](#{field.codes})"
    if field.target:
        told += f" → `{field.target}`"
    if field.unit:
        told += f", {field.unit}"
    return told + (" (`;`)" if field.type in LIST_TYPES else "")


def _both(name: str, text: Text) -> dict[str, str]:
    return {f"{name}_en": text.en, f"{name}_ko": text.ko}


def _table(head: list[str], rows: Iterable[list[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(cell.replace("|", "\\|") for cell in line) + " |" for line in lines)


_TITLE = Text("Codebook", "코드북")
_ABOUT = Text(
    "Vocabulary version {version}. Cite as: Comity contributors, *Comity Codebook*, vocabulary version {version}. "
    "Unknown cells are empty; lists are separated by `;`.",
    "어휘 버전 {version}. 인용: Comity contributors, *Comity Codebook*, 어휘 버전 {version}. 모르는 칸은 비우고 목록은 `;`로 구분한다.",
)
_FILE = Text("File `{file}`, {fields} fields beside `id`.", "파일 `{file}`, `id` 외 {fields}개 항목.")
_FIELD, _LABEL, _TYPE, _REQUIRED = Text("Field", "항목"), Text("Label", "이름"), Text("Type", "유형"), Text("Required", "필수")
_FILLED, _HELP, _VALUE, _YES = Text("Filled", "기입률"), Text("Meaning", "뜻"), Text("Value", "값"), Text("yes", "필수")
_LISTS = Text("Controlled lists", "통제 어휘 목록")
_COUNTERPARTS = Text("Counterparts in other data sets", "다른 자료의 대응 항목")
_CARE = Text(
    "Where the same thing stands in data sets that researchers use. The coding rules may differ: read theirs before joining.",
    "연구자가 쓰는 자료에서 같은 내용이 있는 곳이다. 부호화 규칙은 다를 수 있으므로 결합 전에 그 자료의 규칙을 확인해야 한다.",
)
_THEIRS = Text("Their columns", "그 자료의 열")
