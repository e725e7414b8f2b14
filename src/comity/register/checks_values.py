"""Checks of single cells: required, of their type, inside their list and range, pointing to something that exists."""

from __future__ import annotations

from functools import cache

import polars as pl

from comity.register.tables import CheckedTables, faults_where
from comity.vocab.date_columns import is_date
from comity.vocab.dates import OPEN
from comity.vocab.errors import Fault
from comity.vocab.kinds import Field, Kind, codes, kinds
from comity.vocab.text import Text

ID = {"kebab": r"^[a-z0-9]+([-.@][a-z0-9]+)*$", "actor": r"^[A-Z][A-Z0-9+-]{1,23}$"}
DURATION = r"^P([0-9]{1,3}Y)?([0-9]{1,3}M)?([0-9]{1,3}W)?([0-9]{1,4}D)?$"
COUNTS = r"^[A-Z][A-Z0-9+-]{1,23}:[0-9]{1,9}(;[A-Z][A-Z0-9+-]{1,23}:[0-9]{1,9})*$"
NAMING = frozenset({"actor", "actors", "link", "links", "actor_counts"})  # types whose cells name records
Rule = tuple[str, pl.Expr, Text, Text]  # code of the fault, which rows have it, what is wrong and how to mend it
FieldRule = tuple[str, str, pl.Expr, Text, Text]  # the same after the field's name


def value_faults(tables: CheckedTables) -> list[Fault]:
    """Faults of single cells in every table."""
    faults: list[Fault] = []
    for name, table in tables.text.items():
        if table.height:
            kind = kinds()[name]
            rules = [
                *_plain_rules(kind),
                *(rule for field in kind.fields if field.type in NAMING for rule in _field_rules(field, _naming_rules(tables, field))),
            ]
            used = {column.name for column in table if column.null_count() < table.height}
            rules = [rule for rule in rules if rule[0] in used or rule[1] in ("required", "no-id")]  # an empty column can only be missing
            hit = table.select(bad.any().alias(str(at)) for at, (_, _, bad, _, _) in enumerate(rules)).row(0)  # all rules in one pass
            for (field_name, code, bad, what, mend), found in zip(rules, hit, strict=True):
                if found:
                    faults += faults_where(table.filter(bad), field_name, code, what, mend, shows=(field_name,))
    return faults


def rules_of(tables: CheckedTables, field: Field) -> list[Rule]:
    """What a filled cell of this field may not be: code of the fault, the rows that have it, what is wrong and how to mend it."""
    return _naming_rules(tables, field) if field.type in NAMING else _form_rules(field)


@cache
def _plain_rules(kind: Kind) -> list[FieldRule]:
    """Rules that no other table decides; made once."""
    dates = [field.name for field in kind.of_type("date") if kind.span is None or field.name != kind.span[1]]
    never_open: list[FieldRule] = [(name, "not-open", pl.col(name) == OPEN, _NOT_OPEN, _CLOSE) for name in dates]
    formed = [rule for field in kind.fields if field.type not in NAMING for rule in _field_rules(field, _form_rules(field))]
    return [*_id_rules(kind), *formed, *never_open]


def _id_rules(kind: Kind) -> list[FieldRule]:
    ids = pl.col("id")
    rules: list[FieldRule] = [("id", "no-id", ids.is_null(), _NO_ID, _GIVE_ID)]
    if kind.name != "claim":
        rules.append(("id", "bad-id", ~ids.str.contains(ID[kind.id_style]), _BAD_ID, _MEND_ID))
    return [*rules, ("id", "id-twice", ids.is_not_null() & ids.is_duplicated(), _ID_TWICE, _RENAME_ONE)]


def _field_rules(field: Field, rules_when_filled: list[Rule]) -> list[FieldRule]:
    cell = pl.col(field.name)
    rules: list[FieldRule] = []
    if field.required:
        rules.append((field.name, "required", cell.is_null(), _REQUIRED.format(field=field.label), _FILL.format(help=field.help)))
    rules.append((field.name, "blanks", cell.str.strip_chars() != cell, _BLANKS, _STRIP))
    return [*rules, *((field.name, code, cell.is_not_null() & bad, what, mend) for code, bad, what, mend in rules_when_filled)]


