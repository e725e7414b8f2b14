"""Which errors and faults exist, and what does each say? Read from the code that raises them.

A fault's code stands in the source before the two texts that it is told with; a class of errors stands where it is raised, with its text.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from pathlib import Path
from types import ModuleType

import comity
from comity.vocab import errors
from comity.vocab.errors import ComityError
from comity.vocab.text import Text

SOURCE = Path(comity.__file__).parent
CODE = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")
SETTINGS_FAULT = "settings"  # the one code that a function of its own gives


@dataclass(frozen=True, slots=True)
class FaultCode:
    """One kind of fault: its code, how grave it is, what it says and how it is mended."""

    code: str
    severity: str
    what: Text
    mend: Text


@cache
def fault_codes() -> list[FaultCode]:
    """Every fault that the register's checks can find, by code."""
    found: dict[tuple[str, str], FaultCode] = {}
    for path in sorted((SOURCE / "register").glob("*.py")):
        if "Fault" not in path.read_text(encoding="utf-8"):
            continue
        module = import_module(f"comity.register.{path.stem}")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            for fault in _faults(node, module):
                found.setdefault((fault.code, fault.what.en), fault)
    return [found[key] for key in sorted(found)]


def error_classes() -> list[type[ComityError]]:
    """Every class of errors that Comity's own modules declare, in the order of the tree."""
    return [one for one in vars(errors).values() if isinstance(one, type) and issubclass(one, ComityError)]


@cache
def messages() -> dict[str, list[Text]]:
    """What each class of errors says where it is raised: class → texts with named places."""
    said: dict[str, list[Text]] = {}
    for path in sorted(SOURCE.rglob("*.py")):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        raised = [node.exc for node in ast.walk(tree) if isinstance(node, ast.Raise) and isinstance(node.exc, ast.Call)]
        for call in raised:
            name = call.func.id if isinstance(call.func, ast.Name) else ""
            if name in vars(errors) and call.args:
                module = import_module(".".join(["comity", *path.relative_to(SOURCE).with_suffix("").parts]).removesuffix(".__init__"))
                text = _text(call.args[0], module)
                if text and text not in said.setdefault(name, []):
                    said[name].append(text)
    return said


def _faults(node: ast.AST, module: ModuleType) -> Iterator[FaultCode]:
    """The fault that a call or a tuple of the source tells: a code and, after it, what is wrong and how to mend it."""
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "_settings_fault":
        if what := _text(node.args[1], module):
            yield FaultCode(SETTINGS_FAULT, "error", what, _named("_MEND_SETTINGS", module) or _DEPENDS)
        return
    parts = node.args if isinstance(node, ast.Call) else node.elts if isinstance(node, ast.Tuple) else []
    at = max((at for at, part in enumerate(parts) if _is_code(part)), default=None)
    if at is None or len(parts) < at + 3:
        return
    told = parts[at + 1 : at + 3] if isinstance(node, ast.Call) else parts[-2:]
    what, mend = (_text(part, module) for part in told)
    if what or mend:
        yield FaultCode(str(ast.literal_eval(parts[at])), _severity(node), what or _TOLD_THERE, mend or _DEPENDS)


def _is_code(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and isinstance(node.value, str) and bool(CODE.fullmatch(node.value)) and node.value != "warning"


def _severity(node: ast.AST) -> str:
    if not isinstance(node, ast.Call):
        return "error"
    named = [keyword.value for keyword in node.keywords if keyword.arg == "severity"]
    warns = [one for one in [*named, *node.args[6:7]] if isinstance(one, ast.Constant) and one.value == "warning"]
    depends = any(isinstance(one, ast.Name) for one in named)
    return "warning" if warns else "either" if depends else "error"


def _text(node: ast.expr, module: ModuleType) -> Text | None:
    """The `Text` that an expression stands for, its places unfilled."""
    if isinstance(node, ast.Name):
        return _named(node.id, module)
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "format":
        return _text(node.func.value, module)
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Text":
        words = [ast.literal_eval(part) for part in node.args]
        return Text(*words)
    return None


def _named(name: str, module: ModuleType) -> Text | None:
    value = getattr(module, name, None)
    return value if isinstance(value, Text) else None


_TOLD_THERE = Text("Told in the fault itself.", "결함에 적혀 있습니다.")
_DEPENDS = Text("Told in the fault itself: it names what the field or the file takes.", "결함에 적혀 있습니다. 항목이나 파일에 쓸 수 있는 값이 나옵니다.")
