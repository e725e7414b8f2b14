"""ClickHouse's own engine inside this process (chdb), behind the HTTP interface that clients of a server speak to.

So that the panels run through the same client, dialect and engine as on a server, without one. Only what those clients ask is answered.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlsplit


class _Handler(BaseHTTPRequestHandler):
    session: Any = None

    def do_GET(self) -> None:
        self._answer(b"")

    def do_POST(self) -> None:
        self._answer(self.rfile.read(int(self.headers.get("Content-Length", 0))))

    def _answer(self, body: bytes) -> None:
        options = dict(parse_qsl(urlsplit(self.path).query))
        sql = (options.get("query", "") + " " + body.decode()).strip()
        form = options.get("default_format") or self.headers.get("X-ClickHouse-Format") or "TabSeparated"
        try:
            data, status = self.session.query(sql or "SELECT 1", form).bytes(), 200
        except Exception as error:
            data, status = str(error).encode(), 500
        self.send_response(status)
        self.send_header("Content-Length", str(len(data or b"")))
        self.send_header("X-ClickHouse-Summary", "{}")
        self.send_header("X-ClickHouse-Timezone", "UTC")
        self.end_headers()
        self.wfile.write(data or b"")

    def log_message(self, *_: Any) -> None:
        """Nothing."""


@contextmanager
def served(session: Any) -> Iterator[str]:
    """The address of the server, as `clickhouse://…`."""
    handler = type("Handler", (_Handler,), {"session": session})
    server = HTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"clickhouse://default@127.0.0.1:{server.server_port}/default"
    finally:
        server.shutdown()
        server.server_close()
