"""Numbers that name rather than count: plates, flights, rooms, versions, standards, and what bare numbers are.

In: matches. Out: pieces. 1 is 幺 in service numbers, trains and flights; 一 everywhere else.
"""

from __future__ import annotations

import re

from . import numbers
from .pieces import NUMBER, RANGE_SIGNS, TO, Piece, Rule, before, counts, cued, follows, part, search, spell, whole, year_by_year
from .tables import ALSO_QUANTITIES, CODE_CUES, FILES, PHONE_CUES, PROVINCES, SERVICE_NUMBERS

_LATIN = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
_D = "0123456789"


_MODELS = "歼轰运直苏图风旗击剑雳格浪虹征尔碳铀钴碘铯锶钚氦锂氢钾磷铅氙氪镭钍硼氮镅"  # aircraft, rockets, isotopes
_TRAVEL_CUES = ("航班", "车次", "乘", "列车", "班机", "高铁", "动车", "坐")


def _plate(match: re.Match[str]) -> list[Piece] | None:
    if before(match, 1) not in tuple(PROVINCES):
        return None
    return [(numbers.digits(c), match.start() + i, match.start() + i + 1) for i, c in enumerate(match[0]) if c not in "·• -"]


def _train_or_flight(match: re.Match[str]) -> list[Piece] | None:
    """G1234次, CA1831航班."""
    named = follows(match, r"\s?(?:次|航班|列车|号列车|高铁|动车|班机)")
    if not named and not cued(match, _TRAVEL_CUES):
        return None
    digits = numbers.digits(match["n"], phone=True) if len(match["n"]) > 2 else numbers.integer(match["n"])
    return [part(match, "letters", match["letters"]), part(match, "n", digits)]


def _version(match: re.Match[str]) -> list[Piece]:
    """1.2.3: each part a number, points between; leading zeros kept."""
    pieces: list[Piece] = []
    for found in re.finditer(r"\d+|\.", match[0]):
        token, start = found[0], match.start() + found.start()
        spoken = "点" if token == "." else numbers.digits(token) if token[0] == "0" or len(token) > 2 else numbers.integer(token)
        pieces.append((spoken, start, match.start() + found.end()))
    return pieces


def _x_to_x(match: re.Match[str]) -> list[Piece] | None:
    """B2B, O2O, B2B2C; but 邀请码K2P."""
    if search(r"[码号]\s?[：:是为]?\s?$|\d[-_]$").search(before(match)):
        return None
    return [(" to " if char == "2" else char, at, at + 1) for at, char in enumerate(match[0], match.start())]


def _name_of_two(match: re.Match[str]) -> list[Piece]:
    """BY2, a duo."""
    return whole(match, match[0][:2] + (" TWO" if match[0].isupper() else " Two"))


def _word(match: re.Match[str]) -> list[Piece]:
    return whole(match, match[0])


def _after_letter(match: re.Match[str]) -> list[Piece] | None:
    """M1, HDR10, PM2.5, A320, iPhone15: one or two digits are a number, more are spelled."""
    named = before(match, 5)
    if not search(r"[A-Za-z](?:\d{1,3}-|-)?$").search(named) or search(r"(?:^|[^A-Za-z])(?:lg|ln|log|sin|cos|tan)$").search(
        named
    ):
        return None
    if named[-2:] in ("PK", "VS") and follows(match, r"[:：]\d"):
        return None
    first_end = search(r"\d\s?([A-Za-z]{1,3})-$").search(named)
    if first_end and (first_end[1].lower() in ("am", "pm") or follows(match, rf"\s?{first_end[1]}(?![A-Za-z])")):
        return None  # 3GB-5GB, 9:00am-5:00pm
    text = match["n"]
    first, point, fraction = text.partition(".")
    spoken = numbers.integer(first) if len(first) <= 2 and first[0] != "0" else numbers.digits(first)
    return whole(match, spoken + ("点" + numbers.digits(fraction) if point else ""))


def _room(match: re.Match[str]) -> list[Piece] | None:
    """2006室, 388弄: digit by digit from three digits on; 12室 is 十二室."""
    return spell(match[0], match.start())


