"""The same twelve actors as agents of a Mesa model, one model a run: what a person who builds agent models would write.

Run by an interpreter that has Mesa (`COMITY_BENCH_MESA`); prints runs a second as JSON. Each week every agent draws its acts at its own rate
from its own echo and the others', and the echoes fade.
"""

from __future__ import annotations

import json
import math
import sys
import time

import mesa  # type: ignore[import-not-found]  # lives in an environment of its own

ACTORS, WEEKS, BASE, OWN, OTHERS, DECAY = 12, 52, 0.02, 0.3, 0.03, 2.0 ** (-7.0 / 30.0)


class Actor(mesa.Agent):  # type: ignore[misc]
    """One actor: its echo and this week's acts."""

    def __init__(self, model: mesa.Model) -> None:
        super().__init__(model)
        self.echo, self.acts = 0.0, 0

    def draw(self) -> None:
        """Draw this week's acts."""
        rate = BASE + (OWN - OTHERS) * self.echo + OTHERS * self.model.echoes
        uniform, term, k = self.random.random(), math.exp(-rate), 0
        reached = term
        while uniform >= reached and k < 6:
            k += 1
            term *= rate / k
            reached += term
        self.acts = k

    def fade(self) -> None:
        """Let the echo fade and add this week's acts."""
        self.echo = DECAY * self.echo + (1.0 - DECAY) * self.acts


class World(mesa.Model):  # type: ignore[misc]
    """All actors and the sum of their echoes."""

    def __init__(self, seed: int) -> None:
        super().__init__(seed=seed)
        Actor.create_agents(self, ACTORS)
        self.echoes = 0.0

    def step(self) -> None:
        """One week."""
        self.echoes = sum(agent.echo for agent in self.agents)
        self.agents.shuffle_do("draw")
        self.agents.do("fade")


def main(runs: int) -> None:
    """Time some runs."""
    began = time.process_time()
    total = 0
    for seed in range(runs):
        world = World(seed)
        for _ in range(WEEKS):
            world.step()
            total += sum(agent.acts for agent in world.agents)
    seconds = time.process_time() - began
    print(json.dumps({"seconds": seconds, "runs": runs, "acts": total / runs, "version": mesa.__version__}))


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 100)
