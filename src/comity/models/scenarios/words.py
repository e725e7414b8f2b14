"""What is said of a faulty scenario, and how to mend it."""

from __future__ import annotations

from comity.vocab.text import Text

UNTITLED = Text("Untitled scenario", "제목 없는 시나리오")
NOT_YAML = Text("The file is no YAML: {error}", "YAML이 아닙니다: {error}")
SEE_EXAMPLE = Text("Start from 'comity what-if --example'.", "'comity what-if --example'에서 시작하십시오.")
TITLE = Text("Write title: {en: …, ko: …}.", "title: {en: …, ko: …} 형식으로 적으십시오.")
WRITE_CHANGES = Text(
    "Write changes: as a list, each item one of cancel, move, scale, add_exercise, add_talks, add_summit, remove; an empty list [] changes nothing.",
    "changes:에 목록으로 적고, 각 항목은 cancel, move, scale, add_exercise, add_talks, add_summit, remove 중 하나로 하십시오. 빈 목록 []은 변경 없음입니다.",
)
NO_CHANGES = Text("The item holds no change.", "변경 내용이 없는 항목입니다.")
ONE_CHANGE = Text("The item holds more than one change.", "한 항목에 변경이 둘 이상 있습니다.")
NO_MAPPING = Text("Here stands no list of name: value.", "'이름: 값' 형식이 아닙니다.")
FIELDS = Text("Its fields are {fields}.", "쓸 수 있는 항목: {fields}.")
UNKNOWN_FIELD = Text("There is no such field here.", "여기에 쓸 수 없는 항목입니다.")
MEANT = Text("Did you mean {name}?", "{name}을(를) 뜻하셨습니까?")
TWICE = Text("The field stands twice.", "항목이 두 번 있습니다.")
KEEP_ONE = Text("Keep one of them.", "하나만 남기십시오.")
MISSING = Text("The field is missing.", "항목이 없습니다.")
BOTH = Text("Both {one} and {other} are given.", "{one}와(과) {other}를 함께 적었습니다.")
NEITHER = Text("Neither {one} nor {other} is given.", "{one}도 {other}도 없습니다.")
GIVE_ONE = Text("Give {one} or {other}, one of them.", "{one}와(과) {other} 중 하나만 적으십시오.")
NO_WORDS = Text("It is empty, or far too long.", "비어 있거나 지나치게 깁니다.")
WRITE_WORDS = Text("Write a few plain words.", "짧은 글자로 적으십시오.")
NO_VALUE = Text("Here stands a list, not one value.", "값 하나가 아니라 목록이 있습니다.")
NO_NUMBER = Text("{value} is no whole number within bounds.", "{value}은(는) 허용 범위의 정수가 아닙니다.")
BETWEEN = Text("Write a whole number from {low} to {high}.", "{low}부터 {high}까지의 정수를 적으십시오.")
NO_FLAG = Text("{value} is neither true nor false.", "{value}은(는) true도 false도 아닙니다.")
TRUE_OR_FALSE = Text("Write true or false.", "true 또는 false로 적으십시오.")
UNKNOWN_VALUE = Text("{value} is none of the words allowed here.", "{value}은(는) 여기에 쓸 수 없는 값입니다.")
ONE_OF = Text("Write one of {values}.", "{values} 중 하나를 적으십시오.")
NO_DAY = Text("{value} is no day.", "{value}은(는) 날짜가 아닙니다.")
WRITE_DAY = Text("Write a date such as 2027-03-10, or a day of the year such as 03-10.", "2027-03-10 같은 날짜나 03-10 같은 월일로 적으십시오.")
NO_LIST = Text("Here stands no list.", "목록이 아닙니다.")
WRITE_LIST = Text("Begin each item with a hyphen, or write [a, b].", "각 항목을 붙임표(-)로 시작하거나 [a, b]로 적으십시오.")
TOO_MANY = Text("The list has {n} items.", "항목이 {n}개입니다.")
AT_MOST = Text("Write at most {n}.", "{n}개 이하로 줄이십시오.")

NOT_IN_CALENDAR = Text("The calendar of the coming days holds no such exercise: {which}.", "앞으로의 일정에 없는 연습입니다: {which}.")
IN_CALENDAR = Text("It holds: {all}.", "일정에 있는 연습: {all}.")
SEVERAL = Text("{which} means {n} exercises, which cannot all begin on one day.", "{which}에 해당하는 연습이 {n}개라 같은 날 시작할 수 없습니다.")
SAY_WHICH = Text("Name one: {all}.", "하나를 지정하십시오: {all}.")
OUTSIDE = Text("{day} lies outside the days looked at, {first} to {last}.", "{day}은(는) 대상 기간({first}~{last}) 밖입니다.")
WITHIN = Text("Give a day within them, or another horizon_days.", "기간 안의 날짜를 적거나 horizon_days를 바꾸십시오.")
ENDS_FIRST = Text("It ends on {end}, before it begins on {start}.", "시작일({start})보다 종료일({end})이 빠릅니다.")
MEND_END = Text("Give the end on or after the start.", "종료일을 시작일 이후로 적으십시오.")
