"""Money, measures, percentages. In: matches of amounts. Out: pieces in the order they are said (￥1.25 → 一点二五元)."""

from __future__ import annotations

import re

from . import numbers
from .pieces import NUMBER, SCALE, TO, Piece, Rule, alternatives, amount, before, counts, cued, follows, part, search, to, whole
from .rates import NOT_WORD, UNIT
from .tables import CURRENCIES, MONEY_WORDS, NOT_ALONE, UNITS

_LARGE = {"k": 3, "m": 6, "mn": 6, "million": 6, "b": 9, "bn": 9, "billion": 9}  # powers of ten
_LARGE_SCALES = tuple("百千万亿")  # before these 2 is 两
_MINUS = {"-": "负", "−": "负", "+": "正", "±": "正负", None: ""}


def _scaled(number: str, letter: str | None) -> str:
    """3.5M, 3.5 million → 三百五十万, 25k → 两万五千: the number itself, not the letter."""
    if not letter:
        return amount(number, counted=True)
    whole_part, _, fraction = number.replace(",", "").partition(".")
    power = _LARGE[letter.lower()]
    if len(fraction) > power:
        return amount(number)
    value = (whole_part + fraction.ljust(power, "0")).lstrip("0") or "0"
    for places, unit in ((8, "亿"), (4, "万")) if power > 3 else ():
        if len(value) > places and value.endswith("0" * (places - 2)):
            return amount(value[:-places] + "." + value[-places:], counted=True) + unit
    return amount(value, counted=True)


def _symbol_money(match: re.Match[str]) -> list[Piece] | None:
    """￥1.25, $3,000万, -$5, $-5, $3.5M, €100-200."""
    unit = CURRENCIES[match["cur"]]
    if match["cur"].isalpha() and search("[A-Za-z]").match(before(match, 1)):
        return None
    spoken = _MINUS[match["minus"] or match["minus2"]] + _scaled(match["a"], match["large"]) + match["scale"]
    if match["b"]:
        spoken += to(match, 0) + amount(match["b"], counted=True) + (match["scale2"] or "")
    if follows(match, r"\s?元"):  # $200元: 两百美元; RMB 200元: 人民币两百元
        if unit == "人民币":
            return whole(match, unit + spoken)
        return whole(match, spoken + (unit.removesuffix("元") if unit.endswith("元") else ""))
    return whole(match, spoken + ("" if follows(match, r"\s?(?:美元|欧元|英镑|日元|港元|人民币)") else unit))


def _code_money(match: re.Match[str]) -> list[Piece] | None:
    """12.50 RMB, 100USD, 50€."""
    if match["cur"] == "RM":  # ringgits have it in front; 1RM is what one can lift
        return None
    pieces = [part(match, "a", amount(match["a"], counted=True) + match["scale"])]
    if match["b"]:
        pieces += [part(match, "to", to(match)), part(match, "b", amount(match["b"], counted=True) + match["scale2"])]
    return [*pieces, (CURRENCIES[match["cur"]], pieces[-1][2], match.end())]


def _word_money(match: re.Match[str]) -> list[Piece]:
    """14.60元 → 十四点六元, 2块5 → 两块五."""
    return whole(match, amount(match[0], counted=True))


def _percent(match: re.Match[str]) -> list[Piece]:
    """5%-8%, 5-8%, ‰, -3.5%, 40多%. Both ends carry the 百分之 when both carry the sign."""
    name = {"%": "百分之", "％": "百分之", "‰": "千分之", "‱": "万分之"}[match["unit"]]
    all_of_it = match["a"] == "100" and name == "百分之" and not match["scale"]
    scale = match["scale"].replace("+", "多")
    first = _MINUS[match["sign"]] + name + ("百" if all_of_it else amount(match["a"], counted=scale[:1] in _LARGE_SCALES)) + scale
    if not match["b"]:
        return whole(match, first)
    second = (_MINUS[match["sign2"]] if match["sign2"] else "") + (name if match["own"] else "") + amount(match["b"])
    return [
        (first, match.start(), match.start("to")),
        part(match, "to", to(match)),
        (second + match["scale2"], match.end("to"), match.end()),
    ]


