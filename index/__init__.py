"""What is stored, and how it was recovered: from messy news to an index.

``python -m index build SOURCE…`` reads sources, cleans them, recovers their metadata with
evidence, analyses their words and commits a generation that ``search`` can hold.
"""
