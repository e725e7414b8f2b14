"""What every app of the desk rests on: clock, chance, languages, pages, errors."""
