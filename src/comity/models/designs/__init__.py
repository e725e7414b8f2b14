"""Effect designs: windows, calendars, rates, weeks, randomisation, and what third parties did."""
