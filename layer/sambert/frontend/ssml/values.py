"""Attribute values of SSML. In: strings as authors write them. Out: numbers in our units (factor, st, dB, ms) or ValueError.

Alibaba's scales: rate r < 0 is 1 / (1 - 0.002 r), else 1 / (1 - 0.001 r); pitch ±500 is ±12 semitones; volume 50 is as is.
"""

from __future__ import annotations

import math
import re
import unicodedata

from ..syllables import is_syllable

SILENT = -96.0  # dB
MAX_DURATION_MS = 600_000  # of prosody's duration
MAX_FADE_MS = 10_000  # of a background
USUAL_F0 = 200.0  # Hz, of a voice that does not tell its own
RATES = {"x-slow": 0.5, "slow": 0.75, "medium": 1.0, "default": 1.0, "fast": 1.35, "x-fast": 1.75}
PITCHES = {"x-low": -6.0, "low": -3.0, "medium": 0.0, "default": 0.0, "high": 3.0, "x-high": 6.0}
RANGES = {"x-low": 0.4, "low": 0.7, "medium": 1.0, "default": 1.0, "high": 1.4, "x-high": 1.8}
USUAL_RANGE = 12.0  # semitones that speech at its usual liveliness ranges over
VOLUMES = {"silent": SILENT, "x-soft": -12.0, "soft": -6.0, "medium": 0.0, "default": 0.0, "loud": 4.0, "x-loud": 8.0}
STRENGTHS = {"none": 0, "x-weak": 0, "weak": 250, "medium": 500, "strong": 1000, "x-strong": 1500}
# level → rate, semitones, dB
EMPHASIS = {"strong": (0.78, 2.5, 4.0), "moderate": (0.88, 1.5, 2.5), "none": (1.0, 0.0, 0.0), "reduced": (1.12, -1.5, -3.0)}

_NUMBER = re.compile(r"([+-]?)(\d{1,6}(?:\.\d{1,6})?|\.\d{1,6})\s*(%|st|db|hz|ms|s)?$", re.ASCII)
_POINT = re.compile(r"\(\s*(\d{1,3}(?:\.\d{1,6})?)%\s*,\s*([^(),]{1,20})\)")
_PINYIN = re.compile(r"([a-zü]+?r?)\s*([0-5])")
_BETWEEN = " -,.\t\n'、"  # what may stand between syllables
_LUE = re.compile(r"([ln])u(?=e|[éěèē])")  # lue and nue are typed for lüe and nüe; there are no others
_MARKED = {"̄": "1", "́": "2", "̌": "3", "̀": "4"}


def plain(value: str) -> str:
    """Without blanks about it, in small letters, full-width signs (an input method's ％ and ＋) as the usual ones."""
    return unicodedata.normalize("NFKC", value).strip().lower()


def _parse(value: str, wanted: str) -> tuple[str, float, str]:
    """Sign, number and unit; an error says what is ``wanted``."""
    found = _NUMBER.match(plain(value))
    if not found:
        raise ValueError(wanted)
    return found[1], float(found[1] + found[2]), found[3] or ""


def prosody_rate(value: str) -> float:
    """ "slow", "+20%", "80%", "1.2" → a factor. Azure's tools write 0% for an unchanged one; no speed is zero anyway."""
    if plain(value) in RATES:
        return RATES[plain(value)]
    wanted = "语速应为百分数、倍数或 x-slow 到 x-fast"
    sign, number, unit = _parse(value, wanted)
    if unit not in ("", "%") or (sign and not unit):
        raise ValueError(wanted)
    if not number:
        return 1.0
    if unit == "%":
        return 1 + number / 100 if sign else number / 100
    return number


