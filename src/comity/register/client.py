"""The record of a desk from a program: the same snapshot object as `comity.load(…).snapshot()` gives, and the changes that a person may propose.

>>> desk = comity.open("https://desk.example", token="…")        # doctest: +SKIP
>>> comity.tie_strength(desk.snapshot(), as_of=date(2026, 3, 1))  # doctest: +SKIP

What comes is what the token's person may see. A snapshot is downloaded once and kept in the user's cache folder, readable by that user
alone; afterwards the desk is only asked whether it is still the same. Its hash is computed again here and must be the one that the desk names.
"""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from comity.register.cache import found_in_cache, keep
from comity.register.calls import Calls
from comity.register.edition import replace_bytes, unpack
from comity.register.package import FILE, LINE, read_package
from comity.register.readers import Reader
from comity.register.snapshot import Snapshot
from comity.vocab.errors import DeskRefused, NotSignedIn, PackageFaults, SnapshotDiffers
from comity.vocab.kinds import kind_of
from comity.vocab.text import Lang, Text

TOKEN = "COMITY_TOKEN"  # noqa: S105 - the name of a variable
Reason = Text | Mapping[str, str] | str


def open(
    url: str,
    token: str | None = None,
    *,
    lang: Lang | None = None,
    timeout: float = 60.0,
    certificates: str | Path | None = None,
) -> Desk:
    """A desk, spoken with as the person for whom the token stands.

    `token` may stand in the environment as COMITY_TOKEN. `certificates` is a file of authorities to trust, where the ministry has its own.
    """
    told: Lang = lang or ("ko" if os.environ.get("COMITY_LANG") == "ko" else "en")
    given = (token or os.environ.get(TOKEN) or "").strip()
    if not given or not given.isascii() or not given.isprintable() or " " in given:
        raise NotSignedIn(_NO_TOKEN, 401, {})
    return Desk(Calls(url, given, told, timeout, Path(certificates) if certificates else None))


@dataclass(frozen=True)
class Job:
    """Work that the desk does in the background, as it was when it was last asked about."""

    id: str
    kind: str
    state: str
    told: dict[str, Any] = field(repr=False)

    @property
    def is_over(self) -> bool:
        """Whether it is done, failed or cancelled."""
        return self.state not in ("queued", "running")


