"""How is a register frozen, so that a paper can cite it and anybody can check that nothing changed since?

An edition is one zip file: the package, those that it extends, `datapackage.json` of each, `CITATION.cff`, `edition.json` and SHA256SUMS.
Its bytes depend on the contents alone (sorted names, fixed times, nothing compressed), so that two machines make the same file. It is made
for one class of readers and refuses rows that they may not see. Making it seals the package: later edits must give a reason.
"""

from __future__ import annotations

import hashlib
import json
import re
import tempfile
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import polars as pl

from comity.register.citation import cff, citation_of
from comity.register.package import FILE, LINE, SETTINGS_FILE, folders_of, read_package, replace_file
from comity.register.readers import PUBLIC, Reader
from comity.register.register import Register, load
from comity.register.seal import SEAL_FILE, seal_text, write_seal
from comity.vocab.errors import Fault, PackageFaults
from comity.vocab.kinds import VOCABULARY_VERSION, kinds
from comity.vocab.schema import DATA_PACKAGE_FILE, datapackage_text
from comity.vocab.text import Text

SUMS, CARD, CITATION = "SHA256SUMS", "edition.json", "CITATION.cff"
EPOCH = (1980, 1, 1, 0, 0, 0)  # the first moment that a zip file can tell
VERSION = re.compile(r"[0-9A-Za-z][0-9A-Za-z.+-]{0,39}")
SIZE_LIMIT = 1_000_000_000


@dataclass(frozen=True)
class Edition:
    """A frozen register: where it lies, what it holds, and how it is cited.

    `snapshot` is the hash of the snapshot for `reader`; `checksum` the SHA-256 of the zip file.
    """

    path: Path
    name: str
    version: str
    title: Text
    reader: str
    snapshot: str
    vocabulary: str
    checksum: str
    apa: str
    bibtex: str


def make_edition(where: str | Path, out: str | Path, version: str | None = None, *, reader: str = PUBLIC, seal: bool = True) -> Edition:
    """Freeze a package with all that it extends as a zip file in the folder `out` (or at `out`, where that ends in `.zip`), and seal it.

    `version` also becomes that of package.yaml; the default is the one written there. A package with faults, rows that `reader` may not
    see, or another edition of that version at that place raises `PackageFaults` and writes nothing. A shipped package given by its name,
    or any with `seal=False`, stays as it is on disk; the edition is the same.
    """
    package = read_package(where)
    register = load(package.path)
    told = str(version or register.settings["version"])
    if not VERSION.fullmatch(told):
        raise PackageFaults([Fault(SETTINGS_FILE, None, "version", "bad-version", _BAD_VERSION.format(version=repr(told)), _VERSION_FORM)], str(where))
    hidden = _hidden(register, reader)
    if hidden:
        raise PackageFaults(hidden, str(where))
    settings = {**register.settings, "version": told}
    card = {"name": package.name, "version": told, "reader": reader, "snapshot": register.snapshot(reader).hash, "vocabulary": VOCABULARY_VERSION}
    root, settings_text = f"comity-{package.name}-{told}", _with_version(package.path, str(register.settings["version"]), told)
    files = _texts(card, settings) | {
        f"{folder}/{name}": content for folder, path in folders_of(package.path).items() for name, content in _package_files(path).items()
    }
    own = {SETTINGS_FILE: settings_text, SEAL_FILE: seal_text(package), DATA_PACKAGE_FILE: datapackage_text(package.path, settings)}
    content = zip_bytes(root, files | {f"{package.name}/{name}": text.encode() for name, text in own.items()})
    target = Path(out) if str(out).endswith(".zip") else Path(out) / f"{root}.zip"
    if target.is_file() and target.read_bytes() != content:
        raise PackageFaults([Fault(target.name, None, None, "edition-exists", _EXISTS.format(version=told), _NEXT_VERSION)], str(where))
    replace_bytes(target, content)
    if seal and (Path(where) / SETTINGS_FILE).is_file():
        write_seal(package)
        replace_file(package.path / SETTINGS_FILE, settings_text)
    return _edition(target, card, settings)


def verify_edition(path: str | Path) -> Edition:
    """Check an edition against its own sums, load it, and compare its snapshot; anything that differs raises `PackageFaults`."""
    return read_edition(path)[0]


