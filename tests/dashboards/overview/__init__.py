"""Tests of how the overview is put together."""
