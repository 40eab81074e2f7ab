"""Signs with a meaning among numbers: 4K@60fps, ★★☆, ~100人, ↑35%, 道指+0.4%, UTC-5, ♩=120, 95#. In: matches. Out: pieces."""

from __future__ import annotations

import re

from . import numbers
from .pieces import Piece, Rule, before, cued, follows, search, whole

_UPS = {"+": "涨", "-": "跌", "↑": "上升", "↓": "下降"}


def _pause(match: re.Match[str]) -> list[Piece]:
    """4K@60fps."""
    return whole(match, " ")


def _stars(match: re.Match[str]) -> list[Piece] | None:
    """推荐指数★★★★☆: four stars; without such a word a decoration."""
    rated = "☆" in match[0] or cued(match, ("指数", "评分", "推荐", "难度", "星级", "评级", "打分", "口味", "服务", "环境"))
    return whole(match, numbers.quantity(str(match[0].count("★"))) + "颗星") if rated else None


def _about(match: re.Match[str]) -> list[Piece]:
    """~100人."""
    return whole(match, "约")


def _note(match: re.Match[str]) -> list[Piece]:
    """♩=120."""
    return whole(match, {"♩": "四分音符", "♪": "八分音符"}[match[0]])


def _ahead(match: re.Match[str]) -> list[Piece]:
    """UTC-5."""
    return whole(match, "加" if match[0] == "+" else "减")


def _hash_key(match: re.Match[str]) -> list[Piece]:
    """重听请按#。"""
    return whole(match, "井号键")


def _star(match: re.Match[str]) -> list[Piece]:
    """按*键, 按*号键."""
    return whole(match, "星")


def _hash(match: re.Match[str]) -> list[Piece] | None:
    """1#楼, 加95#汽油 → 号; 按#键, 密码123# → 井号; #双11# is a topic."""
    if follows(match, "号?键"):
        return whole(match, "井" if follows(match, "号") else "井号")
    written = before(match)
    if search(r"(?:密码|口令|门禁)\D{0,3}\d{2,8}$").search(written):
        return whole(match, "井号")
    topic = search(r"(?:^|[^\d#])#[^#\s]{1,12}$").search(written)
    return whole(match, "号") if not topic and search(r"\d$").search(written) else None


def _rose(match: re.Match[str]) -> list[Piece]:
    """道指+0.4%, 环比↑35%."""
    return whole(match, _UPS[match[0]])


RULES = (
    Rule("@", r"@(?=\d{2,3}\s?(?:fps|帧|Hz|HZ))(?<=[KkPp\d]@)", _pause),
    Rule("★", "★{1,5}☆{0,4}", _stars),
    Rule("~～", r"(?<![^\s，。、；：（(:])[~～](?=\d)", _about),
    Rule("♩♪", r"[♩♪](?=\s?=)", _note),
    Rule("+-", r"(?<=UTC|GMT)[+-](?=\d)", _ahead, "UG"),
    Rule("#", r"#(?=[。，！]|$)(?<=按#)", _hash_key),
    Rule("*", r"\*(?=号?键)", _star, "键"),
    Rule("#", r"#(?![\w#])|#(?=[\u4e00-\u9fff])|(?<=\d)#(?=\d)", _hash),
    Rule("+-", r"(?<=[股道纳恒深沪]指)[+-](?=\d+(?:\.\d+)?%)", _rose, "指"),
    Rule("↑↓", r"[↑↓](?=\d)", _rose),
)
