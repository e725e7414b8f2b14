"""Chance: the only place where the desk draws random names, keys and salts, so that a test can repeat a draw."""

from __future__ import annotations

import secrets

ALPHABET = "23456789abcdefghjkmnpqrstvwxyz"  # no letters that are read as one another


def token(length: int = 6) -> str:
    """A random word for ids that people read: 30 letters, so six of them name one of 7 · 10⁸."""
    return "".join(secrets.choice(ALPHABET) for _ in range(length))


def token_bytes(count: int = 16) -> bytes:
    """Random bytes for keys and salts."""
    return secrets.token_bytes(count)


def password() -> str:
    """A one-time password: four groups of five letters, about 98 bits."""
    return "-".join(token(5) for _ in range(4))
