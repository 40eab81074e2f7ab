"""What a slash between amounts means: 10元/斤, ￥5/kg, 2盒/天, 2.8元/㎡·月, km/h. In: matches. Out: pieces, 每 for the slash."""

from __future__ import annotations

import re

from .pieces import Piece, Rule, before, follows, search, whole
from .tables import COUNTERS, NOT_ALONE, UNITS

_UNIT_CLASS = "".join(sorted(set("".join(UNITS)) - set("23²³/ ")))
UNIT = rf"(?:sq )?[{_UNIT_CLASS}]{{1,7}}[23²³]?"  # whether it is one is looked up
NOT_WORD = r"(?![A-Za-z\d])"
_EACH_OF = r"(?:人|个|次|天|小时|分钟|年|月|件|k?g|m?[lL]|[千毫公]?[克升斤])(?![A-Za-z])"


def _unit_rate(match: re.Match[str]) -> list[Piece] | None:
    """km/h without a number before it."""
    if match["unit"] not in UNITS or match["per"] not in UNITS:
        return None
    return whole(match, f"{UNITS[match['unit']]}每{UNITS[match['per']]}")


def _per_second(match: re.Match[str]) -> list[Piece] | None:
    """50MB/s: 五十MB每秒."""
    return whole(match, "每秒") if search(r"\d[KMGTkmg]i?[Bb]\s?$").search(before(match, 6)) else None


def _rent(match: re.Match[str]) -> list[Piece]:
    """2.8元/㎡·月."""
    return whole(match, f"每平方米每{match['time']}")


def _per(match: re.Match[str]) -> list[Piece] | None:
    """The slash of 10元/斤, ￥5/kg, 3人/间: 每 after a number or a unit, and the unit after it."""
    per = match["per"] or ""
    if per and (per not in UNITS or (per in NOT_ALONE and per != "d")):
        return None
    if follows(match, r"[\u4e00-\u9fff]{1,3}\d") and not match.string.startswith((*COUNTERS, *_EACH), match.end()):
        return None  # 男3人/女2人
    unit = (
        r"(?:\d[A-Za-zμ²³⁰¹⁴-⁹%‰]{0,4}|元|块|角|分|刀|镑|公里|千米|米|吨|升|度|克|斤|瓦"
        r"|[\d零一二三四五六七八九十百千万亿两几半多余](?:[次人个台件位名例两毛字页天年月]|小时|分钟|[百千万亿]{0,2}))\s?$"
    )
    after_amount = search(unit).search(before(match, 6)) or _counts_before(match)
    screen = follows(match, r"\d") and search(r"\d[KkPp]$").search(before(match, 2))  # 4K/60帧
    return whole(match, " " if screen else "每" + UNITS.get(per, "")) if after_amount else None


_EACH = tuple("千百万学晚夜单平月日时周公毫户班车")  # what else may follow 每: 元/千字, 元/学期


def _counts_before(match: re.Match[str]) -> bool:
    """2盒/天."""
    found = search(r"[\d零一二三四五六七八九十百千万亿两几半多余]([\u4e00-\u9fff]{1,2})\s?$").search(before(match, 6))
    return bool(found) and found[1] in COUNTERS


def _and_per(match: re.Match[str]) -> list[Piece]:
    """The point of 元/生·学年."""
    return whole(match, "每")


RULES = (
    Rule("·•", r"[·•](?=学?年|月|天|日|次|人)(?<=/[\u4e00-\u9fff].)", _and_per, "/"),
    Rule("kmgNLµμ", rf"(?P<unit>{UNIT})/(?P<per>h|s|min|d|kg|L|m[²³23]|cm[²³23])(?![A-Za-z\d])", _unit_rate, "/"),
    Rule("/", r"/(?:㎡|m[²2]|平方?米)[·•/]?(?P<time>[月天日年])", _rent, "月天日年"),
    Rule("/", r"/s(?![A-Za-z\d])", _per_second),
    Rule("/", rf"/(?:(?=[\u4e00-\u9fff]|\d{{1,4}}\s?{_EACH_OF})|(?P<per>{UNIT}){NOT_WORD})", _per),
)
