"""Arithmetic, fractions, ranges, Roman numerals. In: matches. Out: pieces."""

from __future__ import annotations

import re
import unicodedata

from . import numbers, scores
from .pieces import (
    NUMBER,
    RANGE_SIGNS,
    SCALE,
    TO,
    UNIT_AHEAD,
    Piece,
    Rule,
    before,
    counts,
    cued,
    each,
    follows,
    part,
    search,
    spelled,
    to,
    unit_piece,
    whole,
)
from .tables import KINGS, OPERATORS, ROMAN

_D = "0123456789"
_OPERAND = rf"(?:[-−±]?(?:{NUMBER}|\.\d{{1,20}})[²³%]?|[A-Za-z](?![A-Za-z])[²³]?)"
_OPERATOR = r"(?:<=|>=|==|[+\-−×*✕÷/=<>≤≥≠≈±≦≧])"
_CERTAIN_SIGNS = "+×*✕÷=<>≤≥≠≈≦≧"
_CERTAIN = re.compile(f"[{_CERTAIN_SIGNS}]")
_TOKEN = re.compile(rf"\s+|(?P<a>\d{{1,4}})/(?P<b>\d{{1,4}})(?![\d.])|(?P<n>{NUMBER}|\.\d+)|(?P<o>{_OPERATOR})|.")
_DOTS = "….·⋯"
_VULGAR = "½⅓⅔¼¾⅕⅖⅗⅘⅙⅚⅛⅜⅝⅞"
_MONTHS = frozenset(map(str, range(1, 13)))
_POWERS = {"²": "的平方", "³": "的立方"}


def _expression(match: re.Match[str]) -> list[Piece] | None:
    """1+2=3, 5-3=2, x²+y²=z², 1/2+1/3=5/6; a bare 5-3 is a range and 3/4 a fraction, so one certain operator is needed."""
    text = match[0]
    if not _CERTAIN.search(text) or search("[A-Za-z0-9]").match(before(match, 1)):
        return None
    pieces: list[Piece] = []
    operand_before = False
    for token in _TOKEN.finditer(text):
        start, end = match.start() + token.start(), match.start() + token.end()
        if token["b"]:
            above, below = (numbers.cardinal(token[group]) for group in "ab")
            proper = int(token["a"]) < int(token["b"])
            pieces.append((f"{below}分之{above}" if proper else f"{above}除以{below}", start, end))
        elif token["n"]:
            pieces.append((numbers.cardinal(token["n"]), start, end))
        elif token["o"]:
            sign = not operand_before and token[0] in "-−+"
            pieces.append(({"+": "正"}.get(token[0], "负") if sign else OPERATORS[token[0]], start, end))
        elif token[0] == "%" and pieces:
            pieces[-1] = ("百分之" + pieces[-1][0], pieces[-1][1], end)
        elif not token[0].isspace():
            of_ten = token[0] in _POWERS and [said for said, _, _ in pieces[-2:]] == ["乘", "十"]  # c=3×10³: 十的三次方
            said = f"的{numbers.cardinal(unicodedata.normalize('NFKC', token[0]))}次方" if of_ten else None
            pieces.append((said or _POWERS.get(token[0], token[0]), start, end))
        if not token[0].isspace():
            operand_before = not token["o"]
    return [*pieces, *unit_piece(match)]


def _remainder(match: re.Match[str]) -> list[Piece]:
    """17÷5=3……2: 余."""
    said = each(
        match,
        rf"{NUMBER}|[÷/=]|[{_DOTS}][{_DOTS}余\s]{{0,8}}",
        lambda token: OPERATORS.get(token) or ("余" if token[0] in _DOTS else numbers.cardinal(token)),
    )
    left = (numbers.quantity(match["left"]) if counts(match) else said[-1][0], *said[-1][1:])
    return [*said[:-1], left]


def _difference(match: re.Match[str]) -> list[Piece]:
    """10-5等于5, 9-3-2是多少: said to be arithmetic by the words after it."""
    return each(match, rf"{NUMBER}|[-−–]", lambda token: "减" if token in "-−–" else numbers.cardinal(token))


def _rebate(match: re.Match[str]) -> list[Piece] | None:
    """满300-50: 减."""
    return scores.joined(match, "减") if int(match["a"]) > int(match["b"]) else None