def _numero(match: re.Match[str]) -> list[Piece]:
    """No.1 → 第一, No.20240001 digit by digit."""
    short = len(match["n"]) <= 3
    label = "第" if short else "编号"
    already = before(match, 2) == "编号"  # 编号No.0032
    return [("" if already else label, match.start(), match.start("n")), part(match, "n", _short_or_digits(match["n"]))]


def _short_or_digits(text: str) -> str:
    return numbers.integer(text) if len(text) <= 3 and text[0] != "0" else numbers.digits(text)


def _after_name(match: re.Match[str]) -> list[Piece] | None:
    """C++, C#, A+: said after a Latin name only."""
    if not search(r"[A-Za-z]$").search(before(match, 1)):
        return None
    return whole(match, "".join("加" if char == "+" else "井" for char in match[0]))


def _hyphen(match: re.Match[str]) -> list[Piece]:
    """Wi-Fi and e-mail are one word; other hyphens part words."""
    one_word = search(r"(?:^|[^A-Za-z])(?:[a-z]|Wi)$").search(before(match, 3))
    return whole(match, "" if one_word else "-")


def _and(match: re.Match[str]) -> list[Piece]:
    """R&D, A & B: and between Latin words, 和 elsewhere."""
    latin = search(r"[A-Za-z]\s?$").search(before(match, 2)) and follows(match, r"\s?[A-Za-z]")
    return whole(match, " and " if latin else "和")


def _model(match: re.Match[str]) -> list[Piece]:
    """歼-20, 东风-41, 碳-14, 铀-235: the hyphen of a type is silent."""
    said = numbers.integer(match["n"]) if len(match["n"]) <= 2 else numbers.digits(match["n"])
    return [("", match.start(), match.start("n")), part(match, "n", said)]


def _plus_one(match: re.Match[str]) -> list[Piece]:
    """+1 by itself: agreed."""
    return whole(match, "加一")


def _point(match: re.Match[str]) -> list[Piece]:
    """.NET, file.txt."""
    return whole(match, "点")


def _underscore(match: re.Match[str]) -> list[Piece]:
    return whole(match, "下划线")


def _tail(match: re.Match[str]) -> list[Piece]:
    return spell(match[0], match.start(), phone=True)


def _standard(match: re.Match[str]) -> list[Piece]:
    """H.264."""
    return [part(match, "letter", match["letter"] + "点"), *spell(match["n"], match.start("n"))]


def _norm(match: re.Match[str]) -> list[Piece]:
    """GB/T 7714-2015: number and year by their digits, 杠 between them."""
    letters = (match["letters"].replace("/", ""), match.start(), match.start("n"))
    of = [("点" + numbers.digits(match["of"]), match.end("n"), match.end("of"))] if match["of"] else []
    bar = ("杠", match.start("y") - 1, match.start("y"))
    return [letters, *spell(match["n"], match.start("n")), *of, bar, *spell(match["y"], match.start("y"))]


def _airliner(match: re.Match[str]) -> list[Piece]:
    """波音737-800: the type by its digits, the hyphen silent."""
    series = [part(match, "n", numbers.integer(match["n"]))] if match["n"] else []
    return [*spell(match["type"], match.start("type")), *series]


def _lexical(match: re.Match[str]) -> list[Piece]:
    """985, 211, 996, 618: numbers that became words."""
    return spell(match[0], match.start())


def _number(match: re.Match[str]) -> list[Piece] | None:
    """Whatever is left: a quantity, or digits one by one when it is a name, a code or too long to be counted."""
    text = match["n"]
    sign = match["sign"] or ""
    if text.startswith(".") and search("[A-Za-z]").match(before(match, 1)):
        return None
    if "," in text or "." in text:
        return whole(match, numbers.cardinal(sign + text))
    if sign:
        return whole(match, numbers.cardinal(sign + text))
    counted = counts(match) or (text == "2" and follows(match, r"\s?[KMGT]B"))  # 两MB
    if cued(match, CODE_CUES) and not counted and len(text) >= 3:
        return spell(text, match.start("n"))
    if text in SERVICE_NUMBERS and not counted and _called(match, text):
        return spell(text, match.start("n"), phone=True)
    if not counted and len(text) >= 3 and cued(match, PHONE_CUES) and (len(text) >= 5 or follows(match, "打|$")):
        return spell(text, match.start("n"), phone=True)
    if (len(text) > 1 and text[0] == "0") or len(text) > numbers.MAX_CARDINAL:
        return spell(text, match.start("n"))
    if not counted and _names(match, text):
        return spell(text, match.start("n"))
    if counted and before(match, 1) != "第":
        return whole(match, numbers.quantity(text))
    return whole(match, numbers.integer(text))


