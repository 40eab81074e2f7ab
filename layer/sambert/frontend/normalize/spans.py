"""Several numbers that only together show what they are: 12/22-12/31, 2022-23赛季, 2年3班, 10/20/30. In: matches. Out: pieces."""

from __future__ import annotations

import re

from . import numbers
from .pieces import (
    TO,
    UNIT_AHEAD,
    Piece,
    Rule,
    before,
    counts,
    each,
    labels,
    part,
    search,
    spell,
    spelled,
    to,
    unit_piece,
    whole,
    year_by_year,
)

_D = "0123456789"
_MONTH = r"(?:1[0-2]|0?[1-9])"
_DAY = r"(?:[12]\d|3[01]|0?[1-9])"
_YEAR = r"(?:1[5-9]|20)\d\d"
_DASH = r"\s?(?P<to>[-–—~～/])\s?"
_SEASONS = "赛季|学年|财年|球季|雪季|乐季"


def _days(match: re.Match[str]) -> list[Piece] | None:
    """12/22-12/31, 09.10-12.31, 10-01~10-07."""
    if not _are_days(match) or labels(match) or counts(match):
        return None
    return [
        part(match, "m", numbers.integer(match["m"]) + "月"),
        part(match, "d", numbers.integer(match["d"]) + "日"),
        part(match, "to", to(match)),
        part(match, "m2", numbers.integer(match["m2"]) + "月"),
        part(match, "d2", numbers.integer(match["d2"]) + "日"),
    ]


def _are_days(match: re.Match[str]) -> bool:
    """Fractions, decimals and codes look alike; dates go forward, and their zeros or large numbers give them away."""
    written = match.group("m", "d", "m2", "d2")
    month, day, month2, day2 = map(int, written)
    new_year = month >= 11 and month2 <= 2
    if (month, day) >= (month2, day2) and not new_year:
        return False
    zeros = any(text[0] == "0" for text in written)
    late = month >= 10 and month2 >= 10 and day != day2
    if search(r"[座展期日档间动假]\s?[(（]$").search(before(match, 4)) and (day > 12 or day2 > 12):
        return True  # 白羊座（3.21-4.19）
    if match["sep"] == "/":
        far = day > 12 and (new_year or (day2 > 12 and (day != day2 or match["to"] != "-")))
        return zeros or late or 1 in (day, day2) or far
    if match["sep"] == "-":
        return all(len(text) == 2 for text in written) if match["to"] == "-" else zeros or late
    both_digits = len(match["d"]) == len(match["d2"]) == 2
    return "0" in (match["m"][0], match["m2"][0]) or (month == month2 >= 10 and both_digits)


def _season(match: re.Match[str]) -> list[Piece] | None:
    """2022-23赛季, 1999-00赛季, 88-89赛季, 1969-70年度: years by their digits; the slash of 2022/23 is silent."""
    first, last = int(match["y"][-2:]), int(match["z"])
    if last != (first + 1) % 100 and (len(match["y"]) == 2 or last <= first or match["to"] == "/"):
        return None
    dash = part(match, "to", "" if match["to"] == "/" else to(match))
    return [*spell(match["y"], match.start("y")), dash, *spell(match["z"], match.start("z"))]


def _listed_short(match: re.Match[str]) -> list[Piece] | None:
    """The 87 of 1986、87年."""
    return spelled(match) if search(rf"{_YEAR}.$").search(before(match, 5)) else None


def _class(match: re.Match[str]) -> list[Piece]:
    """The 2 of 2年3班: which year, not how many."""
    return whole(match, numbers.integer(match[0]))


def _lived(match: re.Match[str]) -> list[Piece] | None:
    """唐太宗（599—649）: two years of somebody's."""
    first, last = int(match["a"]), int(match["b"])
    if not 5 <= last - first <= 105 or (first % 10 == 0 and last % 10 == 0):
        return None
    return year_by_year(match)


def _of_year(match: re.Match[str]) -> list[Piece] | None:
    """2024届, 2019款; but 共2000款."""
    return None if match[0] == "2000" or search("[共有约近超达]$").search(before(match, 1)) else spelled(match)


def _sale(match: re.Match[str]) -> list[Piece]:
    """11.11开奖, 5.16晚, 截止日期11.30."""
    month = part(match, "m", numbers.integer(match["m"]) + "月")
    return [month, (numbers.integer(match["d"]) + "日", match.end("m"), match.end())]


def _slashed(match: re.Match[str]) -> list[Piece]:
    """10/20/30元, 4700/1890/1455mm: one after the other, not a fraction."""
    said = each(match, r"[\d.]+|/", lambda token: " " if token == "/" else numbers.cardinal(token))
    return [*said, *unit_piece(match)]


RULES = (
    Rule(
        _D,
        rf"(?<![\d./-])(?P<m>{_MONTH})(?P<sep>[-/.])(?P<d>{_DAY})(?P<to>{TO})(?P<m2>{_MONTH})(?P=sep)(?P<d2>{_DAY})"
        r"(?![\d%]|[./-]\d)(?!\s?[A-Za-z元万亿倍室号栋])",
        _days,
        "-/.",
    ),
    Rule(_D, rf"(?P<y>(?:1[89]|20)\d\d){_DASH}(?P<z>\d\d)(?=\s?(?:年(?![级前后内来])|{_SEASONS}))", _season, "-–—~～/"),
    Rule(_D, rf"(?P<y>\d\d){_DASH}(?P<z>\d\d)(?=\s?(?:{_SEASONS}))", _season, "-–—~～/"),
    Rule(_D, rf"{_YEAR}(?=(?:[、和及与]{_YEAR}){{0,6}}[、和及与](?:{_YEAR}|\d\d)(?:年(?!级)|[级届]))", spelled, "、和及与"),
    Rule(_D, r"(?<=[、和及与])\d\d(?=年(?!级)|[级届])", _listed_short, "、和及与"),
    Rule(_D, r"\d{1,2}(?=\s?年\s?\d{1,2}\s?班)", _class, "班"),
    Rule(_D, r"(?<=[\u4e00-\u9fff][(（])(?P<a>\d{3})\s?(?P<to>[-–—~～]{1,2})\s?(?P<b>\d{3})(?=年?[)）])", _lived, "(（"),
    Rule(_D, r"(?:19|20)\d\d(?=届|款(?!项|式))", _of_year, "届款"),
    Rule(_D, rf"(?P<m>{_MONTH})\.(?P<d>{_DAY})(?=[晚早]|[上下]午|凌晨|[（(]?周[一二三四五六日])", _sale, "晚早午晨周"),
    Rule(_D, rf"(?<=截止日期|截止时间)[为是：:]?\s?(?P<m>{_MONTH})\.(?P<d>{_DAY})(?![\d.])", _sale, "截"),
    Rule(_D, r"[12]\d(?=届(?:毕业|校招|秋招|春招|应届|学生|同学|[、，]))", spelled, "届"),
    Rule(_D, r"[0789]\d(?=版(?![本块面权图次]))", spelled, "版"),
    Rule("1", r"(?P<m>11|12)\.(?P<d>(?P=m))(?=[大开购活狂预抢当前后促返特零晚全]|$)", _sale, "."),
)

# Asked after dates.
LIST = Rule(_D, r"\d{1,6}(?:\.\d{1,4})?(?:/\d{1,6}(?:\.\d{1,4})?){2,8}(?![\d/]|\.\d)" + UNIT_AHEAD, _slashed, "/")
