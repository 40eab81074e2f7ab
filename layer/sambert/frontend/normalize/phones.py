"""Numbers that are dialled or typed: telephone, identity and bank cards. In: matches. Out: pieces, a pause after each group.

1 is 幺 where people dial, 一 on cards.
"""

from __future__ import annotations

import re

from . import numbers
from .numbers import PAUSE
from .pieces import Piece, Rule, counts, cued, each, follows, spell
from .tables import PHONE_CUES, SERVICE_NUMBERS

_D = "0123456789"
_DIALLED = tuple(cue for cue in PHONE_CUES if len(cue) > 1)


def grouped(match: re.Match[str], groups: tuple[int, ...], phone: bool = True) -> list[Piece]:
    """The digits of the match one by one, a pause after each group."""
    pieces = spell(match[0], match.start(), phone)
    ends = {sum(groups[: i + 1]) for i in range(len(groups))}
    return [(s + PAUSE if i in ends and i < len(pieces) else s, b, e) for i, (s, b, e) in enumerate(pieces, 1)]


def _mobile(match: re.Match[str]) -> list[Piece] | None:
    if counts(match):
        return None
    digits = sum(c.isdigit() for c in match[0])
    return grouped(match, (digits - 11, 3, 4, 4) if digits > 11 else (3, 4, 4))


def _landline(match: re.Match[str]) -> list[Piece] | None:
    """010-62785001转6, 0571-12345."""
    area, local, extension = match["area"], match["local"].replace("-", "").replace(" ", ""), match["ext"]
    groups = (len(area), len(local) - 4, 4) if len(local) > 6 else (len(area), len(local))
    if not extension:
        return grouped(match, groups)
    pieces = grouped(match, (*groups, len(extension)))
    split = len(area or "") + len(local)
    pieces[split - 1] = (pieces[split - 1][0].rstrip(PAUSE) + "转", *pieces[split - 1][1:])
    return pieces


def _service(match: re.Match[str]) -> list[Piece] | None:
    """0571-12345, (010)96166: the area before a number that all of it shares."""
    known = match["local"] in SERVICE_NUMBERS or (len(match["local"]) > 4 and (match["between"] != " " or cued(match, _DIALLED)))
    return _landline(match) if known and not counts(match) else None


def _abroad(match: re.Match[str]) -> list[Piece]:
    """+1-202-555-0123, (852)2123 4567: a pause where the writer has one."""
    runs = re.findall(r"\d+", match[0])
    return grouped(match, tuple(map(len, runs)))


def _masked(match: re.Match[str]) -> list[Piece]:
    """138****8000: what is hidden is a pause."""
    pieces = spell(match["a"], match.start("a"), phone=True)
    said, begin, _ = pieces[-1]
    return [*pieces[:-1], (said + PAUSE, begin, match.end("stars")), *spell(match["b"], match.start("b"), phone=True)]


def _toll_free(match: re.Match[str]) -> list[Piece]:
    return grouped(match, (3, 3, 4))


def _local(match: re.Match[str]) -> list[Piece] | None:
    """致电6234-5678, 致电2345 6789: two groups without an area are a number only where people dial."""
    amount = counts(match) or follows(match, r"[万亿元块]")
    return None if amount or not cued(match, _DIALLED) else grouped(match, (len(match["a"]), 4))


def _keyed(match: re.Match[str]) -> list[Piece]:
    """*#06#, *100#."""
    return each(match, ".", lambda key: {"*": "星号", "#": "井号"}.get(key) or numbers.digits(key, phone=True))


def _id_card(match: re.Match[str]) -> list[Piece]:
    pieces = grouped(match, (6, 4, 4, 4), phone=False)
    if match[0][-1] in "xX":
        pieces.append(("X", match.end() - 1, match.end()))
    return pieces


def _card(match: re.Match[str]) -> list[Piece] | None:
    if sum(c.isdigit() for c in match[0]) < 12:
        return None
    return grouped(match, (4, 4, 4, 4, 4), phone=False)


RULES = (
    Rule("+(" + _D, r"(?:\(?\+?86\)?[\s-]?)?1[3-9]\d(?P<s>[\s-]?)\d{4}(?P=s)\d{4}(?!\d)", _mobile),
    Rule(_D, r"[48]00[-\s]?\d{3}[-\s]?\d{4}(?!\d)", _toll_free),
    Rule(
        "(" + _D,
        r"(?:\(?\+?86\)?[\s-]?)?[(]?(?P<area>0\d{2,3})[)]?[-\s]?(?P<local>[2-9]\d{2,3}[-\s]?\d{4})(?:(?:-|转|\s?ext\.?\s?)(?P<ext>\d{1,6}))?(?!\d)",
        _landline,
    ),
    Rule(
        "(" + _D,
        r"\(?(?P<area>010|02\d|0[3-9]\d\d)(?P<between>\)\s?|-|\s)(?P<local>1\d{2,3}[-\s]?\d{4}|1\d\d(?:\d\d)?|9\d{4,5})"
        r"(?:(?:-|转)(?P<ext>\d{1,6}))?(?![\d.])",
        _service,
    ),
    Rule("+", r"\+\d{1,3}(?:[ -]\(?\d{2,8}\)?){2,4}(?![\d-])", _abroad),
    Rule("(", r"\(\+?\d{2,3}\)\s?\d{4}[ -]?\d{4}(?!\d)", _abroad),
    Rule("*", r"\*#?\d{1,5}(?:\*\d{1,12}){0,3}#", _keyed, "#"),
    Rule(_D, r"(?P<a>\d{2,7})(?P<stars>\*{2,12})(?P<b>\d{0,6})(?!\d)", _masked, "*"),
    Rule(_D, r"\d{6}(?:18|19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}[\dXx](?![\dA-Za-z])", _id_card),
    Rule(_D, r"(?P<a>\d{3,4})[- ]\d{4}(?![\d-]| \d)", _local, "- "),
    Rule(_D, r"\d{4}(?:[ -]\d{4}){2,4}(?:[ -]\d{1,3})?(?!\d)", _card, " -"),
)
