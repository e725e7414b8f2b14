"""A workbook to fill in: a header for each field, lists to choose from where the vocabulary has them, and what each field means."""

from __future__ import annotations

import io
from typing import Any

from comity.register.snapshot import Snapshot
from comity.register.titles import actor_name
from comity.vocab.kinds import Kind, codes
from comity.vocab.text import Lang, Text
from comity_desk.records.importing.mapping import Target, targets
from comity_desk.records.importing.reading import ROWS

LISTED = 100_000


def template(kind: Kind, seen: Snapshot, lang: Lang) -> bytes:
    """The workbook for records of a kind, in that language."""
    import xlsxwriter

    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}) as book:
        _records(book, kind, lang)
        _meanings(book, kind, lang)
        _lists(book, kind, lang)
        _actors(book, seen, lang)
    return out.getvalue()


def _records(book: Any, kind: Kind, lang: Lang) -> None:
    sheet = book.add_worksheet(_sheet_name(kind.plural_label, lang))
    plain, needed = (
        book.add_format({"bold": True, "text_wrap": True, "bottom": 1}),
        book.add_format({"bold": True, "text_wrap": True, "bottom": 1, "font_color": "#A3123A"}),
    )
    text = book.add_format({"num_format": "@"})
    sheet.freeze_panes(1, 0)
    for at, target in enumerate(targets(kind).values()):
        field = target.field
        sheet.set_column(at, at, 22, text if field.type != "day" else None)
        sheet.write_string(0, at, f"{field.label.in_(lang)} [{field.name}]", needed if field.required else plain)
        sheet.data_validation(1, at, ROWS, at, _validation(kind, target, lang))


def _validation(kind: Kind, target: Target, lang: Lang) -> dict[str, Any]:
    """What the program lets be typed, and what it says when the cell is entered."""
    field = target.field
    told = {"input_title": field.label.in_(lang)[:32], "input_message": _message(target, lang)[:255], "error_type": "warning"}
    if field.type == "code":
        column = [name for name, one in targets(kind).items() if one.field.type in ("code", "codes")].index(field.name)
        last = len(codes(str(field.codes))) + 1
        return told | {"validate": "list", "source": f"='{_LISTS.in_(lang)}'!{_cell(1, column)}:{_cell(last - 1, column)}"}
    if field.type == "flag":
        return told | {"validate": "list", "source": ["true", "false"]}
    if field.type in ("integer", "number") and field.min is not None and field.max is not None:
        return told | {"validate": "decimal", "criteria": "between", "minimum": field.min, "maximum": field.max}
    return told | {"validate": "any"}


def _message(target: Target, lang: Lang) -> str:
    field = target.field
    form = _FORMS.get(field.type)
    return " ".join(part for part in (field.help.in_(lang), form.in_(lang) if form else "") if part)


def _meanings(book: Any, kind: Kind, lang: Lang) -> None:
    sheet, bold, wrapped = book.add_worksheet(_MEANINGS.in_(lang)), book.add_format({"bold": True}), book.add_format({"text_wrap": True, "valign": "top"})
    for at, (head, width) in enumerate(((_FIELD, 26), (_NAME, 22), (_NEEDED, 10), (_MEANS, 90))):
        sheet.set_column(at, at, width)
        sheet.write_string(0, at, head.in_(lang), bold)
    for at, target in enumerate(targets(kind).values(), 1):
        needed = _YES.in_(lang) if target.field.required else ""
        for column, said in enumerate((target.field.label.in_(lang), target.name, needed, _message(target, lang))):
            sheet.write_string(at, column, said, wrapped)


def _lists(book: Any, kind: Kind, lang: Lang) -> None:
    """One column for each list: its labels, which are read as well as its values."""
    sheet, bold = book.add_worksheet(_LISTS.in_(lang)), book.add_format({"bold": True})
    for at, target in enumerate(one for one in targets(kind).values() if one.field.type in ("code", "codes")):
        sheet.set_column(at, at, 28)
        sheet.write_string(0, at, target.field.label.in_(lang), bold)
        for line, code in enumerate(codes(str(target.field.codes)).values(), 1):
            sheet.write_string(line, at, code.label.in_(lang))


def _actors(book: Any, seen: Snapshot, lang: Lang) -> None:
    sheet, bold = book.add_worksheet(_ACTORS.in_(lang)), book.add_format({"bold": True})
    sheet.set_column(0, 0, 16)
    sheet.set_column(1, 2, 34)
    for at, head in enumerate((_CODE, _NAME_EN, _NAME_KO)):
        sheet.write_string(0, at, head.in_(lang), bold)
    for line, code in enumerate(sorted(seen.actor_names)[:LISTED], 1):
        for at, said in enumerate((code, actor_name(seen, code, "en"), actor_name(seen, code, "ko"))):
            sheet.write_string(line, at, said)


def _cell(row: int, column: int) -> str:
    letters = ""
    column += 1
    while column:
        column, left = divmod(column - 1, 26)
        letters = chr(65 + left) + letters
    return f"${letters}${row + 1}"


def _sheet_name(label: Text, lang: Lang) -> str:
    return label.in_(lang).replace("/", " ").replace(":", " ")[:31]


_FORMS = {
    "date": Text("YYYY-MM-DD, YYYY-MM or YYYY.", "YYYY-MM-DD, YYYY-MM 또는 YYYY."),
    "day": Text("YYYY-MM-DD.", "YYYY-MM-DD."),
    "codes": Text("Several are parted by ;", "여러 값은 ;로 구분."),
    "actor": Text("Code or name.", "부호 또는 이름."),
    "actors": Text("Codes or names, parted by ;", "부호 또는 이름, ;로 구분."),
    "links": Text("Ids, parted by ;", "식별자, ;로 구분."),
    "link": Text("Id or title.", "식별자 또는 제목."),
    "actor_counts": Text("KOR:200000;USA:11500", "KOR:200000;USA:11500"),
    "duration": Text("P1Y, P6M, P90D.", "P1Y, P6M, P90D."),
}
_LISTS, _MEANINGS, _ACTORS = Text("Lists", "선택 목록"), Text("What the fields mean", "항목 설명"), Text("Codes of actors", "행위자 부호")
_FIELD, _NAME, _NEEDED, _MEANS, _YES = Text("Field", "항목"), Text("Name", "영문명"), Text("Required", "필수"), Text("Meaning", "설명"), Text("yes", "예")
_CODE, _NAME_EN, _NAME_KO = Text("Code", "부호"), Text("Name", "영문 이름"), Text("Name (Korean)", "국문 이름")