def _comparison(match: re.Match[str]) -> list[Piece]:
    """≥100万, <5, 长>=宽: an operator before a number or, written with two signs, anywhere."""
    return whole(match, OPERATORS[match[0].strip()])


def _mixed(match: re.Match[str]) -> list[Piece]:
    """3 1/2 → 三又二分之一."""
    return whole(match, f"{numbers.integer(match['w'])}又{numbers.integer(match['b'])}分之{numbers.integer(match['a'])}")


def _vulgar(match: re.Match[str]) -> list[Piece]:
    """2⅓ → 二又三分之一."""
    above, _, below = unicodedata.normalize("NFKC", match["f"]).partition("⁄")
    return whole(match, f"{numbers.integer(match['w'])}又{numbers.integer(below)}分之{numbers.integer(above)}")


def _fraction(match: re.Match[str]) -> list[Piece] | None:
    if not match["sign"] and _is_score(match):
        return scores.versus(match)
    if int(match["b"]) == 0:
        return None
    storey = follows(match, "层|楼") and match["a"].isdigit() and int(match["a"]) <= int(match["b"]) < 120
    if storey or (match["a"] == "24" and match["b"] == "7" and not match["sign"]):  # 12/18层; round the clock
        return scores.joined(match, " ")
    if match["b"] == "1" and match["a"] in _MONTHS and not match["sign"]:  # nobody writes n/1 for a fraction
        return whole(match, f"{numbers.integer(match['a'])}月一日")
    if _calendar(match):
        return whole(match, f"{numbers.integer(match['a'])}月{numbers.integer(match['b'])}日")
    if follows(match, r"\s?mmHg") or cued(match, ("血压",)):
        return scores.versus(match)
    sign = "负" if match["sign"] else ""
    said = whole(match, f"{sign}{numbers.cardinal(match['b'])}分之{numbers.cardinal(match['a'])}")
    return [*said, *unit_piece(match)]  # 1/3kg


def _is_score(match: re.Match[str]) -> bool:
    """比分3/2, 以3/0战胜, 中国1/2德国; but 中国1/5的人口."""
    if follows(match, "的|以|子") or before(match, 2).endswith(("的", "负担", "承担")):  # 占总分的1/4, 原告负担1/4
        return False
    if scores.announced(match) or scores.decided(match):
        return True
    alone = follows(match, r"\s?(?:$|[，。、,.!！;；])") and "占" not in before(match)
    return scores.after_team(match) and (alone or scores.before_team(match))


_ITS_DAY = "日期|时间|有效期|生日|截止日?|入住|离店|退房|启程|返程"


def _calendar(match: re.Match[str]) -> bool:
    """5/2（周四）; 12/25 by itself or where a time is said, no share of anything: a day of the last three months."""
    could_be = search("0?[1-9]|1[0-2]").fullmatch(match["a"]) and search(r"0?[1-9]|[12]\d|3[01]").fullmatch(match["b"])
    if could_be and follows(match, r"\s?[(（]?\s?(?:周|星期|礼拜)[一二三四五六日天]"):
        return True
    listed = search(r"\d/\d{1,2}\D").search(match.string, max(0, match.start() - 20), match.start())
    leaves = r"\s?(?:飞|出发|抵达|入住|离店|发货|到货|开售|[之以]?前(?!后))"
    if could_be and int(match["b"]) > 12 and follows(match, leaves):  # 6/28飞, 3/18前
        return True
    begins = search(r"(?:(?<![等大小高低少多当介])于|[自从]|截[止至])\s?$").search(before(match))
    if could_be and begins and int(match["b"]) > 12 and not follows(match, "的|以[上下]|左右|处"):
        return True
    if could_be and begins and follows(match, r"\s?(?:开始|起(?!来)|上线|发布|举行|生效|截止|结束|之?[前后])"):
        return True
    if could_be and listed and follows(match, "正常|恢复|上班|开学|返校|上课|复工"):
        return True
    if could_be and search(rf"(?:{_ITS_DAY})[为是至到：:\s]{{0,2}}$").search(before(match)):
        return True
    if match["a"] not in ("10", "11", "12") or not search(r"1\d|2\d|3[01]").fullmatch(match["b"]):
        return False
    alone = search(r"(?:^|[\s(（于在至到从自]|截至|截止)$").search(before(match))
    return bool(alone) and follows(match, r"$|[\s)）前后晚早至到~～-]|上午|下午|凌晨|上线|发布|更新|举行|开始|[，。,]")


