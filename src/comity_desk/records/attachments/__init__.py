"""Files beside a record: checked, hashed, handed out to whoever may see them, never executed."""