def load_edition(path: str | Path) -> Register:
    """The register of an edition's zip file, verified."""
    return read_edition(path)[1]


def read_edition(path: str | Path) -> tuple[Edition, Register]:
    """An edition and its register, verified.

    Under another version of the vocabulary tables have other columns, so that only the files and the loading are checked.
    """
    with tempfile.TemporaryDirectory() as folder:
        root = unpack(path, Path(folder))
        card = _card(root, Path(path))
        register = load(root / card["name"])
    found = register.snapshot(card["reader"]).hash
    if card["vocabulary"] == VOCABULARY_VERSION and found != card["snapshot"]:
        raise PackageFaults([Fault(CARD, None, "snapshot", "other-snapshot", _OTHER_SNAPSHOT, _FETCH)], str(path))
    return _edition(Path(path), card, register.settings), replace(register, path=Path(path))


def replace_bytes(target: Path, content: bytes) -> None:
    """Write a file beside its place and move it there, its folder made where there is none."""
    target.parent.mkdir(parents=True, exist_ok=True)
    beside = target.with_name(f".{target.name}.new")
    beside.write_bytes(content)
    beside.replace(target)


def zip_bytes(root: str, files: Mapping[str, bytes]) -> bytes:
    """A zip file of these files under one folder, with their SHA256SUMS; equal contents give equal bytes on every machine."""
    import io

    sums = "".join(f"{hashlib.sha256(files[name]).hexdigest()}  {name}\n" for name in sorted(files)).encode()
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_STORED) as archive:
        for name, content in sorted({**files, SUMS: sums}.items()):
            entry = zipfile.ZipInfo(f"{root}/{name}", EPOCH)
            entry.create_system, entry.external_attr = 3, 0o644 << 16
            archive.writestr(entry, content)
    return held.getvalue()


def unpack(path: str | Path, folder: Path) -> Path:
    """Write a frozen zip's files into `folder` and give their root, once every file equals its sum; else `PackageFaults`."""
    files = unzipped(path)
    roots = {name.split("/", 1)[0] for name in files}
    if len(roots) != 1 or any(name.startswith("/") or ".." in name.split("/") or "\\" in name or "/" not in name for name in files):
        raise PackageFaults([Fault(Path(path).name, None, None, "no-edition", _NO_EDITION, _FETCH)], str(path))
    root = roots.pop()
    inside = {name.removeprefix(f"{root}/"): content for name, content in files.items()}
    faults = _sum_faults(inside)
    if faults:
        raise PackageFaults(faults, str(path))
    for name, content in inside.items():
        target = folder / root / name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content)
    return folder / root


def unzipped(path: str | Path) -> dict[str, bytes]:
    """Names and contents of a zip file; what is no zip file, or larger than an edition may be, raises `PackageFaults`."""
    try:
        with zipfile.ZipFile(path) as archive:
            entries = [entry for entry in archive.infolist() if not entry.is_dir()]
            if sum(entry.file_size for entry in entries) > SIZE_LIMIT or len({entry.filename for entry in entries}) != len(entries):
                raise zipfile.BadZipFile
            return {entry.filename: archive.read(entry) for entry in entries}
    except (zipfile.BadZipFile, OSError, RuntimeError, EOFError, ValueError) as error:  # absent, encrypted or packed in an unknown way, truncated
        raise PackageFaults([Fault(Path(path).name, None, None, "no-edition", _NO_EDITION, _FETCH)], str(path)) from error


def _sum_faults(files: Mapping[str, bytes]) -> list[Fault]:
    lines = [line.split("  ", 1) for line in files.get(SUMS, b"").decode("utf-8", "replace").splitlines()]
    sums = {parts[1]: parts[0] for parts in lines if len(parts) == 2}
    faults = [Fault(name, None, None, "file-missing", _MISSING, _FETCH) for name in sums if name not in files]
    faults += [Fault(name, None, None, "file-added", _ADDED, _FETCH) for name in files if name not in sums and name != SUMS]
    altered = [name for name in sums if name in files and hashlib.sha256(files[name]).hexdigest() != sums[name]]
    return faults + [Fault(name, None, None, "file-altered", _ALTERED, _FETCH) for name in altered]


