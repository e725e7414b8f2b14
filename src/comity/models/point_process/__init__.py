"""Hawkes processes in continuous time: pattern, model, likelihood, optimum, simulation, residuals."""
