"""How long something takes: 以2:08:35夺冠, 仅剩02:35:18, 配速3′02″, 在03:25处, 3min30s, 约120d. In: matches. Out: pieces."""

from __future__ import annotations

import re

from . import numbers, scores
from .pieces import TO, Piece, Rule, before, counts, cued, follows, goes_to, part, search, whole

_D = "0123456789"
_TAKEN = r"(?:成绩|纪录|记录|时长|总长|PB|(?:用|耗|历|计|净)时(?![间段]))\D{0,8}$"
_LEFT = r"(?:剩[余下]?|倒计时)"
_HEARD = ("等候", "等待", "录音", "音频", "视频", "通话", "进度")
_STILL = ("静置", "保持", "停留", "加热", "曝光", "冲洗", "浸泡", "搅拌", "坚持", "按压", "等待", "休息", "间隔", "倒计时")
_RUN = r"[跑游骑滑划][进出了]\s?$"
_JUST_BEFORE = r"(?:破|还有|离(?:结束|开[始抢售]|截止)|(?:完赛(?:时间)?|[全半]马)[：:为]?|(?:^|[^第\d])\d{1,4}天)"
_BEGINS = r"\s?(?:开[始播抢售跑门场]|鸣枪|起跑|发枪|出发|集合|[上下]午|打响)"
_RESULT = r"\s?的[\u4e00-\u9fff]{0,4}(?:成绩|纪录|佳绩|用时)"


def minutes(minute: str, second: str, hour: str = "") -> str:
    """How long: 三分零二秒, 六分, 两小时零八分三十五秒."""
    said = numbers.quantity(hour.lstrip("0")) + "小时" if hour.strip("0") else ""
    if int(minute):
        read = numbers.integer if said else numbers.quantity
        said += ("零" if said and int(minute) < 10 else "") + read(minute.lstrip("0")) + "分"
    if int(second) or not said:
        said += ("零" if said and (int(second) < 10 or not int(minute)) else "") + numbers.integer(second) + "秒"
    return said


def _long(match: re.Match[str]) -> list[Piece] | None:
    """以2:08:35的成绩, 仅剩02:35:18, 等候00:06:40; elsewhere it is what the clock shows."""
    if follows(match, _BEGINS):
        return None
    told = search(rf"{_TAKEN}|{_RUN}|{_LEFT}\D{{0,8}}$|距.{{1,12}}$|{_JUST_BEFORE}\s?$").search(before(match))
    told = (
        told or (int(match["h"]) == 0 and cued(match, _HEARD)) or (before(match, 1) == "以" and not follows(match, "为[准界]|作"))
    )
    if not told and not follows(match, rf"{_RESULT}|\s?(?:完赛|以?内(?!部))") and not _crossed(match):
        return None
    return whole(match, minutes(match["m"], match["s"], match["h"]) + numbers.digits(match["c"] or ""))


def _crossed(match: re.Match[str]) -> bool:
    """2:05:40冲线: who runs is there in less than seven hours."""
    night = search(r"(?:凌晨|[于在到至从])\s?$").search(before(match))
    line = follows(match, r"\s?(?:[冲撞]线|冲过|夺冠|[获摘]得?[冠亚季]军)") or cued(match, ("冲线", "撞线"))
    return int(match["h"]) < 7 and bool(line) and not night


def _short(match: re.Match[str]) -> list[Piece] | None:
    """时长4:59, 配速5:30, 第4节还剩1:20, 以14:35的成绩; but 还剩10:30的号."""
    left = search(rf"(?:{_LEFT}|距.{{1,10}}还有)(?:时间|时长)?[：:为约\s]{{0,2}}$").search(before(match))
    told = left or search(rf"{_RUN}|(?:[时片]长|[配均]速|均配|[用耗]时(?![间段]))\D{{0,6}}$").search(before(match))
    booked = left and follows(match, r"\s?(?:的?[场班号票课车座位]|[这那一])")
    other = booked or follows(match, rf"{_BEGINS}|{TO}\d")
    result = follows(match, _RESULT) and (before(match, 1) == "以" or int(match["m"]) > 24)
    return _place(match) if not other and (told or result) else None


def _place(match: re.Match[str]) -> list[Piece]:
    """在03:25处: a place in a recording."""
    return whole(match, minutes(match["m"], match["s"]))


def _minutes_and_seconds(match: re.Match[str]) -> list[Piece]:
    """3min30s, 23h56min4s."""
    hours = [part(match, "h", numbers.quantity(match["h"]) + "小时")] if match["h"] else []
    pieces = [*hours, part(match, "m", numbers.quantity(match["m"]) + "分"), part(match, "s", numbers.integer(match["s"]) + "秒")]
    return [*pieces, ("", match.end(), match.end())]


