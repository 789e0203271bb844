"""Dates and durations: read, added, written."""

import calendar
import re
from collections.abc import Callable
from datetime import date, datetime, time, timedelta

from provenote.queries.values import Duration, Failed

_DATE = re.compile(
    r"(\d{4})-(\d{2})(?:-(\d{2})(?:[T ](\d{2})(?::(\d{2})(?::(\d{2})(?:\.\d+)?)?)?)?)?"
    r"(?:Z|[+-]\d{1,2}(?::\d{2})?)?"
)
_PART = re.compile(r"\s*(-?\d+(?:\.\d+)?)\s*([A-Za-z]+)\s*,?")
_DAY = 86_400
_UNITS: dict[str, Duration] = {
    **dict.fromkeys(("y", "yr", "yrs", "year", "years"), Duration(12)),
    **dict.fromkeys(("M", "mo", "mos", "month", "months"), Duration(1)),
    **dict.fromkeys(("w", "wk", "wks", "week", "weeks"), Duration(0, 7 * _DAY)),
    **dict.fromkeys(("d", "day", "days"), Duration(0, _DAY)),
    **dict.fromkeys(("h", "hr", "hrs", "hour", "hours"), Duration(0, 3600)),
    **dict.fromkeys(("m", "min", "mins", "minute", "minutes"), Duration(0, 60)),
    **dict.fromkeys(("s", "sec", "secs", "second", "seconds"), Duration(0, 1)),
}


def midnight(moment: datetime) -> datetime:
    return moment.replace(hour=0, minute=0, second=0, microsecond=0)


SHORTHANDS: dict[str, Callable[[datetime], datetime]] = {
    "now": lambda now: now,
    "today": midnight,
    "yesterday": lambda now: midnight(now) - timedelta(days=1),
    "tomorrow": lambda now: midnight(now) + timedelta(days=1),
    "sow": lambda now: midnight(now) - timedelta(days=now.weekday()),
    "eow": lambda now: midnight(now) + timedelta(days=7 - now.weekday(), seconds=-1),
    "som": lambda now: midnight(now).replace(day=1),
    "eom": lambda now: _end(midnight(now).replace(day=1), 1),
    "soy": lambda now: midnight(now).replace(month=1, day=1),
    "eoy": lambda now: _end(midnight(now).replace(month=1, day=1), 12),
}
"""What Dataview's `date(today)` may name, from the present moment."""
for _short, _word in (("w", "week"), ("m", "month"), ("y", "year")):
    SHORTHANDS[f"start-of-{_word}"] = SHORTHANDS[f"so{_short}"]
    SHORTHANDS[f"end-of-{_word}"] = SHORTHANDS[f"eo{_short}"]


def _end(start: datetime, months: int) -> datetime:
    return add(start, Duration(months, -1))


def of_property(value: date) -> datetime:
    """A date as YAML and TOML give it; the time that stands there counts, whatever its zone."""
    if isinstance(value, datetime):
        return value.replace(tzinfo=None)
    return datetime.combine(value, time())


def read_date(text: str) -> datetime | None:
    """`2026-01`, `2026-01-05`, `2026-01-05T12:30`, also with a blank for the T."""
    match = _DATE.fullmatch(text.strip())
    if not match:
        return None
    year, month, day, hour, minute, second = (int(part or 0) for part in match.groups())
    try:
        return datetime(year, month, day or 1, hour, minute, second)
    except ValueError:
        return None


def read_duration(text: str) -> Duration | None:
    """`1 day`, `2h 30m`, `1 year, 2 months`."""
    total, at = Duration(), 0
    while match := _PART.match(text, at):
        unit = _UNITS.get(match[2]) or _UNITS.get(match[2].lower())
        if not unit:
            return None
        total = total.plus(unit.times(float(match[1])))
        at = match.end()
    return total if at and not text[at:].strip() else None


