"""Work for tests of the worker: it lasts as long as a file says."""