def _range(match: re.Match[str]) -> list[Piece] | None:
    """12-23, 3~5, -1.5-2: 到. A measure word after it counts for both ends."""
    if len(match["a"]) > 12 or len(match["b"]) > 12 or follows(match, r"-\d"):
        return None
    if any(match[end][0] == "0" and len(match[end]) > 1 and "." not in match[end] for end in "ab"):
        return None
    read = numbers.quantity if counts(match) and before(match, 1) != "第" else numbers.cardinal
    sign = [part(match, "sign", "正" if match["sign"] == "+" else "负")] if match["sign"] else []
    return [
        *sign,
        part(match, "a", (numbers.cardinal if sign else read)(match["a"]) + match["scale"]),
        part(match, "to", to(match)),
        part(match, "b", read(match["b"])),
        *([part(match, "scale2", match["scale2"])] if match["scale2"] else []),
    ]


def _address(match: re.Match[str]) -> list[Piece] | None:
    """30-9号 in an address: 杠; but 100-200号 go from one to the other."""
    rising = len(match["a"]) == len(match["b"]) and match["a"] < match["b"]
    if int(match["a"]) < int(match["b"]) and follows(match, "号") and _along(match):
        return scores.joined(match, "到")
    street = before(match, 1) in tuple("路街号弄巷苑园城里村区院庭府")
    if rising and follows(match, "号(?![楼院])" if street else "号|栋|单元"):
        return scores.joined(match, "到")
    read = (numbers.integer(match[end]) if len(match[end]) < 3 else numbers.digits(match[end]) for end in "ab")
    return [part(match, "a", next(read)), part(match, "to", "杠"), part(match, "b", next(read))]


def _along(match: re.Match[str]) -> bool:
    """停电范围:幸福路1-99号(单号): whether a stretch of a street is spoken of."""
    around = match.string[max(0, match.start() - 30) : match.end() + 8]
    return bool(search("范围|区域|路段|沿线|区间|[单双]号|[学片辖]区|停[电水气]").search(around))


def _joined(match: re.Match[str]) -> list[Piece] | None:
    """010-1234-5678, 2-1-301 and the like: digits, the hyphens silent; 5-10-15分钟 are amounts."""
    if counts(match) or cued(match, ("氮磷钾", "复合肥")):
        return each(match, r"\d+|-", lambda run: " " if run == "-" else numbers.cardinal(run))
    return spelled(match)


_DEGREES = rf"{NUMBER}(?:℃|°[Cc]|摄氏度)"
_TRENDS = ("增长", "涨", "跌", "幅", "同比", "环比", "收益", "增速", "增长率", "回报率")


def _sign(match: re.Match[str]) -> list[Piece] | None:
    """A lone + or = after something readable: 互联网+, f(x)=2; 30+个国家 is 三十多个."""
    if match[0] == "+" and search(r"(?<!9)\d$|(?:^|[^9])9$").search(before(match, 2)) and counts(match):
        return whole(match, "多")
    if match[0] == "+" and (follows(match, _DEGREES) or (follows(match, rf"{NUMBER}%") and cued(match, _TRENDS))):
        return whole(match, "正")
    return whole(match, {"+": "加", "=": "等于"}[match[0]]) if search(r"[\w)）°′″%]\s?$").search(before(match, 2)) else None


def _hours(match: re.Match[str]) -> list[Piece]:
    """1h30min → 一小时三十分钟."""
    pieces = [part(match, "h", numbers.quantity(match["h"]) + "小时"), part(match, "m", numbers.quantity(match["m"]) + "分钟")]
    return [*pieces, ("", match.end(), match.end())]


def _roman(match: re.Match[str]) -> list[Piece]:
    return whole(match, numbers.integer(str(ROMAN[match[0]])))


def _latin_roman(match: re.Match[str]) -> list[Piece] | None:
    """第III章, II型, 查理五世 as III世, 路易XIV, 《最终幻想VII》: Latin letters are numerals only beside words that want one."""
    king = len(match[0]) > 1 and before(match, 4).endswith(KINGS)
    title = len(match[0]) > 1 and follows(match, "》") and search("[\u4e00-\u9fff]$").search(before(match, 1))
    mark = len(match[0]) > 1 and search("[A-Z]-$").search(before(match, 2))  # SK-II
    if not (king or title or mark) and before(match, 1) != "第" and not follows(match, "型|期|级|类|世|度|区(?!域)|卷|章|相"):
        return None
    values = {"I": 1, "V": 5, "X": 10}
    total = 0
    for here, after in zip(match[0], match[0][1:] + " ", strict=True):
        total += -values[here] if values.get(after, 0) > values[here] else values[here]
    return whole(match, numbers.integer(str(total)))


