"""Numbers that are names because of what stands around them: 404错误, (2023)京01民终1234号, 我住502, report_2024.pdf, 666.

In: matches. Out: pieces, digits one by one.
"""

from __future__ import annotations

import re

from . import numbers, scores
from .net import name_characters
from .phones import grouped
from .pieces import Piece, Rule, before, counts, cued, follows, goes_to, part, search, spell, spelled, whole
from .tables import CODE_CUES, FILES, SERVICE_NUMBERS

_LATIN = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
_D = "0123456789"
_SAID = r"(?:^|[\s“\"(（]|[是说喊刷扣打弹幕和与哈嘿笑]|操作|简直|技术|(?:数字|暗号|口令)[是为：:]?)$"
_DIALLED = re.compile(r"[48]00-\d{3}-\d{4}|1\d\d-\d{4}-\d{4}|0\d{2,3}-\d{4,8}(?:-\d{1,5})?")
_DATE = re.compile(r"(?:19|20)\d\d-\d{1,2}-\d{1,2}|(?:19|20)\d\d-(?:0[1-9]|1[0-2])")


def _addressed(match: re.Match[str]) -> list[Piece]:
    """/var/log/app.log, report_2024.pdf."""
    return name_characters(match[0], match.start())


def _slang(match: re.Match[str]) -> list[Piece] | None:
    """666，太秀了; 今天是520: what the net says in numbers, by itself in its clause."""
    alone = follows(match, r"\s?(?:$|[，。！？!?~～…”\"）)]|快乐|礼物|表白|告白|当天|[这那]一?天|当晚|[啦啊哈哦了])")
    return spelled(match) if alone and not counts(match) and search(_SAID).search(before(match)) else None


def _code(match: re.Match[str]) -> list[Piece] | None:
    """取件码6-3-2018: the hyphens silent; but 订单2024-05-01 has a date, and 号码400-123-4567 is dialled."""
    known = counts(match) or _DATE.fullmatch(match[0]) or _DIALLED.fullmatch(match[0]) or follows(match, "号(?![码线])")
    return spelled(match) if cued(match, CODE_CUES) and not known else None


def _in_groups(match: re.Match[str]) -> list[Piece] | None:
    """会议号482 731 906: a pause where the writer has one; but 红球号码05 12 18."""
    sizes = tuple(map(len, match[0].split()))
    code = search(_GIVEN if max(sizes) > 2 else _TYPED).search(before(match))
    amount = counts(match) or follows(match, r"\s?[元块万千百亿%‰℃°A-Za-z]")
    dialled = _DIALLED.fullmatch(match[0].replace(" ", "-"))
    return grouped(match, sizes, phone=False) if code and not amount and not dialled else None


def _replied(match: re.Match[str]) -> list[Piece] | None:
    """回复“2026”, 评论区扣888领取; but 输入金额“2026”."""
    if match[0] in SERVICE_NUMBERS:
        return None
    if search(rf"(?:{_SEND}|[敲扣打发]){_WORD}[“\"'「『【‘]$").search(before(match)):
        return spelled(match) if follows(match, "[”\"'」』】’](?![分元块])") else None
    if not search(rf"{_SEND}{_WORD}$").search(before(match)):
        return None
    there = search("评论区|后台|公众号|私信|直播间").search(before(match)) and follows(match, r"$|[，。！；、,!;]")
    wanted = r"\s?(?:领|获取|即可|查看|参与|查询|报名|免费|解锁|下载|[到至]\s?1\d{3})"
    return spelled(match) if there or follows(match, wanted) else None


def _steel(match: re.Match[str]) -> list[Piece] | None:
    """316L不锈钢, 304/316不锈钢, 内胆采用304."""
    listed = r"(?:[、和或/与及]\d{3}[LH]?){0,4}(?:食品级|医用级?)?(?:不锈钢|钛钢|钢(?![筋琴笔铁]))"
    lined = match["n"] in ("304", "316") and cued(match, ("内胆", "材质", "材料", "锅体", "杯体", "水槽"))
    named = follows(match, listed) or before(match, 3) in ("不锈钢", "食品级") or lined
    if not named or counts(match) or follows(match, r"\s?[元块万千百\dA-Za-z]"):
        return None
    return [*spell(match["n"], match.start("n")), *([part(match, "low", match["low"])] if match["low"] else [])]