def prosody_pitch(value: str, f0: float = USUAL_F0) -> float:
    """ "high", "+2st", "-10%", "+20Hz", "180Hz" → semitones; Hz are taken from a voice whose mean is ``f0``."""
    if plain(value) in PITCHES:
        return PITCHES[plain(value)]
    wanted = "音高应为半音（st）、百分数、Hz 或 x-low 到 x-high"
    sign, number, unit = _parse(value, wanted)
    if not number and (sign or unit in ("", "%")):  # 0% as for the rate
        return 0.0
    if unit == "st":
        return number
    if unit == "%":
        return _semitones(1 + number / 100 if sign else number / 100)
    if unit == "hz":
        return _semitones(1 + number / f0 if sign else number / f0)
    raise ValueError(wanted)


def prosody_range(value: str, f0: float = USUAL_F0) -> float:
    """ "low", "+20%", "50%", "+4st", "-20Hz", "120Hz" → a factor; st and Hz are of what a voice usually ranges over."""
    if plain(value) in RANGES:
        return RANGES[plain(value)]
    wanted = "音高范围应为百分数、半音（st）、Hz 或 x-low 到 x-high"
    sign, number, unit = _parse(value, wanted)
    usual = {"%": 100.0, "st": USUAL_RANGE, "hz": f0 * (2 ** (USUAL_RANGE / 24) - 2 ** (-USUAL_RANGE / 24))}.get(unit)
    if usual is None:
        raise ValueError(wanted)
    return 1 + number / usual if sign else number / usual


def contour(value: str, f0: float = USUAL_F0) -> tuple[tuple[float, float], ...]:
    """ "(0%,+20Hz) (50%,-2st)" → (place 0..1, semitones) in order of place."""
    found = _POINT.findall(value)
    if not found or _POINT.sub("", value).strip(" ,\t\r\n"):
        raise ValueError("应写作 (0%,+20Hz) (50%,-2st)")
    return tuple(sorted((min(float(place), 100) / 100, prosody_pitch(pitch, f0)) for place, pitch in found))


def prosody_volume(value: str) -> float:
    """ "loud", "+6dB", "-20%", "80" (of 100) → dB."""
    if plain(value) in VOLUMES:
        return VOLUMES[plain(value)]
    wanted = "音量应为 dB、百分数、0 到 100 或 silent 到 x-loud"
    sign, number, unit = _parse(value, wanted)
    if unit == "db":
        return number
    if unit not in ("", "%"):
        raise ValueError(wanted)
    return decibels(1 + number / 100 if sign else number / 100)


def speak_rate(value: str) -> float:
    """Alibaba's -500..500, DashScope's 0.5..2 (with a point), or 50..200 %."""
    wanted = "语速应为 -500 到 500 的整数或 0.5 到 2 的小数"
    _, number, unit = _parse(value, wanted)
    if unit == "%":
        return _within(number / 100, 0.5, 2)
    if unit:
        raise ValueError(wanted)
    if "." in value:
        return _within(number, 0.5, 2)
    number = _within(number, -500, 500)
    return 1 / (1 - number * (0.002 if number < 0 else 0.001))


def speak_pitch(value: str, f0: float = USUAL_F0) -> float:
    """Alibaba's -500..500 (±12 semitones) or DashScope's 0.5..2 (with a point)."""
    _, number, unit = _parse(value, "音高应为 -500 到 500 的整数或 0.5 到 2 的小数")
    if unit:
        return prosody_pitch(value, f0)
    return _semitones(_within(number, 0.5, 2)) if "." in value else _within(number, -500, 500) * 12 / 500


def speak_volume(value: str) -> float:
    """0..100, 50 as it is → dB."""
    _, number, unit = _parse(value, "音量应为 0 到 100")
    if unit == "db":
        return number
    return decibels(_within(number, 0, 100) / 50)


def date_order(value: str) -> str:
    """ "dmy", "yyyymmdd", "mm/dd" → the order of year, month and day, each a letter."""
    order = re.sub(r"(.)\1+", r"\1", re.sub(r"[^a-z]", "", value.lower()))
    if not order or set(order) - set("ymd") or len(set(order)) < len(order):
        raise ValueError("日期格式应由 y、m、d 组成，如 ymd、dmy")
    return order