def _seconds(match: re.Match[str]) -> list[Piece] | None:
    """静置30″, 5分30″, 百米12″58; elsewhere the sign means inches."""
    if match["c"] and counts(match):  # 75″2台
        return [(numbers.quantity(match["n"]) + "英寸", match.start(), match.start("c"))]
    told = match["c"] or cued(match, _STILL) or follows(match, "后|钟") or before(match, 1) == "分"
    return whole(match, numbers.quantity(match["n"]) + "秒" + numbers.digits(match["c"] or "")) if told else None


def _some_minutes(match: re.Match[str]) -> list[Piece] | None:
    """加热30′; elsewhere the sign is that of an angle."""
    return _minute(match) if cued(match, _STILL) else None


def _days(match: re.Match[str]) -> list[Piece] | None:
    """寿命约120d; but 3d is an effect."""
    if int(match["n"]) < 4 or not search("[\u4e00-\u9fff～~至到-]$").search(match.string[: match.start()][-1:]):
        return None
    return [part(match, "n", numbers.quantity(match["n"])), ("天", match.end("n"), match.end())]


def _finished(match: re.Match[str]) -> list[Piece] | None:
    """游出2:05.57."""
    if scores.proportion(match) or (len(match["c"]) == 1 and not search(f"{_TAKEN}|{_RUN}").search(before(match))):
        return None
    return whole(match, minutes(match["m"], match["s"]) + numbers.digits(match["c"]))


def _minute(match: re.Match[str]) -> list[Piece]:
    """第88'破门, 90'绝杀."""
    return [part(match, "m", numbers.integer(match["m"])), ("分钟", match.end("m"), match.end())]


def _feet(match: re.Match[str]) -> list[Piece]:
    """5'10\" → 五英尺十英寸; 3'20\", 配速3'02\" and 3'35\"6 are times."""
    tall = search(r"(?:[高宽深]|(?<![时片])长)\D{0,3}$").search(before(match)) or follows(match, r"\s?(?:的?身?[高长宽]|英)")
    zero = len(match["b"]) == 2 and match["b"][0] == "0"
    timed = int(match["b"]) >= 12 or zero or match["c"] or search(rf"配速\D{{0,8}}$|{_TAKEN}").search(before(match))
    if timed and (not tall or int(match["b"]) >= 12):
        return whole(match, minutes(match["a"], match["b"]) + numbers.digits(match["c"] or ""))
    small = (numbers.cardinal(match["b"]) + "英寸", match.start("b"), match.end())
    return [part(match, "a", numbers.quantity(match["a"]) + "英尺"), small]


_NO_NOON = r"(?![\d:：]|\.\d|\s?[AaPp]\.?[Mm])"
RULES = (
    Rule(_D, r"(?<=第)(?P<m>\d{1,3})['′](?!\d)", _minute, "'′"),
    Rule(_D, r"(?P<m>\d{1,3})['′](?=绝杀|破门|进球|补时|点球|[红黄]牌|换人)", _minute, "'′"),
    Rule(_D, r"(?P<m>0?[1-9]|[1-5]\d)[:：](?P<s>[0-5]\d)\.(?P<c>\d{1,3})(?![\d.])", _finished, ":："),
    Rule(_D, rf"(?P<h>\d{{1,3}})[:：](?P<m>[0-5]\d)[:：](?P<s>[0-5]\d)(?:\.(?P<c>\d{{1,3}}))?{_NO_NOON}", _long, ":："),
    Rule(_D, rf"(?P<m>\d{{1,3}})[:：](?P<s>[0-5]\d){_NO_NOON}", _short, "长速配时剩距跑游骑滑划成纪佳"),
    Rule(_D, r"(?P<m>\d{1,3})[:：](?P<s>[0-5]\d)(?=[处秒]|左右的?画面)", _place, "处秒左"),
    Rule(_D, r"(?:(?P<h>\d{1,3})\s?h\s?)?(?P<m>\d{1,3})\s?min\s?(?P<s>\d{1,2})\s?s(?![A-Za-z])", _minutes_and_seconds, "m"),
    Rule("-–—~～", r"(?<=\d)\s?[-–—~～]\s?(?=次日|翌日|凌晨|第二天|当日)", goes_to, "次翌凌第当"),
    Rule(_D, r"(?P<a>\d{1,2})['′’]\s?(?P<b>\d{1,2})(?:[\"″”]|''|′′|’’)(?P<c>\d{1,2})?(?!\d)", _feet, "'′’"),
    Rule(_D, r"(?P<m>\d{1,3})′(?![\d″])", _some_minutes, "′"),
    Rule(_D, r"(?P<n>\d{1,3})″(?P<c>\d{1,2})?(?!\d)", _seconds, "″"),
    Rule(_D, r"(?P<n>\d{1,4})d(?![A-Za-z\d/])", _days, "d"),
)