def _duplex(match: re.Match[str]) -> list[Piece]:
    """18/10不锈钢."""
    return scores.joined(match, " ")


def _work(match: re.Match[str]) -> list[Piece] | None:
    """莫扎特K.545, KV 525, BWV.1007: composers' works, the point silent."""
    name, around = match["name"], match.string[max(0, match.start() - 20) : match.end() + 12]
    if name in ("RV", "Sz", "D", "S", "L") and not search("[曲调琴]|四重奏|弥撒|维瓦尔第|舒伯特|李斯特|巴托克").search(around):
        return None
    number = numbers.integer(match["n"]) if len(match["n"]) < 3 else numbers.digits(match["n"])
    return [part(match, "opus", match["opus"]), part(match, "n", number)]


def _room(match: re.Match[str]) -> list[Piece] | None:
    """我住502, 会议室在308."""
    rooms = "会议室|办公室|教室|包间|包厢|房间|诊室|病房|宿舍|寝室"
    where = search(rf"住(?:在|进)?\s?$|[\d一二三四五六七八九十][楼层栋座幢]\s?$|(?:{rooms})[就是在为到：:\s]{{0,3}}$")
    alone = not counts(match) and follows(match, r"\s?(?:$|[，。！？；,!?;)）]|[的吗呢吧啊]|室|房)")
    return spelled(match) if alone and where.search(before(match)) else None


def _which(match: re.Match[str]) -> list[Piece]:
    """在2层, 188号2栋, 车2平5: which, not how many."""
    return whole(match, "二")


def _silent(match: re.Match[str]) -> list[Piece]:
    """The hyphen of 远航者-7号."""
    return whole(match, "")


def _either(match: re.Match[str]) -> list[Piece]:
    """50/60Hz."""
    return [*scores.joined(match, "或"), part(match, "unit", "赫兹")]


def _film(match: re.Match[str]) -> list[Piece]:
    """ISO400, of a film; but ISO9001."""
    return whole(match, numbers.cardinal(match[0].strip()))


def _status(match: re.Match[str]) -> list[Piece] | None:
    """接口返回的是404，不是502."""
    told = search(r"接口|请求|返回|状态码|服务器|网关|网页").search(match.string[max(0, match.start() - 20) : match.start()])
    return spelled(match) if told and search(r"[是为了回]\s?$").search(before(match)) else None


def _minus(match: re.Match[str]) -> list[Piece]:
    """b²-4ac; the mark A-; 防御力-15."""
    return whole(match, "减")


def _year(match: re.Match[str]) -> list[Piece] | None:
    """’98抗洪; but ‘好’98分."""
    return spelled(match) if search(r"^[《（“\s]?.$").search(before(match, 3)) else None


def _leading(match: re.Match[str]) -> list[Piece] | None:
    """手机后4位1129, 前6位是110105: as many digits as are spoken of; but 前3位100元."""
    told = search(_PLACES).search(before(match))
    if not told or counts(match) or follows(match, r"\s?[元块万千百亿强%℃A-Za-z]"):
        return None
    many = told["n"] or str(len(match[0]))
    many = int(many) if many.isdigit() else "一二三四五六七八九十".index(many.replace("两", "二")) + 1
    phone = search("电话|手机|尾号").search(before(match)) is not None
    return spell(match[0], match.start(), phone) if many == len(match[0]) else None


def _worked(match: re.Match[str]) -> list[Piece] | None:
    """长期996: of what is counted, a word or a unit would tell."""
    amount = counts(match) or follows(match, r"\s?[元块万千百亿%‰.℃°A-Za-z/~～-]")
    return None if amount or before(match, 1) in tuple("共约达超近有第逾") else spelled(match)


