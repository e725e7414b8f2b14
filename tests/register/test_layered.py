"""A mapping after many changes holds what a copy would."""

from __future__ import annotations

import random

from comity.register.layered import MANY, layered


def test_after_any_number_of_changes_it_holds_what_a_copy_holds() -> None:
    chance = random.Random(3)
    copied = {at: [at] for at in range(500)}
    now = dict(copied)
    for _ in range(400):
        changes = {chance.randrange(3 * MANY): [chance.random()] if chance.random() < 0.7 else [] for _ in range(chance.randint(1, 9))}
        now = layered(now, changes)
        copied |= changes
        assert [now.get(at, []) for at in changes] == list(changes.values())
    assert {key: value for key, value in now.items() if value} == {key: value for key, value in copied.items() if value}
    assert len(getattr(now, "maps", ())) <= 2, "layers do not pile up"
