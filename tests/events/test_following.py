"""A follower loads each published file once, whole and unharmed, and remembers what it could not have."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from made_events import read_lines, write_lines

from comity.events import fetching, following
from comity.events.fetching import place_of
from comity.events.following import Follower, read_state, stamp_of
from comity.events.loading import Source
from comity.events.querying import query
from comity.events.store import Store, open_store
from comity.vocab.errors import DiskFull, PublisherUnreachable

FIRST = datetime(2020, 1, 1, tzinfo=UTC)


class Publisher:
    """A site that publishes files, and does what sites do: lacks some, cuts some off, breaks down."""

    def __init__(self) -> None:
        self.files: dict[str, bytes] = {}
        self.truncated: dict[str, int] = {}
        self.failing: dict[str, int] = {}
        self.asked: list[str] = []
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                name = self.path.rsplit("/", 1)[1]
                outer.asked.append(name)
                if outer.failing.get(name, 0) > 0:
                    outer.failing[name] -= 1
                    self.send_error(503)
                elif name not in outer.files:
                    self.send_error(404)
                else:
                    body = outer.files[name]
                    self.send_response(200)
                    self.send_header("Content-Length", str(len(body)))
                    self.end_headers()
                    short = outer.truncated.get(name, 0) > 0
                    outer.truncated[name] = outer.truncated.get(name, 0) - 1
                    self.wfile.write(body[: len(body) // 2] if short else body)

            def log_message(self, *_: Any) -> None:
                """Nothing."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        self.base = f"http://127.0.0.1:{self.server.server_port}/gdeltv2/"

    def publish(self, folder: Path, count: int, *, lacking: tuple[int, ...] = (), wrong: tuple[int, ...] = (), start: int = 0) -> list[str]:
        """Files of the quarters `start` … `start + count - 1` of the day and their lists."""
        lines = self.files.get("masterfilelist.txt", b"").decode().splitlines()
        names = []
        for at in range(start, start + count):
            name = f"{FIRST + at * timedelta(minutes=15):%Y%m%d%H%M%S}.export.CSV.zip"
            body = write_lines(folder / "made.txt", [*range(at * 5, at * 5 + 5), None]).read_bytes()
            md5 = hashlib.md5(body + (b"x" if at in wrong else b"")).hexdigest()  # noqa: S324
            others = [f"10 {'0' * 32} http://elsewhere.example/{name.replace('export.CSV', other)}" for other in ("mentions.CSV", "gkg.csv")]
            lines += [f"{len(body)} {md5} http://elsewhere.example/gdeltv2/{name}", *others]
            if at not in lacking:
                self.files[name] = body
            names.append(name)
        self.files["masterfilelist.txt"] = ("\n".join(lines) + "\n").encode()
        self.files["lastupdate.txt"] = ("\n".join(lines[-3:]) + "\n").encode()
        return names


@pytest.fixture
def publisher() -> Iterator[Publisher]:
    made = Publisher()
    yield made
    made.server.shutdown()
    made.server.server_close()


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return open_store(tmp_path / "store", create=True)


def follower(store: Store, publisher: Publisher | str, **more: Any) -> Follower:
    where = publisher if isinstance(publisher, str) else publisher.base
    return Follower(store, place_of(where), lambda path: Source("a", read_lines), wait=lambda seconds: None, **more)


def rows(store: Store) -> int:
    return int(query(store, "SELECT count(*) FROM events").item())


def test_all_from_a_day_on_is_loaded_once(store: Store, publisher: Publisher, tmp_path: Path) -> None:
    names = publisher.publish(tmp_path, 8)
    summary = follower(store, publisher).catch_up(FIRST + timedelta(minutes=30))
    assert (summary.files, summary.rows, summary.quarantined, summary.gaps, summary.unlisted) == (6, 30, 6, [], 0)
    assert [entry.name for entry in store.ledger.files] == names[2:]
    assert summary.newest == stamp_of(names[-1])
    publisher.asked.clear()
    again = follower(open_store(store.path), publisher).catch_up()
    assert again.files == 0
    assert publisher.asked == ["lastupdate.txt"]
    assert not list((store.path / "incoming").iterdir())


def test_without_a_day_it_begins_with_the_newest_and_goes_on(store: Store, publisher: Publisher, tmp_path: Path) -> None:
    publisher.publish(tmp_path, 4)
    assert follower(store, publisher).catch_up().files == 1
    assert "masterfilelist.txt" not in publisher.asked
    publisher.publish(tmp_path, 1, start=4)
    assert follower(store, publisher).catch_up().files == 1
    publisher.publish(tmp_path, 3, start=5)
    assert follower(store, publisher).catch_up().files == 3
    assert rows(store) == 25


