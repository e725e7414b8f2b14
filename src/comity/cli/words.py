"""Words of the command line in both languages.

A help text is written once as `both("…", "…")` and cut to the reader's language when the commands are put together; the language is read
from `--lang` or the environment (COMITY_LANG, then LANG) before anything else, so that `comity --help --lang ko` is Korean throughout.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from comity.vocab.text import Lang

BETWEEN = "\u2016"


def both(en: str, ko: str) -> str:
    """A help text that carries both languages until the commands are put together."""
    return f"{en}{BETWEEN}{ko}"


def language(arguments: Sequence[str], environment: Mapping[str, str]) -> Lang:
    """The language that the person asked for: `--lang`, then COMITY_LANG, then LANG, else English."""
    for at, word in enumerate(arguments):
        if word == "--lang" and at + 1 < len(arguments):
            return "ko" if arguments[at + 1] == "ko" else "en"
        if word.startswith("--lang="):
            return "ko" if word == "--lang=ko" else "en"
    wanted = environment.get("COMITY_LANG") or environment.get("LANG", "")
    return "ko" if wanted.startswith("ko") else "en"


def cut(text: str | None, lang: Lang) -> str | None:
    """The part of a help text in `lang`."""
    if text is None or BETWEEN not in text:
        return text
    en, ko = text.split(BETWEEN, 1)
    return ko if lang == "ko" else en


def translate(command: Any, lang: Lang) -> None:
    """Cut every help text of a command and of those below it to one language."""
    command.help, command.short_help = cut(command.help, lang), cut(command.short_help, lang)
    if getattr(command, "epilog", None):
        command.epilog = cut(command.epilog, lang)
    for parameter in command.params:
        if getattr(parameter, "help", None):
            parameter.help = cut(parameter.help, lang)
    if lang == "ko":
        page = command.get_help
        command.get_help = lambda context: korean_headings(page(context))
    for below in getattr(command, "commands", {}).values():
        translate(below, lang)


HEADINGS = (  # what the command-line library itself writes around our words
    ("Usage: ", "사용법: "),
    ("Options:", "옵션:"),
    ("Commands:", "명령:"),
    ("Arguments:", "인수:"),
    ("Show this message and exit.", "이 도움말을 보이고 끝냅니다."),
    ("[required]", "[필수]"),
    ("[default: ", "[기본값: "),
)


def korean_headings(help_text: str) -> str:
    """A help page with the library's own headings in Korean."""
    for en, ko in HEADINGS:
        help_text = help_text.replace(en, ko)
    return help_text
