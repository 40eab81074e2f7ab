"""Dates, times, ranges. In: matches of written dates. Out: pieces, years digit by digit, 二 in months, 两 at the clock."""

from __future__ import annotations

import re

from . import numbers, scores, years
from .pieces import RANGE_SIGNS, TO, Piece, Rule, before, counts, cued, follows, labels, part, search, spell, to, whole
from .years import year

_MONTH = r"(?:0?[1-9]|1[0-2])(?!\d)"
_DAY = r"(?:0?[1-9]|[12]\d|3[01])(?!\d)"
_BEGAN = (
    r"(?:\d{4}(?P<sep>[-/.])|(?<!\d))(?P<mo>\d{1,2})(?(sep)(?P=sep)|月)(?P<d>\d{1,2})(?(sep)|日)"
    rf"(?:\s?\d{{1,2}}[:：]\d\d)?{TO}$"
)
_HOUR = r"(?:[01]?\d|2[0-4])"
_SIXTY = r"[0-5]\d"
_AM = r"(?:\s?(?P<noon>[AaPp](?:\.|\s)?[Mm](?![A-Za-z])\.?))?"
_SECONDS = rf"(?:[:：](?P<s>{_SIXTY})(?:\.(?P<f>\d{{1,6}}))?)?"
_CLOCK = rf"(?P<h>{_HOUR})[:：](?P<m>{_SIXTY}){_SECONDS}(?![\d:：]|\.\d)(?:[分秒](?!钟))?{_AM}"


def _month_day(match: re.Match[str], group: str, unit: str) -> Piece:
    return part(match, group, numbers.integer(match[group]) + unit)


def _full(match: re.Match[str]) -> list[Piece] | None:
    if match.re.groupindex.get("sep") and _goes_on(match):
        return None
    pieces = year(match["y"], match.start("y"))
    pieces[-1] = (pieces[-1][0] + "年", pieces[-1][1], match.start("mo"))
    pieces.append(_month_day(match, "mo", "月"))
    if match["d"]:
        pieces.append((numbers.integer(match["d"]) + "日", match.start("d"), match.end()))  # with the 日 that may follow
    return pieces


def _last_day(match: re.Match[str]) -> list[Piece] | None:
    """The 3.7 of 2026.3.1-3.7, the 03 of 2020/01/01-03, the 3.7 of 3月1日-3.7."""
    began = search(_BEGAN).search(before(match, 24))
    if not began or counts(match) or (match["mo"] and began["sep"] and match["sep"] != began["sep"]):
        return None
    first, month = int(began["mo"]), int(match["mo"] or began["mo"])
    if (month, int(match["d"])) <= (first, int(began["d"])) and not (first >= 11 and month <= 2):
        return None
    said = [_month_day(match, "mo", "月")] if match["mo"] else []
    return [*said, (numbers.integer(match["d"]) + "日", match.start("d"), match.end())]


def _month_of_many(match: re.Match[str]) -> list[Piece] | None:
    """Both ends of 2019.9-2023.6, and 2019.9至今."""
    other, amount = r"(?:19|20)\d\d\.(?:0?[1-9]|1[0-2])", r"\s?[点元万亿%度米A-Za-z]"
    goes_on = follows(match, rf"{TO}{other}(?![\d.]|{amount})|\s?[-–—~～]?\s?至今")
    came = search(rf"{other}{TO}$").search(before(match)) and not counts(match) and not follows(match, amount)
    return _full(match) if goes_on or came else None


def _goes_on(match: re.Match[str]) -> bool:
    """Whether a hyphen leads on to more of a number (2020-01-01-123) and not to another date."""
    return follows(match, r"-\d") and (match["sep"] == "-" and not follows(match, r"-\d{1,4}-\d"))


def _year_month(match: re.Match[str]) -> list[Piece] | None:
    another = follows(match, r"-\d{4}[-/.]\d")
    many = counts(match) and not follows(match, "起(?![案事火车命])")  # 自2024.12起
    return None if many or (not another and follows(match, r"[.\-/]?\d|%|[A-Za-z]")) else _full(match)


