"""Asks a desk on this machine whether it is ready: `python -m comity_desk.conf.probe PORT`; exit 0 when it is. For containers' health checks.

It names the desk by the first of its hosts, as others do, and needs nothing but the standard library.
"""

from __future__ import annotations

import http.client
import os
import sys


def status(host: str, port: int, path: str) -> int | None:
    """The status with which a desk answers there; None where nothing answers."""
    named = os.environ.get("COMITY_DESK_HOSTS", "localhost").split(",")[0].lstrip(".")
    link = http.client.HTTPConnection(host, port, timeout=4)
    try:
        link.request("GET", path, headers={"Host": named})
        return link.getresponse().status
    except OSError:
        return None
    finally:
        link.close()


if __name__ == "__main__":
    sys.exit(0 if status("127.0.0.1", int(sys.argv[1]), "/ready/") == 200 else 1)