@dataclass
class Desk:
    """One desk, as one person may use it."""

    calls: Calls
    _snapshots: dict[tuple[date | None, str], Snapshot] = field(default_factory=dict, repr=False)

    def __enter__(self) -> Desk:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Hang up."""
        self.calls.close()

    # ---- reading

    def snapshot(self, known_at: date | None = None) -> Snapshot:
        """The record as this person may see it, as known at the end of `known_at` (default: now); the same object as long as nothing changed."""
        name = f"desk-{_digest(self.calls.url, self.calls.token, known_at)}"
        held, content = _kept(name)
        headers = {"If-None-Match": held["etag"]} if held else {}
        answer = self.calls.get("snapshot/package", {"known_at": known_at}, headers)
        if answer.status_code == 304 and held and content is not None:
            told, data = held, content
        else:
            told, data = _described(answer.headers, answer.content), answer.content
            keep(f"{name}.zip", data)
            keep(f"{name}.json", json.dumps(told).encode())
        key = (known_at, told["etag"])
        if key not in self._snapshots:
            self._snapshots[key] = snapshot_of(data, told, known_at)
        return self._snapshots[key]

    def records(self, kind: str, /, **filters: Any) -> Iterator[dict[str, Any]]:
        """Every record of a kind that meets the filters, as typed JSON, page by page: `records("agreements", parties="USA", year_from=2020)`."""
        path: str | None = f"records/{kind_of(kind).plural}"
        given: dict[str, Any] | None = {"limit": 500, **{name: _parameter(value) for name, value in filters.items()}}
        while path is not None:
            page = self.calls.get(path, given).json()
            yield from page["records"]
            path, given = page["next"], None

    def record(self, ref: str) -> dict[str, Any]:
        """One record, given as `kind:id`, as typed JSON."""
        found: dict[str, Any] = self.calls.get(_record_path(ref)).json()
        return found

    def claims(self, ref: str) -> list[dict[str, Any]]:
        """The claims behind a record, field by field."""
        found: list[dict[str, Any]] = self.calls.get(f"{_record_path(ref)}/claims").json()["claims"]
        return found

    def search(self, words: str, /, **options: Any) -> list[dict[str, Any]]:
        """Records in which all the words occur."""
        found: list[dict[str, Any]] = self.calls.get("search", {"q": words, **options}).json()["records"]
        return found

    def measure(self, name: str, *, as_of: date | None = None, home: str | None = None, patience: timedelta = timedelta(minutes=10)) -> dict[str, Any]:
        """A measure as the desk computes it; waits for a costly one, at most so long."""
        left = patience.total_seconds()
        while True:
            answer = self.calls.get(f"measures/{name}", {"as_of": as_of, "home": home})
            found: dict[str, Any] = answer.json()
            if answer.status_code != 202:
                return found
            wait = float(answer.headers.get("Retry-After", "3"))
            if left < wait:
                raise DeskRefused(_STILL_COMPUTING.format(name=name), 202, found)
            self.calls.sleep(wait)
            left -= wait

    # ---- proposing

    def propose_add(self, kind: str, /, *, reason: Reason | None = None, marking: str | None = None, another_thing: str = "", **cells: Any) -> dict[str, Any]:
        """Propose a new record; cells by field, its source by `source`, or by `source_title`, `source_url` and so on.

        `another_thing` says why it is not what it resembles, `marking` under which it is proposed.
        """
        body = {"change": "add", "kind": kind_of(kind).name, "cells": _cells(cells), "marking": marking, "another_thing": another_thing}
        return self._propose(body, reason)

    def propose_change(
        self, ref: str, /, *, reason: Reason, basis: Mapping[str, str] | None = None, marking: str | None = None, state: str | None = None, **cells: Any
    ) -> dict[str, Any]:
        """Propose other values for cells of a record; `basis` says on what they rest (source, locator, confidence).

        `state` is the ETag of the record as it was read; without it, the record as it stands now is meant. Refused with 412 where it has changed.
        """
        body = {"change": "change", "record": ref, "cells": _cells(cells), "basis": dict(basis or {}), "marking": marking}
        return self._propose(body, reason, state or self.state_of(ref))

    def propose_claim(
        self, ref: str, field: str, value: Any, /, *, basis: Mapping[str, str], reason: Reason | None = None, marking: str | None = None
    ) -> dict[str, Any]:
        """Propose another value beside the one that stands, with what it rests on."""
        body = {"change": "claim", "record": ref, "cells": _cells({field: value}), "basis": dict(basis), "marking": marking}
        return self._propose(body, reason, self.state_of(ref))

    def propose_judgement(self, ref: str, field: str, claim: str, *, reason: Reason) -> dict[str, Any]:
        """Propose that a competing claim stand."""
        return self._propose({"change": "judge", "record": ref, "field": field, "claim": claim}, reason, self.state_of(ref))

    def propose_withdrawal(self, ref: str, *, reason: Reason) -> dict[str, Any]:
        """Propose to take a record back."""
        return self._propose({"change": "withdraw", "record": ref}, reason, self.state_of(ref))

    def state_of(self, ref: str) -> str:
        """The ETag of a record: the state from which a change is made."""
        return str(self.calls.get(_record_path(ref)).headers["ETag"])

    def proposals(self, show: str | None = None) -> list[dict[str, Any]]:
        """Proposals that this person may see: `waiting`, `mine` or `decided`."""
        found: list[dict[str, Any]] = []
        path: str | None = "proposals"
        given: dict[str, Any] | None = {"show": show, "limit": 200}
        while path is not None:
            page = self.calls.get(path, given).json()
            found += page["proposals"]
            path, given = page["next"], None
        return found

    def proposal(self, key: str) -> dict[str, Any]:
        """One proposal: what it says, what was decided, what is open against it."""
        found: dict[str, Any] = self.calls.get(f"proposals/{key}").json()
        return found

    def accept(self, key: str, *, reason: str = "") -> dict[str, Any]:
        """Let a proposal into the record."""
        return self._decided(key, "accept", reason)

    def decline(self, key: str, *, reason: str) -> dict[str, Any]:
        """Say that a proposal was read and not accepted, and why."""
        return self._decided(key, "decline", reason)

    def withdraw(self, key: str, *, reason: str = "") -> dict[str, Any]:
        """Take one's own proposal back."""
        return self._decided(key, "withdraw", reason)

    # ---- jobs

    def jobs(self) -> list[Job]:
        """One's own jobs, newest first."""
        return [_job(told) for told in self.calls.get("jobs").json()["jobs"]]

    def start(self, kind: str, /, **parameters: Any) -> Job:
        """Ask for a job: `start("brief", form="pdf", lang="ko")`."""
        given = {name: _parameter(value) for name, value in parameters.items()}
        return _job(self.calls.post("jobs", {"kind": kind, "parameters": given}).json())

    def job(self, id: str) -> Job:
        """How far a job is."""
        return _job(self.calls.get(f"jobs/{id}").json())

    def cancel(self, id: str) -> Job:
        """Cancel a job."""
        return _job(self.calls.post(f"jobs/{id}/cancel").json())

    def download(self, job: Job, to: str | Path) -> Path:
        """Write the file that came of a job into a folder or under a name; gives its path."""
        now = self.job(job.id).told
        if not now["file"]:
            raise DeskRefused(_NO_FILE.format(id=job.id), 404, {})
        target = Path(to) / Path(now["file"]["name"]).name if Path(to).is_dir() else Path(to)
        with self.calls.download(f"jobs/{job.id}/file") as pieces:
            content = b"".join(pieces)
        if hashlib.sha256(content).hexdigest() != now["file"]["digest"]:
            raise SnapshotDiffers(_OTHER_FILE.format(id=job.id))
        replace_bytes(target, content)
        return target

    def _propose(self, body: dict[str, Any], reason: Reason | None, state: str | None = None) -> dict[str, Any]:
        headers = {"Idempotency-Key": str(uuid.uuid4())} | ({"If-Match": state} if state else {})
        body = {name: value for name, value in body.items() if value is not None}
        found: dict[str, Any] = self.calls.post("proposals", body | ({"reason": _reason(reason)} if reason else {}), headers).json()
        return found

    def _decided(self, key: str, how: str, reason: str) -> dict[str, Any]:
        found: dict[str, Any] = self.calls.post(f"proposals/{key}/{how}", {"reason": reason}).json()
        return found