def _reversed(match: re.Match[str]) -> list[Piece]:
    """08-08-2008, 31/12/2008, 08/2008: the year is said first; what cannot be a month is the day."""
    spoken = numbers.digits(match["y"]) + "年" + numbers.integer(match["mo"]) + "月"
    return whole(match, spoken + (numbers.integer(match["d"]) + "日" if match["d"] else ""))


def _short(match: re.Match[str]) -> list[Piece] | None:
    """08-08, 08/8, 08.08, 10-01: only with a leading zero, or it would be a range, a fraction or a decimal."""
    zero = match["mo"][0] == "0" or (match["d"][0] == "0" and match["sep"] != ".")
    if not zero or labels(match):
        return None
    return [_month_day(match, "mo", "月"), _month_day(match, "d", "日")]


def _month_range(match: re.Match[str]) -> list[Piece] | None:
    """3-5月, 5月1-7日."""
    if int(match["a"]) >= int(match["b"]):
        return None
    return [
        part(match, "a", numbers.integer(match["a"])),
        part(match, "to", to(match)),
        part(match, "b", numbers.integer(match["b"])),
    ]


def _ordinal_unit(match: re.Match[str]) -> list[Piece]:
    return whole(match, numbers.integer(match[0]))


NOON = {"a": "上午", "p": "下午"}


def clock(hour: str, minute: str, second: str | None, half: bool = False) -> str:
    """两点零二分, 十二点, 八点三十分 (八点半 with ``half``), 十三点十分三十六秒."""
    spoken = numbers.quantity(str(int(hour))) + "点"
    if int(minute) or (second and int(second)):
        if half and int(minute) == 30 and not second:
            return spoken + "半"
        spoken += ("零" if minute[0] == "0" and minute != "00" else "") + numbers.integer(minute) + "分"
    if second and int(second):
        spoken += ("零" if second[0] == "0" else "") + numbers.integer(second) + "秒"
    return spoken


def _split_seconds(match: re.Match[str]) -> list[Piece] | None:
    """The 83 of 9秒83."""
    return spell(match[0], match.start()) if search(r"\d秒$").search(before(match, 2)) else None


_NIGHT = ("今", "每天", "每日", "晚", "夜", "凌晨", "营业", "末班")  # 24:30 is said of nights


def _time(match: re.Match[str]) -> list[Piece] | None:
    if not match["noon"] and scores.proportion(match):
        return None
    if not match["s"] and not match["noon"] and (scores.announced(match) or scores.played(match)):
        return None
    if match["h"] == "24" and match["m"] != "00" and not cued(match, _NIGHT):
        return None
    spoken = clock(match["h"], match["m"], match["s"]) + numbers.digits(match["f"] or "")
    if match["noon"]:
        spoken = ("" if _part_of_day_said(match) else NOON[match["noon"][0].lower()]) + spoken
    return whole(match, spoken)


def _part_of_day_said(match: re.Match[str]) -> bool:
    return bool(search(r"(?:上午|下午|早上|晚上|凌晨|中午|清晨|傍晚)\s?$").search(before(match)))


def _full_hour(match: re.Match[str]) -> list[Piece]:
    """9am, 5 p.m."""
    noon = match["noon"][0].lower()
    day_part = ("凌晨" if noon == "a" else "中午") if int(match["h"]) == 12 else NOON[noon]
    return whole(match, ("" if _part_of_day_said(match) else day_part) + clock(match["h"], "00", None))


def _hours(match: re.Match[str]) -> list[Piece]:
    """2-3点: 两到三点."""
    first, second = (part(match, end, numbers.quantity(match[end])) for end in "ab")
    return [first, part(match, "to", to(match)), second]


