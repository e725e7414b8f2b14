"""A desk in processes of its own, for tests that start, kill and restore: its folder, its commands, one person and a small record."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from small_package import SmallPackage

__all__ = ["command", "desk", "environment", "prepared"]
Command = Callable[..., subprocess.CompletedProcess[str]]
HERE = Path(__file__).parent
CODE = "comity_desk.conf.command"


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    """The environment of a desk of its own, whose worker knows the tests' kinds of work."""
    return _own(tmp_path)


def _own(folder: Path) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("COMITY_", "DATABASE_URL", "PROMETHEUS", "DJANGO_"))}
    own = {"COMITY_DESK_HOME": str(folder / "home"), "XDG_CACHE_HOME": str(folder / "cache"), "PYTHONPATH": str(HERE), "LANG": "C.UTF-8"}
    return kept | own | {"DJANGO_SETTINGS_MODULE": "slow_jobs.settings"}


@pytest.fixture
def command(environment: dict[str, str]) -> Command:
    """Run one of the desk's commands in a process of its own."""

    def go(*words: str, code: int = 0, **more: str) -> subprocess.CompletedProcess[str]:
        done = subprocess.run([sys.executable, "-m", CODE, *words], env=environment | more, capture_output=True, text=True, check=False, timeout=120)
        assert done.returncode == code, done.stderr
        return done

    return go


@pytest.fixture(scope="session")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A desk with the small package and one person, made once."""
    folder = tmp_path_factory.mktemp("prepared")
    package = SmallPackage(folder / "small").write()
    subprocess.run([sys.executable, "-m", CODE, "shell", "-v0", "-c", PREPARING.format(package=str(package))], env=_own(folder), check=True)
    return folder / "home"


@pytest.fixture
def desk(prepared: Path, tmp_path: Path) -> Path:
    """A desk of the test's own; gives its folder."""
    return shutil.copytree(prepared, tmp_path / "home")


PREPARING = """
from django.core.management import call_command
call_command("migrate", verbosity=0)
call_command("load", {package!r}, verbosity=0)
from comity_desk.accounts.models import User
from allauth.mfa.totp.internal.auth import TOTP
user = User(username="kim", roles=["reader"], nationality="KOR", clearance="secret")
user.set_password("correct horse battery staple")
user.save()
TOTP.activate(user, "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP")
"""


def until(true: Callable[[], Any], seconds: float = 60.0) -> Any:
    """Wait for something to become true."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        found = true()
        if found:
            return found
        time.sleep(0.05)
    raise AssertionError("it did not come to pass in time")
