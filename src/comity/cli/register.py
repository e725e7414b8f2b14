"""Commands that keep the register: check it, add to it, import into it, export it, freeze an edition, replicate a number."""

from __future__ import annotations

import sys
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from comity.cli.ask import Ask, Format, FormatOption, LangOption, question
from comity.cli.words import both
from comity.vocab.text import Lang, Text

if TYPE_CHECKING:
    from comity.register.adding import Preview

PathArgument = Annotated[
    str, typer.Argument(metavar="PATH", help=both("A package's folder, or the name of a shipped one.", "패키지 폴더 또는 내장 패키지 이름."))
]
Folder = Annotated[Path, typer.Option("--register", metavar="FOLDER", help=both("Folder of the register to write into.", "기록할 등록부 폴더."))]
Yes = Annotated[bool, typer.Option("--yes", help=both("Write after the preview without asking.", "미리 보기 뒤 묻지 않고 기록."))]
Today = Annotated[str | None, typer.Option("--today", metavar="DATE", help=both("Day of entry; default: today.", "입력일. 기본값은 오늘."))]


def add_to(app: typer.Typer) -> None:
    """Add the commands of this module."""

    @app.command(
        "check",
        help=both(
            "Every fault of a package at once: file, row, field, what, how to mend. Exit 1 on errors.",
            "패키지의 모든 결함을 한 번에: 파일, 행, 항목, 문제, 고치는 법. 오류가 있으면 종료 코드 1.",
        ),
    )
    def check(path: PathArgument = "kor", lang: LangOption = None, format: FormatOption = Format.table) -> None:
        from comity.cli.faults import print_faults
        from comity.register.checks import faults_of
        from comity.register.package import read_package
        from comity.vocab.errors import Fault

        package = read_package(path)
        faults = sorted([*package.faults, *faults_of(package)], key=Fault.sort_key)
        print_faults(faults, _lang(lang), as_json=format is Format.json)
        if any(fault.severity == "error" for fault in faults):
            raise typer.Exit(1)

    @app.command(
        "add",
        help=both(
            "Add one record: comity add exercise title_en=… series=… --register FOLDER. Shows a preview first.",
            "기록 하나 추가: comity add exercise title_en=… series=… --register 폴더. 먼저 미리 보기를 보입니다.",
        ),
    )
    def add(
        kind: Annotated[str, typer.Argument(help=both("Record kind, such as exercise.", "기록 종류(예: exercise)."))],
        cells: Annotated[list[str], typer.Argument(metavar="FIELD=VALUE…", help=both("Cells of the record.", "기록의 칸."))],
        register: Folder,
        yes: Yes = False,
        today: Today = None,
        lang: LangOption = None,
    ) -> None:
        from comity.register.adding import preview_add

        _settle(preview_add(register, kind, _cells(cells, _lang(lang)), today=_today(today)), _lang(lang), yes)

    @app.command(
        "import",
        help=both(
            "Import rows of one kind from a CSV file. Nothing is written when anything is wrong.",
            "CSV 파일에서 한 종류의 행을 가져옵니다. 하나라도 잘못되면 아무것도 기록하지 않습니다.",
        ),
    )
    def import_(
        file: Annotated[Path, typer.Argument(help=both("The CSV file.", "CSV 파일."))],
        kind: Annotated[str, typer.Option("--kind", help=both("Record kind of the rows.", "행의 기록 종류."))],
        register: Folder,
        yes: Yes = False,
        today: Today = None,
        lang: LangOption = None,
    ) -> None:
        from comity.register.adding import preview_import

        _settle(preview_import(register, file, kind, today=_today(today)), _lang(lang), yes)

    @question(app, "export")
    def export(
        ask: Ask,
        out: Annotated[Path, typer.Argument(help=both("Folder to write into.", "저장할 폴더."))],
        as_parquet: Annotated[bool, typer.Option("--as-parquet", help=both("Typed Parquet frames instead of CSV.", "CSV 대신 형식이 있는 Parquet."))] = False,
    ) -> None:
        """Write what this reader may see as a data package (CSV) or as typed Parquet frames.‖열람 범위의 내용을 데이터 패키지(CSV) 또는 Parquet로 내보냅니다."""
        from comity.register.exporting import export_package, export_parquet

        for written in (export_parquet if as_parquet else export_package)(ask.snapshot, out):
            print(written)

    _add_editions(app)


