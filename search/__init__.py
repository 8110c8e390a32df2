"""What is asked, and how it is answered: from a request to ranked, faceted results.

``search`` stands on ``index``, never the other way round.
"""
