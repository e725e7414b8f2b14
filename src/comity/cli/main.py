"""`comity`: the commands put together, in the reader's language, and every error told in one line.

Exit codes: 0 done, 1 a fault that the message names, 2 a wrong use of the command.
"""

from __future__ import annotations

import os
import sys

import typer

from comity.cli.words import both, language, translate
from comity.vocab.text import Lang

LANG: Lang = language(sys.argv[1:], os.environ)
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # our matrices are small: threads of the linear algebra only wait for each other


def make_app() -> typer.Typer:
    """All commands, their help texts still in both languages."""
    from comity.cli import effects, events, forecast, measures, opinion, records, register, reports, stability, what_if

    app = typer.Typer(
        name="comity",
        no_args_is_help=True,
        add_completion=False,
        rich_markup_mode=None,
        pretty_exceptions_enable=False,
        help=both("Military diplomacy on the record: ask it, measure it, brief from it.", "군사외교의 기록: 묻고, 재고, 보고합니다."),
    )
    app.callback()(_root)
    for part in (reports, measures, opinion, forecast, effects, what_if, stability, events, records, register):
        part.add_to(app)
    return app


def _root(
    version: bool = typer.Option(
        False, "--version", is_eager=True, callback=lambda wanted: _version(wanted), help=both("Print the version.", "버전을 출력합니다.")
    ),
    lang: str = typer.Option("", "--lang", help=both("Language of help and answers: en or ko.", "도움말과 답의 언어: en 또는 ko.")),
) -> None:
    """Options before any command; their help is given by `make_app`."""


def _version(wanted: bool) -> None:
    if wanted:
        import comity

        print(f"comity {comity.__version__}")
        raise typer.Exit


def main() -> None:
    """Run the command line."""
    from comity.vocab.errors import ComityError, PackageFaults

    command = typer.main.get_command(make_app())
    translate(command, LANG)
    try:
        command(prog_name="comity")
    except PackageFaults as error:
        from comity.cli.faults import print_faults

        print_faults(error.faults, LANG, as_json="json" in sys.argv)
        sys.exit(1)
    except ComityError as error:
        _tell(error)
        sys.exit(1)
    except BrokenPipeError:
        sys.stderr.close()
        sys.exit(0)


def _tell(error: Exception) -> None:
    from comity.vocab.errors import ComityError

    message = error.in_(LANG) if isinstance(error, ComityError) else str(error)
    if "json" in sys.argv:
        import json

        print(json.dumps({"error": {"type": type(error).__name__, "message": message}}, ensure_ascii=False))
    else:
        print(message, file=sys.stderr)
