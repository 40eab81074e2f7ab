"""Letter-to-sound rules for words no dictionary knows. In: lower-case letters. Out: ARPAbet phones with stress.

A compact rule set of our own: the longest matching spelling wins; the first vowel is stressed, silent final e lengthens.
"""

from __future__ import annotations

import re

_RULES = dict(
    rule.split("=")
    for rule in (
        "tion=sh ah n|sion=zh ah n|ture=ch er|ough=ao|augh=ao|eigh=ey|igh=ay|tch=ch|dge=jh|sch=s k|ck=k|ch=ch|sh=sh|th=th|ph=f|wh=w|gh=g|kn=n|wr=r|ng=ng|nk=ng k|"
        "qu=k w|ee=iy|ea=iy|oo=uw|ou=aw|ow=ow|oa=ow|oi=oy|oy=oy|ai=ey|ay=ey|ei=ey|ey=iy|au=ao|aw=ao|ie=iy|eu=y uw|ew=y uw|ue=uw|ui=uw|"
        "ar=aa r|er=er|ir=er|or=ao r|ur=er|a=ae|b=b|c=k|d=d|e=eh|f=f|g=g|h=hh|i=ih|j=jh|k=k|l=l|m=m|n=n|o=aa|p=p|q=k|r=r|s=s|t=t|u=ah|v=v|w=w|x=k s|y=iy|z=z|"
        "ce=s eh|ci=s ih|cy=s ay|ge=jh eh|gi=jh ih|bb=b|cc=k|dd=d|ff=f|gg=g|ll=l|mm=m|nn=n|pp=p|rr=r|ss=s|tt=t|zz=z"
    ).split("|")
)
_LONG = {"a": "ey", "e": "iy", "i": "ay", "o": "ow", "u": "uw", "y": "ay"}
_VOWEL_SOUNDS = frozenset("aa ae ah ao aw ay eh er ey ih iy ow oy uh uw".split())
_TOKEN = re.compile("|".join(sorted(_RULES, key=len, reverse=True)))


def sound(word: str) -> tuple[str, ...]:
    """A guess; every word of letters gives at least one phone."""
    word = re.sub("[^a-z]", "", word)
    phones: list[str] = []
    magic = re.search(r"([aeiouy])[b-df-hj-np-tvwxz]e$", word)
    end = len(word) - 1 if magic else len(word)
    for token in _TOKEN.finditer(word[:end]):
        if magic and token.start() == magic.start(1) and len(token[0]) == 1:
            phones.append(_LONG[token[0]])
        elif token.end() == len(word) and token[0] in ("o", "a", "y", "i") and token.start():
            phones.append({"o": "ow", "a": "ah", "y": "iy", "i": "iy"}[token[0]])
        elif token[0] == "y" and token.start() == 0 and len(word) > 1:
            phones.append("y")
        else:
            phones += _RULES[token[0]].split()
    if magic and word[-2:] in ("ce", "ge"):
        phones[-1] = {"c": "s", "g": "jh"}[word[-2]]
    stressed = False
    for index, phone in enumerate(phones):
        if phone in _VOWEL_SOUNDS:
            phones[index] = phone + ("0" if stressed else "1")
            stressed = True
    return tuple(phones)
