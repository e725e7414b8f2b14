"""A small whole package, written by hand, that tests may damage."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from small_package import SmallPackage, fingerprint


@pytest.fixture
def small(tmp_path: Path) -> SmallPackage:
    """The small package, unwritten, in a folder of its own."""
    return SmallPackage(tmp_path / "small")


@pytest.fixture(scope="session")
def new_small() -> Callable[[Path], SmallPackage]:
    """Make small packages in folders of one's choice."""
    return SmallPackage


@pytest.fixture(scope="session")
def hashes() -> Callable[[Path], Any]:
    """Name and hash of every file of a folder."""
    return fingerprint
