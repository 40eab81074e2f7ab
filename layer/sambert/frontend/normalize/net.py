"""Addresses on the net and Latin abbreviations. In: matches. Out: pieces; letters together, digits one by one, signs by name."""

from __future__ import annotations

import re

from . import numbers
from .pieces import Piece, Rule, whole
from .tables import CHARACTER_NAMES, TITLES

_LATIN = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
_D = "0123456789"


def name_characters(text: str, begin: int) -> list[Piece]:
    """Net addresses: letters stay together, digits one by one, signs by name."""
    pieces: list[Piece] = []
    for found in re.finditer(r"[A-Za-z]+|.", text):
        token, start = found[0], begin + found.start()
        said = numbers.digits(token) if token.isdigit() else CHARACTER_NAMES.get(token, token)
        pieces.append((said, start, begin + found.end()))
    return pieces


def _net(match: re.Match[str]) -> list[Piece]:
    return name_characters(match[0], match.start())


def _initials(match: re.Match[str]) -> list[Piece]:
    """U.S.A., e.g.: their points are no pauses."""
    return whole(match, match[0].replace(".", "").upper())


def _titled(match: re.Match[str]) -> list[Piece]:
    """Mr. Smith."""
    return whole(match, TITLES[match[0].rstrip(".")])


def _serial(match: re.Match[str]) -> list[Piece] | None:
    """91310115MA1H8Q3K2P, LSVAU2A37N2183294: long codes of capitals and digits; but 1920X1080P60, 16GB1024GB."""
    return None if re.search(r"\dX\d|[GTM]B|FPS|HZ", match[0]) else name_characters(match[0], match.start())


_HOST = r"(?:[A-Za-z0-9][A-Za-z0-9-]{0,62}\.){1,6}[A-Za-z]{2,24}"
_PATH = r"(?::\d{1,5})?(?:[/?#][A-Za-z0-9._~:/?#@!$&*+=%-]{0,300})?(?<![.,!?:;])"
_TOP = r"(?:com|cn|net|org|gov|edu|io|ai|app|dev|cc|tv|me|info|top|xyz|shop|vip|co|uk|jp|hk|tw|us|de|fr|eu|ru)(?![A-Za-z0-9])"

RULES = (
    Rule(_LATIN, r"(?:[A-Za-z]\.){2,6}(?![A-Za-z\d])", _initials, "."),
    Rule(_LATIN, rf"(?:{'|'.join(TITLES)})(?![A-Za-z])\.?(?=\s?[A-Z])", _titled, "".join({title[0] for title in TITLES})),
    Rule(_LATIN + _D, rf"[A-Za-z0-9][A-Za-z0-9._+-]{{0,63}}@{_HOST}", _net, "@"),
    Rule(_LATIN, rf"(?:https?|ftp|file|wss?)://[A-Za-z0-9.-]{{1,200}}{_PATH}", _net, ":"),
    Rule(_LATIN + _D, rf"(?:[A-Za-z0-9][A-Za-z0-9-]{{0,62}}\.){{1,5}}{_TOP}{_PATH}", _net, "."),
    Rule(_LATIN + _D, r"(?=[\d:-]{0,16}[A-Fa-f])[\dA-Fa-f]{2}(?:[:-][\dA-Fa-f]{2}){5}(?![\dA-Za-z:-])", _net, ":-"),
    Rule(_LATIN + _D, r"(?<![A-Za-z\d.])(?=[A-Z]{0,9}\d{1,12}[A-Z]{1,9}\d)[A-Z\d]{10,24}(?![A-Za-z\d.@-])", _serial),
    Rule(_D, r"\d{1,3}(?:\.\d{1,3}){3}(?:[:/]\d{1,5})?(?![\d.])", _net, "."),
)
