"""The table of SSML: what each element means and takes. In: nothing. Out: tables for the parser and for GET /api/ssml."""

from __future__ import annotations

from typing import Any

from sambert.emotions import NAMES
from sambert.limits import FASTEST, SOUND_BYTES, SOUND_SECONDS, SOUNDS

from . import values

MAX_CHARACTERS = 100_000
MAX_ELEMENTS = 5_000
MAX_DEPTH = 20
MAX_ATTRIBUTE = 2_000
MAX_BREAK_MS = 10_000
PAUSES = {"p": ("paragraph", 600), "s": ("sentence", 300)}

RATE_RANGE, PITCH_RANGE, GAIN_RANGE = (0.5, 2.0), (-12.0, 12.0), (-20.0, 10.0)
LIVELINESS_RANGE = (0.0, 2.0)  # of prosody's range

# Azure's styles that are no category of their own and that sambert.emotions does not know; the others pass unchanged.
STYLES = {
    "joyful": "happy",
    "terrified": "fear",
    "sorrow": "sad",
    "sadness": "sad",
    "embarrassment": "embarrassed",
    "anger": "angry",
    "unfriendly": "angry",
    "hateful": "hate",
    "hatred": "hate",
    "general": "neutral",
    "newscast-casual": "newscast",
    "newscast-formal": "newscast",
    "customerservice": "customer-service",
    "narration-professional": "story",
    "narration-relaxed": "story",
    "poetry-reading": "story",
    "affection": "affectionate",
}
EMOTIONS = {word: category for category, words in NAMES.items() for word in words} | STYLES

SAY_AS = {
    "cardinal": "数值",
    "digits": "逐位读数字",
    "telephone": "电话号码（1 读幺）",
    "name": "姓名",
    "address": "地址",
    "id": "账号、昵称",
    "characters": "逐字符",
    "punctuation": "读出标点",
    "date": "日期",
    "time": "时间",
    "currency": "金额",
    "measure": "带单位的量",
    "ordinal": "序数",
    "fraction": "分数",
    "duration": "时长，如 01:18:30",
}
SAY_AS_ALIASES = {
    "number": "cardinal",
    "spell-out": "characters",
    "spell": "characters",
    "verbatim": "characters",
    "unit": "measure",
    "nick": "name",
    "nickname": "name",
    "number_digit": "digits",
    "number_phone": "telephone",
    "phone": "telephone",
    "letters": "characters",
    "money": "currency",
    "number:cardinal": "cardinal",  # interpret-as and format, as W3C's note on say-as has them
    "number:digits": "digits",
    "number:ordinal": "ordinal",
    "number:telephone": "telephone",
}

# Elements whose text is neither spoken nor warned about, and elements that act silently as containers.
UNSPOKEN = frozenset({"metadata", "meta", "desc", "title"})
CONTAINERS = frozenset({"lookup"})
LANGUAGES = ("zh-cn", "zh-hans", "zh-tw", "zh-sg", "cmn", "en")  # what a voice reads as itself, besides plain "zh"
LEAVES = frozenset({"sub", "phoneme", "say-as"})  # their text is read as a whole; markup inside is ignored


def _names(table: dict[str, Any]) -> str:
    return " | ".join(table)


def _range(limits: tuple[float, float], unit: str) -> str:
    return f"{limits[0]:g}..{limits[1]:g}{unit}"


