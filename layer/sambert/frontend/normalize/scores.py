"""Scores and ratios: 3:2, 78-96, 5%:3%, N:P:K=3:1:2. In: matches. Out: pieces with 比 between; the words around tell a score."""

from __future__ import annotations

import re

from . import numbers
from .pieces import Piece, Rule, before, counts, cued, each, follows, part, search, whole
from .tables import CODE_CUES, SCORE_CUES, TEAMS

_D = "0123456789"
_LATIN = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
_CUES = tuple(cue for cue in SCORE_CUES if len(cue) > 1)
# One character announces a score only directly before it: 胜2-1, but not 平均, 负责, 邮局.
_SHORT = r"(?:(?<![水公和生])平|[首次末决一二三四五六七\d]局|[战打扳追]成|[胜负败赢输])[了以个]{0,2}\s?$"
_MORE = r"(?:[、，,和及]\s?\d{1,3}[-–:：]\d{1,3}){0,4}"  # 21-16、21-14力克
_LISTED = r"((?:\d{1,3}[-–:：]\d{1,3}[、，,]\s?){1,6})$"
_WON = (
    rf"{_MORE}\s?(?:战胜|击败|战平|逼平|险胜|大胜|完胜|力克|轻取|横扫|不敌|惨败|惜败|负于|领先|落后|获胜|取胜|取得|胜|负|"
    r"平(?![方米均])|输|赢|淘汰|告负|获得冠军|夺冠|夺得|连[胜扳下])"
)
_SURE = "[取获险]胜|战胜|击败|横扫|逆转|不敌|负于|领先|落后|[战逼扳]平|力[克挫]|轻取|[惜惨]败|告负|直落|赢下|拿下.{0,3}[局盘]"
_BEATEN = rf"[、，和\d:：]{{0,14}}(?:{_SURE}|惊险过关)"
_BY = (
    rf"[、，和\d:：]{{0,14}}(?:的[大总]?比分|(?!的)[\u4e00-\u9fff]{{0,4}}?"
    rf"(?:{_SURE}|过关|晋级|[完大小]胜|胜(?![利任])|拿下|锁定|淘汰|出局|夺[得下]|赢|输(?![入出送])))"
)
_RATIO_BEFORE = (
    r"(?:(?:比[例值率重]?|配比|汇率|赔率|杠杆)(?:大约|约|大概|接近|近|达到?|是|为|高达|只有|[:：])?"
    r"|结构(?:比例?)?[为由是：:]{1,2})\s?$"
)
_RATIO_AFTER = r"\s?(?:的?(?:比[例率]|配比|赔率|杠杆|图纸|地图|地形图|模型|沙盘)|稀释|混合|勾?兑|配制|调配)"
# Before numbers that fall (5-3) these speak of a place, a label or a stretch and not of a game.
_NO_SIDE = "柜架第从由自表图式例题卷章节页条款号路街巷弄座栋幢楼室元村组区期前后约近共数到至在于有每是为值价满"


def announced(match: re.Match[str]) -> bool:
    """Whether the words before speak of a score."""
    return cued(match, _CUES) or bool(search(_SHORT).search(before(match))) or _listed(match)


def _listed(match: re.Match[str]) -> bool:
    """The second and further of 比分25-21、22-25, 4比2（11:8、9:11）."""
    text = match.string[max(0, match.start() - 60) : match.start()]
    games = search(_LISTED).search(text)
    head = text[: games.start()] if games else ""
    told = any(cue in head[-14:] for cue in _CUES) or head.endswith("以")
    return told or bool(search(r"\d\s?[比:：-]\s?\d{1,3}[（(]\s?$").search(head))


def decided(match: re.Match[str]) -> bool:
    """Whether the words after say who won."""
    return follows(match, _WON)


def played(match: re.Match[str]) -> bool:
    """以21:19过关, 12:10险胜, 在决胜局以12:10…: what could be a time and is a score; but 以12:30为准."""
    if not search(r"以\s?$").search(before(match)):
        return follows(match, _BEATEN)
    game = search("[决首末]局|决赛|加时").search(before(match))
    return follows(match, _BY) or (game is not None and not follows(match, "[为作开的]"))


def proportion(match: re.Match[str]) -> bool:
    """师生比为1:18, 按1:10稀释, 氮磷钾15:15:15; but 比1:20早 compares two times."""
    if match[0].count(":") > 1 and search(r"(?:氮磷钾|复合肥)\s?$").search(before(match)):
        return True
    said = search(_RATIO_BEFORE).search(before(match)) and not follows(match, r"\s?(?:更|还|要)?(?:早|晚|提前|推迟)")
    return bool(said) or follows(match, _RATIO_AFTER)


def after_team(match: re.Match[str]) -> bool:
    return before(match).rstrip().removesuffix("队").endswith(TEAMS)


def before_team(match: re.Match[str]) -> bool:
    return match.string.startswith(TEAMS, match.end() + match.string.startswith(" ", match.end()))


def joined(match: re.Match[str], word: str) -> list[Piece]:
    first, second = (part(match, group, numbers.cardinal(match[group])) for group in "ab")
    return [first, part(match, "to", word), second]