def _measure(match: re.Match[str]) -> list[Piece] | None:
    """25kg, 10~15 kg, 120m², 10km/h, -10°C, 5mg/L, 10元/斤."""
    unit, per = match["unit"], match["per"]
    if unit == "L" and before(match, 2) == "跑道":
        return None
    if unit not in UNITS or (match["own"] or unit) not in UNITS or (unit in NOT_ALONE and not per and not match["b"]):
        return None
    if per and ((per not in UNITS and per[0] < "一") or (match["count"] and unit in NOT_ALONE)):  # 4K/60fps
        return None
    degrees = unit in ("°C", "℃", "°") and match["sign"] == "-"
    sign = "零下" if degrees else _MINUS[match["sign"]]
    name = "度" if degrees and unit != "℃" else unit_name(unit)  # 零下十度, but a sentence's ℃ are said alike
    around = match.string[max(0, match.start() - 40) : match.end() + 40]
    if name == "千米" and any(word in around for word in _ON_THE_WAY):
        name = "公里"
    ordinal = before(match, 1) == "第"
    first = numbers.cardinal(match["a"]) if sign or ordinal else amount_of(match["a"], name)  # 零下二度, 负二米
    pieces = [(sign + first + match["scale"], match.start(), match.end("scale"))]
    if match["b"]:
        mixed = degrees and not match["sign2"]  # 零下三度到五度: the second is not below zero
        own = (name if degrees else unit_name(match["own"])) if match["own"] or mixed else ""
        alternating = match["own"] == "V" and unit == "Hz"  # 220V~50Hz
        pieces.append(part(match, "to", own + ("" if alternating else to(match))))
        sign2 = {"-": "零下" if degrees else "负"}.get(match["sign2"] or "", "")
        second = numbers.cardinal(match["b"]) if sign2 or ordinal else amount_of(match["b"], name)
        pieces.append((sign2 + second, match.end("to"), match.end("b")))
    if per == "h" and unit in ("km", "公里", "千米", "KM"):
        if _speeds_up(match):
            return [*pieces, ("公里每小时", pieces[-1][2], match.end())]
        already = before(match).rstrip().endswith(("每小时", "时速", "每小时约"))
        pieces[0] = (("" if already else "每小时") + pieces[0][0], *pieces[0][1:])
        return [*pieces, ("公里", pieces[-1][2], match.end())]
    if match["count"] and (per == unit or unit == "V"):  # 2.4GHz/5GHz, 220V/50Hz
        return [*pieces, (name, pieces[-1][2], match.start("count") - 1)]
    each = numbers.integer(match["count"]).removeprefix("一") if match["count"] else ""  # 7.2L/100km: 每百千米
    over = "公里" if each and per == "km" else unit_name(per or "")  # 每百公里
    return [*pieces, (name + (f"每{each}{over}" if per else ""), pieces[-1][2], match.end())]


def _speeds_up(match: re.Match[str]) -> bool:
    """0-100km/h加速, 100km/h-0制动."""
    if follows(match, rf"{TO}0(?!\d)"):
        return True
    words = r"\s?(?:再?加速|提速|破百|制动|刹[车停]|减速)"
    return match["b"] is not None and (follows(match, words) or cued(match, ("加速", "制动", "刹车")))


def unit_name(symbol: str) -> str:
    """kg → 千克; a name that is already Chinese stays."""
    return UNITS.get(symbol, symbol)


def amount_of(number: str, unit: str) -> str:
    """2千克 is 两千克, but 2两 is 二两."""
    return numbers.cardinal(number) if unit.startswith("两") else numbers.quantity(number)


_LETTERS = {
    "U": (("胰岛素", "注射", "肝素", "青霉素", "酶"), "单位"),
    "A": (("电流", "保险丝", "插座", "空开", "插头", "快充", "断路器"), "安"),
    "K": (("温度", "冷到", "冷却", "降温", "超导", "低温"), "开尔文"),
    "T": (("磁场", "磁感应", "核磁"), "特斯拉"),
}
_ON_THE_WAY = ("骑行", "跑", "步行", "徒步", "配速", "行驶", "续航", "里程", "前方", "全程", "高速", "驾驶",
               "开车", "保养", "km/h")  # fmt: skip
_COLD = ("气温", "温度", "最低", "最高", "体感", "低温", "降到", "降至")


def _below_zero(match: re.Match[str]) -> list[Piece] | None:
    """-15摄氏度; -7度 where the weather is spoken of."""
    if match["unit"] == "度" and not cued(match, _COLD):
        return None
    return whole(match, "零下" + numbers.cardinal(match["n"]) + match["unit"])


def _pressure(match: re.Match[str]) -> list[Piece]:
    """The unit of 140/90mmHg, whose number has been read as two."""
    return whole(match, "毫米汞柱")


