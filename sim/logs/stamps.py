"""Read moments as systems write them: ISO 8601, day or month first, Chinese dates, Excel and Unix numbers."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import numpy as np
import pandas as pd

from sim.scenario.errors import InputError

EARLIEST, LATEST = pd.Timestamp("1990-01-01"), pd.Timestamp("2089-12-31 23:59:59")  # of what can be
_DAY_ONLY = re.compile(r"^\d{1,4}[-/.年]\d{1,2}[-/.月]\d{1,4}日?$")
_CHINESE = str.maketrans({"年": "-", "月": "-", "日": " ", "时": ":", "点": ":", "分": ":", "秒": ""})
_BY_DAY = re.compile(
    r"^(\d{1,4})[-/.](\d{1,2})[-/.](\d{1,4})"
    r"(?:[T ]+(\d{1,2}):(\d{2})(?::(\d{2})(?:[.,]\d+)?)?\s*([AaPp][Mm])?)?$"
)
_SCALES = (  # from, to, seconds of one, the moment of 0: milliseconds, seconds, days
    (6e11, 4e12, 0.001, "1970-01-01"),
    (6e8, 4e9, 1.0, "1970-01-01"),
    (3.2e4, 7.3e4, 86_400.0, "1899-12-30"),
)
_COMPACT = (  # from, to, the form: 20250304, 202503041030, 20250304103000
    (1.9e7, 2.1e7, "%Y%m%d"),
    (1.9e11, 2.1e11, "%Y%m%d%H%M"),
    (1.9e13, 2.1e13, "%Y%m%d%H%M%S"),
)
_HALF = re.compile(r"([上下])午\s*([\d:时点分秒]+)")  # of the day, before the hour
_ZERO = re.compile(r"\s+(?:UTC|GMT)$")
_MONTHS = r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*"
_NAMED = re.compile(
    rf"^(?:\d{{1,2}}[\s-]+{_MONTHS}[\s,-]+\d{{4}}|{_MONTHS}\.?\s+\d{{1,2}},?\s+\d{{4}})"
    r"(?:[\sT,]+\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:\s*[ap]m)?)?$",
    re.IGNORECASE,
)
_IN_UTC = (
    "moments are in UTC; give --time-zone if the office's clock is another",
    "时间为UTC；单位若用其他时区，请用 --time-zone 指明",
)
_NUMBER = re.compile(r"^\d+(?:\.\d+)?$")


@dataclass
class Clock:
    """How moments are read.

    Attributes
    ----------
    local : str or None
        The time zone of the office: moments that name an offset are converted to it. None: they stay as the
        clock on the wall showed them.
    written_in : str or None
        The time zone of moments that name none, where it is not the office's.
    day_first : bool or None
        Whether 03/04/2025 is in April. None: as values above 12 show it.
    """

    local: str | None = None
    written_in: str | None = None
    day_first: bool | None = None
    forms: set[str] = field(default_factory=set)
    guessed: set[tuple[str, str]] = field(default_factory=set)

    def __post_init__(self) -> None:
        for zone in (self.local, self.written_in):
            if zone is not None:
                try:
                    ZoneInfo(zone)
                except (ZoneInfoNotFoundError, ValueError, OSError):
                    raise InputError(
                        f"unknown time zone '{zone}'", remedy="Write it as Asia/Shanghai or UTC"
                    ) from None
        if self.written_in and not self.local:
            raise InputError("--written-in needs the office's time zone", remedy="Give --time-zone too")

    def read(self, given: pd.Series) -> pd.Series:
        """Return the moments on the office's wall, datetime64[us]; NaT where there is none or it is wrong."""
        if pd.api.types.is_datetime64_any_dtype(given.dtype):
            self.forms.add("dates of the file")
            if given.dt.tz is not None:
                if self.local is None and str(given.dt.tz) in ("UTC", "+00:00"):
                    self.guessed.add(_IN_UTC)
                return self._to_wall(given)
            return self._naive(given.astype("datetime64[us]"))
        if pd.api.types.is_numeric_dtype(given.dtype):
            return self._naive(self._numbers(given.astype(float)))
        text = given.astype("str").where(given.notna(), "").str.strip()
        moments = pd.Series(np.datetime64("NaT", "us"), index=text.index, dtype="datetime64[us]")
        left = text != ""
        if not left.any():
            return moments
        for part in (self._iso, self._chinese, self._by_day, self._digits, self._worded):
            found = part(text[left])
            moments[found.index] = found
            left &= moments.isna()
            if not left.any():
                break
        return moments

    def _iso(self, text: pd.Series) -> pd.Series:
        dashes = (text.str.slice(4, 5) == "-") & (text.str.slice(7, 8) == "-")
        if not dashes.any():
            return text[:0].astype("datetime64[us]")
        likely = text if dashes.all() else text[dashes]
        zulu = likely.str.endswith("Z")
        offset = zulu | likely.str.slice(-6, -5).isin(["+", "-"]) & likely.str.slice(-3, -2).eq(":")
        for place in (-5, -3):  # +0800, +08
            offset |= likely.str.slice(place, place + 1).isin(["+", "-"]) & (likely.str.len() > 15)
        parts = []
        if offset.any():
            self.forms.add("ISO 8601 with offset")
            aware = likely if offset.all() else likely[offset]
            parts.append(self._with_offset(aware, zulu[offset]))
        if not offset.all():
            self.forms.add("ISO 8601")
            read = pd.to_datetime(likely[~offset], format="ISO8601", errors="coerce")
            parts.append(self._naive(read.astype("datetime64[us]")))
        return pd.concat(parts).dropna()

    def _with_offset(self, aware: pd.Series, zulu: pd.Series) -> pd.Series:
        """Moments in the office's zone; without one, as the clock on the wall showed them."""
        if self.local is not None:
            return self._to_wall(pd.to_datetime(aware, format="ISO8601", utc=True, errors="coerce"))
        if zulu.any() or aware.str.slice(-6).isin(["+00:00"]).any():
            self.guessed.add(_IN_UTC)
        bare = aware.str.slice(0, -1).where(zulu, aware.str.slice(0, -5))
        for places in (6, 3):  # +08:00, +08
            bare = bare.where(
                ~aware.str.slice(-places, 1 - places).isin(["+", "-"]), aware.str.slice(0, -places)
            )
        return pd.to_datetime(bare, format="ISO8601", errors="coerce").astype("datetime64[us]")

    def _chinese(self, text: pd.Series) -> pd.Series:
        likely = text[text.str.contains("年", regex=False)]
        plain = likely.map(lambda one: one.translate(_CHINESE).replace("  ", " ").strip(" :"))
        plain = plain.str.replace(r"\s+", " ", regex=True).str.replace(r":\s*$", "", regex=True)
        plain = plain.str.replace(r" (\d{1,2})$", r" \1:00", regex=True)
        if len(plain):
            self.forms.add("年月日")
        read = pd.to_datetime(plain, format="mixed", yearfirst=True, errors="coerce").dropna()
        return self._naive(read.astype("datetime64[us]"))

    def _by_day(self, text: pd.Series) -> pd.Series:
        """Year, month and day by slashes or points, or day and month first."""
        parts = text.str.extract(_BY_DAY).dropna(subset=[0])
        if not len(parts):
            return text[:0].astype("datetime64[us]")
        a, b, c = (parts[place].astype(int) for place in range(3))
        year_first = a > 31
        day_first = self._day_first(a[~year_first], b[~year_first])
        year = a.where(year_first, c.where(c > 99, c + 2000))
        month = b.where(year_first | day_first, a)
        day = c.where(year_first, a if day_first else b)
        hour = parts[3].fillna("0").astype(int)
        afternoon = parts[6].str.lower() == "pm"
        hour = hour.where(parts[6].isna(), hour % 12 + 12 * afternoon)
        fields = {"year": year, "month": month, "day": day, "hour": hour}
        fields |= {"minute": parts[4].fillna("0").astype(int), "second": parts[5].fillna("0").astype(int)}
        self.forms.add("day first" if day_first and not year_first.all() else "dates with / or .")
        seconds = 3600 * fields["hour"] + 60 * fields["minute"] + fields["second"]
        of_day = (seconds <= 86_400) & (fields["minute"] < 60) & (fields["second"] < 60)  # 24:00 ends a day
        read = pd.to_datetime(pd.DataFrame(fields)[of_day], errors="coerce").dropna()
        return self._naive(read.astype("datetime64[us]"))

    def _day_first(self, a: pd.Series, b: pd.Series) -> bool:
        if self.day_first is not None or not len(a):
            return bool(self.day_first)
        if (a > 12).any() and (b > 12).any():
            return True  # those of the other order stay unread, and are counted
        if not (a > 12).any() and not (b > 12).any():
            raise InputError(
                f"it cannot be told whether {a.iloc[0]}/{b.iloc[0]} is day or month first",
                remedy="Give --day-first or --month-first",
            )
        return bool((a > 12).any())

    def _worded(self, text: pd.Series) -> pd.Series:
        """Moments with 上午 or 下午, with UTC, or with the name of a month."""
        plain = text.str.replace(_ZERO, "Z", regex=True).str.replace(_HALF, _with_half, regex=True)
        changed = plain[plain != text]
        parts = [part(changed) for part in (self._iso, self._chinese, self._by_day)]
        named = text[text.str.match(_NAMED)]
        if len(named):
            self.forms.add("names of months")
            read = pd.to_datetime(named, format="mixed", errors="coerce").dropna()
            parts.append(self._naive(read.astype("datetime64[us]")))
        return pd.concat([one for one in parts if len(one)] or parts[:1])

    def _digits(self, text: pd.Series) -> pd.Series:
        likely = text[text.str.match(_NUMBER)]
        if not len(likely):
            return likely.astype("datetime64[us]")
        return self._naive(self._numbers(likely.astype(float)).dropna())

    def _numbers(self, given: pd.Series) -> pd.Series:
        """Milliseconds or seconds since 1970, Excel's days since 1899-12-30, or 20250304103000."""
        self.forms.add("numbers")
        moments = pd.Series(np.datetime64("NaT", "us"), index=given.index, dtype="datetime64[us]")
        for low, high, seconds, origin in _SCALES:
            own = given.between(low, high)
            whole = (given[own] * seconds).round().astype("int64").astype("timedelta64[s]")
            moments[own] = (pd.Timestamp(origin) + whole).astype("datetime64[us]")
        for low, high, form in _COMPACT:
            own = given.between(low, high)
            if own.any():
                digits = given[own].astype("int64").astype("str")
                moments[own] = pd.to_datetime(digits, format=form, errors="coerce").astype("datetime64[us]")
        return moments

    def _naive(self, moments: pd.Series) -> pd.Series:
        if self.written_in is None or self.written_in == self.local:
            return moments
        zoned = moments.dt.tz_localize(self.written_in, ambiguous="NaT", nonexistent="shift_forward")
        return zoned.dt.tz_convert(self.local).dt.tz_localize(None).astype("datetime64[us]")

    def _to_wall(self, moments: pd.Series) -> pd.Series:
        local = moments.dt.tz_convert(self.local) if self.local else moments
        return local.dt.tz_localize(None).astype("datetime64[us]")


def _with_half(found: re.Match[str]) -> str:
    """The hour with its half of the day behind it, as 3:05 PM."""
    return f"{found[2].translate(_CHINESE).strip(':')} {'AM' if found[1] == '上' else 'PM'}"


def at_midnight(moments: pd.Series) -> pd.Series:
    """Whether moments are within a second of midnight: some systems count hundredths to tell days apart."""
    return moments.dt.floor("s") == moments.dt.normalize()


def is_day_only(moments: pd.Series) -> bool:
    """Whether at least 19 of 20 moments are midnights: the log knows days, not hours."""
    known = moments.dropna()
    return bool(len(known) and at_midnight(known).mean() > 0.95)
