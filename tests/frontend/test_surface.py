"""How Chinese is read: polyphones, sandhi, neutral tones, erhua, breaks. Cases are everyday words a listener would notice."""

from __future__ import annotations

import numpy as np
import pytest

from sambert import frontend
from sambert.frontend import syllables
from sambert.frontend.lexicon import hash_windows, hash_words
from sambert.frontend.words import segment

POLYPHONES = """
银行行长在重庆长大 yin2 hang2 hang2 zhang3 zai4 chong2 qing4 zhang3 da4
他还要还钱 ta1 hai2 yao4 huan2 qian2
音乐使人快乐 yin1 yue4 shi3 ren2 kuai4 le4
调整空调 tiao2 zheng3 kong1 tiao2
睡觉时觉得冷 shui4 jiao4 shi2 jue2 de5 leng3
首都都很大 shou3 du1 dou1 hen3 da4
单于和单位 chan2 yu2 he2 dan1 wei4
任正非姓任 ren2 zheng4 fei1 xing4 ren2
准备金率 zhun3 bei4 jin1 lv4
他率队 ta1 shuai4 dui4
校长率师生参观 xiao4 zhang3 shuai4 shi1 sheng1 can1 guan1
总统率代表团访问 zong3 tong3 shuai4 dai4 biao3 tuan2 fang3 wen4
合格率标准 he2 ge2 lv4 biao1 zhun3
孙子兵法 sun1 zi3 bing1 fa3
"""
SURFACES = """
可以影响 ke2 yi3 ying2 xiang3
小老虎 xiao3 lao2 hu3
展览馆 zhan2 lan2 guan3
记者偶遇 ji4 zhe2 ou3 yu4
我可以理解 wo3 ke2 yi3 li2 jie3
三百米 san1 bai2 mi3
想想姐姐 xiang2 xiang5 jie3 jie5
一个 yi2 ge5
一起 yi4 qi3
一样 yi2 yang4
看一看 kan4 yi5 kan4
统一 tong3 yi1
第一次 di4 yi1 ci4
十一月 shi2 yi1 yue4
二零二一年 er4 ling2 er4 yi1 nian2
一百一十一 yi4 bai3 yi1 shi2 yi1
一万 yi2 wan4
不是 bu2 shi4
不好 bu4 hao3
好不好 hao3 bu5 hao3
看不懂 kan4 bu5 dong3
朋友 peng2 you5
桌子 zhuo1 zi5
男子 nan2 zi3
电子 dian4 zi3
学生 xue2 sheng5
大学生 da4 xue2 sheng1
家里 jia1 li5
去过 qu4 guo5
慢慢地走 man4 man4 de5 zou3
跑得快 pao3 de5 kuai4
得到 de2 dao4
花儿 huar1
小孩儿 xiao3 hair2
一会儿 yi2 huir4
女儿 nv3 er2
儿童 er2 tong2
婴儿 ying1 er2
永远美好 yong2 yuan3 mei2 hao3
岂有此理 qi2 you3 ci2 li3
彼此彼此 bi2 ci3 bi2 ci3
一心一意 yi4 xin1 yi2 yi4
唯一 wei2 yi1
星期一 xing1 qi1 yi1
不知不觉 bu4 zhi1 bu4 jue2
来不及 lai2 bu5 ji2
对不起 dui4 bu5 qi3
说说 shuo1 shuo5
妻子 qi1 zi5
聪明 cong1 ming5
休息 xiu1 xi5
王先生 wang2 xian1 sheng5
桌上 zhuo1 shang5
哪里 na2 li3
以上 yi3 shang4
过去的事 guo4 qu4 de5 shi4
走啦 zou3 la5
老头儿 lao3 tour2
幼儿园 you4 er2 yuan2
单雄信 shan4 xiong2 xin4
解晓东 xie4 xiao3 dong1
仇英 qiu2 ying1
尉迟恭 yu4 chi2 gong1
六安 lu4 an1
番禺 pan1 yu2
东莞 dong1 guan3
浚县 xun4 xian4
台州 tai1 zhou1
龟兹 qiu1 ci2
可汗 ke4 han2
供给 gong1 ji3
着陆 zhuo2 lu4
我得走了 wo2 dei2 zou3 le5
桌子上 zhuo1 zi5 shang4
孔乙己 kong3 yi2 ji3
小组长 xiao2 zu2 zhang3
水彩笔 shui2 cai2 bi3
统一战线 tong3 yi1 zhan4 xian4
独一无二 du2 yi1 wu2 er4
说一不二 shuo1 yi1 bu2 er4
一点一点 yi4 dian3 yi4 dian3
一加一等于二 yi1 jia1 yi1 deng3 yu2 er4
一加热就化 yi4 jia1 re4 jiu4 hua4
不一会儿 bu4 yi2 huir4
一一列举 yi1 yi1 lie4 ju3
吃不下 chi1 bu5 xia4
说不清楚 shuo1 bu5 qing1 chu5
解决不了 jie3 jue2 bu5 liao3
要不然 yao4 bu4 ran2
只不过 zhi3 bu2 guo4
得不偿失 de2 bu4 chang2 shi1
试试看 shi4 shi5 kan4
散散步 san4 san5 bu4
三海里 san1 hai2 li3
大丈夫 da4 zhang4 fu1
琢磨琢磨 zuo2 mo5 zuo2 mo5
东西南北 dong1 xi1 nan2 bei3
小鸟儿 xiao2 niaor3
媳妇儿 xi2 fur5
想不出来 xiang3 bu5 chu1 lai5
王大夫 wang2 dai4 fu5
瓶盖儿 ping2 gair4
没准儿 mei2 zhunr3
六一儿童节 liu4 yi1 er2 tong2 jie2
"""