def add(date: datetime, duration: Duration) -> datetime:
    """Months first, to the last day of a month that is too short."""
    try:
        whole = int(duration.months)
        rest = duration.seconds + (duration.months - whole) * 30 * _DAY
        month = date.year * 12 + date.month - 1 + whole
        year, month = month // 12, month % 12 + 1
        day = min(date.day, calendar.monthrange(year, month)[1])
        return date.replace(year=year, month=month, day=day) + timedelta(seconds=rest)
    except (ValueError, OverflowError, IndexError) as error:
        raise Failed("this date is too far") from error


def between(later: datetime, earlier: datetime) -> Duration:
    """Years and months as the calendar counts them, and the rest."""
    if later < earlier:
        return between(earlier, later).times(-1)
    months = (later.year - earlier.year) * 12 + later.month - earlier.month
    if add(earlier, Duration(months)) > later:
        months -= 1
    return Duration(months, (later - add(earlier, Duration(months))).total_seconds())


_LUXON = re.compile(r"'[^']*'|y+|M+|L+|d+|c+|E+|o+|H+|h+|m+|s+|S+|a|W+|q|x|X|.", re.DOTALL)
_MOMENT = re.compile(r"\[[^\]]*\]|Y+|Mo|M+|Do|D+|d+|H+|h+|m+|s+|S+|A|a|W+|w+|E|Q|x|X|.", re.DOTALL)


def luxon(date: datetime, form: str) -> str:
    """A date as Dataview's `dateformat` writes it."""
    return "".join(_luxon_part(date, part) for part in _LUXON.findall(form))


def _luxon_part(date: datetime, part: str) -> str:
    if part.startswith("'"):
        return part[1:-1]
    same = {
        "y": "YYYY",
        "yyyy": "YYYY",
        "yy": "YY",
        "d": "D",
        "dd": "DD",
        "o": "DDD",
        "ooo": "DDDD",
    }
    names = {"E": "E", "c": "E", "EEE": "ddd", "ccc": "ddd", "EEEE": "dddd", "cccc": "dddd"}
    kept = {"a": "A", "kkkk": "YYYY", "q": "Q"}
    moment_part = {**same, **names, **kept}.get(part, part.replace("L", "M"))
    return _moment_part(date, moment_part) if part[0].isalpha() else part


def moment(date: datetime, form: str) -> str:
    """A date as Bases' `format` writes it."""
    return "".join(_moment_part(date, part) for part in _MOMENT.findall(form))


def _moment_part(date: datetime, part: str) -> str:
    if part.startswith("["):
        return part[1:-1]
    hour = date.hour % 12 or 12
    week = date.isocalendar().week
    table = {
        "YYYY": f"{date.year:04}", "YY": f"{date.year % 100:02}", "Y": str(date.year),
        "MMMM": calendar.month_name[date.month], "MMM": calendar.month_abbr[date.month],
        "MM": f"{date.month:02}", "M": str(date.month), "Mo": _ordinal(date.month),
        "DDDD": f"{date:%j}", "DDD": str(int(f"{date:%j}")),
        "DD": f"{date.day:02}", "D": str(date.day), "Do": _ordinal(date.day),
        "dddd": calendar.day_name[date.weekday()], "ddd": calendar.day_abbr[date.weekday()],
        "dd": calendar.day_abbr[date.weekday()][:2], "d": str(date.isoweekday() % 7),
        "E": str(date.isoweekday()),
        "HH": f"{date.hour:02}", "H": str(date.hour), "hh": f"{hour:02}", "h": str(hour),
        "mm": f"{date.minute:02}", "m": str(date.minute),
        "ss": f"{date.second:02}", "s": str(date.second), "SSS": f"{date.microsecond // 1000:03}",
        "A": "AM" if date.hour < 12 else "PM", "a": "am" if date.hour < 12 else "pm",
        "WW": f"{week:02}", "W": str(week), "ww": f"{week:02}", "w": str(week),
        "Q": str((date.month + 2) // 3),
        "X": str(calendar.timegm(date.timetuple())),
        "x": str(calendar.timegm(date.timetuple()) * 1000),
    }  # fmt: skip
    return table.get(part, part)


def _ordinal(number: int) -> str:
    ending = {1: "st", 2: "nd", 3: "rd"}.get(number % 10 if number not in {11, 12, 13} else 0, "th")
    return f"{number}{ending}"