def snapshot_of(data: bytes, told: Mapping[str, str], known_at: date | None = None) -> Snapshot:
    """The snapshot in a downloaded package, if it is the one that the desk names; `PackageFaults` or `SnapshotDiffers` else.

    Its rows were checked where they were entered. They are not checked again: a link that its reader may not follow is gone from it.
    """
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "package.zip"
        file.write_bytes(data)
        package = read_package(unpack(file, Path(folder) / "package"))
    errors = [fault for fault in package.faults if fault.severity == "error"]
    if errors:
        raise PackageFaults(errors, "package.zip")
    tables = {name: table.drop(LINE, FILE) for name, table in package.tables.items()}
    name, _, clearance = told["reader"].partition(";")
    found = Snapshot(tables, package.settings, Reader(name, clearance or None), known_at)
    if found.hash != told["snapshot"]:
        raise SnapshotDiffers(_OTHER_SNAPSHOT)
    return found


def _kept(name: str) -> tuple[dict[str, str] | None, bytes | None]:
    """What is kept of a desk's snapshot, where both parts belong together."""
    told, data = found_in_cache(f"{name}.json"), found_in_cache(f"{name}.zip")
    if told is None or data is None:
        return None, None
    try:
        held: dict[str, str] = json.loads(told)
        whole = held["sha256"] == hashlib.sha256(data).hexdigest() and {"etag", "snapshot", "reader"} <= held.keys()
    except (ValueError, KeyError, TypeError):
        return None, None
    return (held, data) if whole else (None, None)


def _described(headers: Mapping[str, str], data: bytes) -> dict[str, str]:
    named = {"etag": headers.get("ETag", ""), "snapshot": headers.get("Comity-Snapshot", ""), "reader": headers.get("Comity-Reader", "")}
    return named | {"sha256": hashlib.sha256(data).hexdigest()}


def _digest(*parts: object) -> str:
    return hashlib.sha256(repr(parts).encode()).hexdigest()[:24]


def _record_path(ref: str) -> str:
    from urllib.parse import quote

    kind, _, record_id = ref.partition(":")
    return f"records/{kind_of(kind).plural}/{quote(record_id, safe='')}"


def _parameter(value: Any) -> Any:
    if isinstance(value, bool):
        return "true" if value else "false"
    return value.isoformat() if isinstance(value, date) else [str(one) for one in value] if isinstance(value, list | tuple) else str(value)


def _cells(cells: Mapping[str, Any]) -> dict[str, Any]:
    """Cells as JSON can hold them."""
    return {name: value.isoformat() if isinstance(value, date) else list(value) if isinstance(value, tuple) else value for name, value in cells.items()}


def _reason(reason: Reason) -> dict[str, str] | str:
    if isinstance(reason, Text):
        return {"en": reason.en, "ko": reason.ko}
    return reason if isinstance(reason, str) else dict(reason)


def _job(told: dict[str, Any]) -> Job:
    return Job(told["id"], told["kind"], told["state"], told)


_OTHER_SNAPSHOT = Text(
    "The downloaded package does not give the snapshot that the desk names; the desk may run another version of Comity.",
    "받은 패키지에서 데스크가 밝힌 스냅숏이 나오지 않습니다. 데스크의 코미티 버전이 다를 수 있습니다.",
)
_NO_TOKEN = Text(
    "A desk is opened with a token: give one, or set COMITY_TOKEN. People make tokens on their account page at the desk.",
    "데스크에 연결하려면 토큰이 필요합니다. 토큰을 넘기거나 COMITY_TOKEN에 두십시오. 토큰은 데스크의 계정 화면에서 만듭니다.",
)
_OTHER_FILE = Text(
    "The file of job {id} is not the one that the desk names; download it again.", "작업 {id}의 파일이 데스크가 밝힌 것과 다릅니다. 다시 받으십시오."
)
_NO_FILE = Text("Job {id} has no file to fetch (yet).", "작업 {id}에는 (아직) 받을 파일이 없습니다.")
_STILL_COMPUTING = Text("The desk is still computing {name}.", "데스크가 {name}을(를) 아직 계산하고 있습니다.")