def _by_its_cue(match: re.Match[str]) -> list[Piece] | None:
    """胰岛素16U, 10A电流, 冷到4.2K, 磁场加到9T: a letter that is a unit only where something says so."""
    letter = match["letter"]
    cues, name = _LETTERS[letter]
    told = cued(match, cues) or follows(match, "|".join(cues))
    told = told or (letter == "A" and search(r"\d\s?V\s?[/、，,×xX*⎓]?\s?$").search(before(match)))
    told = told or (letter == "K" and before(match, 2) == "T=")
    return [part(match, "n", numbers.quantity(match["n"])), (name, match.end("n"), match.end())] if told else None


def _counted(match: re.Match[str]) -> list[Piece] | None:
    """2个 → 两个, 2-3个 → 两到三个, 2、3个 → 两三个, 2万 → 两万."""
    end = match.end()
    if match["scale"] == "" and not counts(match, end):
        return None
    if before(match, 1) in ("第", "初") or search(r"[A-Za-z]").match(before(match, 1)):
        return None
    if match["b"] and match["a"][0] == "0" and len(match["a"]) > 1 and "." not in match["a"]:
        return None
    if match["b"] is None:
        spoken = amount(match["a"], counted=True) if "." not in match["a"] else numbers.quantity(match["a"])
        return [part(match, "a", spoken), part(match, "scale", match["scale"])] if match["scale"] else [part(match, "a", spoken)]
    near = match["to"].strip() in ("、", "，")
    if near and not (len(match["a"]) == len(match["b"]) == 1 and int(match["b"]) == int(match["a"]) + 1):
        return None
    first = part(match, "a", numbers.quantity(match["a"]) + match["scale0"])
    second = part(match, "b", (numbers.cardinal if near else numbers.quantity)(match["b"]))
    pieces = [first, second] if near else [first, part(match, "to", to(match)), second]
    return [*pieces, part(match, "scale", match["scale"])] if match["scale"] else pieces


def _wan_and(match: re.Match[str]) -> list[Piece]:
    """1w2, 3k5: 一万二, 三千五."""
    large = "万" if match["large"] in "wW" else "千"
    return whole(match, numbers.quantity(match["a"]) + large + numbers.digits(match["b"]))


def _wan(match: re.Match[str]) -> list[Piece]:
    """300w, 3W+: 万 in the language of the net."""
    pieces = [part(match, "a", numbers.quantity(match["a"])), part(match, "w", "万")]
    if not match["plus"]:
        return pieces
    return [*pieces, part(match, "plus", "多" if counts(match) else "加")]


def _spaced(match: re.Match[str]) -> list[Piece] | None:
    """1 000 000: groups of three after spaces; a single space needs a measure word behind."""
    sure = match[0].count(" ") > 1 or counts(match) or follows(match, rf"\s?(?:{MONEY_WORDS})")
    return whole(match, numbers.cardinal(match[0].replace(" ", ""))) if sure else None


def _english_ordinal(match: re.Match[str]) -> list[Piece]:
    """1st, 21st → 第一, 第二十一."""
    return whole(match, "第" + numbers.integer(match["n"]))


_PAID = ("薪", "月入", "年入", "工资", "收入", "待遇", "底薪", "预算", "价")


def _thousand(match: re.Match[str]) -> list[Piece] | None:
    """8k元, 2k家店, 5k+粉丝; but 4k屏."""
    counted = follows(match, "元|块|人|米|公里|步|粉丝|观众") or (counts(match) and not follows(match, "[片屏部台套级]|分辨"))
    paid = follows(match, "$|[，。·×*、]|左右|以上|上下") and cued(match, _PAID)
    return whole(match, _scaled(match["a"], "k") + ("多" if match["plus"] else "")) if counted or paid else None


def _pay(match: re.Match[str]) -> list[Piece] | None:
    """月薪8k-12k → 八千到一万二千."""
    if not cued(match, _PAID):
        return None
    first, second = (numbers.cardinal(match[end] + "000") for end in "ab")
    return [(first, match.start(), match.start("to")), part(match, "to", to(match)), (second, match.start("b"), match.end())]


_D = "0123456789"
_SIGNED = _D + "-−+±."
_CUR = f"(?P<cur>{alternatives('CURRENCIES')})"
_CUR_STARTS = "".join({symbol[0] for symbol in CURRENCIES}) + "-−"
_CUR_CHARACTERS = "".join({symbol[-1] for symbol in CURRENCIES})
_UNIT_CHARACTERS = "".join({symbol[-1] for symbol in UNITS})
_NUM = rf"(?:{NUMBER}|(?<!\.)\.\d{{1,20}}(?!\d))"

