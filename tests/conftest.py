"""What holds for all tests: hypothesis draws the same examples in every run, kernels are compiled once.

``pytest --hypothesis-profile=explore`` draws new ones, and more of them.
"""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

from hypothesis import Phase, settings

from index.compiled import kept_in

_KERNELS = Path(tempfile.gettempdir()) / f"pressmark-kernels-{os.getuid()}"
_KERNELS.mkdir(mode=0o700, exist_ok=True)
os.environ.setdefault("NUMBA_CACHE_DIR", str(_KERNELS))

# No deadline: a busy machine is no failure. No shrinking: that is what explore is for.
settings.register_profile("check", deadline=None, derandomize=True, phases=(Phase.explicit, Phase.generate))
settings.register_profile("explore", deadline=None, max_examples=2_000, print_blob=True)
settings.load_profile("check")


def pytest_configure(config):
    """Compile all kernels before several processes run tests: each would compile them for itself."""
    if config.getoption("numprocesses", None) and not kept_in().exists():
        print("Compiling the kernels: once, a minute …", flush=True)
        subprocess.run([sys.executable, "-c", "from search.warm import warm; warm()"], check=True)
