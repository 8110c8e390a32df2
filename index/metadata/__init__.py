"""Metadata of an article: one field, one module; each gives a value with its evidence, or nothing."""
