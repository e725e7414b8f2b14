"""The desk as each web process loads it: the application, with the record read in before the first question comes.

Where the database is away just then, the process serves all the same; the first question reads the record.
"""

from __future__ import annotations

import logging

from django.db import Error, connections

from comity_desk.conf.wsgi import application

__all__ = ["application"]


def read_in() -> None:
    """Read the record and what is public of it."""
    from comity.register.readers import Reader
    from comity_desk.ledger.snapshots import snapshot_for

    try:
        snapshot_for(Reader())
    except Error:
        logging.getLogger("comity_desk.serve").warning("the record could not be read in", exc_info=True)
    finally:
        connections.close_all()


read_in()
