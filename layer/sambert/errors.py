"""Every error a caller can meet, in one place: a stable code in English, a message in Chinese, where it went wrong.

In: a code of ``CODES`` and details. Out: a ``SpeechError`` to raise. HTTP statuses are the business of functions/.
"""

from __future__ import annotations

from typing import Any

CODES = {
    # code: Chinese message, with the details filled in
    "empty_text": "文本不能为空",
    "text_too_long": "文本过长：{length} 个字符，上限 {limit}",
    "text_and_ssml": "text 和 ssml 只能给一个",
    "nothing_to_say": "文本里没有可以朗读的内容",
    "bad_request": "请求格式不正确：{reason}",
    "bad_json": "请求体不是合法的 JSON：{reason}",
    "bad_range": "参数 {name} 超出范围：{value}，应在 {low} 到 {high} 之间",
    "bad_lexicon": "自定义读音不正确：{word} → {pinyin}",
    "bad_lexicon_file": "读音词典 {file} 第 {line} 行不正确：{text}",
    "unknown_voice": "没有这个音色：{voice}，可用音色：{available}",
    "unknown_emotion": "音色 {voice} 没有情感“{emotion}”，可用情感：{available}",
    "unknown_format": "不支持的音频格式：{format}，可用格式：{available}",
    "unknown_sample_rate": "不支持的采样率：{sample_rate}，可用采样率：{available}",
    "audio_too_long": "音频过大（{size} 字节），超过直接返回的上限 {limit}，请改用返回 URL 的方式",
    "ssml_malformed": "SSML 格式错误（第 {line} 行第 {column} 列）：{reason}",
    "ssml_invalid": "SSML 内容错误（第 {line} 行第 {column} 列）：{reason}",
    "ssml_forbidden": "SSML 中不允许 DTD 或实体（第 {line} 行第 {column} 列）",
    "ssml_too_large": "SSML 过大：{reason}",
    "sound_off": "没有启用外部声音：{source}",
    "sound_forbidden": "声音的地址不在允许之列：{source}",
    "sound_unavailable": "声音取不到（{reason}）：{source}",
    "sound_invalid": "不是可解码的声音（WAV、FLAC、OGG、MP3）：{source}",
    "sound_too_long": "声音超过上限 {limit}：{source}",
    "too_many_sounds": "一份文档最多用 {limit} 个声音：{source}",
    "bad_symbol": "无法识别的音素符号：{symbol}（第 {position} 个）",
    "voice_missing": "找不到音色包：{path}",
    "voice_corrupt": "音色包校验失败：{path}（{reason}）",
    "voice_version": "音色包版本 {version} 与引擎不符，需要 {wanted}",
    "source_invalid": "不是可读的 ModelScope / KAN-TTS 音色目录：{reason}",
    "folder_taken": "{path} 里已有别的文件，不会覆盖；请换一个空的文件夹，或已有的音色包",
    "build_tools_missing": "缺少构建工具（{module}），请先运行 make setup-build",
    "storage_unavailable": "存储服务暂时不可用，请稍后重试",
    "not_found": "没有这个地址：{path}",
    "method_not_allowed": "不支持的请求方法：{method}",
    "payload_too_large": "请求体过大：上限 {limit} 字节",
    "internal": "服务内部错误",
}


class SpeechError(Exception):
    """An error with a stable ``code``, a Chinese ``message`` and a ``detail`` that says where (JSON-able)."""

    def __init__(self, code: str, **detail: Any) -> None:
        self.code = code
        self.detail = detail
        template = CODES[code]
        place = "（第 {line} 行第 {column} 列）" if "line" in detail and "{line}" not in template else ""
        self.message = (template + place).format(**detail)
        super().__init__(f"{self.message} [{code}]")

    def as_dict(self) -> dict[str, Any]:
        """The body of an HTTP error: {"error", "code", "detail"}."""
        return {"error": self.message, "code": self.code, "detail": self.detail}
