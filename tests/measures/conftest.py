"""What tests of measures share: a small package that they may change."""

from __future__ import annotations

from pathlib import Path

import pytest

from small_package import SmallPackage


@pytest.fixture
def small_package(tmp_path: Path) -> SmallPackage:
    """The small package, not written yet."""
    return SmallPackage(tmp_path / "small")