def versus(match: re.Match[str]) -> list[Piece]:
    return joined(match, "比")


def _ratio(match: re.Match[str]) -> list[Piece]:
    """3:2, 7.1:38.3:54.6, 1:2:3:4:5. What can be a clock time has been one before, unless a score was announced."""
    return each(match, r"[\d.]+|[:：∶]", lambda token: "比" if token in ":：∶" else numbers.cardinal(token))


def _named_ratio(match: re.Match[str]) -> list[Piece]:
    """The names of N:P:K=3:1:2."""
    return each(match, r"[A-Za-z]+|[:：∶]", lambda token: "比" if token in ":：∶" else token)


def _score(match: re.Match[str]) -> list[Piece] | None:
    """中国1-2, 以3-0战胜, 客队3-1."""
    if counts(match) or follows(match, r"\s?(?:等于|是多少|[班组级制折十百千万亿元])"):
        return None
    told = announced(match) or decided(match) or after_team(match) or before_team(match)
    return versus(match) if told or _won_by(match) or _falls(match) or _stands(match) else None


def _stands(match: re.Match[str]) -> bool:
    """直接破门，2-2！ by itself after a goal."""
    goal = search(r"(?:破门|进球|得分|扳平|绝杀|射门|点球|打进|追平)[^。！？\d]{0,6}[，、！]\s?$")
    return bool(goal.search(match.string, max(0, match.start() - 16), match.start())) and follows(match, r"\s?(?:[，。！；]|$)")


def _won_by(match: re.Match[str]) -> bool:
    """最终以1-4告负; but 以3-5为宜."""
    by = search(r"以\s?(?:\d{1,3}[-–]\d{1,3}[和及、])?$").search(before(match))
    return bool(by) and not follows(match, r"\s?(?:[为作]|左右|之间)")


def _falls(match: re.Match[str]) -> bool:
    """A range does not fall: after a name 5-1 and 2-2 are scores."""
    name = before(match).rstrip()[-1:]
    if int(match["a"]) < int(match["b"]) or not search(r"[\u4e00-\u9fff]").match(name) or name in _NO_SIDE:
        return False
    round_tens = match["a"][1:].endswith("0") and match["b"].endswith("0")  # 考试90-60: rather a falling range
    measure = follows(match, r"\s?[A-Za-zμ℃℉°㎡]")
    return not (round_tens or measure) and not cued(match, (*CODE_CUES, "计算", "倒数", "求"))


def _signed_ratio(match: re.Match[str]) -> list[Piece]:
    """The colon of 1:-2, 20%:30%."""
    return whole(match, "比")


def _between_names(match: re.Match[str]) -> list[Piece] | None:
    """The colons of 水泥:砂:石=1:2:3: as many as among the numbers."""
    left = search(rf"(?:{_NAME}[:：∶]){{0,6}}{_NAME}$").search(match.string[max(0, match.start() - 24) : match.start()])
    colons = len(search("[:：∶]").findall(left[0] + match[0] + match["names"])) if left else 0
    return whole(match, "比") if colons == len(search("[:：∶]").findall(match["numbers"])) else None


_NAME = r"[\u4e00-\u9fff]{1,4}"
# Asked before arithmetic, hence no operator may follow.
RULES = (
    Rule(
        _D,
        r"\d{1,4}(?:\.\d{1,4})?(?:\s?[:：∶]\s?\d{1,9}(?:\.\d{1,4})?){1,7}(?![\d:：∶]|\.\d)",
        _ratio,
        ":：∶",
    ),
    Rule(_D, r"(?P<a>\d{1,3})(?P<to>\s?[-–—]\s?)(?P<b>\d{1,3})(?![\d.%‰-]|\s?[=+×÷*])", _score, "-–—"),
    Rule(_LATIN, r"(?<![A-Za-z])[A-Za-z](?:[:：∶][A-Za-z]){1,7}(?=\s?=)", _named_ratio, ":：∶"),
    Rule(
        _LATIN,
        r"(?<![A-Za-z])[A-Za-z]{1,4}(?:\s?[:：∶]\s?[A-Za-z]{1,4}){1,7}(?=\s?=\s?[\d.]{1,6}\s?[:：∶]|的?(?:比[例值]|之比))",
        _named_ratio,
        ":：∶",
    ),
    Rule(":：∶", r"(?<==\d)[:：](?=\d)", _signed_ratio),
    Rule(
        ":：∶",
        rf"(?<![答注解例题案明])[:：∶](?=(?P<names>{_NAME}(?:[:：∶]{_NAME}){{0,6}})(?<![比例])\s?=\s?(?P<numbers>[\d.]{{1,6}}(?:[:：∶][\d.]{{1,6}}){{1,7}}))",
        _between_names,
        "=",
    ),
    Rule(":：∶", r"(?<=[\d%‰])[:：∶]\s?(?=[-−+]\d)|(?<=[%‰])[:：∶](?=\d{1,3}(?:\.\d{1,4})?[%‰])", _signed_ratio),
)
