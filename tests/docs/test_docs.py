"""The documentation says everything that there is to say, in both languages, and what it shows runs as shown."""

from __future__ import annotations

import ast
import importlib.util
import re
import shlex
import sys
from pathlib import Path
from types import ModuleType

import pytest
import typer
import yaml

import comity
from comity.cli.reference import commands, common_options, parses
from comity.vocab import errors
from comity.vocab.kinds import code_lists, codes, kinds
from comity.vocab.text import LANGUAGES, Lang

ROOT = Path(__file__).resolve().parents[2]
DOCS = ROOT / "docs"
SOURCE = Path(comity.__file__).parent
PAGES = sorted(path for path in DOCS.rglob("*.md") if path.name != "SUMMARY.md")
LINK = re.compile(r"(?<!!)\[[^\]]*\]\(([^)\s]+)\)")
FENCED = re.compile(r"^```.*?^```", re.DOTALL | re.MULTILINE)
CONSOLE = re.compile(r"^```console\n(.*?)^```", re.DOTALL | re.MULTILINE)
NO_CODES = {"utf-8", "cff-version", "date-released", "family-names", "given-names"}  # words with hyphens in the register's modules that are no faults


def folder(lang: Lang) -> Path:
    return DOCS if lang == "en" else DOCS / lang


def reference(name: str, lang: Lang) -> str:
    return (folder(lang) / "reference" / f"{name}.md").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def generator() -> ModuleType:
    spec = importlib.util.spec_from_file_location("docs_generate", DOCS / "generate.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


# --- nothing is undocumented ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_command_stands_with_its_options_help_and_an_example(lang: Lang) -> None:
    text = reference("commands", lang)
    for command in commands():
        own = text.partition(f"## `comity {command.name}`")[2].partition("\n## ")[0]
        assert command.help.in_(lang) in own, command.name
        assert f"$ {command.example}\n" in own, command.name
        for option in command.options:
            assert f"`{option.names[0]}`" in own.replace("\\|", "|"), (command.name, option.names)
            assert option.help.in_(lang), (command.name, option.names)
            assert option.help.in_(lang) in own.replace("\\|", "|"), (command.name, option.names)
    assert all(f"`{option.names[0]}`" in text for option in common_options())


def test_help_texts_are_in_both_languages() -> None:
    texts = [command.help for command in commands()] + [option.help for command in commands() for option in command.options]
    assert [text.en for text in texts if not any("가" <= sign <= "힣" for sign in text.ko)] == []


def test_every_example_is_a_command_that_can_be_given() -> None:
    assert all(parses(command.example) for command in commands())


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_kind_field_and_code_stands_in_the_codebook(lang: Lang) -> None:
    text, listed = reference("kinds", lang), reference("codes", lang)
    for kind in kinds().values():
        own = text.partition(f"(`{kind.name}`)\n")[2].partition("\n## ")[0]
        assert kind.help.in_(lang) in own, kind.name
        for field in kind.fields:
            assert f"| `{field.name}` | {field.label.in_(lang)} |" in own, (kind.name, field.name)
            assert field.help.in_(lang).replace("|", "\\|") in own, (kind.name, field.name)
    for name in code_lists():
        own = listed.partition(f"## `{name}`\n")[2].partition("\n## ")[0]
        assert all(f"| `{code.value}` | {code.label.in_(lang)} |" in own for code in codes(name).values()), name


def measure_modules() -> list[str]:
    """Modules with a public function of their own name that gives a `Result`."""
    found = []
    for path in sorted((SOURCE / "measures").glob("*.py")):
        for node in ast.parse(path.read_text(encoding="utf-8")).body:
            if isinstance(node, ast.FunctionDef) and node.name == path.stem != "result" and node.returns and ast.unparse(node.returns) == "Result":
                found.append(path.stem)
    return found


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_measure_stands_with_its_call_and_columns_and_is_explained(lang: Lang) -> None:
    text = reference("measures", lang)
    assert len(measure_modules()) >= 15
    for name in measure_modules():
        own = text.partition(f"## `{name}`\n")[2].partition("\n## ")[0]
        assert f"from comity.measures.{name} import {name}" in own, name
        assert {"en": "Columns of `rows`", "ko": "`rows`의 열"}[lang] in own, name
        assert (folder(lang) / "explanation" / "measures" / f"{name}.md").is_file(), name


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_setting_stands_with_its_default_and_the_reason_for_it(lang: Lang) -> None:
    text = reference("settings", lang)
    for path in sorted(SOURCE.rglob("*.py")):
        for node in ast.parse(path.read_text(encoding="utf-8")).body:
            if isinstance(node, ast.ClassDef) and node.name.endswith("Settings"):
                own = text.partition(f"## `{node.name}`\n")[2].partition("\n## ")[0]
                for part in node.body:
                    if isinstance(part, ast.AnnAssign) and isinstance(part.target, ast.Name):
                        row = re.search(rf"^\| `{part.target.id}` \|.*\| (.*?) \|$", own, re.MULTILINE)
                        assert row, (node.name, part.target.id)
                        assert row[1].strip(), (node.name, part.target.id, "without a reason")


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_error_class_and_fault_code_stands_on_the_page_of_errors(lang: Lang) -> None:
    text = reference("errors", lang)
    for name, one in vars(errors).items():
        if isinstance(one, type) and issubclass(one, Exception):
            row = re.search(rf"^\| `{name}` \| (.*?) \|", text, re.MULTILINE)
            assert row, name
            assert lang == "en" or any("가" <= sign <= "힣" for sign in row[1]), (name, "add its Korean meaning to docs/pages/reference.py")
    words = set()
    for path in (SOURCE / "register").glob("*.py"):
        if "Fault" in path.read_text(encoding="utf-8"):
            constants = [node.value for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))) if isinstance(node, ast.Constant)]
            words |= {value for value in constants if isinstance(value, str) and re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)+", value)}
    missing = {word for word in words - NO_CODES if f"| `{word}` | " not in text}
    assert len(words) > 50
    assert missing == set()


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_setting_of_a_package_and_every_file_stands(lang: Lang) -> None:
    text = reference("package", lang)
    asked = set()
    for path in SOURCE.rglob("*.py"):
        asked |= set(re.findall(r"(?:snapshot|register|package|context\.snapshot)\.settings(?:\.get\(|\[)\"(\w+)\"", path.read_text(encoding="utf-8")))
    for path in (SOURCE / "data").glob("*/package.yaml"):
        asked |= set(yaml.safe_load(path.read_text(encoding="utf-8")))
    assert {key for key in asked if f"| `{key}` | " not in text} == set()
    assert all(f"| `{kind.file}` | " in text for kind in kinds().values())


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_name_of_the_public_face_stands(lang: Lang) -> None:
    text = reference("python", lang)
    assert [name for name in comity.__all__ if f"`comity.{name}`" not in text] == []


