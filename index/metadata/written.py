"""Dates as people and machines write them: the days that a string names, where it stands, in many languages.

Only dates with a year are read.  Where day and month could be either (03/04/2021), both readings
are given, and the caller decides or refuses.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from index import edtf

if TYPE_CHECKING:
    from collections.abc import Iterator

    from index.edtf import Interval

# A row a month: English, German, French, Spanish, Italian, Portuguese, Dutch, Polish, Czech, Slovak,
# Hungarian, Romanian, Scandinavian, Turkish, Finnish, Greek, Russian, Ukrainian, Bulgarian, Catalan,
# Indonesian, Arabic, Persian; with genitives.
_MONTHS = """
january jan januar jänner janvier janv januari enero ene gennaio gen janeiro styczeń stycznia leden ledna január ianuarie ocak tammikuu tammikuuta ιανουάριος ιανουαρίου января січня януари januára gener januar يناير ژانویه
february feb februar feber februari février févr fév febrero febbraio fevereiro fev luty lutego únor února február februarie şubat helmikuu helmikuuta φεβρουάριος φεβρουαρίου февраля лютого февруари februára febrer فبراير فوریه
march mar märz mrz mars marts maart mrt marzo março marzec marca březen března március martie mart maaliskuu maaliskuuta μάρτιος μαρτίου марта березня март març maret مارس
april apr avril avr abril abr aprile kwiecień kwietnia duben dubna április aprilie nisan huhtikuu huhtikuuta απρίλιος απριλίου апреля квітня април apríla أبريل آوریل
may mai mei maj mayo maggio mag maio maja květen května május mayıs toukokuu toukokuuta μάιος μαΐου мая травня май mája maig مايو مه
june jun juni juin junio giugno giu junho czerwiec czerwca červen června június iunie haziran kesäkuu kesäkuuta ιούνιος ιουνίου июня червня юни júna juny يونيو ژوئن
july jul juli juillet juil julio luglio lug julho lipiec lipca červenec července július iulie temmuz heinäkuu heinäkuuta ιούλιος ιουλίου июля липня юли júla juliol يوليو ژوئیه
august aug août aout augustus agosto ago sierpień sierpnia srpen srpna augusztus ağustos elokuu elokuuta αύγουστος αυγούστου августа серпня август augusta agost agustus أغسطس اوت
september sep sept septembre septiembre setiembre settembre set setembro wrzesień września září szeptember septembrie eylül syyskuu syyskuuta σεπτέμβριος σεπτεμβρίου сентября вересня септември septembra setembre سبتمبر سپتامبر
october oct oktober okt octobre octubre ottobre ott outubro out październik października říjen října október octombrie ekim lokakuu lokakuuta οκτώβριος οκτωβρίου октября жовтня октомври októbra أكتوبر اکتبر
november nov novembre noviembre novembro listopad listopada listopadu noiembrie kasım marraskuu marraskuuta νοέμβριος νοεμβρίου ноября листопада ноември novembra نوفمبر نوامبر
december dec dezember dez desember décembre déc dic diciembre dicembre dezembro grudzień grudnia prosinec prosince decembrie aralık joulukuu joulukuuta δεκέμβριος δεκεμβρίου декабря грудня декември decembra desembre ديسمبر دسامبر
"""  # noqa: E501 - a row a month
MONTHS = {
    unicodedata.normalize("NFC", name).casefold(): number
    for number, row in enumerate(_MONTHS.strip().splitlines(), 1)
    for name in row.split()
}
"""Names of months, and their number."""

# Any word stands here for a month, and MONTHS is asked afterwards: hundreds of names in a pattern are slow.
_MONTH = r"(?P<month>[^\W\d_]{2,13})\b\.?"
_DAY = r"(?P<day>[0-3]?\d)"
_YEAR = r"(?P<year>(?:1[4-9]|20)\d\d)"
_OF = r"(?:\s*(?:(?:de|del|of)\b|d’|d')\s*|[\s\-]*)"

# A capital or the next date may be glued to a year ("2. Februar 2020Politik"), but no letter.
_GOES_ON = r"(?-i:[a-zà-ÿ_/])|\d(?!\d?[.]\s?[^\W\d])|[.-]\d"

FORMS = tuple(
    re.compile(rf"(?<![\w.-])(?<!\d/){form}(?!{_GOES_ON})", re.IGNORECASE)
    for form in (
        rf"{_YEAR}(?P<sep>[-/.])(?P<number>[01]?\d)(?P=sep){_DAY}(?:(?=T\d))?",
        rf"{_DAY}\. ?(?P<number>[01]?\d)\. ?(?P<year>(?:1[4-9]|20)?\d\d)",
        rf"(?P<first>[0-3]?\d)(?P<sep>[/-]| \| | / )(?P<second>[0-3]?\d)(?P=sep){_YEAR}",
        rf"{_DAY}(?:\.|st|nd|rd|th|er|º|°|-?го)?{_OF}{_MONTH}(?:{_OF}|,\s*){_YEAR}",
        rf"{_MONTH}\s*{_DAY}(?:st|nd|rd|th)?(?:,\s*|\s+){_YEAR}",
        rf"{_YEAR}\.?\s*{_MONTH}\s*{_DAY}\.?",
        rf"{_YEAR}\s*[年년]\s*(?P<number>[01]?\d)\s*[月월]\s*{_DAY}\s*[日일]?",
    )
)
"""Ways to write a day, tried in this order at each place."""
YEARISH = re.compile(r"(?:1[4-9]|20)\d\d|\d\. ?\d\d(?!\d)")
"""What every form holds: a year, or two digits of one behind a full stop."""
_ISO_TIME = re.compile(r"(?<!\d)(?P<year>\d{4})-(?P<number>\d\d)-(?P<day>\d\d)(?=T\d\d:?\d\d)")
MONTH_FORM = re.compile(rf"(?<!\w){_MONTH},?\s+(?:de |del )?{_YEAR}(?!\w)", re.IGNORECASE)

_GRACE = timedelta(days=1)
CENTURY = 2000
"""Two digits of a year are of this century: nothing on the web was printed in the one before."""


@dataclass(frozen=True, slots=True)
class Written:
    """A day as written in ``text[start:end]``: ``other`` is its second reading, where it has two."""

    start: int
    end: int
    day: date
    other: date | None = None


def days(text: str) -> Iterator[Written]:
    """Yield the days that are written in the text, in their order; none overlaps another.

    >>> [str(w.day) for w in days("Published 24. Mai 2021 | Updated: May 25, 2021 10:30 UTC")]
    ['2021-05-24', '2021-05-25']
    """
    if not YEARISH.search(text):
        return
    found: list[Written] = []
    for form in (_ISO_TIME, *FORMS):
        for match in form.finditer(text):
            if any(match.start() < w.end and w.start < match.end() for w in found):
                continue
            written = _read(match)
            if written:
                found.append(written)
    yield from sorted(found, key=lambda w: w.start)


def month(text: str) -> Interval | None:
    """Return the month that is all of the text, as "February 2024", or None."""
    match = MONTH_FORM.fullmatch(text.strip())
    number = MONTHS.get(match["month"].casefold()) if match else None
    return edtf.month(int(match["year"]), number) if match and number else None


_MONTH_BEHIND = _MONTH.replace("month", "behind")
_YEARLESS = re.compile(
    rf"(?<!\w)(?:{_MONTH}\s*{_DAY}|(?P<first>[0-3]?\d)\.?\s*{_MONTH_BEHIND})(?![\w.])", re.IGNORECASE
)


def yearless(text: str, anchor: date) -> Written | None:
    """Return the last day before or at the anchor (a day of grace) that a date without a year can mean.

    >>> yearless("LONDON, May 24 (Reuters)", date(2021, 6, 1)).day
    datetime.date(2021, 5, 24)
    >>> yearless("24 Dec", date(2021, 6, 1)).day
    datetime.date(2020, 12, 24)
    """
    read = ((m, MONTHS.get((m["month"] or m["behind"]).casefold())) for m in _YEARLESS.finditer(text))
    match, number = next(((m, n) for m, n in read if n), (None, None))
    if match is None or number is None:
        return None
    day = int(match["day"] or match["first"])
    near = (_date(year, number, day) for year in (anchor.year + 1, anchor.year, anchor.year - 1))
    found = next((d for d in near if d and d <= anchor + _GRACE), None)
    return Written(match.start(), match.end(), found) if found else None


def _read(match: re.Match[str]) -> Written | None:
    parts = match.groupdict()
    year = int(parts["year"])
    if len(parts["year"]) == 2:  # noqa: PLR2004 - digits
        year += CENTURY
    if "first" in parts:
        first, second = int(parts["first"]), int(parts["second"])
        readings = [r for r in (_date(year, second, first), _date(year, first, second)) if r]
        if not readings:
            return None
        other = readings[1] if len(readings) > 1 and readings[0] != readings[1] else None
        return Written(match.start(), match.end(), readings[0], other)
    number = int(parts["number"]) if parts.get("number") else MONTHS.get(parts["month"].casefold())
    day = _date(year, number, int(parts["day"])) if number else None
    return Written(match.start(), match.end(), day) if day else None


def _date(year: int, number: int, day: int) -> date | None:
    try:
        return date(year, number, day)
    except ValueError:
        return None
