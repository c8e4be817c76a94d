"""Rows of a registry for benchmarks: who takes part, and one module for each kind of record."""