def _typed(match: re.Match[str]) -> list[Piece] | None:
    """RTX 4090, ISO 9001: capitals and four digits."""
    return spelled(match) if not counts(match) and not follows(match, r"\s?[元块万千百亿点毫兆像转瓦伏帕赫]") else None


def _tyre(match: re.Match[str]) -> list[Piece]:
    """225/55 R17."""
    slash = ("斜杠", match.end("a"), match.start("b"))
    pieces = [*spell(match["a"], match.start("a")), slash, *spell(match["b"], match.start("b"))]
    return [*pieces, (" R" + numbers.integer(match["r"]), match.end("b"), match.end())]


def _same_letter(match: re.Match[str]) -> list[Piece] | None:
    """The dash of P36~P41."""
    first = search(r"(?:^|[^A-Za-z])([A-Za-z]{1,2})\d{1,4}$").search(before(match, 7))
    return goes_to(match) if first and follows(match, rf"{first[1]}\d{{1,4}}(?!\d)") else None


def _pages(match: re.Match[str]) -> list[Piece] | None:
    """The dash of 见P25-38."""
    return goes_to(match) if search(r"(?:^|[^A-Za-z])[Pp]\d{1,4}$").search(before(match, 6)) else None


def _oil(match: re.Match[str]) -> list[Piece]:
    """5W-30."""
    cold = [part(match, "a", numbers.integer(match["a"])), ("W", match.end("a"), match.start("b"))]
    return [*cold, *spell(match["b"], match.start("b"))]


def _sent_to(match: re.Match[str]) -> list[Piece] | None:
    """回复TD到1065."""
    sent = search(r"(?:回复|发送|短信|编辑)[^，。]{0,12}[到至]\s?$").search(before(match))
    return spell(match[0], match.start(), phone=True) if sent and not counts(match) else None


def _two(match: re.Match[str]) -> list[Piece]:
    """3室2厅2卫, 切成2半, 3战2胜."""
    return whole(match, "两")


def _cut(match: re.Match[str]) -> list[Piece]:
    """165/84A: a size of clothes."""
    slash = (" ", match.end("a"), match.start("b"))
    return [*spell(match["a"], match.start("a")), slash, *spell(match["b"], match.start("b")), part(match, "cut", match["cut"])]


def _holiday(match: re.Match[str]) -> list[Piece]:
    """10.1黄金周, 5.1假期."""
    return whole(match, "十一" if match[0] == "10.1" else "五一")


