"""Scores and ratios: 3:2, 78-96, 5%:3%. In: matches. Out: pieces with 比 between; the words around say what is a score."""

from __future__ import annotations

import re

from . import numbers
from .pieces import Piece, Rule, before, counts, cued, follows, part, search, whole
from .tables import CODE_CUES, SCORE_CUES, TEAMS

_D = "0123456789"
_CUES = tuple(cue for cue in SCORE_CUES if len(cue) > 1)
# One character announces a score only directly before it: 胜2-1, but not 平均, 负责, 邮局.
_SHORT = r"(?:(?<![水公和生])平|[首末决一二三四五六七\d]局|[胜负败赢输])[了以个]{0,2}\s?$"
_MORE = r"(?:[、，,和及]\s?\d{1,3}[-–:：]\d{1,3}){0,4}"  # 21-16、21-14力克
_LISTED = r"((?:\d{1,3}[-–:：]\d{1,3}[、，,]\s?){1,6})$"
_WON = (
    rf"{_MORE}\s?(?:战胜|击败|战平|逼平|险胜|大胜|完胜|力克|轻取|横扫|不敌|惨败|惜败|负于|领先|落后|获胜|取胜|取得|胜|负|"
    r"平(?![方米均])|输|赢|淘汰|告负|获得冠军|夺冠|夺得)"
)
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
    """3:2, 16:9, 78:96. What can be a clock time has been one before, unless a score was announced."""
    pieces = versus(match)
    if match["c"]:
        pieces += [part(match, "to2", "比"), part(match, "c", numbers.cardinal(match["c"]))]
    if match["d"]:
        pieces += [part(match, "to3", "比"), part(match, "d", numbers.cardinal(match["d"]))]
    return pieces


def _score(match: re.Match[str]) -> list[Piece] | None:
    """中国1-2, 以3-0战胜, 客队3-1."""
    if counts(match) or follows(match, r"\s?(?:等于|是多少|[班组级制折十百千万亿元])"):
        return None
    told = announced(match) or decided(match) or after_team(match) or before_team(match)
    return versus(match) if told or _won_by(match) or _falls(match) else None


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
    """The colon of 1:-2, 20%:30% and a:b=2:3."""
    return whole(match, "比")


# Asked before arithmetic, hence no operator may follow.
RULES = (
    Rule(
        _D,
        r"(?P<a>\d{1,4}(?:\.\d{1,4})?)(?P<to>\s?[:：∶]\s?)(?P<b>\d{1,9}(?:\.\d{1,4})?)"
        r"(?:(?P<to2>[:：∶])(?P<c>\d{1,4}))?(?:(?P<to3>[:：∶])(?P<d>\d{1,4}))?(?![\d:：])",
        _ratio,
        ":：∶",
    ),
    Rule(_D, r"(?P<a>\d{1,3})(?P<to>\s?[-–—]\s?)(?P<b>\d{1,3})(?![\d.%‰-]|\s?[=+×÷*])", _score, "-–—"),
    Rule(":：∶", r"(?<==\d)[:：](?=\d)|(?<![A-Za-z].)(?<=[A-Za-z])[:：](?=[A-Za-z]\s?=)", _signed_ratio),
    Rule(":：∶", r"(?<=[\d%‰])[:：∶]\s?(?=[-−+]\d)|(?<=[%‰])[:：∶](?=\d{1,3}(?:\.\d{1,4})?[%‰])", _signed_ratio),
)
