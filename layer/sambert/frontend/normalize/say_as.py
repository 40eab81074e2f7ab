"""SSML say-as: the author says what a text is. In: text and type. Out: pieces, by the table of Alibaba's documentation.

What a type does not cover in its text is read as plain text.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from itertools import pairwise

from . import date_orders, numbers, scan, symbols
from .dates import clock, year
from .numbers import PAUSE
from .pieces import NUMBER, SCALE, TO, Piece, alternatives, each, part, spell, whole
from .tables import CHARACTER_NAMES, CURRENCIES

_CHARACTER = re.compile(r"……|——|.", re.DOTALL)
_LETTERS = re.compile(r"[A-Za-z](?=[A-Za-z])")
_IN_MEASURES = {"in": "英寸", "A": "安"}  # units that are words elsewhere
_AMOUNT_BEFORE_AMOUNT = rf"\d\s?(?>{alternatives('UNITS')})(?=\d{{1,9}}(?:\.\d{{1,9}})?\s?[A-Za-zμ㎡㎥℃°])"
Reading = tuple[list[Piece], list[str]]


def read(text: str, kind: str) -> Reading | None:
    """Pieces and skipped characters; None for a type without rules of its own. kind: "date" may name its order, "date:dmy"."""
    if kind in ("characters", "id"):
        return _characters(scan.fold(text), kind)
    if kind == "measure":
        return _measure(text)
    name, _, order = kind.partition(":")
    rule = date_orders.rule(order) if name == "date" and order else _RULES.get(kind)
    return _each(rule[0], rule[1], scan.fold(text)) if rule else None


def _each(pattern: str, say: Callable[[re.Match[str]], list[Piece]], text: str) -> Reading:
    """``say`` for every match, plain reading for what lies between."""
    pieces: list[Piece] = []
    skipped: list[str] = []
    position = 0
    for match in re.finditer(pattern, text):
        _plain(text, position, match.start(), pieces, skipped)
        pieces += say(match)
        position = match.end()
    _plain(text, position, len(text), pieces, skipped)
    return pieces, skipped


def _plain(text: str, begin: int, end: int, pieces: list[Piece], skipped: list[str]) -> None:
    if begin < end:
        found, unread = scan.scan(text[begin:end])
        pieces += [(said, begin + b, begin + e) for said, b, e in found]
        skipped += unread


def _measure(text: str) -> Reading:
    """10~15kg, 100m12cm6mm: each amount by itself, 至 where a sign leads from one to the next."""
    pieces: list[Piece] = []
    skipped: list[str] = []
    cuts = [found.end() for found in re.finditer(_AMOUNT_BEFORE_AMOUNT, scan.fold(text))]
    for begin, end in pairwise([0, *cuts, len(text)]):
        _plain(text, begin, end, pieces, skipped)
    return [(_in_measure(said, text[begin:end]), begin, end) for said, begin, end in pieces], skipped


def _in_measure(said: str, written: str) -> str:
    said = said if "到" in written else said.replace("到", "至")
    return _IN_MEASURES.get(said, said)


# one character after the other


def _characters(text: str, kind: str) -> Reading:
    """Letters in upper case, digits, signs by name; a pause after each for ``characters``."""
    pause = PAUSE if kind == "characters" else ""
    pieces: list[Piece] = []
    skipped: list[str] = []
    for found in _CHARACTER.finditer(text):
        said = _named(found[0])
        if said is None:
            skipped.append(found[0])
        spelled = kind == "id" and _LETTERS.match(text, found.start())  # D E L L, no word
        pieces.append((said + (" " if spelled else pause) if said else "", found.start(), found.end()))
    if pause and pieces:
        said, begin, end = pieces[-1]
        pieces[-1] = (said.removesuffix(PAUSE), begin, end)
    return pieces, skipped


def _named(char: str) -> str | None:
    if char.isspace():
        return ""
    if char in numbers.ASCII_DIGITS:
        return numbers.digits(char)
    name = CHARACTER_NAMES.get(char) or CHARACTER_NAMES.get(char[0])
    return name or (char.upper() if char.isascii() else symbols.alone(char))


def _digits(match: re.Match[str]) -> list[Piece]:
    """One by one, a pause after each when there are more than ten."""
    pause = PAUSE if len(match[0]) > 10 else ""
    pieces = each(match, ".", lambda digit: ("点" if digit == "." else numbers.digits(digit)) + pause)
    return [*pieces[:-1], (pieces[-1][0].removesuffix(PAUSE), *pieces[-1][1:])]


def _sign(match: re.Match[str]) -> list[Piece]:
    return whole(match, CHARACTER_NAMES[match[0][0]])


# numbers


def _cardinal(match: re.Match[str]) -> list[Piece]:
    return whole(match, numbers.cardinal(match[0].replace(" ", "")))


def _ordinal(match: re.Match[str]) -> list[Piece]:
    return whole(match, "第" + numbers.integer(match["n"]))


def _fraction(match: re.Match[str]) -> list[Piece]:
    sign = "负" if match["sign"] else ""
    lead = f"{sign}{numbers.integer(match['w'])}又" if match["w"] else sign
    return whole(match, f"{lead}{numbers.cardinal(match['b'])}分之{numbers.cardinal(match['a'])}")


def _telephone(match: re.Match[str]) -> list[Piece]:
    """Groups of the kind of number: 138-0013-8000, 010-6234-5678, 400-123-4567, 6234-5678, 623-4567; -109 → 转幺零九."""
    pieces: list[Piece] = []
    if match["country"]:
        pieces += _groups(match["country"], match.start("country"), (len(match["country"]),))
    pieces += _groups(match["main"], match.start("main"), _shape(re.sub(r"\D", "", match["main"])))
    if match["ext"]:
        pieces.append((PAUSE + "转", match.end("main"), match.start("ext")))
        pieces += spell(match["ext"], match.start("ext"), phone=True)
    return pieces


def _shape(digits: str) -> tuple[int, ...]:
    if len(digits) == 11 and digits[0] == "1":
        return (3, 4)
    if digits.startswith(("400", "800")) and len(digits) == 10:
        return (3, 3)
    if digits.startswith("0") and len(digits) >= 10:
        area = 3 if digits[1] in "12" else 4
        return (area, len(digits) - area - 4)
    return {7: (3,), 8: (4,)}.get(len(digits), ())


def _groups(text: str, begin: int, shape: tuple[int, ...]) -> list[Piece]:
    """Digits with a pause after each group of ``shape``."""
    pieces, ends = spell(text, begin, phone=True), {sum(shape[: i + 1]) for i in range(len(shape))}
    return [(said + PAUSE if i in ends else said, b, e) for i, (said, b, e) in enumerate(pieces, 1)]


def _address(match: re.Match[str]) -> list[Piece]:
    if match[0] in "-—－":
        return whole(match, "杠")
    return spell(match[0], match.start(), phone=True) if len(match[0]) >= 3 else whole(match, numbers.integer(match[0]))


# dates and times


def _date(match: re.Match[str]) -> list[Piece]:
    if match["to"]:
        return [part(match, "to", "至")]
    if match["y2"]:
        return year(match["y2"], match.start())
    if match["y3"]:
        month, day = sorted((match["m3"], match["d3"]), key=lambda part: int(part) > 12)  # 31/12/2024 is day first
        return whole(match, f"{numbers.digits(match['y3'])}年{numbers.integer(month)}月{numbers.integer(day)}日")
    pieces = []
    if match["y"]:
        pieces = year(match["y"], match.start("y"))
        pieces[-1] = (pieces[-1][0] + "年", pieces[-1][1], pieces[-1][2])
    for group, unit in (("m", "月"), ("d", "日"), ("m2", "月"), ("d2", "日")):
        if match[group]:
            pieces.append(part(match, group, numbers.integer(match[group]) + unit))
    return pieces


def _time(match: re.Match[str]) -> list[Piece]:
    """7:30 AM → 上午七点半, 9:00 pm → 晚上九点整, 12:00 → 十二点."""
    if match["to"]:
        return [part(match, "to", "到")]
    noon, hour = (match["noon"] or "").lower()[:1], int(match["h"])
    said = clock(match["h"], match["m"], match["s"], half=True)
    if noon:
        said = _day_part(noon, hour) + said + ("整" if said.endswith("点") else "")
    return whole(match, said)


def _day_part(noon: str, hour: int) -> str:
    if noon == "a":
        return "凌晨" if hour < 6 or hour == 12 else "上午"
    return "中午" if hour == 12 else "下午" if hour < 7 else "晚上"


# amounts


def _currency(match: re.Match[str]) -> list[Piece]:
    """As written, zeros kept: 12.50 RMB → 十二点五零人民币."""
    unit = CURRENCIES.get(match["before"] or match["after"] or "", "")
    said = numbers.quantity(match["a"]) + match["scale"]
    if match["b"]:
        said += "至" + numbers.quantity(match["b"]) + match["scale2"]
    return whole(match, said + unit)


_MONEY = (
    rf"(?P<before>{alternatives('CURRENCIES')})?\s?(?P<a>-?{NUMBER})(?P<scale>{SCALE})"
    rf"(?:{TO}(?P<b>{NUMBER})(?P<scale2>{SCALE}))?\s?(?P<after>{alternatives('CURRENCIES')})?"
)
_TELEPHONE = (
    r"(?:\+(?P<country>86|85[23]|886|\d{1,3}(?=[\s-]))[\s-]?)?"
    r"(?P<main>1[3-9]\d[\s-]?\d{4}[\s-]?\d{4}|[48]00[\s-]?\d{3}[\s-]?\d{4}"
    r"|\(?0\d{2,3}\)?[\s-]?[2-9]\d{2,3}[\s-]?\d{4}|\d{3,4}[\s-]\d{4}|\d{1,20})"
    r"(?:(?:-|转|\s?ext\.?\s?)(?P<ext>\d{1,6}))?"
)
_DATE = (
    r"(?P<to>(?<=\d)\s?[~～]\s?(?=\d)|(?<=\d{4})-(?=\d{4}(?!\d))|(?<=\d)\s-\s(?=\d)|(?<=[年月日号])[-~](?=\d))"
    r"|(?<!\d)(?P<y2>\d{2})(?=年(?![前后来代级]))"
    r"|(?P<m3>\d{1,2})[-/.](?P<d3>\d{1,2})[-/.](?P<y3>(?:19|20)\d\d)(?!\d)"
    r"|(?P<m2>0?[1-9]|1[0-2])[-/.](?P<d2>0?[1-9]|[12]\d|3[01])(?![-/.\d])"
    r"|(?P<y>\d{4}|\d{2}(?=[-/.]\d{1,2}[-/.]\d{1,2}(?!\d)))"
    r"(?:[-/.](?P<m>0?[1-9]|1[0-2])(?:[-/.](?P<d>0?[1-9]|[12]\d|3[01]))?)?(?![\d年])"
)
_RULES: dict[str, tuple[str, Callable[[re.Match[str]], list[Piece]]]] = {
    "digits": (r"[0-9]+(?:\.[0-9]+)*", _digits),
    "punctuation": (rf"……|——|{alternatives('CHARACTER_NAMES')}", _sign),
    "cardinal": (r"[-−+]?(?![\d.,]{1,60}\s?[%‰])(?:\d{1,3}(?:,\d{3}){1,6}|\d+)(?:\.\d{1,30})?", _cardinal),
    "ordinal": (r"第?\s?(?P<n>\d{1,20})(?:st|nd|rd|th)?", _ordinal),
    "fraction": (r"(?<!\d)(?P<sign>[-−])?(?:(?P<w>\d{1,9})[+\s])?(?P<a>\d{1,9})\s?/\s?(?P<b>\d{1,9})", _fraction),
    "telephone": (_TELEPHONE, _telephone),
    "address": (r"\d+(?=室|弄|房|$)|\d+|(?<=\d)[-—](?=\d)", _address),
    "date": (_DATE, _date),
    "time": (
        r"(?P<to>(?<=[\dmM.点分秒])\s?[~～-]\s?(?=\d|[上下中]午|凌晨|[早晚]上|傍晚))"
        r"|(?P<h>[01]?\d|2[0-4])[:：](?P<m>[0-5]\d)(?:[:：](?P<s>[0-5]\d))?[点分秒]?(?:\s?(?P<noon>[AaPp]\.?[Mm](?![A-Za-z])\.?))?",
        _time,
    ),
    "currency": (_MONEY, _currency),
}
