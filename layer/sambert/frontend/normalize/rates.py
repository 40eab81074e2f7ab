"""What a slash between amounts means: 10元/斤, 2盒/天, 2.8元/㎡·月, km/h, J/(kg·℃); 每kg. In: matches. Out: pieces, 每 for it."""

from __future__ import annotations

import re

from . import numbers
from .pieces import NUMBER, Piece, Rule, amount, before, follows, part, search, whole
from .tables import COUNTERS, NOT_ALONE, UNITS

_UNIT_CLASS = "".join(sorted(set("".join(UNITS)) - set("23²³/ ")))
UNIT = rf"(?:sq )?[{_UNIT_CLASS}]{{1,7}}[23²³]?"  # whether it is one is looked up
NOT_WORD = r"(?![A-Za-z\d])"
_POINTS = str.maketrans("•*×", "···")
_KELVIN = {"K": "开尔文"}
_TURNS = ("秒", "分钟", "小时", "天", "日", "周", "月", "年", "次", "人", "晚")
_MONEY = "人民币|[美欧日港澳加韩]元|英镑|卢布|瑞郎"
_EACH_OF = r"(?:人|个|次|天|小时|分钟|年|月|件|k?g|m?[lL]|[千毫公]?[克升斤])(?![A-Za-z])"


def _unit_rate(match: re.Match[str]) -> list[Piece] | None:
    """km/h without a number before it."""
    if match["unit"] not in UNITS or match["per"] not in UNITS:
        return None
    return whole(match, f"{UNITS[match['unit']]}每{UNITS[match['per']]}")


def _under(text: str, begin: int) -> str | None:
    """What the brackets of J/(kg·℃) hold: 每千克摄氏度; times and turns have a 每 of their own, mg/(kg·d)."""
    found = search(r"/\s?[(（]([^\s()（）]{2,14})[)）]").match(text, begin)
    if not found:
        return None
    units = found[1].translate(_POINTS)
    if units in UNITS:
        return "每" + UNITS[units]
    said = ""
    for unit in units.split("·"):
        count, name = search(r"(\d{0,3})(.*)").match(unit).groups()
        name = _KELVIN.get(name) or UNITS.get(name) or name
        if not search(r"[\u4e00-\u9fff]{1,4}").fullmatch(name):
            return None
        alone = not said or count or name in _TURNS or said.endswith(_TURNS)
        said += ("每" if alone else "") + (numbers.integer(count) if count else "") + name
    return said if "·" in units else None


def _over_product(match: re.Match[str]) -> list[Piece] | None:
    """The unit before /(kg·℃) where no number has taken it."""
    known = match["unit"] in UNITS and _under(match.string, match.end())
    return whole(match, UNITS[match["unit"]]) if known else None


def _product(match: re.Match[str]) -> list[Piece] | None:
    """The /(kg·℃) of 4200J/(kg·℃)."""
    said = _under(match.string, match.start()) if search(r"[\w℃°²³]$").search(before(match, 1)) else None
    return whole(match, said) if said else None


def _each_unit(match: re.Match[str]) -> list[Piece] | None:
    """每kg, 几百km, 十几ml, 每kg100元: a unit after hanzi."""
    unit, written = match["unit"], before(match, 3)
    if unit not in UNITS or unit in NOT_ALONE:
        return None
    if len(unit) == 1 and (unit not in "gmLshtW" or follows(match, "[码号型级线]")):
        return None
    some = search(r"(?:[每几半]|[十百千万亿][多余几]?)\s?$").search(written)
    count = len(unit) > 1 and search(r"(?:[一二两三四五六七八九]|多少|单位[：:为是])\s?$").search(written)
    if not some and not count:
        return None
    said = part(match, "unit", "公里" if unit == "km" and "每" in written else UNITS[unit])
    return [said, part(match, "n", amount(match["n"], counted=True))] if match["n"] else [said]


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
        r"(?:\d[A-Za-zμ²³⁰¹⁴-⁹%‰″\"”′']{0,4}|元|块|角|分|刀|镑|公里|千米|米|吨|升|度|克|斤|瓦"
        r"|[\d零一二三四五六七八九十百千万亿两几半多余](?:[次人个台件位名例两毛字页天年月]|小时|分钟|[百千万亿]{0,2}))\s?$"
    )
    after_amount = search(unit).search(before(match, 6)) or _counts_before(match) or _again(match)
    screen = follows(match, r"\d") and search(r"\d[KkPp]$").search(before(match, 2))  # 4K/60帧
    paced = per == "km" and search(r"(?:[″\"”]|[:：]\d\d)\s?$").search(before(match, 4))  # 5′08″/km
    return whole(match, " " if screen else "每" + ("公里" if paced else UNITS.get(per, ""))) if after_amount else None


