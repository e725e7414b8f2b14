"""What the numbers are: each measure is one module and one pure function from a snapshot (and a day) to a `Result`."""
