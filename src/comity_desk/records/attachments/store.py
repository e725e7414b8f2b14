"""Where do the bytes of attachments lie? In a folder of the desk, under random names, readable by the desk alone.

A file is written beside its place and moved there, so that there is never half of one; whether it is still the file that was added is looked
at each time it is handed out.
"""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

from django.conf import settings

from comity.vocab.text import Text
from comity_desk.lib import tokens
from comity_desk.lib.errors import DeskError


class Damaged(DeskError):
    """A file that is not any more what was added."""

    status = 500
    title = Text("The file is damaged", "파일이 손상되었습니다")


def keep(content: bytes) -> str:
    """Write a file; its random name."""
    name = tokens.token(24)
    folder = _folder()
    beside = folder / f".{name}"
    with open(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as out:
        out.write(content)
        out.flush()
        os.fsync(out.fileno())
    beside.replace(folder / name)
    return name


def opened(name: str, sha256: str) -> bytes:
    """The content of a file, if it is still what was added; else `Damaged`."""
    try:
        content = (_folder() / name).read_bytes()
    except FileNotFoundError:
        raise Damaged(_GONE) from None
    if hashlib.sha256(content).hexdigest() != sha256:
        raise Damaged(_CHANGED)
    return content


def destroy(name: str) -> None:
    """Remove a file for good; nothing happens where there is none."""
    (_folder() / name).unlink(missing_ok=True)


def _folder() -> Path:
    folder = Path(settings.MEDIA_ROOT)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder


_GONE = Text("The file is not in its place. Tell whoever keeps the desk.", "파일이 제자리에 없습니다. 시스템 담당자에게 알리십시오.")
_CHANGED = Text(
    "The file is not what was added: its checksum differs. It is not handed out; tell whoever keeps the desk.",
    "등록된 파일과 해시가 달라 내려받을 수 없습니다. 시스템 담당자에게 알리십시오.",
)