def intensity(value: str) -> float:
    """0.01..2; Tencent's 50..200 % as well."""
    _, number, unit = _parse(value, "强度应为 0.01 到 2")
    return _within(number / 100 if unit == "%" else number, 0.01, 2)


def milliseconds(value: str) -> int:
    """ "500ms", "1.5s", "0" → ms."""
    wanted = "时长应写作 500ms 或 1.5s"
    sign, number, unit = _parse(value, wanted)
    if sign == "-" or (unit not in ("ms", "s") and (unit or number)):
        raise ValueError(wanted)
    return round(number * (1000 if unit == "s" else 1))


def duration(value: str) -> int:
    """ "2s", "800ms" → ms, more than none."""
    ms = milliseconds(value)
    if not 0 < ms <= MAX_DURATION_MS:
        raise ValueError(f"时长应大于 0，不超过 {MAX_DURATION_MS // 1000} 秒")
    return ms


def fade(value: str) -> int:
    """Azure's "3000", "3s" → ms, ten seconds at most."""
    return int(_within(float(value) if value.strip().isdecimal() else milliseconds(value), 0, MAX_FADE_MS))


def factor(value: str) -> float:
    """Azure's 0..100 of a background, 1 as it is; dB too."""
    _, number, unit = _parse(value, "音量应为 0 到 100 的倍数或 dB")
    return _within(10 ** (number / 20) if unit == "db" else number / 100 if unit == "%" else number, 0, 100)


def percentage(value: str) -> float:
    """Alibaba's 0..100 of a background → a factor, 100 as it is."""
    return _within(_parse(value, "音量应为 0 到 100")[1], 0, 100) / 100


def sample_rate(value: str) -> int:
    if value.strip() not in ("8000", "16000", "24000", "48000"):
        raise ValueError("采样率应为 8000、16000、24000 或 48000")
    return int(value)


def pinyin(value: str) -> tuple[str, ...]:
    """ "dian3 dang4", "bei3-jing1", "bo 2", "hǎo" → syllables; tone 0 is 5, ü and u: are v."""
    written = _LUE.sub(r"\1ü", plain(value).replace("u:", "ü").replace("v", "ü"))
    if any(mark in unicodedata.normalize("NFD", written) for mark in _MARKED):
        written = " ".join(_unmarked(word) for word in re.split(r"[\s-]+", written))
    position, syllables = 0, []
    for found in _PINYIN.finditer(written):
        if written[position : found.start()].strip(_BETWEEN):
            raise ValueError("拼音应写作 dian3 dang4")
        syllable = found[1].replace("ü", "v") + (found[2] if found[2] != "0" else "5")
        if not is_syllable(syllable):
            raise ValueError(f"没有 {found[0].replace('v', 'ü')} 这个音节")
        syllables.append(syllable)
        position = found.end()
    if written[position:].strip(_BETWEEN) or not syllables:
        raise ValueError("拼音应写作 dian3 dang4，每个音节带声调 1 到 5")
    return tuple(syllables)


def _unmarked(syllable: str) -> str:
    tone, letters = "5", []
    for char in unicodedata.normalize("NFD", syllable):
        tone = _MARKED.get(char, tone)
        if char not in _MARKED:
            letters.append(char)
    return unicodedata.normalize("NFC", "".join(letters)) + tone


def decibels(factor: float) -> float:
    return max(SILENT, 20 * math.log10(factor)) if factor > 0 else SILENT


def _semitones(factor: float) -> float:
    if factor <= 0:
        raise ValueError("音高必须大于 0")
    return 12 * math.log2(factor)


def _within(number: float, low: float, high: float) -> float:
    if not low <= number <= high:
        raise ValueError(f"应在 {low} 到 {high} 之间")
    return number
