"""Serving the desk: which processes, how many, and what is said when they stand.

Run as a program (`python -m comity_desk.conf.serve`), which `comity-desk serve` becomes once the desk is prepared.
"""

from __future__ import annotations

import argparse
import json
import os
import socket
import sys
from collections.abc import Mapping
from datetime import UTC, datetime

from comity.vocab.errors import ComityError
from comity.vocab.text import Text
from comity_desk.conf.probe import status
from comity_desk.conf.supervise import Child, Supervisor


def add_serving(parser: argparse.ArgumentParser) -> None:
    """The options of serving, with their defaults by the machine's cores."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8000)
    parser.add_argument("--workers", type=int, default=max(1, min(cores, 4)))
    parser.add_argument("--threads", type=int, default=4)


def main(arguments: list[str] | None = None) -> int:
    """Keep web server and worker running until told to end."""
    parser = argparse.ArgumentParser(prog="comity-desk serve")
    add_serving(parser)
    told = parser.parse_args(arguments)
    os.environ["COMITY_DESK_SERVED"] = f"{told.host}:{told.port}"
    web = [sys.executable, "-m", "comity_desk.conf.serve_web", told.host, str(told.port), str(told.workers), str(told.threads)]
    jobs = [sys.executable, "-m", "comity_desk.conf.command", "worker"]
    return Supervisor([Child("web", web), Child("worker", jobs)], say, Announcement(told.host, told.port)).run()


def refuse_port_in_use(host: str, port: int) -> None:
    """Say at once what would otherwise be seen only after everything else is done."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as trial:
        trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            trial.bind((host, port))
        except OSError as error:
            raise ComityError(_NO_PORT.format(host=host, port=port, why=error.strerror)) from error


def say(message: str, told: Mapping[str, object]) -> None:
    """One line of the log, in the form that the other processes write."""
    if os.environ.get("COMITY_DESK_LOG", "json") == "json":
        line = json.dumps(
            {"time": datetime.now(UTC).isoformat(timespec="milliseconds"), "level": "WARNING", "logger": "comity_desk.serve", "message": message, **told}
        )
    else:
        line = f"{message} {' '.join(f'{name}={value}' for name, value in told.items())}"
    print(line, file=sys.stderr, flush=True)


class Announcement:
    """Prints the address once the desk answers there."""

    def __init__(self, host: str, port: int) -> None:
        self.host, self.port, self.made = "127.0.0.1" if host in ("0.0.0.0", "::") else host, port, False  # noqa: S104 - compared, not bound

    def __call__(self) -> None:
        """Try, until it has been made."""
        if self.made or status(self.host, self.port, "/health/") is None:
            return
        self.made = True
        where = f"http://{f'[{self.host}]' if ':' in self.host else self.host}:{self.port}/"
        print(_UP.format(where=where).in_("ko" if os.environ.get("COMITY_LANG") == "ko" else "en"), flush=True)


_NO_PORT = Text(
    "The desk cannot listen at {host}, port {port} ({why}); name another with --port.",
    "{host}의 포트 {port}에서 수신할 수 없습니다({why}). --port로 다른 포트를 정하십시오.",
)
_UP = Text("The desk is at {where} (Ctrl-C ends it)", "{where} 에서 열 수 있습니다(Ctrl-C로 끝냄)")

if __name__ == "__main__":
    sys.exit(main())
