"""What was said in the articles of a generation: an index of quotes, with statistics of its own."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from index.codec.quotes import Quotes

if TYPE_CHECKING:
    from collections.abc import Mapping

    from index.generation import Generation


class QuotesIndex:
    """The quotes of live articles, a segment of them for each segment of the generation."""

    def __init__(self, generation: Generation) -> None:
        self.language = generation.language
        self.segments = tuple(Quotes(segment) for segment in generation.segments)
        self.documents = sum(segment.documents for segment in self.segments)

    @cached_property
    def averages(self) -> Mapping[str, float]:
        """The mean length of ``text`` over the quotes that have words; 1 where none has."""
        lengths = [segment.columns.lengths["text"][segment.live] for segment in self.segments]
        count = sum(int(np.count_nonzero(each)) for each in lengths)
        return {"text": sum(int(each.sum(dtype=np.int64)) for each in lengths) / count if count else 1.0}
