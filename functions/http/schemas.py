"""What travels over HTTP. In: JSON bodies. Out: checked ``TtsRequest`` values, and the shapes of the answers.

Ranges are checked here, strictly (no strings for numbers, no unknown fields, no NaN); what only a voice can know, its
emotions, is checked by the layer. ``as_speech_error`` turns the first complaint into a code of ``sambert.errors``.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Annotated, Any, Literal, get_args

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from sambert.audio import SAMPLE_RATES
from sambert.errors import SpeechError
from sambert.limits import RANGES

Format = Literal["mp3", "wav", "flac", "ogg", "opus"]
FORMATS: tuple[str, ...] = get_args(Format)


def _whole(text: str) -> str:
    """JSON can smuggle in half a surrogate pair, which no UTF-8 can carry on: it becomes U+FFFD, which is skipped."""
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace") if not text.isascii() else text


Text = Annotated[str, AfterValidator(_whole)]


def _number(name: str, default: float, description: str) -> Any:
    low, high = RANGES[name]
    return Field(default=default, ge=low, le=high, allow_inf_nan=False, description=description)


class TtsRequest(BaseModel):
    """Exactly one of text and ssml."""

    model_config = ConfigDict(
        extra="forbid",
        strict=True,
        frozen=True,
        json_schema_extra={"examples": [{"text": "今天天气真好。", "emotion": "happy", "intensity": 0.8}]},
    )

    text: Text | None = Field(default=None, description="要朗读的文本")
    ssml: Text | None = Field(default=None, description="SSML 文档，与 text 二选一")
    voice: Text | None = Field(default=None, max_length=64, description="音色，见 GET /api/voices")
    emotion: Text = Field(default="neutral", max_length=32, description="情感，英文或中文名")
    intensity: float = _number("intensity", 1.0, "情感强度：0 为普通，1 为所学，2 为夸张")
    rate: float = _number("rate", 1.0, "语速倍数")
    pitch: float = _number("pitch", 0.0, "音高，半音")
    volume: float = _number("volume", 50.0, "音量，50 为原样")
    format: Format = Field(default="mp3", description="音频格式；未给出时先看 SSML 文档所写")
    sample_rate: Literal[8000, 16000, 24000, 48000] | None = Field(
        default=None, description="采样率，默认为 SSML 文档所写，或音色自己的"
    )
    marks: bool | Literal["json", "srt", "vtt"] = Field(default=False, description="字、词、句的时间；true 即 json")
    lexicon: dict[Annotated[Text, Field(max_length=32)], Annotated[Text, Field(max_length=128)]] = Field(
        default_factory=dict, max_length=100, description='自定义读音，如 {"单于": "chan2 yu2"}'
    )


class TtsAnswer(BaseModel):
    """Where the audio is, and what it is."""

    url: str = Field(description="预签名地址，到期前可直接播放，支持 Range")
    expires_at: str = Field(description="地址到期时间，ISO 8601，UTC")
    key: str = Field(description="对象键：同样的请求总是同一个")
    duration_ms: int
    format: Format
    sample_rate: int
    voice: str
    emotion: str
    cached: bool = Field(description="是否为之前合成过的")
    warnings: list[str] = Field(default_factory=list, description="被跳过或忽略的内容")
    marks_url: str | None = None


class VoiceAnswer(BaseModel):
    name: str
    title: str = Field(description="给人看的名字")
    language: str
    sample_rate: int
    emotions: list[str]
    emotion_labels: dict[str, str] = Field(description="情感的中文名")
    formats: list[str]
    licence: str
    default: bool


class VoicesAnswer(BaseModel):
    voices: list[VoiceAnswer]


class ErrorAnswer(BaseModel):
    error: str = Field(description="中文说明")
    code: str = Field(description="稳定的错误码")
    detail: dict[str, Any] = Field(default_factory=dict)


def as_speech_error(errors: Sequence[Mapping[str, Any]]) -> SpeechError:
    """The first of pydantic's complaints as one of our codes. The caller's text is never repeated back."""
    problem = errors[0]
    kind = problem["type"]
    path = [str(part) for part in problem["loc"] if part != "body"]
    name = ".".join(path)
    given, limits = problem.get("input"), problem.get("ctx") or {}
    if kind == "json_invalid":
        return SpeechError("bad_json", reason=f"第 {problem['loc'][-1]} 个字符附近")
    if not path:
        return SpeechError("bad_request", reason="请求体应为 JSON 对象，Content-Type 为 application/json")
    if name in RANGES and kind in ("greater_than_equal", "less_than_equal", "finite_number"):
        low, high = RANGES[name]
        shown = given if isinstance(given, (int, float)) and math.isfinite(given) and abs(given) < 1e15 else str(given)[:32]
        return SpeechError("bad_range", name=name, value=shown, low=low, high=high)
    if name == "format":
        return SpeechError("unknown_format", format=str(given)[:32], available="、".join(FORMATS))
    if name == "sample_rate":
        return SpeechError("unknown_sample_rate", sample_rate=str(given)[:32], available="、".join(map(str, SAMPLE_RATES)))
    if kind == "extra_forbidden":
        return SpeechError("bad_request", reason=f"不认识的字段 {name[:64]}")
    if kind in ("string_too_long", "too_long"):
        return SpeechError("bad_request", reason=f"字段 {path[0]} 太长，上限 {limits.get('max_length')}")
    return SpeechError("bad_request", reason=f"字段 {path[0]} 的类型或内容不正确")
