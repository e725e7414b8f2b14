"""The real desk for tests: served as its users serve it, from an empty folder, with people and things already on it where a test asks for them."""

from __future__ import annotations

import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

STANDING = Path(__file__).with_name("standing.py")
ONE_TIME = re.compile(r"[2-9a-z]{5}(?:-[2-9a-z]{5}){3}")
UP = 240.0  # seconds until it must answer; a quiet machine takes twenty


@dataclass
class Desk:
    """A desk that answers: where, the first administrator's one-time password, and its folder."""

    base: str
    password: str
    environment: dict[str, str]

    @cached_property
    def standing(self) -> dict[str, Any]:
        """People who are signed in, and things on the desk: made once, when first asked for."""
        done = subprocess.run([sys.executable, str(STANDING)], env=self.environment, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        told: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
        return told


@contextmanager
def served(folder: Path) -> Iterator[Desk]:
    """`comity-desk serve` on a free port, with the shipped register; ended afterwards."""
    port, log = _free_port(), folder / "served.log"
    environment = _environment(folder)
    with log.open("w") as out:
        words = [sys.executable, "-m", "comity_desk.conf.command", "serve", "--port", str(port), "--workers", "1"]
        process = subprocess.Popen(words, env=environment, stdout=out, stderr=subprocess.STDOUT)
    try:
        base = f"http://127.0.0.1:{port}"
        _until_up(process, log, base)
        yield Desk(base, ONE_TIME.findall(log.read_text())[0], environment)
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(40)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _environment(folder: Path) -> dict[str, str]:
    """Nothing of the settings that the tests themselves run under."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("COMITY_") and name not in ("DATABASE_URL", "DJANGO_SETTINGS_MODULE")}
    told = {"COMITY_DESK_HOME": str(folder / "home"), "COMITY_DESK_LOG": "plain", "COMITY_LANG": "en", "DJANGO_SETTINGS_MODULE": "comity_desk.conf.settings"}
    return kept | told


def _free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


def _until_up(process: subprocess.Popen[bytes], log: Path, base: str) -> None:
    until = time.monotonic() + UP
    while f"{base}/" not in log.read_text():
        assert process.poll() is None, log.read_text()
        assert time.monotonic() < until, log.read_text()
        time.sleep(0.2)
