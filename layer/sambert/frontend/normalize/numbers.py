"""Digits to Chinese numerals. In: strings of ASCII digits (with sign, point, thousands commas). Out: hanzi.

Conventions: 二/两 as a newsreader says them (两百, 两千, 两万, 一万两千, but 一千二百 and 二十), 零 once for any gap.
"""

from __future__ import annotations

# A pause too short for a punctuation mark, between the groups of a long number. Not a sound.
PAUSE = "\u2009"
ASCII_DIGITS = "0123456789"
DIGITS = "零一二三四五六七八九"
MAX_CARDINAL = 20  # digits; longer ones are read one by one
_PLACES = ("", "十", "百", "千")
_TO_HANZI = str.maketrans("0123456789", DIGITS)
_TO_PHONE = str.maketrans("0123456789", "零幺二三四五六七八九")


def digits(text: str, phone: bool = False) -> str:
    """One by one: "2021" → 二零二一; with ``phone`` 1 is 幺. Other characters pass through."""
    return text.translate(_TO_PHONE if phone else _TO_HANZI)


def cardinal(text: str) -> str:
    """As a quantity: "12,000" → 一万两千, "-79.090" → 负七十九点零九零, "+5" → 正五, ".5" → 零点五."""
    sign = {"-": "负", "−": "负", "+": "正", "±": "正负"}.get(text[:1], "")
    whole, point, fraction = text.lstrip("+-−±").replace(",", "").partition(".")
    spoken = sign + integer(whole or "0")
    return spoken + "点" + digits(fraction) if point and fraction else spoken


def integer(text: str) -> str:
    """A whole number without sign. Leading zeros are dropped; more than 20 digits are read one by one."""
    stripped = text.lstrip("0") or "0"
    if len(stripped) > MAX_CARDINAL:
        return digits(text)
    if stripped == "0":
        return "零"
    spoken = _big(stripped)
    return spoken[1:] if spoken.startswith("一十") else spoken


def quantity(text: str) -> str:
    """Like ``cardinal``, but a lone 2 is 两: what stands before a measure word (2个 → 两个)."""
    return "两" if text == "2" else cardinal(text)


def _big(number: str, leading: bool = True) -> str:
    for width, unit in ((8, "亿"), (4, "万")):
        if len(number) > width:
            high, low = number[:-width], number[-width:]
            rest = low.lstrip("0")
            spoken = ("两" if high == "2" else _big(high, leading)) + unit
            if not rest:
                return spoken
            gap = len(rest) < width
            return spoken + ("零" if gap else "") + _inner(rest)
    return _group(number, leading)


def _inner(number: str) -> str:
    return _big(number, leading=False) if len(number) > 4 else _group(number, leading=False)


def _group(number: str, leading: bool) -> str:
    """Up to four digits. ``leading``: nothing larger stands before (then 200 is 两百; inside a number it is 二百)."""
    spoken, pending_zero = "", False
    for index, digit in enumerate(number):
        place = len(number) - 1 - index
        if digit == "0":
            pending_zero = True
            continue
        first = index == 0 and leading
        two = digit == "2" and (place == 3 or (place == 2 and first))
        spoken += ("零" if pending_zero and spoken else "") + ("两" if two else DIGITS[int(digit)]) + _PLACES[place]
        pending_zero = False
    return spoken