ELEMENTS: dict[str, dict[str, Any]] = {
    "speak": {
        "attributes": {
            "voice": "音色",
            "rate": "-500..500 | 0.5..2.0 | 50%..200%",
            "pitch": "-500..500（±12 半音）| 0.5..2.0",
            "volume": "0..100，50 为原音量",
            "format": "音频格式",
            "encodeType": "同 format",
            "sampleRate": "8000 | 16000 | 24000 | 48000",
            "bgm": "背景音的地址，见 backgroundaudio",
            "backgroundMusicVolume": "0..100，100 为原音量，默认 50",
            "version": "接受",
            "xml:lang": "接受",
        },
        "meaning": "根元素",
    },
    "emotion": {"attributes": {"category": "情感（必填）", "intensity": "0.01..2.0，默认 1.0"}, "meaning": "情感与强度"},
    "mstts:express-as": {
        "attributes": {"style": "情感", "styledegree": "0.01..2.0，默认 1.0"},
        "meaning": "情感与强度（Azure）",
    },
    "break": {
        "attributes": {"time": f"0..{MAX_BREAK_MS // 1000}s", "strength": _names(values.STRENGTHS)},
        "meaning": "精确静音，默认 1s，连续的相加，最多 10s",
    },
    "mstts:silence": {
        "attributes": {
            "type": "Leading | Tailing | Sentenceboundary | Comma | Semicolon | Enumerationcomma（-exact 相同）",
            "value": "0..10s",
        },
        "meaning": "静音（Azure）；Tailing 在所在元素的末尾；后四种在其后每个句末、逗号、分号、顿号处",
    },
    "p": {"attributes": {}, "meaning": f"段落，停顿 {PAUSES['p'][1]} ms"},
    "s": {"attributes": {}, "meaning": f"句子，停顿 {PAUSES['s'][1]} ms"},
    "w": {"attributes": {"role": "接受"}, "meaning": "一个词，内部不切分"},
    "token": {"attributes": {"role": "接受"}, "meaning": "同 w"},
    "sub": {"attributes": {"alias": "替换读法（必填）"}, "meaning": "替换；时间戳仍指原文"},
    "phoneme": {
        "attributes": {
            "alphabet": "py | x-amazon-pinyin | sapi",
            "ph": "每个汉字或数字一个音节，声调 1..5，0 同 5，ü 写 v（必填）",
        },
        "meaning": "指定拼音",
    },
    "say-as": {
        "attributes": {
            "interpret-as": sorted(SAY_AS) + sorted(SAY_AS_ALIASES),
            "format": "date 的次序：ymd、dmy、yyyymmdd…；duration：hms、hm、ms；number：cardinal、digits、ordinal、telephone",
        },
        "meaning": "指定读法",
    },
    "prosody": {
        "attributes": {
            "rate": f"{_names(values.RATES)} | 50%..200% | ±% | 倍数，限 {_range(RATE_RANGE, '倍')}",
            "pitch": f"{_names(values.PITCHES)} | ±st | ±% | ±Hz | Hz，限 {_range(PITCH_RANGE, '半音')}",
            "volume": f"{_names(values.VOLUMES)} | ±dB | ±% | 0..100，限 {_range(GAIN_RANGE, ' dB')}",
            "contour": "(位置%,音高) …，逐字插值",
            "range": f"{_names(values.RANGES)} | ±% | % | ±st | ±Hz | Hz，限 {_range(LIVELINESS_RANGE, '倍')}",
            "duration": f"所含文字应占的时长，最长 {values.MAX_DURATION_MS // 1000}s；限 {_range(RATE_RANGE, '倍')}语速",
            "amazon:max-duration": f"所含文字最多占的时长，只会加快，至多 {FASTEST:g} 倍语速",
        },
        "meaning": "语速、音高、音量、音高起伏、时长；嵌套时叠加，时长以内层为准",
    },
    "mstts:audioduration": {
        "attributes": {"value": "同 prosody 的 duration"},
        "meaning": "所在元素里其后文字应占的时长（Azure）",
    },
    "emphasis": {"attributes": {"level": _names(values.EMPHASIS)}, "meaning": "重音：更慢、更高、更响，reduced 相反"},
    "voice": {
        "attributes": {"name": "本部署的音色，多个以空格分开，取第一个有的"},
        "meaning": "切换音色；没有的音色给出提示，沿用当前音色",
    },
    "mark": {"attributes": {"name": "名称（必填）"}, "meaning": "返回到达该处的时间"},
    "bookmark": {"attributes": {"mark": "名称（必填）"}, "meaning": "同 mark（Azure）"},
    "vhml": {"attributes": {"src": "名称（必填）"}, "meaning": "同 mark（阿里云）"},
    "audio": {"attributes": {"src": "地址"}, "meaning": "插入声音，取不到时读出其中的文字；部署须允许该地址"},
    "soundEvent": {"attributes": {"src": "地址"}, "meaning": "同 audio（阿里云）"},
    "mstts:backgroundaudio": {
        "attributes": {
            "src": "地址",
            "volume": "0..100 倍，默认 1",
            "fadein": f"0..{values.MAX_FADE_MS} ms",
            "fadeout": f"0..{values.MAX_FADE_MS} ms，在语音结束之后",
        },
        "meaning": "全文的背景音，短则循环，长则截断；部署须允许该地址",
    },
    "lang": {"attributes": {"xml:lang": "接受"}, "meaning": "不改变读法；普通话和英语以外的语言给出警告"},
    "metadata": {"attributes": {}, "meaning": "接受，不朗读"},
    "desc": {"attributes": {}, "meaning": "接受，不朗读"},
    "lexicon": {"attributes": {"uri": "不读取"}, "meaning": "不生效，给出提示"},
    "lookup": {"attributes": {"ref": "接受"}, "meaning": "其中的文字照常朗读"},
}
# Names are understood in any case: authors write <Break> and <soundevent>.
LOCAL_NAMES = {name.rpartition(":")[2].lower(): name.rpartition(":")[2] for name in (*ELEMENTS, *UNSPOKEN)}
ATTRIBUTES = {name.rpartition(":")[2]: frozenset(entry["attributes"]) for name, entry in ELEMENTS.items()}


def table() -> dict[str, Any]:
    """The JSON behind GET /api/ssml."""
    return {
        "elements": [{"name": name, **entry} for name, entry in ELEMENTS.items()],
        "say_as": [{"name": name, "meaning": meaning} for name, meaning in SAY_AS.items()],
        "say_as_aliases": SAY_AS_ALIASES,
        "emotion_aliases": EMOTIONS,
        "limits": {
            "characters": MAX_CHARACTERS,
            "elements": MAX_ELEMENTS,
            "depth": MAX_DEPTH,
            "attribute": MAX_ATTRIBUTE,
            "break_ms": MAX_BREAK_MS,
            "sounds": SOUNDS,
            "sound_seconds": SOUND_SECONDS,
            "sound_bytes": SOUND_BYTES,
        },
        "dialects": ["Alibaba Cloud NLS", "Azure", "W3C SSML 1.1", "Amazon Polly"],
    }
