"""Powers, roots, scientific notation: 2^10, 3×10⁸, 1.5e-5, √2. In: matches. Out: pieces."""

from __future__ import annotations

import re

from . import numbers
from .pieces import NUMBER, Piece, Rule, whole
from .tables import UNITS

_D = "0123456789"
_SUPERSCRIPTS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻", "0123456789-")
_EXPONENT = r"(?:\^(?P<e>\(-?\d{1,4}\)|-?\d{1,4}(?:\.\d{1,4})?)|(?P<sup>⁻?[⁰¹²³⁴-⁹]{1,4}))"
_ALONE = {"C": "库仑", "T": "特斯拉", "F": "法拉", "K": "开尔文"}  # units after such a number only
_RAISED = "^⁰¹²³⁴⁵⁶⁷⁸⁹"


def _exponent(match: re.Match[str]) -> str:
    return (match["e"] or match["sup"].translate(_SUPERSCRIPTS)).strip("()")


def _times_ten(match: re.Match[str]) -> list[Piece]:
    """3×10^8m/s → 三乘十的八次方米每秒: before arithmetic, which knows no powers."""
    said = f"{numbers.cardinal(match['a'])}乘十的{numbers.cardinal(_exponent(match))}次方"
    unit = _ALONE.get(match["unit"] or "") or UNITS.get(match["unit"] or "")
    return [(said + (unit or ""), match.start(), match.end() if unit else match.end("power"))]


def _power(match: re.Match[str]) -> list[Piece]:
    exponent = _exponent(match)
    power = {"2": "平方", "3": "立方"}.get(exponent) or numbers.cardinal(exponent) + "次方"
    return whole(match, ("负" if match["sign"] else "") + numbers.cardinal(match["a"]) + "的" + power)


def _root(match: re.Match[str]) -> list[Piece]:
    return whole(match, "根号" + numbers.cardinal(match["a"]))


def _scientific(match: re.Match[str]) -> list[Piece]:
    """1.5e-5 → 一点五乘十的负五次方."""
    return whole(match, f"{numbers.cardinal(match['a'])}乘十的{numbers.cardinal(match['e'].lstrip('+'))}次方")


# Asked before arithmetic, which takes the exponent for a number of its own.
TEN = Rule(
    _D,
    rf"(?P<a>{NUMBER})\s?[×xX✕*]\s?10(?P<power>{_EXPONENT})(?:\s?(?P<unit>[A-Za-zμΩ](?:·[A-Za-z]{{1,2}}|[A-Za-z]{{0,3}})[²³]?)(?![A-Za-z\d/·²³]))?",
    _times_ten,
    _RAISED,
)

RULES = (
    Rule(_D, r"(?P<a>\d{1,3}(?:\.\d{1,20})?)[eE](?P<e>[+-]?\d{1,3})(?![\dA-Za-z.])", _scientific, "eE"),
    Rule(_D + "-−", rf"(?P<sign>[-−](?<![A-Za-z\d)）].))?(?P<a>{NUMBER}){_EXPONENT}", _power, _RAISED),
    Rule("√", rf"√(?P<a>{NUMBER})", _root),
)
