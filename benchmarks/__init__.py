"""Measurements, run by hand from the project's root: `python -m benchmarks.NAME` prints a table."""
