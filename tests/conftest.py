"""What holds for all tests: hypothesis draws the same examples in every run, kernels are compiled once.

``pytest --hypothesis-profile=explore`` draws new ones, and more of them.
"""

import os
import tempfile
from pathlib import Path

from hypothesis import Phase, settings

_KERNELS = Path(tempfile.gettempdir()) / f"pressmark-kernels-{os.getuid()}"
_KERNELS.mkdir(mode=0o700, exist_ok=True)
os.environ.setdefault("NUMBA_CACHE_DIR", str(_KERNELS))

# No deadline: a busy machine is no failure. No shrinking: that is what explore is for.
settings.register_profile("check", deadline=None, derandomize=True, phases=(Phase.explicit, Phase.generate))
settings.register_profile("explore", deadline=None, max_examples=2_000, print_blob=True)
settings.load_profile("check")
