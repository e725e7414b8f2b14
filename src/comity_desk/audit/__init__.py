"""Who did what, when and why: one chained event for every change of state."""
