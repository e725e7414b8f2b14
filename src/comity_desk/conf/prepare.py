"""What must stand before the desk can be served: folders, tables, typeface, static files, a record and somebody who may sign in.

Each step looks first whether there is anything to do, so that preparing a prepared desk takes a second. Two processes that prepare the same
desk at once wait for each other.
"""

from __future__ import annotations

import fcntl
import hashlib
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings
from django.core.management import call_command

from comity.register.edition import replace_bytes
from comity.vocab.text import Text
from comity_desk.conf.fonts import write_fonts

Tell = Callable[[Text, float], None]


def prepare(tell: Tell, package: str = "kor") -> None:
    """Do every step that is needed; `tell` is called after each that did something, with its name and its seconds."""
    with _alone(settings.HOME), ProcessPoolExecutor(1) as beside:  # cutting the typeface takes as long as all the rest
        fonts = beside.submit(write_fonts, settings.ASSETS / "lib" / "fonts")
        _timed(tell, _TABLES, migrate)
        _timed(tell, _RECORD, lambda: load_if_empty(package))
        _timed(tell, _FONTS, lambda: bool(fonts.result()))
        _timed(tell, _STATIC, collect_static)
        first_administrator()


def migrate() -> bool:
    """Bring the tables up to date."""
    if not pending_migrations():
        return False
    call_command("migrate", verbosity=0, interactive=False)
    call_command("createcachetable", verbosity=0)
    return True


def pending_migrations() -> list[str]:
    """Steps of the tables that have not been taken."""
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connection)
    return [f"{step.app_label}.{step.name}" for step, _ in executor.migration_plan(executor.loader.graph.leaf_nodes())]


def load_if_empty(package: str) -> bool:
    """Load a package into an empty ledger."""
    from comity_desk.ledger.models import Entry

    if not package or Entry.objects.exists():
        return False
    call_command("load", package, verbosity=0)
    return True


def collect_static() -> bool:
    """Gather the static files, where any of them changed."""
    root = Path(settings.STATIC_ROOT)
    note, now = root / ".made-of", _static_digest()
    if note.is_file() and note.read_text() == now:
        return False
    call_command("collectstatic", verbosity=0, interactive=False, clear=root.is_dir())
    replace_bytes(note, now.encode())
    return True


def _static_digest() -> str:
    """Of names, sizes and times of all static files, wherever they lie."""
    from django.contrib.staticfiles.finders import get_finders

    whole = hashlib.sha256(str(settings.STORAGES["staticfiles"]).encode())
    for finder in get_finders():
        for name, storage in finder.list([".*"]):
            state = Path(storage.path(name)).stat()
            whole.update(f"{name} {state.st_size} {state.st_mtime_ns}\n".encode())
    return whole.hexdigest()


def first_administrator() -> None:
    """Where nobody has an account yet, make the first administrator, whose one-time password is printed this once."""
    from comity_desk.accounts.models import User

    if not User.objects.exists():
        call_command("createadmin")


@contextmanager
def _alone(home: Path) -> Iterator[None]:
    with (home / "prepare.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _timed(tell: Tell, name: Text, step: Callable[[], bool]) -> None:
    began = time.monotonic()
    if step():
        tell(name, time.monotonic() - began)


_TABLES = Text("Tables", "표 구조")
_RECORD = Text("Record loaded", "기록 적재")
_FONTS = Text("Typeface", "글꼴")
_STATIC = Text("Static files", "정적 파일")