def test_every_english_page_for_users_has_its_korean_one() -> None:
    english = {path.relative_to(DOCS) for path in PAGES if "ko" not in path.relative_to(DOCS).parts[:1]}
    korean = {path.relative_to(DOCS / "ko") for path in PAGES if path.relative_to(DOCS).parts[0] == "ko"}
    assert {path for path in english if path.parts[0] != "decisions"} == korean


# --- nothing is stale or broken ------------------------------------------------------------------------------------------------------


def test_generated_pages_are_what_the_code_and_the_register_give(generator: ModuleType, tmp_path: Path) -> None:
    stale = []
    for made in generator.write(tmp_path):
        kept = DOCS / made.relative_to(tmp_path)
        if not kept.is_file() or kept.read_text(encoding="utf-8") != made.read_text(encoding="utf-8"):
            stale.append(str(made.relative_to(tmp_path)))
    assert stale == [], "run `make docs` and commit what it writes"


@pytest.mark.parametrize("path", PAGES, ids=lambda path: str(path.relative_to(DOCS)))
def test_relative_links_lead_to_pages_and_headings(path: Path) -> None:
    broken = []
    for link in LINK.findall(FENCED.sub("", path.read_text(encoding="utf-8"))):
        if re.match(r"[a-z]+:", link):
            continue
        address, _, heading = link.partition("#")
        target = (path.parent / address).resolve() if address else path
        if not target.is_file() or (heading and heading not in headings(target)):
            broken.append(link)
    assert broken == []