def _card(root: Path, path: Path) -> dict[str, str]:
    try:
        card = json.loads((root / CARD).read_text(encoding="utf-8"))
        return {name: str(card[name]) for name in ("name", "version", "reader", "snapshot", "vocabulary")}
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise PackageFaults([Fault(path.name, None, None, "no-edition", _NO_EDITION, _FETCH)], str(path)) from error


def _hidden(register: Register, reader: str) -> list[Fault]:
    """One fault for each row that the reader may not see."""
    visible = Reader.named(reader, register.tables["actor"]).visible(register.tables["marking"])
    faults = []
    for name, table in register.tables.items():
        field = "id" if name == "marking" else "marking"
        for file, line, record in table.filter(~pl.col(field).is_in(visible)).select(FILE, LINE, "id").iter_rows():
            faults.append(Fault(file, line, field, "not-for-reader", _HIDDEN.format(reader=reader), _FOR_WHOM, record=f"{kinds()[name].name}:{record}"))
    return faults


def _package_files(path: Path) -> dict[str, bytes]:
    """What an edition keeps of a package: settings, tables, seal, licence, and its descriptor made anew."""
    wanted = [SETTINGS_FILE, SEAL_FILE, "LICENCE.md", "README.md", *(kind.file for kind in kinds().values())]
    files = {name: (path / name).read_bytes() for name in wanted if (path / name).is_file()}
    return files | {DATA_PACKAGE_FILE: datapackage_text(path).encode()}


def _texts(card: Mapping[str, str], settings: Mapping[str, Any]) -> dict[str, bytes]:
    return {CARD: (json.dumps(card, indent=1) + "\n").encode(), CITATION: cff(settings, card["snapshot"]).encode()}


def _edition(path: Path, card: Mapping[str, str], settings: Mapping[str, Any]) -> Edition:
    checksum = hashlib.sha256(path.read_bytes()).hexdigest()
    apa, bibtex = citation_of(settings, checksum)
    title = settings["title"]
    words = Text(title["en"], title.get("ko", title["en"])) if isinstance(title, Mapping) else Text(str(title), str(title))
    return Edition(path, card["name"], card["version"], words, card["reader"], card["snapshot"], card["vocabulary"], checksum, apa, bibtex)


def _with_version(path: Path, now: str, version: str) -> str:
    """package.yaml with `version` in place of the one that it has now, everything else as its editor wrote it."""
    text = (path / SETTINGS_FILE).read_text(encoding="utf-8")
    if now == version:
        return text
    return re.sub(r"(?m)^version:[^\n#]*?([ \t]*(?:#[^\n]*)?)$", lambda found: f'version: "{version}"{found.group(1)}', text, count=1)


_BAD_VERSION = Text("{version} is no version.", "{version}은(는) 판 번호가 아닙니다.")
_VERSION_FORM = Text("Write letters, digits, dots and hyphens, such as 2026.11.", "2026.11처럼 글자, 숫자, 점, 하이픈으로 적으십시오.")
_HIDDEN = Text("The reader '{reader}' may not see this row.", "열람자 '{reader}'에게 공개되지 않는 행입니다.")
_FOR_WHOM = Text(
    "Make the edition for a reader who may see everything, or keep such rows in a package of their own.",
    "모두 볼 수 있는 열람자용으로 판을 만들거나, 이런 행을 별도 패키지로 나누십시오.",
)
_EXISTS = Text("There is another edition {version} at that place, with other contents.", "그 자리에 내용이 다른 {version} 판이 이미 있습니다.")
_NEXT_VERSION = Text("An edition never changes: give the next version.", "판은 바뀌지 않습니다. 다음 판 번호를 쓰십시오.")
_NO_EDITION = Text("The file is no edition.", "판 파일이 아닙니다.")
_FETCH = Text("Fetch the edition again from where it was published.", "발행처에서 판을 다시 받으십시오.")
_OTHER_SNAPSHOT = Text("The register in it is not the one that it was made from.", "담긴 등록부가 판을 만들 때의 것과 다릅니다.")
_MISSING = Text("The file is missing.", "파일이 없습니다.")
_ADDED = Text("The file was added.", "추가된 파일입니다.")
_ALTERED = Text("The file was altered.", "바뀐 파일입니다.")
