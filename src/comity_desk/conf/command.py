"""`comity-desk`: the desk's commands, each with its help in the reader's language.

They are Django's management commands under one name; `comity-desk help` lists those of the desk first. The language is that of `--lang`, else
of COMITY_LANG or LANG. Exit codes: 0 done, 1 a fault that the message names, 2 a wrong use of the command.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from typing import Any

from comity.cli.words import BETWEEN, cut, korean_headings, language
from comity.vocab.errors import ComityError
from comity.vocab.text import Lang, Text

IN_ORDER = ("prepare", "serve", "worker", "createadmin", "load", "verify", "export", "backup", "restore_check")
DJANGOS = {  # what Django's own commands of use to a keeper of the desk do
    "migrate": Text("Bring the tables up to date (part of prepare).", "표 구조를 최신으로 맞춥니다(prepare에 포함)."),
    "check": Text("Check the settings; --deploy for a desk that others reach.", "설정을 점검합니다. 외부에 제공할 때는 --deploy."),
    "axes_reset": Text("Lift every lock-out.", "잠긴 계정을 모두 풉니다."),
    "axes_reset_username": Text("Lift the lock-out of one user name.", "한 사용자의 잠금을 풉니다."),
    "clearsessions": Text("Delete sessions that have run out.", "만료된 세션을 지웁니다."),
}
OPTIONS = {  # of every command
    "help": Text("Show this message and exit.", "이 도움말을 보이고 끝냅니다."),
    "verbosity": Text("How much to say: 0 nothing, 1 the usual, 2 more, 3 all.", "출력 정도: 0 없음, 1 보통, 2 자세히, 3 모두."),
}
UNTOLD = ("settings", "pythonpath", "traceback", "no_color", "force_color", "skip_checks", "version")  # Django's own, seldom of use


def main() -> None:
    """Run the command line."""
    lang = language(sys.argv[1:], os.environ)
    os.environ["COMITY_LANG"] = lang
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "comity_desk.conf.settings")
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # our matrices are small: threads of the linear algebra only wait for each other
    os.umask(0o077)  # what the desk writes is for its own user
    sys.exit(run(without_language(sys.argv[1:]), lang))


def run(arguments: list[str], lang: Lang) -> int:
    """Run one command; gives the exit code."""
    if arguments == ["--version"]:
        import comity

        print(f"comity-desk {comity.__version__}")
        return 0
    if not arguments or arguments in (["help"], ["--help"], ["-h"]):
        print(overview(lang))
        return 0 if arguments else 2
    words = [*arguments[1:], "--help"] if arguments[0] == "help" else arguments
    try:
        return _execute([words[0].replace("-", "_"), *words[1:]], lang)
    except ComityError as error:
        print(error.in_(lang), file=sys.stderr)
        return 1


def _execute(words: list[str], lang: Lang) -> int:
    from django.core.management import load_command_class
    from django.core.management.base import BaseCommand

    known = commands()
    if words[0] not in known:
        print(_UNKNOWN.format(name=words[0]).in_(lang), file=sys.stderr)
        return 2
    app = known[words[0]]
    command = app if isinstance(app, BaseCommand) else load_command_class(app, words[0])
    spoken(command, lang).run_from_argv(["comity-desk", *words])
    return 0


def commands() -> dict[str, Any]:
    """Every command by name, with the app that brings it."""
    import django
    from django.core.management import get_commands

    django.setup()
    return get_commands()


def overview(lang: Lang) -> str:
    """What commands there are."""
    from django.core.management import load_command_class

    known = commands()
    own = [name for name in known if str(known[name]).startswith("comity_desk.")]
    ours = sorted(own, key=lambda name: (IN_ORDER.index(name) if name in IN_ORDER else len(IN_ORDER), name))
    lines = [(name, in_language(load_command_class(str(known[name]), name).help, lang)) for name in ours]
    lines += [(name, text.in_(lang)) for name, text in DJANGOS.items() if name in known]
    table = "\n".join(f"  {name.replace('_', '-') if name in own else name:<20}  {words}" for name, words in lines)
    return _OVERVIEW.format(table=table).in_(lang)


def spoken(command: Any, lang: Lang) -> Any:
    """A command whose help is in one language."""
    make = command.create_parser

    def create_parser(*names: str, **settings: Any) -> Any:
        parser = make(*names, **settings)
        parser.description = in_language(parser.description, lang)
        for option in parser._actions:
            if option.dest in UNTOLD:
                option.help = argparse.SUPPRESS
            elif option.dest in OPTIONS:
                option.help = OPTIONS[option.dest].in_(lang)
            elif option.help:
                option.help = in_language(option.help, lang)
        if lang == "ko":
            page, usage = parser.format_help, parser.format_usage
            parser.format_help, parser.format_usage = (lambda: korean(page())), (lambda: korean(usage()))
        return parser

    command.create_parser = create_parser
    return command


def in_language(text: str | None, lang: Lang) -> str:
    """The part of a help text in `lang`, whether its two languages are joined by `both` or by a dot between them."""
    if not text or BETWEEN in text:
        return cut(text, lang) or ""
    en, dot, ko = text.partition(" · ")
    return (ko if lang == "ko" else en) if dot and any("가" <= letter <= "힣" for letter in ko) else text


def korean(page: str) -> str:
    """A help page with the library's own headings in Korean."""
    for en, ko in (("usage: ", "사용법: "), ("options:", "옵션:"), ("positional arguments:", "인수:")):
        page = page.replace(en, ko)
    return korean_headings(page)


def without_language(arguments: Sequence[str]) -> list[str]:
    """The arguments without `--lang`, which Django does not know."""
    kept = [word for word in arguments if not word.startswith("--lang=")]
    while "--lang" in kept:
        at = kept.index("--lang")
        del kept[at : at + 2]
    return kept


_OVERVIEW = Text(
    "Usage: comity-desk COMMAND [--lang en|ko]\n\nThe desk of military diplomacy: set it up, serve it, keep it.\n\nCommands:\n{table}\n\n"
    "`comity-desk COMMAND --help` says more. Settings come from the environment: COMITY_DESK_HOME, DATABASE_URL and others.",
    "사용법: comity-desk 명령 [--lang en|ko]\n\n군사외교 업무 시스템을 설치하고, 제공하고, 관리합니다.\n\n명령:\n{table}\n\n"
    "자세한 내용은 `comity-desk 명령 --help`로 봅니다. 설정은 환경 변수(COMITY_DESK_HOME, DATABASE_URL 등)로 정합니다.",
)
_UNKNOWN = Text("There is no command {name}; `comity-desk help` lists them.", "{name} 명령은 없습니다. `comity-desk help`로 목록을 볼 수 있습니다.")

if __name__ == "__main__":
    main()
