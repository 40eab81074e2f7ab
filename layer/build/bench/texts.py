"""What is spoken. In: nothing. Out: sentences by their number of syllables, and texts of any length."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count
from time import time

from sambert.synthesizer import Synthesizer
from sambert.types import Request

SENTENCES = {
    8: "今天天气真的很好。",
    12: "我们一起去公园散步看花吧。",
    16: "老师说明天的比赛改到下午三点开始。",
    20: "火车穿过长长的隧道，窗外忽然变得明亮起来了。",
    24: "每到秋天来的时候，院子里的银杏树就会落下一地的金黄。",
    32: "他把信折好放进口袋，沿着河边慢慢走回家，一路上谁也没有再多说过一句话。",
}
TEN = "今天的晚霞真是美极了。"  # the cold start's first sentence
FIGURES = [
    "2026年5月1日8:30，气温25.5℃，东南风3~4级，降水概率30%。",
    "会员价¥199.00，原价¥299，立减100元，限时3天！",
    "客服电话400-820-8820，手机13800138000，24小时接听。",
    "上证指数收于3286.12点，下跌0.85%，成交额约1.2万亿元。",
    "航班CA1831将于14:05起飞，请到B12登机口登机。",
    "主队以3:1战胜客队，上半场1-0领先，全场射门15次。",
    "每次服用2片，一日3次，每片0.5g，饭后30分钟服用。",
    "房间面积约为35m²，层高2.8m，月租2500~3000元/月。",
    "第12届全国运动会共有31个代表团、9000多名运动员参加。",
    "同比增长12.5%，环比下降3个百分点，占总数的1/4。",
    "新款手机重187g，屏幕6.1英寸，256GB售价7999元起。",
    "截至2025年底，全市常住人口1,021.99万人，比2020年增加3.6%。",
    "G1234次列车17:46从北京南站开出，二等座票价553.5元。",
    "若x²+2x-3=0，则x=1或x=-3；√16=4，3×8=24。",
    "请于9月15日前把简历发到hr@example.com，或访问www.example.com。",
    "北纬39°54′，东经116°23′，海拔43.5米，PM2.5为35μg/m³。",
]  # of the kinds that people write most


def joined(*syllables: int) -> str:
    """Several of the sentences as one."""
    return "，".join(SENTENCES[count].rstrip("。") for count in syllables) + "。"


LONG = {44: joined(24, 20), 60: joined(32, 20, 8)}


def text_of(characters: int) -> str:
    """A text of about so many characters, in sentences."""
    cycle = "".join(SENTENCES.values())
    return TEN if characters <= 10 else (cycle * (characters // len(cycle) + 1))[:characters]


def different(start: int | None = None) -> Iterator[str]:
    """Sentences of 20 syllables, no two alike, so that no cache knows them.

    start: where to begin counting; by default the time of day decides, because a bucket remembers earlier runs.
    """
    digits = "一二三四五六七八九"
    every = len(digits) ** 5
    for number in count(int(time()) * 997 if start is None else start):
        a, b, c, d, e = (digits[number % every // len(digits) ** place % len(digits)] for place in range(5))
        yield f"请把第{a}万{b}千{c}百{d}十{e}封信都送到河边去。"


def symbols_of(text: str, voice: Synthesizer) -> str:
    """The text as one string of KAN-TTS symbols, which the two halves of the model can be timed on apart."""
    from sambert.frontend import utterances

    symbols = [symbol for part in utterances(Request(text=text), voice.traits) for symbol in part.symbols]
    tail = f"emotion_neutral${voice.manifest.speakers[0]}"
    return " ".join(f"{{{each.phone}${each.tone}${each.syllable}${each.word}${tail}}}" for each in symbols)
