"""What importing costs, and what every module owes its reader."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

import comity
from comity.vocab.kinds import kinds

HEAVY = (
    "numpy",
    "polars",
    "pandas",
    "scipy",
    "yaml",
    "altair",
    "rustworkx",
    "docx",
    "typst",
    "statsmodels",
    "django",
    "duckdb",
    "rich",
    "numba",
    "ibis",
    "ray",
    "httpx",
    "pyspark",
    "chdb",
)
SOURCE = Path(comity.__file__).parent
MODULES = sorted(SOURCE.rglob("*.py"))
LONGEST = 400


def loaded_after(statement: str) -> set[str]:
    code = f"{statement}\nimport sys\nprint(' '.join(sorted({{name.partition('.')[0] for name in sys.modules}})))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=30)
    return set(done.stdout.split())


@pytest.mark.parametrize("statement", ["import comity", "import comity.vocab.dates, comity.vocab.text, comity.vocab.errors", "import comity; dir(comity)"])
def test_importing_loads_nothing_heavy(statement: str) -> None:
    assert set(HEAVY) & loaded_after(statement) == set()


def test_putting_the_commands_together_loads_nothing_heavy() -> None:
    assert set(HEAVY) & loaded_after("from comity.cli.main import make_app; make_app()") == set()


def test_the_guard_against_heavy_imports_can_fail() -> None:
    assert {"polars", "yaml"} <= loaded_after("import comity; comity.load('world')")


def test_every_name_of_the_public_face_is_there() -> None:
    assert comity.__all__ == sorted(set(comity.__all__))
    for name in comity.__all__:
        assert getattr(comity, name) is not None
    assert dir(comity) == comity.__all__


def test_a_name_outside_the_public_face_is_refused() -> None:
    with pytest.raises(AttributeError, match="treaties"):
        _ = comity.treaties


def trees() -> list[tuple[str, ast.Module]]:
    return [(str(path.relative_to(SOURCE.parent)), ast.parse(path.read_text(encoding="utf-8"))) for path in MODULES]


def public_definitions(module: ast.Module) -> list[ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef]:
    """Public functions and classes of a module, and the public methods of those classes."""
    found: list[ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef] = []
    for node in module.body:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) and not node.name.startswith("_"):
            found.append(node)
            if isinstance(node, ast.ClassDef):
                found += [inner for inner in node.body if isinstance(inner, ast.FunctionDef | ast.AsyncFunctionDef) and not inner.name.startswith("_")]
    return found


def test_every_module_says_what_it_is_for() -> None:
    assert [name for name, tree in trees() if not (ast.get_docstring(tree) or "").strip()] == []


def test_every_public_function_and_class_says_what_it_does() -> None:
    silent = [f"{name}:{node.lineno} {node.name}" for name, tree in trees() for node in public_definitions(tree) if not ast.get_docstring(node)]
    assert silent == []


def test_docstrings_begin_with_a_whole_sentence() -> None:
    ragged = []
    for name, tree in trees():
        for node in public_definitions(tree):
            first = (ast.get_docstring(node) or "").split("\n\n")[0].strip()
            if first and not first.rstrip("`)\"'").endswith((".", ":", "?", "!", "…")):
                ragged.append(f"{name}:{node.lineno} {node.name}")
    assert ragged == []


def test_no_module_is_longer_than_a_reader_can_hold() -> None:
    long = {str(path.relative_to(SOURCE)): count for path in MODULES if (count := len(path.read_text(encoding="utf-8").splitlines())) > LONGEST}
    assert long == {}


def test_no_module_is_named_after_nothing() -> None:
    nothing = {"utils", "util", "helpers", "helper", "manager", "managers"}
    assert [path.name for path in MODULES if path.stem in nothing] == []


def test_no_work_is_left_open() -> None:
    left = [
        f"{path.relative_to(SOURCE)}: {word}"
        for path in MODULES
        for word in ("TODO", "FIXME", "NotImplementedError")
        if word in path.read_text(encoding="utf-8")
    ]
    assert left == []


def test_the_library_never_imports_a_web_framework_or_the_desk() -> None:
    found = []
    for name, tree in trees():
        for node in ast.walk(tree):
            imported = [alias.name for alias in node.names] if isinstance(node, ast.Import) else [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            found += [f"{name}: {one}" for one in imported if one.partition(".")[0] in ("django", "comity_desk", "ninja")]
    assert found == []


def test_nothing_in_code_is_korean_but_the_words() -> None:
    """The home country, its partners and adversaries come from arguments and package settings, never from code."""
    home_words = {"KOR", "PRK"}
    named = []
    for name, tree in trees():
        docstrings = {
            id(node.body[0].value) for node in ast.walk(tree) if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef) and _opens_with_text(node)
        }
        named += [
            f"{name}:{node.lineno}"
            for node in ast.walk(tree)
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value in home_words and id(node) not in docstrings
        ]
    assert named == []


def _opens_with_text(node: ast.Module | ast.ClassDef | ast.FunctionDef) -> bool:
    return bool(node.body) and isinstance(node.body[0], ast.Expr) and isinstance(node.body[0].value, ast.Constant)


def test_every_kind_has_one_declaration_and_each_declaration_is_read() -> None:
    declared = {path.stem for path in (SOURCE / "vocab" / "kinds").glob("*.yaml") if not path.stem.startswith("_")}
    assert declared == set(kinds())
