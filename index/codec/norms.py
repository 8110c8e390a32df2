"""Norms: the length of a field in one byte, as Whoosh keeps it, some 3 % apart."""

from __future__ import annotations

import numpy as np
from whoosh.util.numeric import byte_to_length

LENGTHS = np.array([byte_to_length(byte) for byte in range(256)], dtype=np.float64)
"""The length that each byte stands for: the smallest that is not below the exact one."""
