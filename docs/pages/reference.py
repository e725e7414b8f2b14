"""The reference pages that need only the code and the vocabulary: commands, codebook, codes, errors, the public face in Python."""

from __future__ import annotations

import inspect
import re
from importlib import import_module

import polars as pl

import comity
from comity.cli.reference import Command, Option, commands, common_options
from comity.measures.fill import fill
from comity.register.codebook import counterparts_markdown, kind_markdown, lists_markdown
from comity.register.snapshot import Snapshot
from comity.vocab.errors import ComityError
from comity.vocab.kinds import VOCABULARY_VERSION, kinds
from comity.vocab.text import Lang, Text, same
from pages.faults import error_classes, fault_codes, messages
from pages.markdown import block, code, codes, page, section, table
from pages.measures import signature, unquoted

FACE = {  # module → names of the public face, in reading order
    "comity.register.register": ["load", "Register"],
    "comity.register.snapshot": ["Snapshot", "Record", "Claim"],
    "comity.register.client": ["open", "Desk", "Job"],
    "comity.measures.result": ["Result"],
    "comity.measures.happenings": ["happenings"],
    "comity.measures.coverage": ["covered", "covered_spans"],
    "comity.vocab.dates": ["PartialDate", "Span"],
    "comity.vocab.text": ["Text"],
    "comity.vocab.errors": ["ComityError", "PackageFaults", "Fault"],
}


def commands_page(lang: Lang) -> str:
    """Every command with its options and an example."""
    shared = '<a id="common-options"></a>\n\n' + section(_COMMON.in_(lang), _COMMON_ABOUT.in_(lang), _options(common_options(), lang))
    return page(_COMMANDS, lang, shared, *(_command(one, lang) for one in commands()), about=_COMMANDS_ABOUT)


def kinds_page(lang: Lang, snapshot: Snapshot) -> str:
    """The codebook: every kind with its fields and how far they are filled in the shipped register."""
    rates = fill_rates(snapshot)
    parts = [_to_codes(kind_markdown(kind, lang, rates)) for kind in kinds().values()]
    about = _KINDS_ABOUT.format(version=VOCABULARY_VERSION, package=snapshot.settings["name"], edition=snapshot.settings["version"])
    return page(_KINDS, lang, *parts, counterparts_markdown(lang), about=about)


def codes_page(lang: Lang) -> str:
    """Every controlled list."""
    return page(_CODES, lang, re.sub(r"^## .*\n\n", "", lists_markdown(lang)).replace("### `", "## `"), about=_CODES_ABOUT)


def errors_page(lang: Lang) -> str:
    """Every class of errors and every code of faults."""
    said = messages()
    rows = []
    for one in error_classes():
        words = "<br>".join(text.in_(lang) for text in said.get(one.__name__, []))
        meaning = MEANINGS.get(one.__name__) or same(inspect.getdoc(one) or "")
        rows.append([code(one.__name__), meaning.in_(lang), words])
    tree = section(_CLASSES.in_(lang), _CLASSES_ABOUT.in_(lang), block(_tree(ComityError), "text"), table([_CLASS, _WHEN, _SAYS], rows, lang))
    found = [[code(one.code), SEVERITIES[one.severity].in_(lang), _bare(one.what.in_(lang)), _bare(one.mend.in_(lang))] for one in fault_codes()]
    return page(_ERRORS, lang, tree, section(_FAULTS.in_(lang), _FAULTS_ABOUT.in_(lang), table([_CODE, _SEVERITY, _WHAT, _MEND], found, lang)))


def python_page(lang: Lang) -> str:
    """The public face: what `import comity` gives, and the classes behind it."""
    parts = [section(_SHORT.in_(lang), _SHORT_ABOUT.in_(lang), ", ".join(code(f"comity.{name}") for name in comity.__all__))]
    for module, names in FACE.items():
        parts += [_declared(module, name, lang) for name in names]
    return page(_PYTHON, lang, *parts, about=_PYTHON_ABOUT)


