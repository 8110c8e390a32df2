"""``python -m tests.quality.fit REPORT``: weights of a module, and what they reach."""

import argparse

from tests.quality.fit import dates, languages, lines, names, pages, speakers, titles
from tests.quality.fit.data import DATA

REPORTS = {
    "dates": dates.report,
    "languages": languages.report,
    "lines": lines.report,
    "names": names.report,
    "pages": pages.report,
    "speakers": speakers.report,
    "titles": titles.report,
}

if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="python -m tests.quality.fit", description=__doc__)
    parser.add_argument("what", choices=REPORTS)
    chosen = parser.parse_args()
    if not DATA:
        parser.error("PRESSMARK_DATA is not set: the gold is not at hand")
    print(REPORTS[chosen.what]())
