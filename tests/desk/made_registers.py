"""Registers that tests of the desk load: the small package as it stands, and with rows and claims under several markings; the means to tamper."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import connection

import comity
from comity.register.register import Register
from comity_desk.audit.triggers import GUARDED
from comity_desk.ledger import register as held
from comity_desk.ledger import snapshots
from small_package import SmallPackage


@pytest.fixture(autouse=True)
def _nothing_held() -> Iterator[None]:
    """Each test begins with a process that holds no register."""
    held.forget()
    snapshots.forget()
    yield
    held.forget()
    snapshots.forget()


@pytest.fixture
def small_package(tmp_path: Path) -> Path:
    """The small package, written."""
    return SmallPackage(tmp_path / "small").write()


@pytest.fixture
def small_register(small_package: Path) -> Register:
    """The small package, loaded."""
    return comity.load(small_package)


@pytest.fixture
def marked_package(tmp_path: Path) -> SmallPackage:
    """The small package with four markings beside the public one, and records, cells and claims under them."""
    package = SmallPackage(tmp_path / "marked")
    for name, level, to, handling in (("kor-only", "secret", "", "four_eyes"), ("kor-restricted", "restricted", "", ""), ("kor-usa", "secret", "USA", "")):
        package.edit("marking", name, name_en=name, name_ko=name, public="false", owner="KOR", level=level, releasable_to=to, handling=handling, basis="")
    package.edit(
        "exercise",
        "quiet-drill",
        title_en="Quiet drill",
        title_ko="비공개 훈련",
        series="freedom-shield",
        start="2025-03-03",
        end="2025-03-09",
        marking="kor-only",
    )
    package.edit(
        "exercise",
        "shared-drill",
        title_en="Shared drill",
        title_ko="공유 훈련",
        series="freedom-shield",
        start="2025-04-03",
        end="2025-04-09",
        marking="kor-jpn",
    )
    package.edit("agreement", "quiet-paper", title_en="Quiet paper", title_ko="비공개 약정", parties="KOR;USA", signed="2024-02-02", marking="kor-usa")
    package.edit(
        "claim",
        "claim-quiet",
        record_kind="agreement",
        record="mutual-defence",
        field="signed",
        value="1953-10-02",
        status="competing",
        source="newspaper",
        marking="kor-restricted",
    )
    return package


@pytest.fixture
def marked_register(marked_package: SmallPackage) -> Register:
    """The marked package, loaded."""
    return comity.load(marked_package.write())


@pytest.fixture
def tampering(db: None) -> None:
    """The database's own guards taken down, as whoever owns it can."""
    GUARDED["ledger_entry"].take_down(connection)