def _called(match: re.Match[str], text: str) -> bool:
    """Whether a service number is one here: announced as such, or standing alone; five digits need less to be believed."""
    if cued(match, (*PHONE_CUES, "打", "查询", "交警")):
        return True
    if follows(match, r"\s?(?:报警|接到|接警|出警|急救|火警|消防|电话|服务|平台|热线|指挥|客服|警)"):
        return True
    if text in ALSO_QUANTITIES:
        return False
    if len(text) >= 5:
        return before(match, 1) not in tuple("=+<>×÷")
    return not search(r"[\w.=+<>×÷-]$").search(before(match)) and not follows(match, r"[\w.=+<>×÷%-]")


def _names(match: re.Match[str], text: str) -> bool:
    if len(text) >= 8 and "000" not in text:
        return True
    if len(text) in (3, 4) and before(match, 3).endswith(("座", "栋", "幢", "单元", "号楼")):
        return True
    if len(text) >= 5 and follows(match, '[”"’]?号'):
        return True
    if len(text) == 5 and text.startswith("100") and text[3] in "56789":
        return True
    if len(text) == 4 and 1900 <= int(text) < 2100:
        year_after = (
            "(?:Q[1-4]|H[12]|级|北京|东京|巴黎|奥运|亚运|世界杯|欧洲杯|春晚|"
            "赛季|财年|学年|新款|款|届|版|春季|秋季|夏季|冬季|中国|全国|国际|上半|下半|双十|新年|元旦|春节|跨年)"
        )
        if follows(match, r"[\u4e00-\u9fff]{2,5}(?:世界杯|奥运会|亚运会|锦标赛|公开赛|大奖赛|马拉松|博览会|峰会|年会|论坛)"):
            return True
        if follows(match, r"[〕\]）)]第?\d{1,5}号"):
            return True
        if before(match, 1) == "《" and follows(match, "》"):
            return True
        return follows(match, year_after) or bool(search("(?:生于|成立于|建于|始于|截至|自从|©)$").search(before(match)))
    return False


def _long(match: re.Match[str]) -> list[Piece]:
    """Any run of digits, however long."""
    return spell(match[0], match.start())


def _year_span(match: re.Match[str]) -> list[Piece] | None:
    """(1949-2024): two years."""
    if not 1000 <= int(match["a"]) < int(match["b"]) < 2100 or counts(match):
        return None
    return year_by_year(match)