def cases(table: str) -> list:
    return [pytest.param(row.split()[0], row.split()[1:], id=row.split()[0]) for row in table.split("\n") if row]


@pytest.mark.parametrize(("text", "expected"), cases(POLYPHONES))
def test_polyphones(text, expected):
    assert frontend.pinyin(text) == expected


@pytest.mark.parametrize(("text", "expected"), cases(SURFACES))
def test_surface(text, expected):
    assert frontend.surface(text) == expected


def test_pinyin_has_one_entry_a_character_of_the_original():
    text = "重庆A1。重\n要"
    assert frontend.pinyin(text) == ["chong2", "qing4", "A", "1", "。", "zhong4", "\n", "yao4"]


def test_traditional_characters_are_read_as_simplified():
    assert frontend.pinyin("銀行長大") == frontend.pinyin("银行长大")


def test_breaks_keep_the_text_and_end_each_sentence():
    text = "昨天晚上我和妈妈一起看了一部非常感人的电影，很开心。真的吗？"
    marked = frontend.breaks(text)
    assert marked.translate(str.maketrans("", "", "#1234")) == text
    assert marked.endswith("#4？") and "#4。" in marked and "#3，" in marked and "#2" in marked


def test_items_of_a_list_are_set_apart_unless_they_are_single_syllables():
    assert "#3、" in frontend.breaks("桌上有苹果、香蕉和西瓜。")
    assert "#2、" in frontend.breaks("老、中、青三代人。")


def test_words_of_one_syllable_lean_where_the_grammar_has_them():
    assert "与#1撒切尔" in frontend.breaks("邓小平与撒切尔会晤。")
    assert frontend.breaks("他替你捂着嘴。").count("#1") <= 1
    assert "替你" in frontend.breaks("我替你去。") and "之意" in frontend.breaks("受福之意。")


def test_an_idiom_is_said_in_two_halves():
    assert "炯炯#1有神" in frontend.breaks("双目炯炯有神。")


def test_a_voice_trained_on_words_gets_a_break_after_each():
    from sambert.frontend import prosody

    words = segment("我把钥匙忘在办公室了，真的。")
    assert [level for level in prosody.levels(words, full=False) if level] == [1, 1, 1, 1, 1, 1, 3, 4]


def test_words_cover_the_text_and_names_and_compounds_are_found():
    text = "李雷在北京大学看哥伦比亚的书，ok？"
    words = segment(text)
    assert "".join(word.text for word in words) == text
    assert {"李雷", "北京", "大学", "哥伦比亚", "ok"} <= {word.text for word in words}


@pytest.mark.parametrize(
    ("syllable", "phones"),
    [("ni", "n_c i_c"), ("an", "ga an_c"), ("xia", "xx_c ia_c"), ("zhi", "zh_c ih_c"), ("si", "s_c ii_c"),
     ("yuan", "y_c van_c"),
     ("ju", "j_c v_c"), ("lve", "l_c ve_c"),
     ("gui", "g_c uei_c"), ("you", "y_c ou_c"), ("liur", "l_c iour_c"), ("er", "ge er_c")],
)  # fmt: skip
def test_syllables_become_phones(syllable, phones):
    assert " ".join(syllables.phones(syllable)) == phones


def test_every_syllable_of_the_dictionary_can_be_said():
    from sambert.frontend.lexicon import lexicon

    assert [one for one in lexicon().syllables if not syllables.is_syllable(one)] == []


def test_words_are_found_by_the_same_hash_in_a_text_as_alone():
    windows = hash_windows("今天天气")
    assert np.array_equal(hash_words(["天气"]), windows[1][2:])