def fill_rates(snapshot: Snapshot) -> dict[str, dict[str, float]]:
    """Share of filled cells by kind and field."""
    rates: dict[str, dict[str, float]] = {}
    for kind, field, filled in fill(snapshot).rows.select("kind", "field", pl.col("filled")).iter_rows():
        rates.setdefault(kind, {})[field] = filled
    return rates


def _command(command: Command, lang: Lang) -> str:
    parts = [command.help.in_(lang)]
    if command.options:
        parts.append(_options(command.options, lang))
    if command.question:
        parts.append(_TAKES.in_(lang))
    return section(f"`comity {command.name}`", *parts, block(f"$ {command.example}", "console"))


def _options(options: tuple[Option, ...] | list[Option], lang: Lang) -> str:
    rows = []
    for option in options:
        names = ", ".join(code(name) for name in option.names)
        value = codes((option.metavar or "").split("|"))
        standard = _REQUIRED.in_(lang) if option.required else code(option.default)
        rows.append([names, value, standard, option.help.in_(lang)])
    return table([_OPTION, _VALUE, _DEFAULT, _MEANING], rows, lang)


def _bare(text: str) -> str:
    """A sentence in which the beginning of an address is no address."""
    return re.sub(r"https://(?![a-z])", "`https://`", text)


def _to_codes(text: str) -> str:
    return re.sub(r"\]\(#", "](codes.md#", text)


def _tree(top: type[ComityError], depth: int = 0) -> str:
    below = [one for one in error_classes() if one.__base__ is top]
    return "\n".join(["    " * depth + top.__name__, *(_tree(one, depth + 1) for one in below)])


def _declared(module: str, name: str, lang: Lang) -> str:
    thing = getattr(import_module(module), name)
    head = f"`{name}`"
    if not inspect.isclass(thing):
        return section(head, _CODE_IN.format(module=code(module)).in_(lang), block(signature(thing)), inspect.getdoc(thing) or "")
    members = [
        (label, member)
        for label, member in vars(thing).items()
        if not label.startswith("_") and (inspect.isfunction(member) or isinstance(member, property | classmethod | staticmethod))
    ]
    listed = [f"- `{_called(label, member)}`: {_first(member)}" for label, member in members]
    return section(head, _CODE_IN.format(module=code(module)).in_(lang), _first(thing), "\n".join(listed))


def _first(thing: object) -> str:
    """The first paragraph of what is said of a thing in the code, on one line."""
    return " ".join((inspect.getdoc(thing) or "").split("\n\n")[0].split())


def _called(label: str, member: object) -> str:
    if isinstance(member, property):
        return label
    function = getattr(member, "__func__", member)
    words = [unquoted(parameter) for one, parameter in inspect.signature(function).parameters.items() if one not in ("self", "cls")]
    return f"{label}({', '.join(words)})"


