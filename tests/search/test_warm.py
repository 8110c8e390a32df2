"""Once it is warm, a service compiles nothing: no question waits for a kernel, or is cut short by one."""

import subprocess
import sys
from pathlib import Path

SCRIPT = """
import sys

import pytest

from index.compiled import _Kernel
from search.warm import warm


def ready():
    modules = [module for name, module in sorted(sys.modules.items()) if name.startswith(("index", "search"))]
    kernels = {value for module in modules for value in vars(module).values() if isinstance(value, _Kernel)}
    return {
        (kernel._function.__qualname__, str(kinds))
        for kernel in kernels
        for kinds in [*kernel._compiled.overloads, *getattr(kernel, "_known", ())]
    }


warm()
before = ready()
code = pytest.main([sys.argv[1], "-p", "no:cacheprovider"])
print("late:", ready() - before)
sys.exit(code)
"""

CASES = Path(__file__).parent / "http" / "test_cases.py"


def test_no_question_of_any_case_meets_a_kernel_for_the_first_time():
    command = [sys.executable, "-c", SCRIPT, str(CASES)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout.splitlines()[-1:]) == (0, ["late: set()"]), done.stdout + done.stderr
