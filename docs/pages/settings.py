"""Which settings does each measure have, and why these defaults? Read from the dataclasses and from the reasons beside their fields.

The English reason is the comment or the string beside the field in the code. The Korean one stands in reasons.yaml, or in the table of
parameters of the Korean page on the measure; reasons.yaml also gives reasons where the code has none.
"""

from __future__ import annotations

import ast
import dataclasses
import re
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any

import yaml

import comity
from comity.vocab.text import Lang, Text

SOURCE = Path(comity.__file__).parent
DOCS = Path(__file__).resolve().parents[1]
ROW = re.compile(r"^\| *`(\w+)` *\|(?:.*\|)? *([^|]*?) *\|$")


@dataclass(frozen=True, slots=True)
class Setting:
    """One field of a settings dataclass."""

    name: str
    type: str
    default: str
    reason: Text


@cache
def settings_classes() -> dict[str, tuple[str, tuple[Setting, ...]]]:
    """Every settings dataclass of the library: its module and its fields."""
    found = {}
    for path in sorted(SOURCE.rglob("*.py")):
        for node in ast.parse(text := path.read_text(encoding="utf-8")).body:
            if isinstance(node, ast.ClassDef) and node.name.endswith("Settings"):
                module = ".".join(["comity", *path.relative_to(SOURCE).with_suffix("").parts])
                found[node.name] = (module, tuple(_settings(node, text.splitlines(), module)))
    return found


def default_of(name: str) -> Any:
    """A settings object with its defaults."""
    return getattr(import_module(settings_classes()[name][0]), name)()


def shown(value: Any) -> str:
    """A default in words: numbers as they are, mappings and sequences flat."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        usual = type(value)()
        changed = [
            f"{field.name} {shown(getattr(value, field.name))}"
            for field in dataclasses.fields(value)
            if getattr(value, field.name) != getattr(usual, field.name)
        ]
        return type(value).__name__ + (f" ({', '.join(changed)})" if changed else "")
    if isinstance(value, dict):
        nested = any(isinstance(one, dict) for one in value.values())
        return ("; " if nested else ", ").join(f"{key}: {shown(one)}" if nested else f"{key} {shown(one)}" for key, one in value.items())
    if isinstance(value, list | tuple):
        return ", ".join(shown(one) for one in value)
    return "–" if value is None else str(value)


def _settings(node: ast.ClassDef, lines: list[str], module: str) -> list[Setting]:
    usual = getattr(import_module(module), node.name)()
    found = []
    for at, part in enumerate(node.body):
        if isinstance(part, ast.AnnAssign) and isinstance(part.target, ast.Name):
            after = node.body[at + 1] if at + 1 < len(node.body) else None
            name = part.target.id
            reason = _text_after(after) or _comment(lines[(part.end_lineno or part.lineno) - 1])
            found.append(Setting(name, ast.unparse(part.annotation), shown(getattr(usual, name)), _reason(node.name, name, reason, module)))
    return found


def _text_after(node: ast.stmt | None) -> str:
    if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str):
        return " ".join(node.value.value.split())
    return ""


def _comment(line: str) -> str:
    return " ".join(part.strip() for part in line.split("  #")[1:] if not part.strip().startswith("fmt:"))


def _reason(owner: str, name: str, in_code: str, module: str) -> Text:
    told = _reasons().get(owner, {}).get(name, {})
    pages = {lang: _on_page(module.rsplit(".", 1)[1], lang).get(name, "") for lang in ("en", "ko")}
    english = in_code or told.get("en", "") or pages["en"]
    return Text(_sentence(english), told.get("ko", "") or pages["ko"])


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:]


@cache
def _reasons() -> dict[str, dict[str, dict[str, str]]]:
    loaded: dict[str, dict[str, dict[str, str]]] = yaml.safe_load((Path(__file__).parent / "reasons.yaml").read_text(encoding="utf-8"))
    return loaded


@cache
def _on_page(module: str, lang: Lang) -> dict[str, str]:
    """Reasons in the tables of parameters of the pages that explain a measure or model: the last cell of each row that opens with a name."""
    folder = (DOCS if lang == "en" else DOCS / "ko") / "explanation"
    paths = [folder / layer / f"{module.removesuffix('_settings')}.md" for layer in ("measures", "models")]
    rows = [row for path in paths if path.is_file() for row in path.read_text(encoding="utf-8").splitlines()]
    return {match[1]: match[2] for row in rows if (match := ROW.match(row))}
