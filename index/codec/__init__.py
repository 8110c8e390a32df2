"""Segments as arrays: how they are written, read, merged and checked; FORMAT.md has every byte."""