def _time_range(match: re.Match[str]) -> list[Piece] | None:
    end = search(_CLOCK).match(match.string, match.end())
    if end is None:
        return None
    first = _time(match)
    return first and [*first[:-1], (first[-1][0], first[-1][1], match.end("time")), part(match, "to", to(match))]


def _two_clock(match: re.Match[str]) -> list[Piece] | None:
    """2点, 2点20分, 有2点建议: 两点."""
    return whole(match, "两")


def _minute(match: re.Match[str]) -> list[Piece] | None:
    """The 05 of 8点05分 and 3分05秒 keeps its zero."""
    return whole(match, "零" + numbers.integer(match[0])) if before(match, 1) in ("点", "时", "分") else None


# A number and its unit: 3万元, 5个百分点; 温度 and 得分 alone end like a unit and leave the dash a minus.
_UNIT_END = (
    r"(?:[\d零一二三四五六七八九十百千万亿两半几多余][个]?(?:百分|平方|立方|星|小|公|千|万|亿|厘|毫|英|海|摄氏|美|欧|日|港)*"
    r"[日号月年点分时楼层岁元万亿千百级届期季倍米秒天周人个名度斤克℃%]|[\d℃]%|\d[kKwWGMT]|\d\s?[AaPp]\.?[Mm]\.?|℃|km/h)\s?$"
)


def _to(match: re.Match[str]) -> list[Piece] | None:
    """The dash of 5月1日-7日, 3万元-5万元, 1篇-3篇, 3GB-5GB, 2020/1/1-2020/2/1, 周一~周五."""
    after_unit = search(_UNIT_END).search(before(match, 8))
    between = match[0].strip() in "~～—–" and search(r"[\w%℃）)]\s?$").search(before(match, 2))
    same = search(r"\d\s?([A-Za-z]{1,3}|[\u4e00-\u9fff]{1,4})\s?[-–—−]\s?\d[\d.]*\s?\1(?![A-Za-z])")
    again = same.search(match.string, max(0, match.start() - 6), match.end() + 12)
    same_unit = again is not None and again.start() < match.start() < again.end(1) + 2
    dates = follows(match, r"\d{1,4}[-/.]\d") and search(r"\d[-/.:：]\d{1,2}\s?$").search(before(match, 5))
    dates = dates or search(r"\d{4}([-/.])\d{1,2}\1\d{1,2}\s?$").search(before(match, 12))
    named = search(r"(?:周|星期|礼拜)[一二三四五六日天]\s?$").search(before(match, 5)) and follows(match, "[周星礼]")
    ordinals = search(r"第\S{1,6}$").search(before(match, 8)) and follows(match, r"第\d")
    next_one = before(match, 1) in tuple("日月年号点") and follows(match, "[次翌][年日月]")  # 12月30日—次年1月2日
    return whole(match, "到") if after_unit or next_one or between or same_unit or dates or named or ordinals else None


def _event(match: re.Match[str]) -> list[Piece]:
    """9·11, 3·15: days that became names."""
    return spell(match[0], match.start())