_GIVEN = rf"(?:{'|'.join(CODE_CUES)}|[\u4e00-\u9fff]号|[Qq]群)[码号]?[：:是为]{{0,2}}\s?$"
_TYPED = r"(?:(?<!号)码|口令)[：:是为]?\s?$"
_SEND = r"(?:回复|发送|输入|评论|留言|搜索|私信|弹幕)"
_WORD = r"(?:关键[词字]|数字|暗号|口令|代码|短语|序号)?[：:]?\s?"
_PLACES = r"(?:[前后末尾首间]\s?(?P<n>\d{1,2}|[一二两三四五六七八九十])位(?:数字?|号码)?(?:分别)?[是为：:（(]?|\d位[是为])\s?$"
_RULED = r"[)）〕\]][\u4e00-\u9fff]{1,4}\d{0,4}[\u4e00-\u9fff]{0,6}\d{1,6}[-—]?\d{0,4}号"  # of a court
RULES = (
    Rule(_LATIN, rf"[A-Za-z][A-Za-z0-9_-]{{0,60}}\.(?:{FILES})(?![A-Za-z\d])", _addressed, "."),
    Rule("/", r"(?<![A-Za-z\d/])/[A-Za-z][A-Za-z0-9._-]{0,60}(?:/[A-Za-z0-9._-]{1,60}){1,12}/?(?<![.-])", _addressed),
    Rule(_D, r"(?:6{3,9}|23{2,9}|5{3,9}|8{2,6}|886|520|521|1314|5201314|9527)(?!\d)", _slang),
    Rule(_D, r"[45]\d\d(?=\s?(?:错误|页面|报错|异常|状态码|[Nn]ot [Ff]ound))", spelled, "错页报异状Nn"),
    Rule(_D, r"(?<=返回|报了|报错|提示|显示|出现)[45]\d\d(?=[，。！？；,!?请时则就的说表代]|$)", spelled, "返报提显出"),
    Rule(_D, r"[45]\d\d(?=[，。！？；,!?]|$)", _status, "接请返状服网"),
    Rule(_D, r"(?:60[0135]|00[0123]|30[01]|68[89])\d{3}(?=[跌涨封]|报\d|收盘|开盘|停牌|今日)", spelled, "跌涨封报收开停今"),
    Rule(_D, r"(?<=给个|刷个|来个|扣个|打个|一波)6{3,6}(?!\d)", spelled, "个波"),
    Rule(_D, r"(?P<a>\d{2})(?P<to>/)(?P<b>\d{2})\s?(?P<unit>Hz)", _either, "H"),
    Rule(_D, r"(?<=ISO)\s?(?:50|64|100|125|160|200|250|320|400|500|640|800|1000|1600|3200|6400|12800|25600)(?!\d)", _film, "I"),
    Rule(_D, r"\d{3,5}(?=端口)", spelled, "端"),
    Rule(_D, r"(?<=#)\d{3,4}(?![\d号楼栋])", spelled, "#"),
    Rule(_D, r"66(?=大顺)|[1-9][1-9](?=折)", spelled, "顺折"),
    Rule(_D, r"(?<![\d.])(?:10\.1(?=黄金周|假期|长假|国庆)|5\.1(?=黄金周|假期|小?长假))", _holiday, "黄假长国"),
    Rule(_D, r"\d{3}(?=号色)", spelled, "色"),
    Rule(_D, r"(?:\d{6}(?=\.(?:SH|SZ|BJ)(?![A-Za-z]))|\d{4,5}(?=\.HK(?![A-Za-z])))", spelled, "."),
    Rule("-~～", r"(?<=\d)[-~～](?=[fF]/\d)", goes_to),
    Rule("-", r"(?<=[A-D])-(?=[，。；、]|$)", _minus),
    Rule(_D, r"(?P<a>\d{3})/(?P<b>\d{2})\s?Z?R(?P<r>\d{2})(?!\d)", _tyre, "R"),
    Rule("-–~～", r"(?<=\d)[-–~～](?=[A-Za-z]{1,2}\d)", _same_letter),
    Rule("-–~～", r"[-–~～](?=\d{1,4}(?![\w.-]))", _pages, "Pp"),
    Rule(_D, r"(?P<a>\d{1,2})W-?(?P<b>[2-6]0)(?!\d)", _oil, "W"),
    Rule(_D, r"\d{4,12}(?!\d)", _sent_to, "到至"),
    Rule(_D, r"(?<=数字[：:是为])\s?\d{4,12}(?!\d)", spelled, "数"),
    Rule(_D, r"(?<=第)(?:19|20)\d{5,6}(?=期)", spelled, "期"),
    Rule("2", r"(?<=[车马炮兵卒相象士仕将帅])2(?=[平进退]\d)|(?<=\d[平进退])2(?!\d)|(?<=[找村产])2(?=队)", _which, "平进退队"),
    Rule("2", r"2(?=[排座]\d|次(?:会议|全会|全体会议|代表大会))", _which, "次排座"),
    Rule(_D, r"(?:95|98|99)(?=新(?:[\sA-Za-z，。]|$))", spelled, "新"),
    Rule("-~～", r"(?<=\d#)[-~～](?=\d)", goes_to, "#"),
    Rule("-", r"(?<=[\u4e00-\u9fff])(?<![日号月年周期])-(?=\d{1,3}”?[号型])", _silent),
    Rule("-", r"(?<=[力值])-(?=\d)|(?<=\d)-(?=年龄|身高|体重)", _minus),
    Rule("2", r"(?<=[号区园期院城苑里村寓厦])2(?=[栋幢座](?:\d|[一二三四五六七八九十]|单元|楼|[东西]?门|$))", _which, "栋幢座"),
    Rule(
        _D, r"(?:19|20)\d\d(?=》)|(?<=重生|回到|穿越|梦回|致敬|告别)(?:19|20)\d\d(?=$|[\s，。！？：])", spelled, "》生到越回敬别"
    ),
    Rule(_D, r"\d{2,18}(?![\d.])", _leading, "位"),
    Rule(_D, r"\d{2,6}(?: \d{2,6}){1,6}(?! ?\d)", _in_groups, " "),
    Rule(_D, r"\d{3,12}(?!\d)", _replied, "复送入论言索信幕敲扣打发"),
    Rule(_D, r"(?P<a>18)(?P<to>/)(?P<b>8|10)(?=不锈钢)", _duplex, "钢"),
    Rule(_D, r"(?P<n>20[1-4]|30[1-9]|31[04-7]|32[19]|347|4[0-4]\d|630|904)(?P<low>[LH]?)(?!\d)", _steel, "钢级质料体杯槽胆"),
    Rule(_D, r"[1-8]0(?!00)\d\d(?=(?:系|航空)?铝(?:合金|板|材|[，。、]|$))", spelled, "铝"),
    Rule(
        "BKHTRSDL",
        r"(?<![A-Za-z])(?P<opus>(?P<name>[BHT]WV|[KR]V|Sz|[KDSL])(?:\.\s?|(?<=V)\s))(?P<n>\d{1,4})(?![\d.A-Za-z])",
        _work,
        ". ",
    ),
    Rule(_D, r"(?:101(?=大[楼厦])|(?<=台北)101)(?!\d)", spelled, "楼厦北"),
    Rule(_D, r"996(?!\d)", _worked),
    Rule(_D, r"(?<=[A-Z]{2} )\d{4}(?![\d.,%A-Za-z:-])", _typed, " "),
    Rule(_D, r"(?<=\d米)\d\d(?![\d.厘分个])", spelled, "米"),
    Rule(_D, r"(?<=HTTP )[1-5]\d\d(?!\d)", spelled, "H"),
    Rule(_D, r"(?<=[\u4e00-\u9fffA-Za-z][(（])\d{6}(?=[)）.])", spelled, "(（"),
    Rule(_D, rf"(?<=[(（〔\[])(?:19|20)\d\d(?={_RULED})", spelled, "号"),
    Rule(_D, r"\d{1,4}(?:-\d{1,5}){1,3}(?![\d./-])", _code, "-"),
    Rule(_D, r"\d{3,4}(?![\d.])", _room, "住室间厢房舍楼层栋座幢"),
    Rule(_D, r"(?:925|990|999|750)(?=[纯足]?银|足金|千足)", spelled, "银金足"),
    Rule("2", r"2(?=[室房厅卫厨](?:[\d一二两三四]|[，。、]|$)(?<!室[，。、])(?<!室))", _two, "厅卫厨"),
    Rule("2", r"(?<=[成作为])2(?=半)|2(?=胜\d)|(?<=[战胜])2(?=[胜负平])", _two, "半胜"),
    Rule(_D, r"(?P<a>1[4-9]\d)/(?P<b>\d{2,3})(?P<cut>[A-CY])(?![A-Za-z])", _cut, "ABCY"),
    Rule(_D, r"(?<=['’])\d\d(?=[\u4e00-\u9fff])", _year, "'’"),
    Rule("2", r"(?<=[在于到去至上])2(?=层(?!楼|高|的|以|薄|厚|膜|纱|皮))", _which, "层"),
    Rule("-–—~～", r"(?<=[\d年])[-–—~～](?=(?:公元)?前\d)", goes_to, "前"),
    Rule("-−–", r"(?:(?<=[²³¹⁰⁴⁵⁶⁷⁸⁹])|(?<=\d[abmntxyz]))[-−–](?=\s?[\dA-Za-z])", _minus, "²³¹⁰⁴⁵⁶⁷⁸⁹abmntxyz"),
)
