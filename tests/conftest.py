"""What holds for all tests: hypothesis draws the same examples in every run.

``pytest --hypothesis-profile=explore`` draws new ones, and more of them.
"""

from hypothesis import settings

# No deadline: a busy machine is no failure.
settings.register_profile("check", deadline=None, derandomize=True)
settings.register_profile("explore", deadline=None, max_examples=2_000, print_blob=True)
settings.load_profile("check")