_D = "0123456789"
RULES = (
    Rule(
        _D,
        rf"(?:(?P<mo>{_MONTH})(?P<sep>[-/.]))?(?P<d>{_DAY})(?!\d|[./-]\d|\s?[A-Za-z元万亿倍%室栋月年点时号:：])日?",
        _last_day,
        "-/.",
    ),
    Rule(_D, r"(?P<y>(?:19|20)\d\d)\.(?P<mo>0?[1-9]|1[0-2])(?P<d>)(?![\d.%])", _month_of_many, "."),
    Rule(_D, rf"(?P<y>\d{{4}})(?P<sep>[-/.])(?P<mo>{_MONTH})(?P=sep)(?P<d>{_DAY})日?(?![./]?\d)", _full, "-/."),
    Rule(_D, rf"(?P<mo>{_MONTH})(?P<sep>[-/.])(?P<d>{_DAY})(?P=sep)(?P<y>(?:19|20)\d\d)(?![./-]?\d)", _reversed, "-/."),
    Rule(
        _D,
        rf"(?P<d>1[3-9]|2\d|3[01])(?P<dash>[-/.])(?P<mo>{_MONTH})(?P=dash)(?P<y>(?:19|20)\d\d)(?![./-]?\d)",
        _reversed,
        "-/.",
    ),
    Rule(_D, r"(?P<y>(?:19|20)\d\d)[-/.](?P<mo>0[1-9]|1[0-2])(?P<d>)(?![\d./]|-(?!\d{4}[-/.]))", _year_month, "-/."),
    Rule(_D, r"(?P<y>(?:19|20)\d\d)/(?P<mo>[1-9]|1[0-2])(?P<d>)(?![\d./-])", _year_month, "-/."),
    Rule(_D, r"(?P<mo>0[1-9]|1[0-2])(?P<d>)[-/.](?P<y>(?:19|20)\d\d)(?![\d./-])", _reversed, "-/."),
    Rule(
        _D,
        r"(?P<mo>0[1-9]|1[0-2])(?P<sep>[-/.])(?P<d>0[1-9]|[12]\d|3[01])"
        r"(?![\d./%]|-(?!\d\d(?P=sep)\d\d))(?!\s?[A-Za-z元万亿倍%室号栋])",
        _short,
        "-/.",
    ),
    Rule(_D, r"(?P<mo>0[1-9])(?P<sep>[-/])(?P<d>[1-9])(?![\d./%-])(?!\s?[A-Za-z元万亿倍%室号栋])", _short, "-/"),
    *years.RULES,
    Rule(_D, rf"(?P<a>{_MONTH})(?P<to>{TO})(?P<b>{_MONTH})(?=\s?月)", _month_range, RANGE_SIGNS),
    Rule(_D, rf"(?P<a>{_DAY})(?P<to>{TO})(?P<b>{_DAY})(?=\s?[日号])", _month_range, RANGE_SIGNS),
    Rule(_D, r"\d{1,2}(?=\s?(?:月份?(?!子)|日(?!元(?![旦宵])|[圆币])|号(?!线)))", _ordinal_unit, "月日号"),
    Rule(_D, rf"(?P<time>{_CLOCK})(?P<to>{TO})(?=\d)", _time_range, ":："),
    Rule(_D, _CLOCK, _time, ":："),
    Rule(_D, r"(?P<h>1[0-2]|0?[1-9])\s?(?P<noon>[AaPp]\.?[Mm](?![A-Za-z])\.?)", _full_hour, "mM"),
    Rule(_D, rf"(?P<a>\d{{1,2}})(?P<to>{TO})(?P<b>\d{{1,2}})(?=点(?![\d零一二三四五六七八九]))", _hours, "点"),
    Rule("-–—~～−", r"[-–—−~～]\s?(?=\d|第\d|[\u5468\u661f\u793c]|[\u6b21\u7fcc][年日月])|(?<=[A-Za-z])[~～](?=[A-Za-z])", _to),
    Rule(_D, r"\d{1,3}(?!\d)", _split_seconds, "秒"),
    Rule("0", r"0[1-9](?=[分秒])", _minute, "分秒"),
    Rule("2", r"2(?=点(?!\d+分之|[零一二三四五六七八九]分之))", _two_clock, "点"),
    Rule(
        _D,
        r"\d{1,2}[·•・.]\d{1,2}"
        r"(?=劳动节|国庆|青年节|儿童节|妇女节|护士节|世界|事件|事变|"
        r"地震|大地震|晚会|运动|讲话|惨案|恐怖|空难|购物|大促|特大)",
        _event,
        "·•・.",
    ),
    Rule(_D, r"\d{1,2}[·•・]\d{1,2}(?![\d.°]|\s?[-=+×*÷/^])", _event, "·•・"),
    Rule("'’", r"['’]\d\d(?=年|届|级)", _event),
)