def _form_rules(field: Field) -> list[Rule]:
    """Whether a cell can be read as its type."""
    cell = pl.col(field.name)
    match field.type:
        case "date":
            return [("not-a-date", ~is_date(cell), _NOT_DATE, _DATE_FORM)]
        case "day":
            return [("not-a-day", ~(is_date(cell) & (cell.str.len_chars() == 10)), _NOT_DATE, _DAY_FORM)]
        case "integer" | "number":
            return _number_rules(field)
        case "flag":
            return [("not-a-flag", ~cell.is_in(["true", "false"]), _NOT_FLAG, _FLAG_FORM)]
        case "url":
            return [("not-a-url", ~cell.str.contains(r"^https?://[^\s]+$"), _NOT_URL, _URL_FORM)]
        case "duration":
            return [("not-a-duration", ~(cell.str.contains(DURATION) & (cell != "P")), _NOT_DURATION, _DURATION_FORM)]
        case "code" | "codes":
            allowed = list(codes(str(field.codes)))
            return _list_rules(field, pl.Series(allowed), "unknown-code", _UNKNOWN_CODE, _CODE_LIST.format(all=", ".join(allowed)))
        case _:
            return [("control-character", cell.str.contains(r"[\x00-\x08\x0b-\x1f]"), _CONTROL, _STRIP)]


def _naming_rules(tables: CheckedTables, field: Field) -> list[Rule]:
    """Whether a cell names what exists."""
    cell = pl.col(field.name)
    match field.type:
        case "actor" | "actors":
            return _list_rules(field, tables.ids["actor"], "unknown-actor", _UNKNOWN_ACTOR, _ACTOR_LIST)
        case "link" | "links":
            known = tables.refs if field.target == "any" else tables.ids[str(field.target)]
            mend = _ANY_LINK if field.target == "any" else _LINK.format(kind=kinds()[str(field.target)].label, file=kinds()[str(field.target)].file)
            return _list_rules(field, known, "dangling-link", _DANGLING, mend)
        case _:
            actors = cell.str.split(";").list.eval(pl.element().str.split(":").list.first())
            unknown = actors.list.eval(~pl.element().is_in(tables.ids["actor"].implode())).list.any()
            return [
                ("not-counts", ~cell.str.contains(COUNTS), _NOT_COUNTS, _COUNTS_FORM),
                ("unknown-actor", cell.str.contains(COUNTS) & unknown, _UNKNOWN_ACTOR, _ACTOR_LIST),
            ]


def _number_rules(field: Field) -> list[Rule]:
    cell = pl.col(field.name)
    shape = cell.str.contains(r"^-?[0-9]{1,12}$" if field.type == "integer" else r"^-?[0-9]{1,12}(\.[0-9]{1,6})?$")
    value = cell.cast(pl.Float64, strict=False)
    low, high = field.min if field.min is not None else float("-inf"), field.max if field.max is not None else float("inf")
    bounds = _RANGE.format(low=f"{low:,.0f}", high=f"{high:,.0f}")
    return [("not-a-number", ~shape, _NOT_NUMBER, _NUMBER_FORM), ("out-of-range", shape & ~value.is_between(low, high), _OUT_OF_RANGE, bounds)]


def _list_rules(field: Field, allowed: pl.Series, code: str, what: Text, mend: Text) -> list[Rule]:
    cell = pl.col(field.name)
    known = allowed.cast(pl.String).implode()
    if not field.is_list:
        return [(code, ~cell.is_in(known), what, mend)]
    parts = cell.str.split(";")
    unknown = parts.list.eval(~pl.element().is_in(known)).list.any()
    return [(code, unknown, what, mend), ("list-twice", parts.list.n_unique() < parts.list.len(), _LIST_TWICE, _DROP_ONE)]


