"""The web server: granian with the desk as a WSGI application, workers that are started again when they die, an end that lets answers finish.

`python -m comity_desk.conf.serve_web HOST PORT WORKERS THREADS`; `comity-desk serve` runs it and watches it.
"""

from __future__ import annotations

import sys
from typing import Any

from granian.constants import Interfaces
from granian.log import LogLevels
from granian.server import Server

TARGET = "comity_desk.conf.serve_app:application"
END_WITHIN = 15  # seconds that answers may take when the server is told to end
BACKLOG = 1024


def server(host: str, port: int, workers: int, threads: int) -> Any:
    """The server, not yet serving."""
    from comity_desk.conf.logging import dictionary

    return Server(
        TARGET,
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        workers=workers,
        blocking_threads=threads,
        websockets=False,
        backlog=BACKLOG,
        respawn_failed_workers=True,
        respawn_interval=0.5,
        workers_kill_timeout=END_WITHIN,
        log_level=LogLevels.warning,
        log_dictconfig=dictionary(),
    )


if __name__ == "__main__":
    server(sys.argv[1], *map(int, sys.argv[2:5])).serve()
