"""Where the loaded events lie: a folder of Parquet parts by source and month of the event's day, with a ledger that says which of them count.

    STORE/ledger.tsv                                        what is there (see `ledger`)
    STORE/events/source=gdelt2/month=2019-01/….parquet      rows of EVENT_SCHEMA with `source` and `file_no` (number of the loaded file)
    STORE/months/….parquet                                  the same rows as sums by month, dyad, root and quad class (see `months`)
    STORE/quarantine/….parquet, STORE/duplicates/….parquet  rows that were not taken, with the reason
    STORE/staging/                                          what a load is working on
    STORE/lock                                              held by the one that writes

Reading needs no lock and writes nothing. Parts that the ledger does not name are leftovers of a killed load; the next writer removes them.
"""

from __future__ import annotations

import errno
import os
import shutil
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from comity.events.ledger import LEDGER_FILE, Ledger, read_ledger
from comity.events.ledger import create as create_ledger
from comity.vocab.errors import DiskFull, NoStore, StoreLocked, StoreNotWritable
from comity.vocab.text import Text

FOLDERS = ("events", "months", "quarantine", "duplicates")
STAGING = "staging"
LOCK_FILE = "lock"
NO_ROOM = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
NOT_ALLOWED = frozenset({errno.EACCES, errno.EPERM, errno.EROFS})


@dataclass
class Store:
    """An opened store: its folder and what its ledger said when it was last read."""

    path: Path
    ledger: Ledger
    _locked: bool = field(default=False, repr=False)

    @property
    def staging(self) -> Path:
        """Folder of unfinished work."""
        return self.path / STAGING

    def reload(self) -> bool:
        """Read the ledger again; whether it says something else now."""
        before, self.ledger = self.ledger.digest, read_ledger(self.path / LEDGER_FILE)
        return self.ledger.digest != before

    @contextmanager
    def writing(self) -> Iterator[None]:
        """Hold the store for writing, with the ledger as it is now and the leftovers of killed loads removed.

        Raises `StoreLocked` where another process holds it and `StoreNotWritable` where the folder may not be written.
        """
        if self._locked:
            yield
            return
        with failures_named(self.path):
            handle = os.open(self.path / LOCK_FILE, os.O_RDWR | os.O_CREAT, 0o666)
        try:
            _hold(handle, self.path)
            self._locked = True
            self.reload()
            with failures_named(self.path):
                self.remove_leftovers()
            yield
        finally:
            self._locked = False
            os.close(handle)

    def remove_leftovers(self) -> int:
        """Remove unfinished work and parts that the ledger does not name; how many parts."""
        shutil.rmtree(self.staging, ignore_errors=True)
        named = {part.path for part in self.ledger.parts}
        strays = [path for folder in FOLDERS for path in (self.path / folder).rglob("*.parquet") if str(path.relative_to(self.path)) not in named]
        for path in strays:
            path.unlink(missing_ok=True)
        return len(strays)


def open_store(path: Path | str, *, create: bool = False) -> Store:
    """Open the store in a folder; `create` makes one where the folder is empty or not there.

    Raises `NoStore` where there is none, and where a folder with other things in it would become one.
    """
    folder = Path(path)
    ledger = folder / LEDGER_FILE
    if not ledger.is_file():
        if not create:
            raise NoStore(_NONE.format(path=folder))
        if folder.exists() and (not folder.is_dir() or any(not entry.name.startswith(f".{LEDGER_FILE}.") for entry in folder.iterdir())):
            raise NoStore(_OTHER.format(path=folder))
        with failures_named(folder):
            folder.mkdir(parents=True, exist_ok=True)
            create_ledger(ledger)
    return Store(folder, read_ledger(ledger))


@contextmanager
def failures_named(path: Path) -> Iterator[None]:
    """Failures of writing as errors that say what to do: `DiskFull`, `StoreNotWritable`."""
    try:
        yield
    except OSError as error:
        if error.errno in NO_ROOM:
            raise DiskFull(_FULL.format(path=path)) from error
        if error.errno in NOT_ALLOWED:
            raise StoreNotWritable(_READ_ONLY.format(path=path)) from error
        raise


def _hold(handle: int, path: Path) -> None:
    """Take the lock or say who has it. The system gives it back when its holder ends, however it ends."""
    import fcntl

    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        holder = os.pread(handle, 200, 0).decode(errors="replace").strip() or "?"
        raise StoreLocked(_LOCKED.format(path=path, holder=holder)) from None
    with failures_named(path):
        os.truncate(handle, 0)
        os.pwrite(handle, f"{socket.gethostname()} {os.getpid()} {datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}\n".encode(), 0)


_NONE = Text(
    "There is no event store in {path}. `comity events load` makes one; --store or COMITY_EVENTS names another folder.",
    "{path}에 사건 저장소가 없습니다. `comity events load`가 만들며, 다른 폴더는 --store나 COMITY_EVENTS로 지정합니다.",
)
_OTHER = Text(
    "{path} holds other things; an event store needs a folder of its own.",
    "{path}에 다른 파일이 있습니다. 사건 저장소에는 전용 폴더가 필요합니다.",
)
_LOCKED = Text(
    "Another load is writing to {path} (host, process, since: {holder}). Wait for it or stop it; nothing was changed.",
    "다른 적재 작업이 {path}에 쓰고 있습니다(호스트, 프로세스, 시작: {holder}). 끝나기를 기다리거나 중지하십시오. 바뀐 것은 없습니다.",
)
_READ_ONLY = Text("The store {path} may not be written here.", "저장소 {path}에 쓸 수 없습니다.")
_FULL = Text(
    "No room left on the disk of {path}. The files loaded before are safe; make room and run the same command again.",
    "{path}의 디스크 공간이 부족합니다. 이미 적재한 파일은 안전합니다. 공간을 확보한 뒤 같은 명령을 다시 실행하십시오.",
)
