"""Why a row was kept out, and what was mended in rows that were kept: the codes of both, told in English and Korean."""

from __future__ import annotations

from comity.vocab.text import Text

REASONS: dict[str, Text] = {
    # the file as a whole
    "empty-file": Text("The file holds no line.", "파일에 줄이 없습니다."),
    "corrupt-zip": Text("The zip is broken or cut off, or its check sum differs.", "zip이 깨졌거나 잘렸거나 검사합이 다릅니다."),
    "several-members": Text("The zip holds several data files; one is expected.", "zip에 자료 파일이 여럿 있습니다. 하나여야 합니다."),
    "no-member": Text("The zip holds no data file.", "zip에 자료 파일이 없습니다."),
    "encrypted": Text("The zip asks for a password.", "zip이 암호를 요구합니다."),
    "spreadsheet": Text(
        "The file went through a spreadsheet: other separators, a header row or lost digits. None of its rows can be trusted; take the file as published.",
        "스프레드시트를 거친 파일입니다(구분자, 머리글, 사라진 숫자). 어느 행도 믿을 수 없으니 발행 원본을 받으십시오.",
    ),
    "columns": Text("The file lacks columns that the form has.", "이 형식에 있어야 할 열이 파일에 없습니다."),
    # the line
    "blank-line": Text("The line is blank.", "빈 줄입니다."),
    "column-count": Text("The line has another number of columns than the form.", "열의 수가 형식과 다릅니다."),
    "over-long": Text("The line is longer than any record.", "기록이라 할 수 없을 만큼 긴 줄입니다."),
    "nul-byte": Text("The line holds NUL bytes.", "줄에 NUL 바이트가 있습니다."),
    "open-quote": Text("A quotation mark is opened and never closed.", "따옴표가 열리고 닫히지 않았습니다."),
    # a cell
    "encoding": Text("A code holds bytes that are no plain ASCII.", "코드에 ASCII가 아닌 바이트가 있습니다."),
    "id": Text("The identifier is missing or no number.", "식별자가 없거나 숫자가 아닙니다."),
    "no-date": Text("The date is blank.", "날짜가 비어 있습니다."),
    "date": Text("The date cannot be read or is no day of the calendar.", "날짜를 읽을 수 없거나 달력에 없는 날입니다."),
    "date-parts": Text("The date and its parts (month, year) disagree.", "날짜와 그 부분(월, 연)이 서로 다릅니다."),
    "before-archive": Text("The event is dated before the archive begins.", "자료의 시작보다 앞선 날짜입니다."),
    "after-added": Text("The event is dated after the day on which it was added.", "등록된 날보다 나중의 날짜입니다."),
    "lost-zero": Text("The event code lost its leading zero (010 became 10).", "사건 코드의 앞자리 0이 사라졌습니다(010이 10이 됨)."),
    "unknown-type": Text("The event type is none of the sixteen of PLOVER.", "PLOVER의 16개 유형에 없는 사건 유형입니다."),
    "other-kind": Text("The record is of another kind than this reader gives.", "이 판독기가 주는 종류의 기록이 아닙니다."),
    "unknown-word": Text("The word is none of those that the list uses.", "목록에서 쓰는 말이 아닙니다."),
    "address": Text("The address, the size or the check sum of a published file cannot be read.", "발행 파일의 주소, 크기 또는 검사합을 읽을 수 없습니다."),
    "no-event-code": Text("The code marks that no event was found.", "사건이 없음을 뜻하는 코드입니다."),
    "unknown-code": Text("The event code is in no codebook of the form.", "이 형식의 코드집에 없는 사건 코드입니다."),
    "code-parts": Text("The event code and its base or root disagree.", "사건 코드와 그 기본·상위 코드가 서로 다릅니다."),
    "quad": Text("The quad class is missing or does not fit the code.", "4분류가 없거나 코드와 맞지 않습니다."),
    "number": Text("A number cannot be read.", "숫자를 읽을 수 없습니다."),
    "range": Text("A number is outside what the form allows.", "숫자가 형식이 허용하는 범위를 벗어났습니다."),
}
REPAIRS: dict[str, Text] = {
    "year-1920": Text(
        "Dated 1920 for 2020 by the publisher, in rows added from 31 December 2019 to 5 January 2020; a century was added.",
        "2019년 12월 31일부터 2020년 1월 5일까지 등록된 행에 발행자가 2020년을 1920년으로 적은 것. 100년을 더했습니다.",
    ),
    "padded-code": Text("Blanks around a code were taken off.", "코드 앞뒤의 빈칸을 지웠습니다."),
    "zero-restored": Text(
        "The event code had lost its leading zero; the root code beside it proves which code it was.",
        "사건 코드의 앞자리 0이 없었으나 옆의 상위 코드로 확인되어 되돌렸습니다.",
    ),
    "latin-1": Text("The line was no UTF-8 and was read as Latin-1.", "UTF-8이 아니어서 Latin-1로 읽은 줄입니다."),
    "zero-place": Text("A place at latitude 0, longitude 0 is no place; it is null.", "위도 0, 경도 0은 장소가 아니므로 비웠습니다."),
    "half-place": Text("Only one of latitude and longitude is given; both are null.", "위도와 경도 중 하나만 있어 둘 다 비웠습니다."),
}


def reason_text(code: str) -> Text:
    """What a reason or repair code says; the code itself where it is not known."""
    return REASONS.get(code) or REPAIRS.get(code) or Text(code, code)
