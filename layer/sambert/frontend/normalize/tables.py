"""The words of normalisation: units, currencies, measure words, cues. In: data/normalize.txt. Out: constants."""

from __future__ import annotations

from ..sections import pairs, sections

_LISTS = sections("normalize.txt")

UNITS = pairs(_LISTS["units"])
UNITS |= {f"sq {unit}": "平方" + UNITS[unit] for unit in ("in", "ft", "yd", "mi", "m", "km")}
NOT_ALONE = frozenset(_LISTS["not alone"])
CURRENCIES = pairs(_LISTS["currencies"])
MONEY_WORDS = "|".join(_LISTS["money words"])
COUNTERS = tuple(_LISTS["counters"])
NOT_COUNTERS = tuple(_LISTS["not counters"])
CODE_CUES = tuple(_LISTS["code cues"])
PHONE_CUES = tuple(_LISTS["phone cues"])
SCORE_CUES = tuple(_LISTS["score cues"])
LASTING = tuple(_LISTS["lasting"])
TEAMS = tuple(_LISTS["teams"])
SERVICE_NUMBERS = frozenset(_LISTS["service numbers"])
ALSO_QUANTITIES = frozenset(_LISTS["also quantities"])
GREEK = pairs(_LISTS["greek"])
SYMBOLS = pairs(_LISTS["symbols"])
OPERATORS = pairs(_LISTS["operators"])
CHARACTER_NAMES = pairs(_LISTS["character names"])
KINGS = tuple(_LISTS["kings"])
TITLES = pairs(_LISTS["titles"])
FILES = "|".join(_LISTS["files"])
PROVINCES = "京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼使领学警港澳"
ROMAN = {chr(base + i): i + 1 for base in (0x2160, 0x2170) for i in range(12)}