# Asked after telephone numbers.
RULES = (
    Rule(_LATIN, r"[A-Z](?=[A-Z0-9·• -]{5,7})[·• -]?[A-Z0-9]{4,6}[学警港澳挂领使]?(?![A-Za-z0-9])", _plate, PROVINCES),
    Rule(_LATIN, r"(?P<letters>[A-Z]{1,2})-?(?P<n>\d{1,5})(?![\d.A-Za-z])", _train_or_flight),
    Rule(_D, r"95(?=口罩)|(?:360|480|540|720|1080|1440|2160)(?=[pPiI](?![A-Za-z]))", _lexical, "口pPiI"),
    Rule(_D, r"(?P<n>\d{1,12}(?:\.\d{1,6})?)(?!\.?\d|[:：]\d\d[:：]\d\d(?!\d))", _after_letter, _LATIN),
    Rule(_LATIN, r"N[oO]\.\s?(?P<n>\d{1,12})(?![\d.])", _numero),
    Rule(_LATIN, r"(?P<letter>[A-Z])\.(?P<n>\d{3})(?![\d.])", _standard, "."),
    Rule(_D, r"(?<=波音)(?P<type>7\d7)(?:-(?P<n>\d{1,3}))?(?!\d)", _airliner, "波"),
    Rule("№", r"№\s?(?P<n>\d{1,12})(?![\d.])", _numero),
    Rule("+#", r"[+#]{1,4}(?![\d+#])|\+\+(?=\d)", _after_name),
    Rule("+", r"\+1(?=[，。！？,!\s]|$)(?<![\w)）\s]..)", _plus_one),
    Rule("-", r"(?<=[A-Za-z])-(?=[A-Za-z])", _hyphen),
    Rule("&", "&", _and),
    Rule("_", r"(?<=[A-Za-z\d])_(?=[A-Za-z\d])", _underscore),
    Rule("-", rf"(?<=[{_MODELS}])-(?P<n>\d{{1,3}})(?![\d.%])", _model),
    Rule(_D, r"\d(?:-?\d){2,3}(?=阵型|阵容|防线)", _lexical, "阵防"),
    Rule(
        _LATIN,
        r"(?P<letters>[A-Z]{2,4}(?:/T)?)[\s-]?(?P<n>\d{3,6})(?:\.(?P<of>\d))?[-—](?P<y>(?:19|20)\d\d)(?![\d-])",
        _norm,
        "-—",
    ),
    Rule(_D, r"\d{3}(?=国道|省道|县道)", _tail, "道"),
    Rule(_D, r"\d(?!00)\d{2}(?=医院|中学|艺术区|高地|研究所|部队)", _lexical, "医中艺高研部"),
    Rule(".", rf"(?<![\w.])\.(?=[A-Z]{{2}})|(?<!\.)\.(?=(?:{FILES})(?![A-Za-z\d]))", _point),
    Rule(_D, r"\d{3,5}(?=室|房间|弄|房(?!子|屋))", _room, "室房弄"),
    Rule(
        _D,
        r"\d{3,4}(?=号(?:房|病房|包[厢间]|会议室|教室|铺|桌)|的门[，。！？]|(?:会议|办公|实验|自习|录音)室|教室|包[厢间]|病房|诊室|宿舍|寝室)",
        _room,
        "室包房宿铺桌门",
    ),
    Rule(
        _D,
        r"(?:985|211|996|007|618|520|1314|930|315|918|911)"
        r"(?=大学|毕业|出身|本科|硕士|高校|工程|院校|工作制|大促|购物节|新政|晚会|事变|事件|$)",
        _lexical,
    ),
    Rule(_D, r"(?:985|211)(?=[、和及/](?:985|211))|(?<=985[、和及/])211|(?<=211[、和及/])985", _lexical, "、和及/"),
    Rule(_D, rf"(?P<a>\d{{4}})(?P<to>{TO})(?P<b>\d{{4}})(?![\d.A-Za-z%℃㎡μ])(?!\s?年)", _year_span, RANGE_SIGNS),
)

# After everything that knows better.
LAST_RULES = (
    Rule(_LATIN, r"(?<![A-Za-z0-9])(?!H2[OS])[A-Z](?:2[A-Z]){1,3}(?![A-Za-z0-9]|[-_]\d)", _x_to_x),
    Rule("B", r"B[Yy]2(?![A-Za-z0-9])", _name_of_two, "2"),
    Rule(_LATIN, r"[A-Za-z]+(?:'[A-Za-z]+)?", _word),
    Rule(_D, r"\d{1,6}(?:\.\d{1,6}){2,6}(?!\.?\d)", _version, "."),
    Rule(_D, r"(?<=尾号)\d{4}(?!\d)|(?<=尾号为)\d{4}(?!\d)|(?<=尾号是)\d{4}(?!\d)", _tail, "尾"),
    Rule(_D + "-−+±.", rf"(?P<sign>[-−+±](?<![A-Za-z\d)-].))?(?P<n>{NUMBER}|(?<!\.)\.\d{{1,20}}(?!\d))", _number),
    Rule(_D, r"\d+", _long),
)
