"""Where something is and the way there: 39.9°N, 116°23′30″, 北京→上海, 坐302路, 航速15kn. In: matches. Out: pieces."""

from __future__ import annotations

import re

from . import numbers
from .pieces import NUMBER, TO, Piece, Rule, amount, before, follows, goes_to, part, search, spelled, to, whole

_D = "0123456789"
_HEMISPHERES = {"N": "北纬", "S": "南纬", "E": "东经", "W": "西经"}


def _angle(match: re.Match[str]) -> list[Piece] | None:
    """116°23′30″, 39.9°N."""
    if not match["m"] and not match["h"]:
        return None
    units = (("d", "度"), ("m", "分"), ("s", "秒"))
    pieces = [part(match, group, numbers.cardinal(match[group]) + unit) for group, unit in units if match[group]]
    pieces[0] = (_HEMISPHERES.get(match["h"], "") + pieces[0][0], *pieces[0][1:])
    return [*pieces, ("", match.end(), match.end())]


def _hemisphere(match: re.Match[str]) -> list[Piece]:
    """N39°54′."""
    return whole(match, _HEMISPHERES[match[0].rstrip()])


_ROUTE = r"从|路线|线路|航线|航班|行程|路程|索道|景区|途经|直飞|往返|出发|开往|车次|高铁|动车|列车"
_TRIP = r"(?:机票|航班|航线|高铁|动车|列车|车票|火车|专线)"
_PLACE = r"[站港省市县区镇村路京]|机场|上海|天津|重庆|广州|深圳|杭州|南京|武汉|成都|西安|香港|澳门"


def _arrow(match: re.Match[str]) -> list[Piece]:
    """北京→上海: 到 on the way to somewhere, else a short pause (设置→通用)."""
    around = match.string[max(0, match.start() - 20) : match.end() + 4]
    way = search(_ROUTE).search(around) or search(rf"(?:{_PLACE})\s?$").search(before(match, 4))
    becomes = search(r"[\d%‰℃元]\s?$").search(before(match, 2)) and follows(match, r"\s?[vV]?\d")  # 120%→135%
    return whole(match, "到" if way or becomes else " ")


def _line(match: re.Match[str]) -> list[Piece] | None:
    """坐302路: the number of a bus; but 300路 is 三百路."""
    around = match.string[max(0, match.start() - 20) : match.end() + 20]
    taken = search(r"[坐乘搭等换]了?\s?$").search(before(match)) or "公交" in around
    return spelled(match) if taken or follows(match, r"路\s?(?:公交|车|末班|首班|[巴电]车|线)") else None


def _at_sea(match: re.Match[str]) -> list[Piece] | None:
    """航速15kn, 12n mile; nm are nanometres elsewhere."""
    around = match.string[max(0, match.start() - 20) : match.end() + 12]
    mile = match["unit"][0] == "n"
    cues = "领海|公海|[离距]岸|航[程行速线]" if mile else "[航船舰艇]|[货客邮油]轮|海[域面上]|[风流空地]速|阵风|风力|飞行"
    if not match["unit"].endswith(("mile", "miles")) and not search(cues).search(around):
        return None
    ends = [part(match, "a", amount(match["a"], counted=True))]
    if match["b"]:
        ends += [part(match, "to", to(match)), part(match, "b", amount(match["b"], counted=True))]
    return [*ends, part(match, "unit", "海里" if mile else "节")]


RULES = (
    Rule(
        _D,
        rf"(?P<a>{NUMBER})(?:(?P<to>{TO})(?P<b>{NUMBER}))?\s?(?P<unit>kn|kts?|n\s?miles?|nm)(?![A-Za-z\d/])",
        _at_sea,
        "kn",
    ),
    Rule(_D, r"(?<=跑道)\d{2}(?=[LRC](?![A-Za-z]))", spelled, "跑"),
    Rule(
        _D,
        r"(?P<d>\d{1,3}(?:\.\d{1,8})?)[°º](?:\s?(?P<m>\d{1,2}(?:\.\d{1,4})?)[′'])?(?:\s?(?P<s>\d{1,2}(?:\.\d{1,4})?)[″\"])?"
        r"(?:\s?(?P<h>[NSEW])(?![A-Za-z]))?",
        _angle,
        "°º",
    ),
    Rule("NSEW", r"[NSEW]\s?(?=\d{1,3}(?:\.\d{1,8})?[°º])", _hemisphere, "°º"),
    Rule("→⟶➔➜", r"[→⟶➔➜]", _arrow),
    Rule("—–-", rf"(?<=[\u4e00-\u9fff]{{2}})[—–-](?=[\u4e00-\u9fff]{{2,4}}的?{_TRIP})", goes_to, "机航高动列车专"),
    Rule(_D, r"\d(?!00)\d{2}(?=路)", _line, "路"),
)