RULES = (
    Rule(_D, rf"(?P<a>\d{{1,3}})[kK]?(?P<to>{TO})(?P<b>\d{{1,3}})[kK](?![A-Za-z\d])", _pay, "kK"),
    Rule(
        _CUR_STARTS,
        rf"(?P<minus>[-−](?=\D))?{_CUR}\s?(?P<minus2>[-−])?(?P<a>{NUMBER})\s?(?:(?P<large>[mb]illion|[mb]n|[kKMBmb])(?![A-Za-z]))?(?P<scale>{SCALE})"
        rf"(?:{TO}(?:{alternatives('CURRENCIES')})?(?P<b>{NUMBER})(?P<scale2>{SCALE}))?",
        _symbol_money,
    ),
    Rule(
        _D,
        rf"(?P<a>{NUMBER})(?P<scale>{SCALE})(?:(?P<to>{TO})(?P<b>{NUMBER})(?P<scale2>{SCALE}))?\s?{_CUR}(?![A-Za-z\d.])",
        _code_money,
        _CUR_CHARACTERS,
    ),
    Rule(
        _SIGNED,
        rf"(?P<sign>[-−+±])?(?P<a>{_NUM})(?P<scale>{SCALE}|\+)"
        rf"(?:(?P<own>[%‰])?(?P<to>{TO})(?P<sign2>[-−+])?(?P<b>{_NUM})(?P<scale2>{SCALE}))?\s?(?P<unit>[%‰‱])",
        _percent,
        "%‰‱",
    ),
    Rule(
        _SIGNED,
        rf"(?P<sign>[-−+±])?(?P<a>{_NUM})(?P<scale>{SCALE})\s?"
        rf"(?:(?P<own>{UNIT})?(?P<to>{TO})(?P<sign2>[-−+])?(?P<b>{_NUM})\s?)?"
        rf"(?P<unit>{UNIT}){NOT_WORD}(?:/(?P<count>\d{{1,4}}(?=[A-Za-z]))?(?P<per>{UNIT}|人|天|日|年|月|次|个|台|件|斤|亩|户){NOT_WORD})?",
        _measure,
        _UNIT_CHARACTERS,
    ),
    Rule("-−", rf"[-−](?<![A-Za-z\d)].)(?P<n>{NUMBER})(?P<unit>度|摄氏度)(?!角)", _below_zero, "度"),
    Rule(_D, r"\d{1,3}(?: \d{3}){1,5}(?![ ]?\d)", _spaced, " "),
    Rule(_D, r"(?P<n>\d{1,4})(?:st|nd|rd|th)(?![A-Za-z\d])", _english_ordinal, "stndrh"),
    Rule("m", r"mmHg(?![A-Za-z])", _pressure),
    Rule(_D, r"(?P<n>\d{1,7}(?:\.\d{1,3})?)\s?(?P<letter>[UAKT])(?![A-Za-z\d/])", _by_its_cue, "UAKT"),
    Rule(_D, r"(?P<a>\d{1,6}(?:\.\d{1,4})?)[kK](?P<plus>\+)?(?=[\u4e00-\u9fff，。·×*、]|$)", _thousand, "kK"),
    Rule(_D, r"(?P<a>\d{1,3})(?P<large>[wWk])(?P<b>[1-9])(?![\dA-Za-z.])", _wan_and, "wWk"),
    Rule(_D, r"(?P<a>\d{1,6}(?:\.\d{1,4})?)(?P<w>[wW])(?P<plus>\+)?(?=[\u4e00-\u9fff，。、,.!！?？\s]|$)", _wan, "wW"),
    Rule(_D, rf"{NUMBER}(?={SCALE}(?:{MONEY_WORDS}))", _word_money, MONEY_WORDS),
    Rule(_D, rf"{NUMBER}(?=\s[百千万亿](?![科达货宝]))", _word_money, " "),  # 2 万元
    Rule(
        _D,
        rf"(?P<a>{NUMBER})(?:(?P<scale0>[十百千万亿]?)(?P<to>{TO}|、)(?P<b>{NUMBER}))?(?P<scale>(?:[多余几]?[百千万亿兆]{{1,2}})?)",
        _counted,
    ),
)
