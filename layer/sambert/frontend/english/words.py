"""How a Latin word is to be read. In: a word of letters and apostrophes. Out: parts, each ARPAbet phones, a letter or pinyin.

Dictionary first; then CamelCase, acronyms by letters, Chinese names in pinyin, endings and compounds, letter-to-sound rules.
"""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path

from . import dictionary, spelling

_SYLLABLES = Path(__file__).parents[1] / "data" / "syllables.txt"
_CAMEL = re.compile(r"[A-Z]+(?![a-z])|[A-Z][a-z']+|[a-z']+")
_VOWELS = frozenset("aeiouy")

LETTERS = {
    letter: tuple(phones.lower().split())
    for letter, phones in (
        entry.split("=")
        for entry in (
            "a=EY1|b=B IY1|c=S IY1|d=D IY1|e=IY1|f=EH1 F|g=JH IY1|h=EY1 CH|i=AY1|j=JH EY1|k=K EY1|l=EH1 L|m=EH1 M|n=EH1 N|o=OW1|p=P IY1|"
            "q=K Y UW1|r=AA1 R|s=EH1 S|t=T IY1|u=Y UW1|v=V IY1|w=D AH1 B AH0 L Y UW0|x=EH1 K S|y=W AY1|z=Z IY1"
        ).split("|")
    )
}
# Written in capitals, yet said as words.
_SAID = frozenset(
    "NASA NATO APEC OPEC ASEAN UNESCO UNICEF SARS AIDS COVID LASER RADAR RAM ROM PIN SIM GIF JPEG LOL WIFI NIKE SONY ASUS LINUX UNIX JAVA RUST "
    "PLUS PRO MAX MINI AIR ULTRA LITE NOTE BOOK CARE STAR LOVE LIVE BABY COOL GOOD NEW NICE HELLO WORLD THE AND YES NO NOT YOU ARE FOR ALL "
    "BIG BOSS SHOW TIME GAME OVER OPEN TEAM CITY SHOP CAFE BAR HOME HOUSE GO GET ME MY TO OF ON IN SO WE HE BE DO BY OR AN UP".split()
)
# Chinese names with their tones; pinyin-like words that are not here are read in the first tone.
_NAMES = {
    name: pinyin.split()
    for name, pinyin in (
        entry.split("=")
        for entry in (
            "huawei=hua2 wei2|beijing=bei3 jing1|shanghai=shang4 hai3|guangzhou=guang3 zhou1|shenzhen=shen1 zhen4|hangzhou=hang2 zhou1|nanjing=nan2 jing1|"
            "chengdu=cheng2 du1|wuhan=wu3 han4|xian=xi1 an1|tianjin=tian1 jin1|chongqing=chong2 qing4|suzhou=su1 zhou1|xiamen=xia4 men2|qingdao=qing1 dao3|"
            "dalian=da4 lian2|taobao=tao2 bao3|tmall=tian1 mao1|alibaba=a1 li3 ba1 ba1|alipay=a1 li3 pei4|baidu=bai3 du4|weixin=wei1 xin4|weibo=wei1 bo2|"
            "xiaomi=xiao3 mi3|douyin=dou3 yin1|kuaishou=kuai4 shou3|bilibili=bi4 li1 bi4 li1|zhihu=zhi1 hu1|didi=di1 di1|meituan=mei3 tuan2|jingdong=jing1 dong1|"
            "xiaohongshu=xiao3 hong2 shu1|tsinghua=qing1 hua2|pinyin=pin1 yin1|hanyu=han4 yu3|putonghua=pu3 tong1 hua4|zhongguo=zhong1 guo2|deepseek=|qwen=qian1 wen4|"
            "tongyi=tong1 yi4|wenxin=wen2 xin1|doubao=dou4 bao1|kimi=|haier=hai3 er3|midea=mei3 di2|lenovo=|oppo=|vivo=|nio=wei4 lai2|byd=|mao=mao2|zhang=zhang1|wang=wang2|"
            "liu=liu2|chen=chen2|yang=yang2|huang=huang2|zhao=zhao4|zhou=zhou1|xu=xu2|sun=|zhu=zhu1|lin=|guo=guo1|gao=gao1|luo=luo2|zheng=zheng4|xie=xie4|tang=|deng=deng4|"
            "feng=feng2|xiao=xiao1|jiang=jiang1|dong=|lei=lei2|ming=|hong=hong2|xiaoming=xiao3 ming2|feishu=fei1 shu1|dingding=ding1 ding1|tencent="
        ).split("|")
    )
    if pinyin
}


