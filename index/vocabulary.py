"""Tables of words are written as text, and read as sets."""


def words(table: str) -> frozenset[str]:
    """Return the words of a table.

    >>> sorted(words("he she"))
    ['he', 'she']
    """
    return frozenset(table.split())
