"""Writes frontend/data/traditional.txt. In: OpenCC's TSCharacters.txt (Apache-2.0; in the PyPI wheel
opencc-python-reimplemented 0.1.7). Out: two lines of equal length, traditional characters and what they are read as.

    python layer/build/frontend/traditional_table.py TSCharacters.txt layer/sambert/frontend/data/traditional.txt
"""

from __future__ import annotations

import sys
from pathlib import Path

# Read alike, not in OpenCC's table.
_EXTRA = {"妳": "你", "牠": "它", "祂": "他", "裡": "里", "臺": "台", "佔": "占", "甯": "宁"}
# Other ways to write a simplified character, not in OpenCC's table: read alike, so this only makes the text plainer.
_VARIANTS = (
    "効呪囯姪妬孼徴恠慇懃懽挿搥擡攷敍暎柹栁桮梱棃椀椶槀氷汚澁灋煖燄甎畧疎痺砲秌稺窰竝筯籐繙罸聼脇荳菓蔴薙蘂衹覇譌賍躶輭邨酧鉄銲鑛関隄隣霛韮飃餽騐鬦鵞麤鼈劒呌囘囬埜堦堿塼墖壻夀姉媿嫰峝幙廐廵廻徃怱悳恡慙憇拏拕擧旾昬槩樷橤櫈欵毧"
    "氊潄烖煑燐犂猨獘玅珎琹疉皷盌眎礮穅穽窓簷粧糢縂緐緜羗胷脃臋舩茘虵蛕螘蟁蠏衞裠覔覩讐躰躳辠辢遯鄕鑪鑵閙陗隖靭鞾頫顋飜餧餹餻駮騗驘鬭鴈鼇繖罇缾耡槃迻擕掽踫",
    "效咒国侄妒孽征怪殷勤欢插捶抬考叙映柿柳杯捆梨碗棕稿冰污涩法暖焰砖略疏痹炮秋稚窑并箸藤翻罚听胁豆果麻剃蕊只霸讹赃裸软村酬铁焊矿关堤邻灵韭飘馈验斗鹅粗鳖剑叫回回野阶碱砖塔婿寿姊愧嫩峒幕厩巡回往匆德吝惭憩拿拖举春昏概丛蕊凳款绒"
    "毡漱灾煮磷犁猿弊妙珍琴叠鼓碗视炮糠阱窗檐妆模总繁绵羌胸脆臀船荔蛇蛔蚁蚊蟹卫裙觅睹雠体躬罪辣遁乡炉罐闹峭坞韧靴俯腮翻喂糖糕驳骗骡斗雁鳌伞樽瓶锄盘移携碰碰",
)
# Also simplified characters: frontend/normalize/traditional.py decides by context.
_CONTEXTUAL = "乾徵藉著瞭夥麽彷覆吒薹阪捱榘"

# Not read as what it is simplified to: 閤 is ge2, 合 is he2.
_KEPT = "閤"


def table(source: str) -> dict[str, str]:
    """Traditional → simplified, BMP only, the first reading of each."""
    pairs = {**_EXTRA, **dict(zip(*_VARIANTS, strict=True))}
    for line in source.splitlines():
        traditional, _, candidates = line.partition("\t")
        simplified = candidates.split(" ")[0].strip()
        basic = len(traditional) == len(simplified) == 1 and traditional >= "\u3400" and max(traditional, simplified) <= "\u9fff"
        if basic and traditional != simplified and traditional not in _CONTEXTUAL + _KEPT:
            pairs[traditional] = simplified
    return pairs


if __name__ == "__main__":
    pairs = sorted(table(Path(sys.argv[1]).read_text(encoding="utf-8")).items())
    Path(sys.argv[2]).write_text("\n".join(map("".join, zip(*pairs, strict=True))) + "\n", encoding="utf-8")