_NO_ID = Text("The row has no id.", "행에 식별자가 없습니다.")
_GIVE_ID = Text("Give it a readable id in lower case: kor-usa-name-2026.", "읽을 수 있는 소문자 식별자를 붙이십시오: kor-usa-name-2026.")
_BAD_ID = Text("'{v0}' is no well-formed id.", "'{v0}'은(는) 올바른 식별자가 아닙니다.")
_MEND_ID = Text("Use lower-case letters and digits joined by hyphens (actors: capitals).", "소문자와 숫자를 하이픈으로 이으십시오(행위자는 대문자).")
_ID_TWICE = Text("The id '{v0}' stands more than once.", "식별자 '{v0}'이(가) 두 번 이상 있습니다.")
_RENAME_ONE = Text("Rename one row, or remove it if it says the same.", "한 행의 식별자를 바꾸거나 같은 내용이면 지우십시오.")
_REQUIRED = Text("{field} is required and empty.", "필수 항목 {field}이(가) 비어 있습니다.")
_FILL = Text("Fill it. {help}", "값을 채우십시오. {help}")
_BLANKS = Text("The cell begins or ends with a blank.", "칸의 앞이나 뒤에 공백이 있습니다.")
_STRIP = Text("Remove it.", "지우십시오.")
_NOT_DATE = Text("'{v0}' is no date.", "'{v0}'은(는) 날짜가 아닙니다.")
_DATE_FORM = Text(
    "Write YYYY, YYYY-MM or YYYY-MM-DD as precisely as known, or '..' for what still holds.",
    "아는 만큼 YYYY, YYYY-MM, YYYY-MM-DD로, 계속 중이면 '..'로 적으십시오.",
)
_NOT_OPEN = Text("'..' says that something still holds; this date is not an end.", "'..'은 계속 중이라는 뜻이며 이 날짜는 끝이 아닙니다.")
_CLOSE = Text("Write the date as precisely as known, or leave it empty.", "아는 만큼 적거나 비우십시오.")
_DAY_FORM = Text("Write a whole day: YYYY-MM-DD.", "날짜 전체를 YYYY-MM-DD로 적으십시오.")
_NOT_FLAG = Text("'{v0}' is neither true nor false.", "'{v0}'은(는) true도 false도 아닙니다.")
_FLAG_FORM = Text("Write true or false, or leave it empty when unknown.", "true 또는 false로 적고, 모르면 비우십시오.")
_NOT_URL = Text("'{v0}' is no web address.", "'{v0}'은(는) 웹 주소가 아닙니다.")
_URL_FORM = Text("Write the whole address, from https:// on.", "https://부터 주소 전체를 적으십시오.")
_NOT_DURATION = Text("'{v0}' is no ISO 8601 duration.", "'{v0}'은(는) ISO 8601 기간이 아닙니다.")
_DURATION_FORM = Text("Write P90D, P6M, P1Y or a sum such as P1Y6M.", "P90D, P6M, P1Y 또는 P1Y6M처럼 적으십시오.")
_UNKNOWN_CODE = Text("'{v0}' is not among the controlled values.", "'{v0}'은(는) 통제 어휘에 없습니다.")
_CODE_LIST = Text("Use one of: {all}.", "다음 가운데에서 쓰십시오: {all}.")
_UNKNOWN_ACTOR = Text("'{v0}' names an actor that the register does not know.", "'{v0}'에 등록되지 않은 행위자가 있습니다.")
_ACTOR_LIST = Text(
    "Use the codes that `comity actors` lists, or add the actor to actors.csv.", "`comity actors`의 부호를 쓰거나 actors.csv에 행위자를 추가하십시오."
)
_DANGLING = Text("'{v0}' points to a record that does not exist.", "'{v0}'이(가) 가리키는 기록이 없습니다.")
_LINK = Text("Use the id of a {kind} in {file}.", "{file}에 있는 {kind}의 식별자를 쓰십시오.")
_ANY_LINK = Text("Write kind:id, such as event:yeonpyeong-shelling-2010.", "event:yeonpyeong-shelling-2010처럼 종류:식별자로 적으십시오.")
_NOT_COUNTS = Text("'{v0}' is no list of actor:number pairs.", "'{v0}'은(는) 행위자:수 목록이 아닙니다.")
_COUNTS_FORM = Text("Write KOR:200000;USA:11500.", "KOR:200000;USA:11500처럼 적으십시오.")
_CONTROL = Text("The cell holds a control character.", "칸에 제어 문자가 있습니다.")
_NOT_NUMBER = Text("'{v0}' is no number.", "'{v0}'은(는) 수가 아닙니다.")
_NUMBER_FORM = Text("Write digits only, without separators or units.", "구분 기호나 단위 없이 숫자만 적으십시오.")
_OUT_OF_RANGE = Text("{v0} is impossible here.", "{v0}은(는) 있을 수 없는 값입니다.")
_RANGE = Text("It must lie between {low} and {high}.", "{low}에서 {high} 사이여야 합니다.")
_LIST_TWICE = Text("'{v0}' names something twice.", "'{v0}'에 같은 값이 두 번 있습니다.")
_DROP_ONE = Text("Keep it once.", "한 번만 남기십시오.")
