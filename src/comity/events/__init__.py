"""The political event store: what was loaded from where, and panels of it by dyad and time."""
