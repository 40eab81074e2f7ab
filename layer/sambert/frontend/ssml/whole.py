"""say-as texts that the normaliser has no rule for, written as it has one. In: text, kind, format. Out: what to read instead."""

from __future__ import annotations

import re
import unicodedata

_CLOCK = re.compile(r"\d{1,4}(?::\d{1,3}){0,2}")
_YEARLESS = re.compile(r"\?{2,4}(\d\d)(\d\d)")  # Polly's yyyymmdd of a day in any year
_UNITS = {"h": "小时", "m": "分钟", "s": "秒"}
_USUAL = {2: "ms", 3: "hms"}  # how a time of so many parts is meant where nothing is said


def spelled(text: str, kind: str | None, form: str) -> str | None:
    """None where the text is read as it stands."""
    plain = unicodedata.normalize("NFKC", text).strip()
    if kind == "duration":
        return _duration(plain, re.sub(r"[^hms]", "", form))
    day = _YEARLESS.fullmatch(plain) if kind in ("date", "date:ymd") else None
    return f"{int(day[1])}月{int(day[2])}日" if day else None


def _duration(text: str, order: str) -> str | None:
    """01:18:30 → 1小时18分钟30秒; what is none of them is left out."""
    if not _CLOCK.fullmatch(text):
        return None
    numbers = [int(number) for number in text.split(":")]
    units = re.sub(r"(.)\1+", r"\1", order) or _USUAL.get(len(numbers), "")
    if len(units) != len(numbers):
        return None
    said = [f"{number}{_UNITS[unit]}" for number, unit in zip(numbers, units, strict=True) if number]
    return "".join(said) or f"0{_UNITS[units[-1]]}"
