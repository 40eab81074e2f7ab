"""How long something takes: 等候00:06:40, 在03:25处, 3min30s, 静置30″, 约120d. In: matches. Out: pieces."""

from __future__ import annotations

import re

from . import numbers
from .pieces import Piece, Rule, cued, follows, goes_to, part, search, whole

_D = "0123456789"
_LONG = ("等候", "等待", "时长", "用时", "耗时", "历时", "录音", "音频", "视频", "剩余", "倒计时", "通话", "进度")
_STILL = ("静置", "保持", "停留", "加热", "曝光", "冲洗", "浸泡", "搅拌", "坚持", "按压", "等待", "休息", "间隔", "倒计时")


def _minutes(match: re.Match[str]) -> list[Piece] | None:
    """等候时间00:06:40: no clock shows that."""
    if not cued(match, _LONG):
        return None
    minutes, seconds = (numbers.integer(str(int(match[group]))) for group in "ms")
    return whole(match, f"{minutes}分{seconds}秒")


def _place(match: re.Match[str]) -> list[Piece]:
    """在03:25处: a place in a recording."""
    return whole(match, f"{numbers.integer(str(int(match['m'])))}分{numbers.integer(str(int(match['s'])))}秒")


def _minutes_and_seconds(match: re.Match[str]) -> list[Piece]:
    """3min30s, 23h56min4s."""
    hours = [part(match, "h", numbers.quantity(match["h"]) + "小时")] if match["h"] else []
    pieces = [*hours, part(match, "m", numbers.quantity(match["m"]) + "分"), part(match, "s", numbers.integer(match["s"]) + "秒")]
    return [*pieces, ("", match.end(), match.end())]


def _seconds(match: re.Match[str]) -> list[Piece] | None:
    """静置30″; elsewhere the sign means inches."""
    return whole(match, numbers.quantity(match["n"]) + "秒") if cued(match, _STILL) or follows(match, "后|钟") else None


def _days(match: re.Match[str]) -> list[Piece] | None:
    """寿命约120d; but 3d is an effect."""
    if int(match["n"]) < 4 or not search("[\u4e00-\u9fff～~至到-]$").search(match.string[: match.start()][-1:]):
        return None
    return [part(match, "n", numbers.quantity(match["n"])), ("天", match.end("n"), match.end())]


def _finished(match: re.Match[str]) -> list[Piece]:
    """游出2:05.57."""
    second = ("零" if match["s"][0] == "0" else "") + numbers.integer(match["s"])
    return whole(match, f"{numbers.quantity(match['m'])}分{second}秒{numbers.digits(match['c'])}")


def _minute(match: re.Match[str]) -> list[Piece]:
    """第88'破门."""
    return [part(match, "m", numbers.integer(match["m"])), ("分钟", match.end("m"), match.end())]


def _runs(match: re.Match[str]) -> list[Piece] | None:
    """时长4:59."""
    return _place(match) if cued(match, ("时长", "片长")) else None


RULES = (
    Rule(_D, r"(?<=第)(?P<m>\d{1,3})['′](?!\d)", _minute, "'′"),
    Rule(_D, r"(?P<m>[1-9]|[1-5]\d)[:：](?P<s>[0-5]\d)\.(?P<c>\d{2})(?![\d.])", _finished, ":："),
    Rule(_D, r"(?P<m>\d{1,3})[:：](?P<s>[0-5]\d)(?![\d:：])", _runs, "长"),
    Rule("0", r"00?[:：](?P<m>[0-5]\d)[:：](?P<s>[0-5]\d)(?![\d:：])", _minutes, ":："),
    Rule(_D, r"(?P<m>\d{1,3})[:：](?P<s>[0-5]\d)(?=[处秒]|左右的?画面)", _place, "处秒左"),
    Rule(_D, r"(?:(?P<h>\d{1,3})\s?h\s?)?(?P<m>\d{1,3})\s?min\s?(?P<s>\d{1,2})\s?s(?![A-Za-z])", _minutes_and_seconds, "m"),
    Rule("-–—~～", r"(?<=\d)\s?[-–—~～]\s?(?=次日|翌日|凌晨|第二天|当日)", goes_to, "次翌凌第当"),
    Rule(_D, r"(?P<n>\d{1,3})″", _seconds, "″"),
    Rule(_D, r"(?P<n>\d{1,4})d(?![A-Za-z\d/])", _days, "d"),
)
