"""Many records at once from a table: mapped, checked, seen before they are proposed."""