def _circled(match: re.Match[str]) -> list[Piece]:
    """①, ⑴, ⒈: three runs of twenty."""
    return whole(match, numbers.integer(str((ord(match[0]) - 0x2460) % 20 + 1)))


RULES = (
    Rule(_D, rf"{NUMBER}(?:\s?[-−–]\s?{NUMBER}){{1,6}}(?=\s?(?:等于|是多少|得多少))", _difference, "-−–"),
    Rule(
        _D + "÷",
        rf"(?:{NUMBER}\s?)?[÷/]\s?{NUMBER}\s?=\s?{NUMBER}\s?(?:[…⋯]{{1,2}}|\.{{3,6}}|·{{3,6}})\s?余?\s?(?P<left>{NUMBER})",
        _remainder,
        _DOTS,
    ),
    Rule(_D, r"(?<=满)(?P<a>\d{1,5})(?P<to>-)(?P<b>\d{1,5})(?![\d.-])", _rebate, "满"),
    Rule(
        _D + "-−±." + "abcxyznABCXYZ",
        rf"{_OPERAND}(?:\s?{_OPERATOR}\s?{_OPERAND}){{1,40}}(?![A-Za-z\dμΩ⁰¹²³⁴-⁹⁻^]|\.\d|\s?[×✕*]\s?10[\^⁰¹²³⁴-⁹⁻]){UNIT_AHEAD}",
        _expression,
        _CERTAIN_SIGNS,
    ),
    Rule(_D, rf"(?P<w>\d{{1,4}})\s?(?P<f>[{_VULGAR}])", _vulgar, _VULGAR),
    Rule(_D, r"(?P<w>\d{1,4})\s(?P<a>\d{1,4})/(?P<b>\d{1,4})(?![\d/])", _mixed, "/"),
    Rule(
        _D + "-",
        rf"(?P<sign>-)?(?P<a>\d{{1,9}}(?:\.\d{{1,6}})?)(?P<to>\s?/\s?)(?P<b>\d{{1,9}})(?![\d/]|\.\d){UNIT_AHEAD}",
        _fraction,
        "/",
    ),
    Rule(_D, r"(?P<a>\d{1,4})(?P<to>-)(?P<b>\d{1,4})(?=号楼|号院|室|号(?!线)|栋|单元)", _address, "-"),
    Rule(_D, r"(?<=[图表式例题])(?P<a>\d{1,3})(?P<to>-)(?P<b>\d{1,3})(?![\d.-])", _address, "-"),
    Rule(_D, r"(?P<h>\d{1,4})h\s?(?P<m>\d{1,2})(?:mins?|m|['′])(?![A-Za-z\d])", _hours, "h"),
    Rule("+=", r"(?<![+=])[+=](?![+=])", _sign),
    Rule(_D, r"\d{2,8}(?:-\d{2,8}){2,5}(?![\d-])|\d{1,8}(?:-\d{1,8}){2,5}(?![\d-])", _joined, "-"),
    Rule("≤≥<>≈=≠", r"[<>]=(?!=)|[≤≥<>≈=≠]\s?(?=[-−]?[\d√])|(?<=[A-Za-z\d])\s?[≤≥<>≈≠]\s?(?=[A-Za-z]\d)", _comparison),
    Rule("".join(ROMAN), "[" + "".join(ROMAN) + "]", _roman),
    Rule("".join(map(chr, range(0x2460, 0x249C))), ".", _circled),
)
LATIN_ROMAN = Rule("IVX", r"(?:X{0,3})(?:IX|IV|V?I{0,3})(?<=[IVX])(?![A-Za-z])", _latin_roman)

# Asked after measures and money have had their turn.
RANGE = Rule(
    _D + "-−+",
    rf"(?P<sign>[-−+](?<![A-Za-z\d)-].))?(?P<a>{NUMBER})(?P<scale>{SCALE})(?P<to>{TO})(?P<b>{NUMBER})(?P<scale2>{SCALE})(?![A-Z]|[a-z](?![a-z]))",
    _range,
    RANGE_SIGNS,
)
