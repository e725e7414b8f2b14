"""The desk as a keeper meets it: one command sets it up and serves it, its processes are kept running, and its backups come back whole."""

from __future__ import annotations

import json
import os
import re
import signal
import socket
import sqlite3
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from desk_of_its_own import *  # noqa: F403 - fixtures
from desk_of_its_own import CODE, Command, until
from fontTools.ttLib import TTFont

from comity.report.fonts import font_file
from comity_desk.conf.command import in_language, run, without_language
from comity_desk.conf.fonts import FILES, letters
from comity_desk.conf.secret import forget_former, former_keys, renew, secret_key
from comity_desk.conf.supervise import Child, Supervisor

# words


@pytest.mark.parametrize(("lang", "words"), [("en", "Usage: comity-desk"), ("ko", "사용법: comity-desk")])
def test_help_lists_every_command_of_the_desk(lang: Any, words: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["help"], lang) == 0
    told = capsys.readouterr().out
    assert words in told
    for name in ("prepare", "serve", "worker", "load", "verify", "export", "backup", "restore-check", "heads", "rotate-key"):
        assert re.search(rf"^  {name} +\S", told, re.MULTILINE), name
    hangul = re.search("[가-힣]", told)
    assert bool(hangul) is (lang == "ko")


@pytest.mark.parametrize("name", ["prepare", "serve", "worker", "backup", "restore-check", "restore", "heads", "rotate-key"])
@pytest.mark.parametrize("lang", ["en", "ko"])
def test_a_commands_help_is_in_one_language(name: str, lang: Any, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as left:
        run(["help", name], lang)
    assert left.value.code == 0
    told = capsys.readouterr().out
    words = [line.strip() for line in told.splitlines() if line.strip() and not line.startswith(("usage", "사용법", "  -", " "))]
    assert all(bool(re.search("[가-힣]", line)) is (lang == "ko") for line in words), told
    assert "‖" not in told
    assert "--pythonpath" not in told


def test_a_command_that_is_not_there(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["nonsense"], "ko") == 2
    assert "nonsense 명령은 없습니다" in capsys.readouterr().err


def test_the_language_is_taken_from_among_the_words() -> None:
    assert without_language(["--lang", "ko", "verify", "--lang=en", "--expect", "1:2"]) == ["verify", "--expect", "1:2"]
    assert in_language("Load a package · 패키지를 적재", "ko") == "패키지를 적재"
    assert in_language("Load a package · 패키지를 적재", "en") == "Load a package"
    assert in_language("A list: a · b", "ko") == "A list: a · b"


def test_the_typeface_holds_every_letter_of_the_desk_s_own_words() -> None:
    held = set(letters())
    assert sum("가" <= letter <= "힣" for letter in held) == 2350
    code = Path(sys.modules["comity_desk"].__file__ or "").parent
    said = "".join(path.read_text() for end in ("*.py", "*.html", "*.css") for path in code.rglob(end))
    drawn = {chr(one) for one in TTFont(font_file("normal")).getBestCmap()}
    in_code_alone = {"힣", "‖", "\n", *map(chr, range(0x1100, 0x1200))}  # ends of ranges of letters, and the mark between two languages
    assert (set(said) & drawn) - held <= in_code_alone


# the secret key


def test_the_key_is_made_once_and_renewed_with_the_old_one_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = secret_key(tmp_path)
    assert len(first) > 60
    assert secret_key(tmp_path) == first
    renew(tmp_path)
    second = secret_key(tmp_path)
    renew(tmp_path)
    assert former_keys(tmp_path) == [second, first]
    assert {path.stat().st_mode & 0o777 for path in tmp_path.iterdir()} == {0o600}
    forget_former(tmp_path)
    assert former_keys(tmp_path) == []
    monkeypatch.setenv("COMITY_DESK_SECRET_KEY", "given")
    monkeypatch.setenv("COMITY_DESK_SECRET_KEY_FORMER", "older oldest")
    assert (secret_key(tmp_path), former_keys(tmp_path)) == ("given", ["older", "oldest"])


def test_second_factors_open_after_the_key_was_renewed(desk: Path, command: Command) -> None:
    opens = "from allauth.mfa.models import Authenticator as A; from allauth.mfa.utils import decrypt; print(decrypt(A.objects.get().data['secret']))"
    old = (desk / "secret-key").read_text()
    command("rotate-key", "--finish", code=1)
    command("rotate-key")
    assert "JBSWY3DP" in command("shell", "-v0", "-c", opens).stdout
    assert "1" in command("rotate-key", "--finish").stdout
    assert "JBSWY3DP" in command("shell", "-v0", "-c", opens).stdout
    assert not (desk / "secret-keys-former").exists()
    assert (desk / "secret-key").read_text() != old


# supervising


def child(tmp_path: Path, name: str, code: str) -> Child:
    return Child(name, [sys.executable, "-c", f"import pathlib, time, os, sys, signal\nplace = pathlib.Path({str(tmp_path)!r}) / {name!r}\n{code}"])


class Stage:
    """Watches a supervisor from inside its own loop, and ends it."""

    def __init__(self, tmp_path: Path, *, ends_when: Callable[[], bool]) -> None:
        self.said: list[tuple[str, dict[str, Any]]] = []
        self.place, self.ends_when = tmp_path, ends_when
        self.until = time.monotonic() + 15

    def say(self, message: str, told: Any) -> None:
        self.said.append((message, dict(told)))

    def tick(self) -> None:
        assert time.monotonic() < self.until, "it did not come to pass in time"
        if self.ends_when():
            os.kill(os.getpid(), signal.SIGTERM)


@pytest.fixture
def own_signals() -> Iterator[None]:
    """Signals as they were."""
    before = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
    yield
    for number, handler in before.items():
        signal.signal(number, handler)


def test_what_dies_is_started_again_and_all_end_together(tmp_path: Path, own_signals: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("comity_desk.conf.supervise.PAUSES", (0.05,))
    lives = tmp_path / "mortal"
    mortal = child(tmp_path, "mortal", "place.open('a').write('x')\ntime.sleep(0.1 if place.stat().st_size < 3 else 60)")
    gentle = child(tmp_path, "gentle", "signal.signal(15, lambda *_: (place.write_text('ended'), sys.exit()))\nplace.write_text('up')\ntime.sleep(60)")
    stage = Stage(tmp_path, ends_when=lambda: lives.exists() and lives.stat().st_size == 3 and (tmp_path / "gentle").exists())
    assert Supervisor([mortal, gentle], stage.say, stage.tick).run() == 0
    assert [told["process"] for message, told in stage.said if message == "process ended"] == ["mortal", "mortal"]
    assert (tmp_path / "gentle").read_text() == "ended"
    assert all(one.process is not None and one.process.poll() is not None for one in (mortal, gentle))


def test_what_keeps_ending_is_given_up(tmp_path: Path, own_signals: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("comity_desk.conf.supervise.PAUSES", (0.0,))
    other = child(tmp_path, "other", "time.sleep(60)")
    stage = Stage(tmp_path, ends_when=lambda: False)
    assert Supervisor([child(tmp_path, "broken", "sys.exit(3)"), other], stage.say, stage.tick, give_up_after=3).run() == 1
    assert stage.said[-1] == ("process keeps ending", {"process": "broken", "code": 3, "again_in": None})
    assert other.process is not None
    assert other.process.poll() is not None


def test_what_will_not_end_is_killed_with_all_that_it_started(tmp_path: Path, own_signals: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("comity_desk.conf.supervise.GRACE", 0.3)
    deaf = child(tmp_path, "deaf", "signal.signal(15, signal.SIG_IGN)\nother = os.fork()\nother and place.write_text(str(other))\ntime.sleep(60)")
    stage = Stage(tmp_path, ends_when=lambda: bool((tmp_path / "deaf").exists() and (tmp_path / "deaf").read_text()))
    assert Supervisor([deaf], stage.say, stage.tick).run() == 0
    started = int((tmp_path / "deaf").read_text())
    until(lambda: not _alive(started))


def _alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


# the worker, killed


def row(home: Path, pk: str) -> dict[str, Any]:
    """A job as the database holds it."""
    with closing(sqlite3.connect(home / "desk.sqlite3", timeout=10)) as database:
        database.row_factory = sqlite3.Row
        return dict(database.execute("SELECT * FROM jobs_job WHERE id = ?", [pk]).fetchone())


@pytest.fixture
def worker(environment: dict[str, str], tmp_path: Path) -> Iterator[Callable[[], subprocess.Popen[bytes]]]:
    """Start workers; whatever still runs at the end is killed."""
    started: list[subprocess.Popen[bytes]] = []

    def start() -> subprocess.Popen[bytes]:
        with (tmp_path / "worker.log").open("ab") as log:
            started.append(subprocess.Popen([sys.executable, "-m", CODE, "worker"], env=environment, stderr=log))
        return started[-1]

    yield start
    for one in started:
        one.kill()
        one.wait()


def ask(command: Command, *given: dict[str, Any]) -> list[str]:
    """Ask for work; gives the jobs' ids."""
    code = f"""
from comity_desk.accounts.models import User
from comity_desk.jobs.actions import StartJob
for given in {list(given)!r}:
    print("id", StartJob(actor=User.objects.get(), kind="wait", parameters=given).run().pk)
"""
    return re.findall(r"id (\w+)", command("shell", "-v0", "-c", code).stdout)


def test_jobs_survive_their_worker(desk: Path, command: Command, worker: Any, tmp_path: Path) -> None:
    """Killed once: tried again. Told to end: put back. Killed a second time: failed, with words. The next job is done all the same."""
    done, never = tmp_path / "done", tmp_path / "never"
    once, put_back, twice, last = ask(command, {"for": str(done)}, {"for": str(never), "open": True}, {"for": str(never)}, {"for": str(done)})

    def running(pk: str, attempt: int) -> Callable[[], bool]:
        return lambda: row(desk, pk)["state"] == "running" and row(desk, pk)["attempt"] == attempt and row(desk, pk)["words_en"] == "Waiting"

    first = worker()
    until(running(once, 1))
    first.kill()
    second = worker()
    until(running(once, 2))
    done.touch()
    until(lambda: row(desk, once)["state"] == "done")
    until(running(put_back, 1))
    second.terminate()
    assert second.wait(5) == 0
    assert (row(desk, put_back)["state"], row(desk, put_back)["attempt"]) == ("queued", 1)
    with closing(sqlite3.connect(desk / "desk.sqlite3")) as database, database:
        database.execute("UPDATE jobs_job SET state = 'cancelled' WHERE id = ?", [put_back])
    for attempt in (1, 2):
        third = worker()
        until(running(twice, attempt))
        third.kill()
    worker()
    until(lambda: row(desk, last)["state"] == "done")
    assert row(desk, twice)["state"] == "failed"
    assert "twice" in row(desk, twice)["error_en"]
    assert row(desk, put_back)["state"] == "cancelled"
    with (desk / "results" / row(desk, once)["file"]).open("rb") as held:
        assert held.read() == b"2"


def test_a_running_job_is_cancelled_in_the_middle_of_computing(desk: Path, command: Command, worker: Any, tmp_path: Path) -> None:
    (asked,) = ask(command, {"for": str(tmp_path / "never"), "open": True})
    worker()
    until(lambda: row(desk, asked)["state"] == "running" and row(desk, asked)["words_en"] == "Waiting")
    command("shell", "-v0", "-c", f"from comity_desk.jobs.actions import *; CancelJob(actor=Job.objects.get().owner, job={asked!r}).run()")
    until(lambda: row(desk, asked)["state"] == "cancelled")


# serving


@pytest.fixture
def served(environment: dict[str, str], small_package: Path, tmp_path: Path) -> Iterator[tuple[subprocess.Popen[str], int, Path]]:
    """`comity-desk serve` on a free port; gives the process, the port and what it prints."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    out = tmp_path / "served.log"
    with out.open("w") as log:
        words = [sys.executable, "-m", CODE, "serve", "--port", str(port), "--workers", "1", "--package", str(small_package)]
        process = subprocess.Popen(words, env=environment, stdout=log, stderr=subprocess.STDOUT, text=True)
    yield process, port, out
    process.kill()
    process.wait()


def test_one_command_from_nothing_to_the_sign_in_page_and_back(served: Any) -> None:
    process, port, out = served
    until(lambda: f"http://127.0.0.1:{port}/" in out.read_text(), 60)
    first = out.read_text()
    assert len(re.findall(r"[2-9a-z]{5}(?:-[2-9a-z]{5}){3}", first)) == 1, "the one-time password is printed once"
    page = urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=10)
    assert "/sign-in/" in page.url
    body = page.read().decode()
    (style,) = re.findall(r'href="(/static/lib/desk\.[0-9a-f]+\.css)"', body)
    sheet = urllib.request.urlopen(f"http://127.0.0.1:{port}{style}", timeout=10).read().decode()
    for name in FILES.values():
        (font,) = re.findall(rf'url\("?(fonts/{name.removesuffix(".woff2")}\.[0-9a-f]+\.woff2)', sheet)
        answer = urllib.request.urlopen(f"http://127.0.0.1:{port}/static/lib/{font}", timeout=10)
        assert answer.headers["Content-Type"] == "font/woff2"
        assert answer.read(4) == b"wOF2"
    assert urllib.request.urlopen(f"http://127.0.0.1:{port}/ready/", timeout=10).read() == b"ready\n"
    process.send_signal(signal.SIGINT)
    assert process.wait(30) == 0
    lines = [json.loads(line) for line in out.read_text().splitlines() if line.startswith("{")]
    assert {line["route"] for line in lines if line["message"] == "request"} >= {"account_login"}


def test_a_port_in_use_is_told_before_anything_is_done(command: Command, tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        done = command("serve", "--port", str(taken.getsockname()[1]), "--lang", "ko", code=1)
    assert "수신할 수 없습니다" in done.stderr
    assert not (tmp_path / "home" / "desk.sqlite3").exists()