MEANINGS = {
    "ComityError": Text("Any condition that Comity reports to a person.", "코미티가 사람에게 알리는 모든 상황."),
    "UnknownKind": Text("A word that is no record kind, or no measure.", "기록 종류나 측정 이름이 아닌 말."),
    "UnknownField": Text("A field that the kind does not have.", "그 종류에 없는 항목."),
    "UnknownCode": Text("A value outside its controlled list.", "통제 어휘에 없는 값."),
    "UnknownActor": Text("A code that no actor carries, or none on that day.", "어떤 행위자에게도, 또는 그날의 행위자에게 없는 부호."),
    "UnknownRecord": Text("An id that the reader's snapshot does not hold.", "열람자의 스냅숏에 없는 식별자."),
    "UnknownReader": Text("A class of readers that is not known.", "알 수 없는 열람자."),
    "AmbiguousRecord": Text("An id that records of several kinds share; say `kind:id`.", "여러 종류가 함께 쓰는 식별자. `종류:식별자`로 적는다."),
    "NotADate": Text("Text that is no partial date.", "날짜로 읽을 수 없는 글."),
    "NoPackage": Text("A path or name where there is no data package.", "데이터 패키지가 없는 경로나 이름."),
    "PackageFaults": Text("A package with faults; `.faults` is the whole table of them.", "결함이 있는 패키지. `.faults`에 모든 결함이 있다."),
    "LayoutWarned": Text("A page that the typesetter could not set without a warning.", "조판기가 경고 없이 짜지 못한 문서."),
    "ScenarioFaults": Text("A scenario with faults; `.faults` is the whole table of them.", "결함이 있는 시나리오. `.faults`에 모든 결함이 있다."),
    "NoScenario": Text("A path or name where there is no scenario.", "시나리오가 없는 경로나 이름."),
    "NotAPointPattern": Text("Times, dimensions or a window that are no point pattern.", "점 과정으로 볼 수 없는 시각, 차원 또는 관측 구간."),
    "OutOfRange": Text("A parameter outside the range of its model.", "모형의 허용 범위를 벗어난 모수."),
    "Runaway": Text("A simulated process that outgrows its limit.", "한도를 넘어 불어나는 모의 과정."),
    "NoStore": Text("A folder that is no event store.", "사건 저장소가 아닌 폴더."),
    "StoreLocked": Text("Another load is writing to the event store.", "다른 적재 작업이 사건 저장소에 쓰고 있음."),
    "LedgerDamaged": Text("The list of what an event store holds cannot be read.", "사건 저장소의 원장을 읽을 수 없음."),
    "StoreNotWritable": Text("An event store that can only be read.", "읽기만 할 수 있는 사건 저장소."),
    "DiskFull": Text("No room left for what is being written.", "쓸 공간이 남지 않음."),
    "LinesLost": Text("A reader whose rows do not add up to the lines of its file.", "읽은 행의 합이 파일의 줄 수와 맞지 않음."),
    "FileChanged": Text("A file that changed while it was read.", "읽는 동안 바뀐 파일."),
    "QueryRefused": Text("A question to the store that is not one reading statement.", "읽기 문장 하나가 아닌 질의."),
    "QueryFailed": Text("A question that the engine could not answer.", "엔진이 답하지 못한 질의."),
    "WrongPanel": Text("A panel whose definition contradicts itself.", "정의가 서로 어긋나는 패널."),
    "EngineMissing": Text("An engine that is not installed or not known.", "설치되지 않았거나 알 수 없는 엔진."),
    "PublisherUnreachable": Text("The publisher's list or files cannot be had.", "배포처의 목록이나 파일을 받을 수 없음."),
    "DeskUnreachable": Text("A desk that cannot be reached, or whose answer broke off.", "연결할 수 없거나 응답이 끊긴 데스크."),
    "DeskRefused": Text("What a desk refused; `.problem` holds its problem details.", "데스크가 거부한 요청. `.problem`에 문제 상세가 있다."),
    "NotSignedIn": Text("A token that opens nothing: unknown, expired or withdrawn.", "등록되지 않았거나 만료·폐기된 토큰."),
    "SnapshotDiffers": Text("A downloaded snapshot that is not the one that the desk names.", "데스크가 밝힌 것과 다른 스냅숏."),
    "UnsafeAddress": Text("An address of a desk to which no token may be sent.", "토큰을 보내서는 안 되는 데스크 주소."),
    "UnknownForm": Text("A file whose form no reader knows.", "어떤 판독기도 모르는 형식의 파일."),
    "DamagedFile": Text("A file of an outside source that cannot be read as a whole.", "통째로 읽을 수 없는 외부 자료 파일."),
    "NotReproduced": Text("A replication whose numbers differ from the bundle's.", "묶음의 수치와 다르게 나온 재현."),
}
SEVERITIES = {
    "error": Text("error", "오류"),
    "warning": Text("warning", "주의"),
    "either": Text("error; in memberships.csv a warning", "오류, memberships.csv에서는 주의"),
}
_COMMANDS = Text("Commands", "명령")
_COMMANDS_ABOUT = Text(
    "`comity --help` lists them; `--lang ko` or `COMITY_LANG=ko` makes help and answers Korean. Exit codes: 0 done, 1 a fault that the message names, 2 a wrong use of the command.",
    "`comity --help`로 목록을 본다. `--lang ko` 또는 `COMITY_LANG=ko`이면 도움말과 답이 한국어로 나온다. 종료 코드: 0 완료, 1 메시지에 적힌 결함, 2 잘못된 사용.",
)
_COMMON = Text("Options of every question", "모든 질문의 공통 옵션")
_COMMON_ABOUT = Text("Commands that ask the register also take these.", "등록부에 묻는 명령은 다음 옵션도 받는다.")
_TAKES = Text("Also takes the [options of every question](#common-options).", "[공통 옵션](#common-options)도 받는다.")
_REQUIRED = Text("required", "필수")
_OPTION, _VALUE, _DEFAULT, _MEANING = Text("Option", "옵션"), Text("Value", "값"), Text("Default", "기본값"), Text("Meaning", "뜻")
_KINDS = Text("Record kinds: the codebook", "기록의 종류: 코드북")
_KINDS_ABOUT = Text(
    "Vocabulary version {version}. Unknown cells are empty; lists are separated by `;`. **Filled** is the share of filled cells in the shipped package {package} {edition}. "
    "The controlled lists are on [their own page](codes.md). Cite as: Comity contributors, *Comity Codebook*, vocabulary version {version}.",
    "어휘 버전 {version}. 모르는 칸은 비우고 목록은 `;`로 구분한다. **기입률**은 내장 패키지 {package} {edition}에서 채워진 칸의 비율이다. "
    "통제 어휘는 [별도 문서](codes.md)에 있다. 인용: Comity contributors, *Comity Codebook*, 어휘 버전 {version}.",
)
_CODES = Text("Controlled lists", "통제 어휘 목록")
_CODES_ABOUT = Text("The values that a field may draw from, with their labels.", "항목이 쓸 수 있는 값과 그 이름.")
_ERRORS = Text("Errors and faults", "오류와 결함")
_CLASSES = Text("Classes of errors", "오류의 종류")
_CLASSES_ABOUT = Text(
    'All are in `comity.vocab.errors`; `str(error)` is English, `error.in_("ko")` Korean. With `--format json` a command prints `{"error": {"type": …, "message": …}}`.',
    '모두 `comity.vocab.errors`에 있다. `str(error)`는 영어, `error.in_("ko")`는 한국어이다. `--format json`이면 명령은 `{"error": {"type": …, "message": …}}`를 출력한다.',
)
_CLASS, _WHEN, _SAYS = Text("Class", "종류"), Text("When", "상황"), Text("What it says", "메시지")
_FAULTS = Text("Faults of a package", "패키지의 결함")
_FAULTS_ABOUT = Text(
    "`comity check` prints every fault at once; errors keep a package from loading, warnings do not. Words in braces are filled in.",
    "`comity check`는 모든 결함을 한 번에 보인다. 오류가 있으면 패키지를 읽지 않고, 주의는 읽는 데 지장이 없다. 중괄호 안의 말은 채워져 나온다.",
)
_CODE, _SEVERITY, _WHAT, _MEND = Text("Code", "부호"), Text("Severity", "정도"), Text("What is wrong", "문제"), Text("How to mend it", "고치는 법")
_PYTHON = Text("Python", "파이썬")
_PYTHON_ABOUT = Text(
    "The library serves notebooks by itself. Measures have [their own page](measures.md).",
    "라이브러리만으로 노트북에서 쓸 수 있다. 측정은 [별도 문서](measures.md)에 있다. 함수와 클래스의 설명은 코드에 붙은 영문 그대로이다.",
)
_SHORT = Text("What `import comity` gives", "`import comity`로 쓰는 이름")
_SHORT_ABOUT = Text("Names load on first use.", "이름은 처음 쓸 때 읽어 들인다.")
_CODE_IN = Text("In {module}.", "위치: {module}.")
