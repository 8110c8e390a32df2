"""``python -m tests.quality.fit lines|titles``: the weights to paste in a module, and what they reach."""

import argparse

from tests.quality.fit import lines, titles
from tests.quality.fit.data import DATA

REPORTS = {"lines": lines.report, "titles": titles.report}

if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="python -m tests.quality.fit", description=__doc__)
    parser.add_argument("what", choices=REPORTS)
    chosen = parser.parse_args()
    if not DATA:
        parser.error("PRESSMARK_DATA is not set: the gold is not at hand")
    print(REPORTS[chosen.what]())
