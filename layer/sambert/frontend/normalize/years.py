"""Years digit by digit, or how long something lasts: 2021年, 贞观八年（634年）, 90后, 距今72年. In: matches. Out: pieces."""

from __future__ import annotations

import re

from .pieces import TO, Piece, Rule, before, follows, part, search, spell, to
from .tables import LASTING

_D = "0123456789"
_MONTH = r"(?:0?[1-9]|1[0-2])(?!\d)"


def year(text: str, begin: int) -> list[Piece]:
    return spell(text, begin)


def _chinese_year(match: re.Match[str]) -> list[Piece] | None:
    """2021年, 86年8月, 2019-2021年: a year, unless the words around say a span of years."""
    first, last = match["y"], match["z"]
    if not _is_year(match, last or first):
        return None
    pieces = year(first, match.start("y"))
    if last:
        pieces.append((("年" if "年" in match[0] else "") + to(match, 0), match.end("y"), match.start("z")))
        pieces += year(last, match.start("z"))
    return pieces


_HAPPENED = (
    "参军|入伍|退伍|转业|入党|结婚|离婚|去世|病逝|退休|下岗|下海|回国|出国|考上|考入|搬到|来到|建成|开业|停产|"
    "抗洪(?!史)|洪水|金融危机|回归"
)


def _is_year(match: re.Match[str], text: str) -> bool:
    if follows(match, r"\s?年(?:前(?!后)|来|的?历史|以来|之久|以上|以内|左右|间)"):
        since = 1900 <= int(text) < 2100 and follows(match, r"\s?年以来")
        return since or (len(text) == 4 and not text.endswith("00") and not follows(match, r"\s?年(?:的?历史|之久)"))
    if before(match, 3).endswith(("公元", "公元前", "前", "西元")) and len(text) >= 3:
        return True
    if _lasts(before(match, 4), text):
        return False
    if len(text) == 4:
        return 1000 <= int(text) < 3000
    if len(text) == 3:
        return _long_ago(match, text)
    if text.startswith("0") or follows(match, rf"\s?年\s?{_MONTH}\s?月"):
        return True
    if follows(match, r"\s?年(?:出生|生人|毕业|入学|级|款|版|产(?!权)|高考|世界杯|奥运|春晚|国庆|春节)"):
        return True
    if text < "30" and before(match, 1) not in tuple("了过满近约用花") and follows(match, r"\s?年(?:买|购|入手|上市|上牌|出厂)"):
        return True
    if int(text) >= 50 and before(match, 1) != "了" and follows(match, rf"\s?年(?:{_HAPPENED})"):
        return True
    return int(text) >= 70 and follows(match, r"\s?年(?:的|初|底|末|春|夏|秋|冬|上半年|下半年|，|,|。|$)")


def _long_ago(match: re.Match[str], text: str) -> bool:
    """贞观八年（634年）, 618年，李渊称帝; but 历时618年, 123年的等待."""
    if before(match, 1) in ("（", "("):
        return follows(match, r"\s?年[)）]")
    begins = search(r"(?:^|[在于至自从到即秦汉魏晋宋齐梁陈隋唐辽])\s?$").search(before(match))
    bare = not match["z"] and follows(match, r"\s?年$")
    return bool(begins) and not text.endswith("00") and not bare and not follows(match, r"\s?年(?:[的后内之多就才过如]|一遇)")


def _lasts(said: str, text: str) -> bool:
    """Whether the words before say that it is a length of time: 距今2300年, 约1500年, 在位72年."""
    if said.endswith(LASTING):
        return True
    return text.endswith("00") and said.endswith(("约", "近", "将近", "上下", "有着", "整整"))


def _decades(match: re.Match[str]) -> list[Piece]:
    return spell(match["y"], match.start("y"))


def _years_of(match: re.Match[str]) -> list[Piece]:
    """1900年代, 1990s."""
    pieces = spell(match["y"], match.start("y"))
    return [*pieces, part(match, "s", "年代")] if match["s"] else pieces


RULES = (
    Rule(_D, rf"(?P<y>\d{{2,4}})(?:年?{TO}(?P<z>\d{{2,4}}))?(?=\s?(?:年(?!级|代)|学年|财年))", _chinese_year, "年"),
    Rule(_D, r"(?P<y>(?:19|20)?\d[05])(?=后(?!面|来|天)|、\d[05]后)", _decades, "后"),
    Rule(_D, r"(?P<y>(?:1[5-9]|20)\d\d)(?:(?<=0)(?P<s>'?s)(?![A-Za-z])|(?=年代))", _years_of),
)