def read(word: str) -> list[tuple[str, tuple[str, ...]]]:
    """Parts of a word: ("phones", ARPAbet), ("letter", (its name in lower case,)) or ("pinyin", syllables)."""
    plain = word.replace("’", "'").strip("'")
    lower = plain.lower()
    if not lower:
        return []
    if lower in _NAMES:
        return [("pinyin", tuple(_NAMES[lower]))]
    if len(plain) == 1 or (plain.isupper() and _spelled(plain)):
        return [("letter", (letter,)) for letter in lower if letter in LETTERS]
    known = dictionary.look_up(lower)
    if known:
        return [("phones", known)]
    parts = _CAMEL.findall(plain)
    if len(parts) > 1 and not plain.isupper():
        return [part for piece in parts for part in read(piece)]
    return _unknown(lower)


def _spelled(capitals: str) -> bool:
    """Whether a word in capitals is an acronym: up to four letters, or longer and in no dictionary."""
    if capitals in _SAID:
        return False
    return len(capitals) <= 4 or not dictionary.look_up(capitals.lower()) and (len(capitals) <= 5 or not _VOWELS & set(capitals.lower()))


def _unknown(word: str) -> list[tuple[str, tuple[str, ...]]]:
    pinyin = as_pinyin(word)
    if pinyin:
        return [("pinyin", tuple(syllable + "1" for syllable in pinyin))]
    inflected = _inflected(word)
    if inflected:
        return [("phones", inflected)]
    compound = _compound(word)
    if compound:
        return [("phones", part) for part in compound]
    if len(word) <= 3 or not _VOWELS & set(word):
        return [("letter", (letter,)) for letter in word if letter in LETTERS]
    return [("phones", spelling.sound(word))]


@lru_cache(maxsize=1)
def pinyin_syllables() -> frozenset[str]:
    """Toneless syllables of Mandarin, two letters and more, without those of one rare character."""
    return frozenset(line[:-1] for line in _SYLLABLES.read_text("utf-8").split() if len(line) > 2) - {"din", "bong"}


def as_pinyin(word: str) -> list[str] | None:
    """"lijiang" → li jiang; None unless the whole word is at least two syllables, the longest first."""
    if not word.isalpha() or not 4 <= len(word) <= 24:
        return None
    best: dict[int, list[str]] = {0: []}
    for start in range(len(word)):
        if start in best:
            for end in range(start + 2, min(len(word), start + 6) + 1):
                better = end not in best or len(best[start]) + 1 < len(best[end])
                if better and word[start:end] in pinyin_syllables():
                    best[end] = [*best[start], word[start:end]]
    found = best.get(len(word))
    return found if found and len(found) >= 2 else None


def _inflected(word: str) -> tuple[str, ...] | None:
    """Endings the dictionary lacks: 's, s, es, ed, ing, er, ly, ness."""
    for ending, stems in (
        ("'s", ("",)), ("s", ("", )), ("es", ("", "e")), ("ies", ("y",)), ("ing", ("", "e")), ("ed", ("", "e")), ("er", ("", "e")), ("ly", ("", "le")),
        ("ness", ("",)), ("less", ("",)), ("ment", ("",)), ("able", ("", "e")),
    ):  # fmt: skip
        if word.endswith(ending) and len(word) - len(ending) >= 3:
            base = word[: -len(ending)]
            for stem in (*(base + tail for tail in stems), base[:-1] if base[-1:] == base[-2:-1] else ""):
                known = stem and dictionary.look_up(stem)
                if known:
                    return known + _ending_sound(ending, known[-1])
    return None


def _ending_sound(ending: str, last: str) -> tuple[str, ...]:
    if ending in ("'s", "s", "es", "ies"):
        if last in ("s", "z", "sh", "zh", "ch", "jh"):
            return ("ih0", "z")
        return ("s",) if last in ("p", "t", "k", "f", "th") else ("z",)
    if ending == "ed":
        if last in ("t", "d"):
            return ("ih0", "d")
        return ("t",) if last in ("p", "k", "f", "s", "sh", "ch", "th") else ("d",)
    sounds = {"ing": "ih0 ng", "er": "er0", "ly": "l iy0", "ness": "n ah0 s", "less": "l ah0 s", "ment": "m ah0 n t", "able": "ah0 b ah0 l"}
    return tuple(sounds[ending].split())


def _compound(word: str) -> list[tuple[str, ...]] | None:
    """"lambdafunction" → two words of the dictionary, the longer first part first."""
    for split in range(len(word) - 3, 2, -1):
        first = dictionary.look_up(word[:split])
        second = first and dictionary.look_up(word[split:])
        if first and second:
            return [first, second]
    return None
