"""What can be asked on the command line, as data: every command with its arguments and options in both languages, and an example.

Read from the commands themselves before their help texts are cut to one language, so that the reference page never says less or more than
`--help`. The examples are the only words written here; the documentation's tests parse each of them.
"""

from __future__ import annotations

import inspect
import shlex
from dataclasses import dataclass
from enum import EnumType
from functools import cache
from pathlib import Path
from typing import Any

import typer

from comity.cli.ask import _common
from comity.cli.main import make_app
from comity.cli.words import BETWEEN
from comity.vocab.text import Text, same

EXAMPLES = {
    "brief": "comity brief KOR --out out",
    "partner": "comity partner JPN --out out --form html,pdf",
    "ties": "comity ties --as-of 2017-11-30 --format csv",
    "network": "comity network",
    "balance": "comity balance --format json",
    "interoperability": "comity interoperability USA",
    "compare": "comity compare 2022-05-10 2025-06-04 --partner JPN",
    "activity": "comity activity --format csv",
    "eras": "comity eras",
    "exercises": "comity exercises --series foal-eagle",
    "deployments": "comity deployments --as-of 2016-12-31",
    "technology": "comity technology",
    "agreements": "comity agreements --partner JPN --lapsing 365d",
    "watch": "comity watch --days 180d",
    "pressure": "comity pressure",
    "opinion": "comity opinion --lang ko",
    "fill": "comity fill --format csv",
    "forecast": "comity forecast --track-record --format json",
    "effects": "comity effects --of talks",
    "what-if": "comity what-if --example",
    "stability": "comity stability --format json",
    "events load": "comity events load 20170101073000.export.CSV.zip --store events-store",
    "events follow": "comity events follow --once --store events-store",
    "events panel": "comity events panel --step month --by quad --store events-store",
    "events query": "comity events query 'SELECT count(*) FROM events' --store events-store",
    "events status": "comity events status --store events-store",
    "events compact": "comity events compact --store events-store",
    "record": "comity record agreement:kor-jpn-gsomia-2016",
    "search": "comity search 독수리",
    "actors": "comity actors --member-of NATO --as-of 1999-12-31",
    "kinds": "comity kinds exercise",
    "check": "comity check my-register",
    "add": "comity add source title='Joint press statement' source_type=government url=https://example.org/statement --register my-register",
    "import": "comity import new-dialogues.csv --kind dialogue --register my-register",
    "export": "comity export frames --as-parquet",
    "edition": "comity edition my-register --out out",
    "replicate": "comity replicate ties --as-of 2017-11-30 --out out",
}

_TYPES = {Path: "PATH", int: "NUMBER"}


@dataclass(frozen=True, slots=True)
class Option:
    """One argument or option of a command."""

    names: tuple[str, ...]
    metavar: str | None
    default: str | None
    required: bool
    argument: bool
    help: Text


@dataclass(frozen=True, slots=True)
class Command:
    """One command: what it does, its own arguments and options, whether it also takes those of every question, and an example."""

    name: str
    help: Text
    options: tuple[Option, ...]
    question: bool
    example: str


def commands() -> list[Command]:
    """Every command, in the order in which `comity --help` lists them."""
    common = {option.names for option in common_options()}
    return [_command(name, command, common) for name, command in _group().items()]


def common_options() -> list[Option]:
    """The options that every question to the register takes."""
    names = {name.replace("_", "-") for name in inspect.signature(_common).parameters}
    asked: Any = next(command for command in _group().values() if _asks(command))
    return [option for option in map(_option, asked.params) if option.names[0].lstrip("-") in names]


def parses(example: str) -> bool:
    """Whether the arguments of an example are those of its command; nothing is run."""
    _, name, *arguments = shlex.split(example)
    if name not in _group():
        name, arguments = f"{name} {arguments[0]}", arguments[1:]
    _group()[name].make_context(name, arguments)
    return True


@cache
def _group() -> dict[str, Any]:
    group: Any = typer.main.get_command(make_app())
    found: dict[str, Any] = {}
    for name, command in group.commands.items():
        below = getattr(command, "commands", None)
        found |= {f"{name} {inner}": one for inner, one in below.items()} if below else {name: command}
    return found


def _command(name: str, command: Any, common: set[tuple[str, ...]]) -> Command:
    options, asks = tuple(map(_option, command.params)), _asks(command)
    own = tuple(option for option in options if not (asks and option.names in common))
    return Command(name, _both(command.help), own, asks, EXAMPLES[name])


def _asks(command: Any) -> bool:
    return {"as_of", "known_at", "reader"} <= {parameter.name for parameter in command.params}


def _option(parameter: Any) -> Option:
    argument = parameter.param_type_name == "argument"
    names = (str(parameter.metavar or parameter.name).upper(),) if argument else (*parameter.opts, *parameter.secondary_opts)
    default = None if parameter.default is None or callable(parameter.default) or isinstance(parameter.default, bool) else _told(parameter.default)
    flag = argument or getattr(parameter, "is_flag", False)
    return Option(names, None if flag else _metavar(parameter), default, parameter.required, argument, _both(getattr(parameter, "help", "") or ""))


def _told(value: Any) -> str | None:
    """A default as a person would type it."""
    return str(getattr(value, "value", value)) or None


def _metavar(parameter: Any) -> str:
    """What stands for the value: the choices, the declared word, or the name of the type."""
    wanted = parameter.type_descriptor.annotation
    if isinstance(wanted, EnumType):
        members: list[Any] = list(wanted.__members__.values())
        return "|".join(str(member.value) for member in members)
    return str(parameter.metavar or _TYPES.get(wanted, "TEXT"))


def _both(help_text: str) -> Text:
    words = " ".join(help_text.split())
    return Text(*(part.strip() for part in words.split(BETWEEN, 1))) if BETWEEN in words else same(words)
