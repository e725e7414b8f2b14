"""What a file of events is to the store: the name of its source and the reader for it.

Sources are kept apart, because each counts its ids and covers the world in its own way. GDELT 1.0 and 2.0 are two of them: the same act may be
in both, under other ids and with other volumes.
"""

from __future__ import annotations

from pathlib import Path

from comity.events.loading import Source
from comity.sources.forms import form_of
from comity.sources.text_rows import first_bytes
from comity.vocab.errors import UnknownForm
from comity.vocab.text import Text

GDELT = "gdelt_events"
COLUMNS_OF_2 = 61
HEAD = 64 << 10


def source_of(path: Path) -> Source:
    """The source of a file of events.

    Raises `UnknownForm` for a file of no known form and for one that holds no events, `DamagedFile` for a broken zip.
    """
    form = form_of(path)
    if form.gives != "events" or form.read is None:
        raise UnknownForm(_NO_EVENTS.format(file=path.name, form=form.title))
    if form.name != GDELT:
        return Source(form.name, form.read)
    columns = first_bytes(path, HEAD).partition(b"\n")[0].count(b"\t") + 1
    return Source("gdelt2" if columns == COLUMNS_OF_2 else "gdelt1", form.read)


_NO_EVENTS = Text("{file} holds no events but: {form}.", "{file}은(는) 사건 파일이 아닙니다: {form}.")