def _add_editions(app: typer.Typer) -> None:
    @app.command(
        "edition",
        help=both("Freeze a citable edition of a package: a zip with checksums and citation.", "인용 가능한 판을 동결합니다: 해시와 인용 정보가 든 zip."),
    )
    def edition(
        path: PathArgument = "kor",
        out: Annotated[Path, typer.Option("--out", help=both("Folder to write into.", "저장할 폴더."))] = Path("out"),
        version: Annotated[
            str | None, typer.Option("--version-name", help=both("Version of the edition; default from the package.", "판의 버전. 기본값은 패키지 설정."))
        ] = None,
        lang: LangOption = None,
    ) -> None:
        from comity.register.edition import make_edition

        made = make_edition(path, out, version)
        print(made.path)
        print(_CHECKSUM.format(sha=made.checksum).in_(_lang(lang)))
        print(made.apa)

    @question(app, "replicate")
    def replicate(
        ask: Ask,
        what: Annotated[
            str,
            typer.Argument(
                help=both("A measure to bundle (ties, agreements, …) or a bundle (.zip) to recompute.", "묶을 측정 이름(ties 등) 또는 다시 계산할 묶음(.zip).")
            ),
        ],
        out: Annotated[Path, typer.Option("--out", help=both("Folder to write into.", "저장할 폴더."))] = Path("out"),
    ) -> None:
        """Bundle a number with its edition, settings, seed and versions, or recompute such a bundle and compare.‖수치를 판·설정·시드·버전과 함께 묶거나, 묶음을 다시 계산해 비교합니다."""
        from comity.cli.replication import bundle_measure, recompute

        print(recompute(Path(what)).in_(ask.lang) if what.endswith(".zip") else bundle_measure(ask, what, out))


def _settle(preview: Preview, lang: Lang, yes: bool) -> None:
    """Show what would be written; write it when nothing is wrong and the person agrees."""
    from comity.cli.faults import print_faults
    from comity.register.adding import apply

    for row in preview.rows.iter_rows(named=True):
        print("\n".join(f"  {name} = {value}" for name, value in row.items() if value is not None), end="\n\n")
    for like in preview.duplicates:
        print(_LIKE.format(new=like.new, old=like.existing, score=f"{like.score:.0f}").in_(lang))
    if preview.faults:
        print_faults(preview.faults, lang)
    if any(fault.severity == "error" for fault in preview.faults):
        print(_NOTHING.in_(lang), file=sys.stderr)
        raise typer.Exit(1)
    if not yes and not typer.confirm(_ASK.format(n=preview.rows.height).in_(lang)):
        print(_NOTHING.in_(lang), file=sys.stderr)
        raise typer.Exit(1)
    for written in apply(preview):
        print(written)


def _cells(given: list[str], lang: Lang) -> dict[str, str]:
    cells = {}
    for one in given:
        name, equals, value = one.partition("=")
        if not equals:
            raise typer.BadParameter(_NOT_A_CELL.format(cell=repr(one)).in_(lang))
        cells[name] = value
    return cells


def _today(text: str | None) -> date:
    return date.fromisoformat(text) if text else date.today()


def _lang(given: Any) -> Lang:
    from comity.cli.main import LANG

    return given.value if given else LANG


_CHECKSUM = Text("SHA-256 {sha}", "SHA-256 {sha}")
_LIKE = Text("{new} looks like {old} ({score} of 100).", "{new}은(는) {old}와(과) 비슷합니다(100점 중 {score}점).")
_NOTHING = Text("Nothing was written.", "아무것도 기록하지 않았습니다.")
_ASK = Text("Write {n} rows?", "{n}행을 기록할까요?")
_NOT_A_CELL = Text("{cell} is not of the form field=value.", "{cell}은(는) 항목=값 형식이 아닙니다.")
