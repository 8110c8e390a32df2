"""``python -m tests.quality table|levels|speed|ranking``: recovery, levels, speed, ranking beside others."""

import argparse
import importlib

from tests.quality.ranking import DATA

REPORTS = {"table": "table", "levels": "calibration", "speed": "speed", "ranking": "rankers"}

if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="python -m tests.quality", description=__doc__)
    parser.add_argument("what", choices=REPORTS)
    chosen = parser.parse_args()
    if not DATA:
        parser.error("PRESSMARK_DATA is not set: the gold is not at hand")
    for line in importlib.import_module(f"tests.quality.{REPORTS[chosen.what]}").report():
        print(line)