def headings(path: Path) -> set[str]:
    """Anchors of a page, as the site makes them."""
    found = set()
    text = FENCED.sub("", path.read_text(encoding="utf-8"))
    for words in re.findall(r"^#+ (.*)$", text, re.MULTILINE):
        plain = re.sub(r"<[^>]*>|[`*]", "", words)
        found.add(re.sub(r"[-\s]+", "-", re.sub(r"[^\w\s-]", "", plain.encode("ascii", "ignore").decode()).strip().lower()))
    return found | set(re.findall(r'id="([^"]+)"', text))


def test_every_page_is_in_the_navigation() -> None:
    listed = re.findall(r"\(([^)]+\.md)\)|^ *\* ([\w/-]+/\*\.md)$", (DOCS / "SUMMARY.md").read_text(encoding="utf-8"), re.MULTILINE)
    reached = {path for one, pattern in listed for path in ([DOCS / one] if one else DOCS.glob(pattern))}
    assert {str(path.relative_to(DOCS)) for path in set(PAGES) - reached} == set()


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_overview_links_every_measure(lang: Lang) -> None:
    text = (folder(lang) / "explanation" / "index.md").read_text(encoding="utf-8")
    pages = (folder(lang) / "explanation" / "measures").glob("*.md")
    assert [path.name for path in pages if f"](measures/{path.name})" not in text] == []


def test_the_site_asks_nobody_for_fonts_or_scripts() -> None:
    text = (ROOT / "zensical.toml").read_text(encoding="utf-8")
    assert "font = false" in text
    assert "plugins.offline" not in text  # it loads a script from elsewhere
    assert "http" not in "".join(path.read_text(encoding="utf-8") for path in (DOCS / "assets").glob("*.css"))


# --- what is shown runs --------------------------------------------------------------------------------------------------------------


def shown(path: Path) -> list[tuple[str, list[str]]]:
    """Commands of the console blocks of a page, each with the lines of output that the page quotes."""
    found: list[tuple[str, list[str]]] = []
    for block in CONSOLE.findall(path.read_text(encoding="utf-8")):
        for line in block.splitlines():
            if line.startswith("$ "):
                found.append((line[2:], []))
            elif line.strip() not in ("", "…") and found:
                found[-1][1].append(" ".join(line.split()))
    return found


def run(command: str, lang: Lang, monkeypatch: pytest.MonkeyPatch) -> int:
    """The exit code of a command, run in this process."""
    import comity.cli.main as main
    from comity.cli.words import translate

    asked = shlex.split(command)[1:]
    monkeypatch.setattr(sys, "argv", ["comity", *asked])
    monkeypatch.setattr(main, "LANG", "ko" if "ko" in asked else lang)
    group = typer.main.get_command(main.make_app())
    translate(group, lang)
    return int(group.main(asked, prog_name="comity", standalone_mode=False) or 0)


def test_the_tutorial_runs_and_prints_what_it_shows(in_tmp: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    for command, quoted in shown(DOCS / "tutorial" / "first-hour.md"):
        assert run(command, "en", monkeypatch) == 0, command
        printed = [" ".join(line.split()) for line in capsys.readouterr().out.splitlines()]
        assert [line for line in quoted if line not in printed] == [], command


def test_the_korean_tutorial_gives_the_same_commands() -> None:
    english = [re.sub(r" --lang \w+", "", command) for command, _ in shown(DOCS / "tutorial" / "first-hour.md")]
    korean = [re.sub(r" --lang \w+", "", command) for command, _ in shown(DOCS / "ko" / "tutorial" / "first-hour.md")]
    assert english == korean


@pytest.mark.parametrize("lang", LANGUAGES)
def test_commands_in_every_page_can_be_given(lang: Lang) -> None:
    wrong = []
    for path in PAGES:
        for block in CONSOLE.findall(path.read_text(encoding="utf-8")):
            for line in block.replace("\\\n", " ").splitlines():
                if line.startswith("$ comity ") and "…" not in line and " --help" not in line:
                    try:
                        parses(line[2:].partition(" > ")[0].partition(" | ")[0])
                    except Exception as error:
                        wrong.append((str(path.relative_to(DOCS)), line, str(error)))
    assert wrong == []
