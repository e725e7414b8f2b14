"""May a row of a chain be changed at all? The database itself refuses, whoever asks: no row is deleted, and none is changed but for what a spill destroys.

Columns named in `destroyable` may become empty, and nothing else may happen to them; columns named in `also` may be filled once. The
triggers are made anew after every change of the tables, since SQLite drops them when it rebuilds a table. They hold against mistakes and
against whoever speaks to the database as the desk; whoever owns the database can remove them, which the chain then shows.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import migrations
from django.db.backends.base.base import BaseDatabaseWrapper

REFUSED = "rows of a chain are neither changed nor deleted"


@dataclass(frozen=True, slots=True)
class Guard:
    """A table whose rows are only ever added."""

    table: str
    destroyable: tuple[str, ...] = ("content", "salt")
    also: tuple[str, ...] = ()

    def statements(self, vendor: str, columns: Sequence[str]) -> tuple[list[str], list[str]]:
        """SQL that sets the triggers up (afresh, where they stand already), and SQL that takes them down."""
        down = self._down_postgresql() if vendor == "postgresql" else self._down_sqlite()
        allowed = self._allowed("IS NOT DISTINCT FROM" if vendor == "postgresql" else "IS", columns)
        return [*down, *(self._up_postgresql(allowed) if vendor == "postgresql" else self._up_sqlite(allowed))], down

    def _allowed(self, same: str, columns: Sequence[str]) -> str:
        """The condition under which an UPDATE passes."""
        rules = [f'NEW."{name}" {same} OLD."{name}"' for name in columns if name not in (*self.destroyable, *self.also)]
        rules += [f'(NEW."{name}" {same} OLD."{name}" OR NEW."{name}" IS NULL)' for name in self.destroyable]
        rules += [f'(NEW."{name}" {same} OLD."{name}" OR OLD."{name}" IS NULL)' for name in self.also]
        return " AND ".join(rules)

    def _up_sqlite(self, allowed: str) -> list[str]:
        refuse = f"BEGIN SELECT RAISE(ABORT, '{REFUSED}'); END"
        return [
            f'CREATE TRIGGER "{self.table}_kept" BEFORE DELETE ON "{self.table}" {refuse}',
            f'CREATE TRIGGER "{self.table}_unchanged" BEFORE UPDATE ON "{self.table}" WHEN NOT ({allowed}) {refuse}',
        ]

    def _down_sqlite(self) -> list[str]:
        return [f'DROP TRIGGER IF EXISTS "{self.table}_{name}"' for name in ("kept", "unchanged")]

    def _up_postgresql(self, allowed: str) -> list[str]:
        call = f'EXECUTE FUNCTION "{self.table}_refuse"()'
        return [
            f"""CREATE FUNCTION "{self.table}_refuse"() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION '{REFUSED}'; END $$""",
            f'CREATE TRIGGER "{self.table}_kept" BEFORE DELETE ON "{self.table}" FOR EACH ROW {call}',
            f'CREATE TRIGGER "{self.table}_unchanged" BEFORE UPDATE ON "{self.table}" FOR EACH ROW WHEN (NOT ({allowed})) {call}',
            f'CREATE TRIGGER "{self.table}_whole" BEFORE TRUNCATE ON "{self.table}" FOR EACH STATEMENT {call}',
        ]

    def _down_postgresql(self) -> list[str]:
        names = ("kept", "unchanged", "whole")
        return [*(f'DROP TRIGGER IF EXISTS "{self.table}_{name}" ON "{self.table}"' for name in names), f'DROP FUNCTION IF EXISTS "{self.table}_refuse"()']

    def set_up(self, connection: BaseDatabaseWrapper) -> None:
        """Make the triggers, afresh where they stand."""
        self._run(connection, 0)

    def take_down(self, connection: BaseDatabaseWrapper) -> None:
        """Remove the triggers."""
        self._run(connection, 1)

    def stands(self, connection: BaseDatabaseWrapper) -> bool:
        """Whether the database holds the triggers."""
        catalogue = (
            "SELECT tgname FROM pg_trigger WHERE tgenabled <> 'D'"
            if connection.vendor == "postgresql"
            else "SELECT name FROM sqlite_master WHERE type = 'trigger'"
        )
        with connection.cursor() as cursor:
            cursor.execute(catalogue)
            return {f"{self.table}_kept", f"{self.table}_unchanged"} <= {row[0] for row in cursor.fetchall()}

    def _run(self, connection: BaseDatabaseWrapper, which: int) -> None:
        with connection.cursor() as cursor:
            columns = [column.name for column in connection.introspection.get_table_description(cursor, self.table)]
            for statement in self.statements(connection.vendor, columns)[which]:
                cursor.execute(statement)


GUARDED: dict[str, Guard] = {}


def guarded(table: str, destroyable: Sequence[str] = ("content", "salt"), also: Sequence[str] = ()) -> Guard:
    """Declare a table of the running desk append-only: its triggers are made anew after changes of the tables, and looked for by `verify`."""
    return GUARDED.setdefault(table, Guard(table, tuple(destroyable), tuple(also)))


def append_only(table: str, destroyable: Sequence[str] = ("content", "salt"), also: Sequence[str] = ()) -> migrations.RunPython:
    """The step of a migration that makes a table append-only, and undoes it on the way back."""
    guard = Guard(table, tuple(destroyable), tuple(also))
    return migrations.RunPython(lambda _, editor: guard.set_up(editor.connection), lambda _, editor: guard.take_down(editor.connection))


def guards(connection: BaseDatabaseWrapper) -> list[Guard]:
    """The guards of tables that the database holds."""
    present = set(connection.introspection.table_names())
    return [guard for guard in GUARDED.values() if guard.table in present]


def set_up_all(connection: BaseDatabaseWrapper) -> None:
    """Make every guarded table's triggers anew."""
    for guard in guards(connection):
        guard.set_up(connection)