def test_missing_and_wrong_files_are_gaps_and_tried_again(store: Store, publisher: Publisher, tmp_path: Path) -> None:
    names = publisher.publish(tmp_path, 6, lacking=(1,), wrong=(3,))
    told: list[str] = []
    clock = [datetime(2020, 1, 2, tzinfo=UTC)]
    one = follower(store, publisher, tell=lambda text: told.append(text.ko), now=lambda: clock[0])
    summary = one.catch_up(FIRST)
    assert [(gap.wanted.name, gap.reason) for gap in summary.gaps] == [(names[1], "missing"), (names[3], "md5")]
    assert rows(store) == 20
    assert len(told) == 2
    assert names[1] in told[0]
    publisher.files[names[1]] = write_lines(tmp_path / "late.txt", [*range(5, 10), None]).read_bytes()
    publisher.asked.clear()
    assert one.catch_up().gaps == summary.gaps  # too early
    assert names[1] not in publisher.asked
    clock[0] += timedelta(minutes=16)
    assert [gap.tries for gap in one.catch_up().gaps] == [2]
    assert rows(store) == 25
    assert list(read_state(store).gaps) == [names[3]]


def test_a_file_cut_off_on_the_way_is_fetched_again(store: Store, publisher: Publisher, tmp_path: Path) -> None:
    names = publisher.publish(tmp_path, 2)
    publisher.truncated[names[0]] = 2
    publisher.failing[names[1]] = 2
    publisher.truncated["masterfilelist.txt"] = 1
    assert follower(store, publisher).catch_up(FIRST).files == 2
    assert rows(store) == 10


def test_a_broken_network_is_told_and_what_came_before_is_kept(store: Store, publisher: Publisher, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(following, "AT_ONCE", 2)
    names = publisher.publish(tmp_path, 4)
    publisher.failing[names[2]] = 100
    with pytest.raises(PublisherUnreachable) as broken:
        follower(store, publisher).catch_up(FIRST)
    assert names[2] in broken.value.in_("en")
    assert "다시 실행" in broken.value.in_("ko")
    assert rows(store) >= 10
    publisher.failing.clear()
    follower(store, publisher).catch_up()
    assert rows(store) == 20
    publisher.server.shutdown()
    publisher.server.server_close()
    with pytest.raises(PublisherUnreachable):
        follower(store, publisher).catch_up()


def test_quarters_that_the_list_leaves_out_are_counted(store: Store, publisher: Publisher, tmp_path: Path) -> None:
    publisher.publish(tmp_path, 2)
    publisher.publish(tmp_path, 2, start=5)
    assert follower(store, publisher).catch_up(FIRST).unlisted == 3


def test_a_folder_of_files_can_be_followed_with_and_without_a_list(store: Store, publisher: Publisher, tmp_path: Path) -> None:
    folder = tmp_path / "copied"
    folder.mkdir()
    names = publisher.publish(tmp_path, 3, wrong=(2,))
    for name in names:
        (folder / name).write_bytes(publisher.files[name])
    (folder / "masterfilelist.txt").write_bytes(publisher.files["masterfilelist.txt"])
    summary = follower(store, str(folder)).catch_up(FIRST)
    assert (summary.files, [gap.reason for gap in summary.gaps]) == (2, ["md5"])
    (folder / "masterfilelist.txt").unlink()
    other = open_store(tmp_path / "other", create=True)
    assert follower(other, str(folder)).catch_up(FIRST).files == 3
    assert follower(other, str(folder)).catch_up(FIRST).files == 0
    with pytest.raises(PublisherUnreachable):
        place_of(str(tmp_path / "nowhere"))


def test_a_full_disk_while_fetching_is_told(store: Store, publisher: Publisher, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    publisher.publish(tmp_path, 2)

    def full(*_: Any) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(fetching.shutil, "copyfileobj", full)
    with pytest.raises(DiskFull):
        follower(store, publisher).catch_up(FIRST)
    assert not [path for path in (store.path / "incoming").iterdir() if path.suffix == ".part"]


def test_names_in_the_list_cannot_lead_elsewhere(store: Store, publisher: Publisher, tmp_path: Path) -> None:
    publisher.files["masterfilelist.txt"] = (
        b"3 " + b"0" * 32 + b" http://x/../../../etc/20200101000000.export.CSV.zip\n3 " + b"0" * 32 + b" http://x/passwd\nnot a line\n"
    )
    publisher.files["lastupdate.txt"] = b""
    summary = follower(store, publisher).catch_up(FIRST)
    assert [gap.reason for gap in summary.gaps] == ["missing"] or summary.gaps == []
    assert all("etc" not in name for name in publisher.asked)


def test_following_waits_and_survives_a_broken_network(store: Store, publisher: Publisher, tmp_path: Path) -> None:
    publisher.publish(tmp_path, 1)
    pauses: list[float] = []
    told: list[str] = []

    def wait(seconds: float) -> None:
        if seconds < 20:  # between tries
            return
        pauses.append(seconds)
        if len(pauses) == 1:
            publisher.failing["lastupdate.txt"] = 4
            publisher.publish(tmp_path, 1, start=1)
        if len(pauses) == 3:
            raise KeyboardInterrupt

    one = Follower(store, place_of(publisher.base), lambda path: Source("a", read_lines), wait=wait, tell=lambda text: told.append(text.en))
    with pytest.raises(KeyboardInterrupt):
        one.follow()
    assert rows(store) == 10
    assert any("lastupdate.txt cannot be had" in text for text in told)
    assert all(30 <= pause <= 900 for pause in pauses)