_EACH = tuple("千百万学晚夜单平月日时周公毫户班车")  # what else may follow 每: 元/千字, 元/学期


def _counts_before(match: re.Match[str]) -> bool:
    """2盒/天."""
    found = search(r"[\d零一二三四五六七八九十百千万亿两几半多余]([\u4e00-\u9fff]{1,2})\s?$").search(before(match, 6))
    return bool(found) and found[1] in COUNTERS


def _again(match: re.Match[str]) -> bool:
    """The second slash of 0.1元/册/天."""
    return bool(search(r"[\d元块角分]/[\u4e00-\u9fff]{1,2}$").search(before(match, 5)))


def _exchanged(match: re.Match[str]) -> list[Piece]:
    """美元/人民币: a rate of exchange."""
    return whole(match, "兑")


def _after_pi(match: re.Match[str]) -> list[Piece] | None:
    """9πcm²."""
    return whole(match, UNITS[match["unit"]]) if match["unit"] in UNITS else None


def _and_per(match: re.Match[str]) -> list[Piece]:
    """The point of 元/生·学年, the slash of 5元/GB."""
    return whole(match, "每")


_LETTERS = "".join(sorted({unit[0] for unit in UNITS} - set("°º″㎡㎥㎏㎝㎜㎞㎎㏄")))
RULES = (
    Rule("/", r"/\s?[(（][^\s()（）]{2,14}[)）]", _product, "(（"),
    Rule(_LETTERS, rf"(?P<unit>{UNIT})(?=/\s?[(（])", _over_product, "/"),
    Rule(_LETTERS, rf"(?<=[\u4e00-\u9fff：: ])(?P<unit>{UNIT})(?P<n>)(?![A-Za-z\d²³]|\.\d)", _each_unit),
    Rule(_LETTERS, rf"(?<=每)(?P<unit>[{_UNIT_CLASS}]{{1,7}}[²³]?)(?P<n>{NUMBER})(?=\s?[元块])", _each_unit, "每"),
    Rule("·•", r"[·•](?=学?年|月|天|日|次|人)(?<=/[\u4e00-\u9fff].)", _and_per, "/"),
    Rule("kmgNLµμ", rf"(?P<unit>{UNIT})/(?P<per>h|s|min|d|kg²?|mol|L|m|m[²³23]|cm[²³23])(?![A-Za-z\d²³])", _unit_rate, "/"),
    Rule("JWPV", rf"(?P<unit>{UNIT})/(?P<per>h|s|kg|mol|m[²³23]?)(?![A-Za-z\d])", _unit_rate, "/"),
    Rule("/", r"/(?:㎡|m[²2]|平方?米)[·•/]?(?P<time>[月天日年])", _rent, "月天日年"),
    Rule("/", r"/s(?![A-Za-z\d])", _per_second),
    Rule("/", rf"(?<=元|镑|币)/(?=(?:{_MONEY}))", _exchanged, "元镑币"),
    Rule("/", r"(?<=元)/(?=[KMGT]B(?![A-Za-z]))", _and_per, "B"),
    Rule(_LETTERS, rf"(?<=π)(?P<unit>{UNIT}){NOT_WORD}", _after_pi, "π"),
    Rule("/", rf"/(?:(?=[\u4e00-\u9fff]|\d{{1,4}}\s?{_EACH_OF})|(?P<per>{UNIT}){NOT_WORD})", _per),
)
