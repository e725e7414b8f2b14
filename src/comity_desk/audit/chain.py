"""How is a row bound to all rows before it, without the chain holding what the row says?

A row's content is committed to with a salt of its own: `commitment = SHA-256(salt ‖ content)`. The link of a row is
`SHA-256(previous link ‖ commitment ‖ what else the row states)`. Destroying content and salt leaves the commitment, and with it an intact
chain; changing, removing or reordering any row breaks every link after it. Salts keep short contents from being guessed from commitments.
(Haber & Stornetta 1991, J. Cryptology 3:99-111, for the linking; hiding commitments by salted hashes as in RFC 9162-like logs.)
"""

from __future__ import annotations

import hashlib
import json
from typing import Any

GENESIS = bytes(32)


def canonical(content: dict[str, Any]) -> str:
    """JSON that is the same for the same content: sorted names, no spaces, nothing escaped that need not be, no empty entries."""
    return json.dumps({name: value for name, value in content.items() if value is not None}, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def commitment(salt: bytes, content: str) -> bytes:
    """32 bytes that bind a content without showing it."""
    return hashlib.sha256(salt + content.encode()).digest()


def link(previous: bytes, committed: bytes, *stated: object) -> bytes:
    """32 bytes that bind a row, and what it states openly, to every row before it."""
    told = "\x1f".join("" if one is None else one.hex() if isinstance(one, bytes) else str(one) for one in stated)
    return hashlib.sha256(previous + committed + told.encode()).digest()
