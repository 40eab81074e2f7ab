"""One request from checked fields to stored audio. In: ``TtsRequest``. Out: ``TtsAnswer``, or the bytes themselves.

The key of an object is a digest of everything that decides its sound; an object that is there is never made again, and
of equal requests that arrive together one works and the others wait for it. Speaking runs in ``slots`` worker threads, so
the event loop stays free for cached answers and health checks.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
import logging
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

from functions.http.schemas import FORMATS, TtsAnswer, TtsRequest, VoiceAnswer
from functions.http.settings import Settings
from functions.http.store import Store, Stored
from sambert import Request, load_voice, voices
from sambert.audio import CONTENT_TYPES, encode
from sambert.emotions import label, resolve
from sambert.errors import SpeechError
from sambert.marks import to_json, to_srt, to_vtt
from sambert.versions import ENGINE

log = logging.getLogger("sambert.http")

WARM_UP_TEXT = "你好。"
MARK_WRITERS = {
    "json": (to_json, "application/json; charset=utf-8"),
    "srt": (to_srt, "application/x-subrip; charset=utf-8"),
    "vtt": (to_vtt, "text/vtt; charset=utf-8"),
}


@dataclass(frozen=True, slots=True)
class Job:
    """A request, the voice that will speak it, and the key its answer has."""

    request: Request
    voice: Any
    format: str
    sample_rate: int
    marks: str | None
    digest: str

    @property
    def key(self) -> str:
        return f"speech/{self.digest[:2]}/{self.digest}.{self.format}"

    @property
    def marks_key(self) -> str:
        return f"speech/{self.digest[:2]}/{self.digest}.{self.marks}"


@dataclass(frozen=True, slots=True)
class Audio:
    """Encoded speech and what is known of it."""

    body: bytes
    stored: Stored
    marks: bytes | None = None


@dataclass(frozen=True, slots=True)
class Done:
    """An object that is in the store. body: its bytes if they were made just now."""

    stored: Stored
    body: bytes | None = None


class Service:
    """Everything behind the routes. Made once per process; ``warm_up`` before the first request."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self._store = Store(settings)
        self._voices: dict[str, Any] = {}
        self._voices_lock = threading.Lock()
        self._slots = ThreadPoolExecutor(max_workers=settings.slots, thread_name_prefix="speak")
        self._flights: dict[str, asyncio.Task[Done]] = {}

    def warm_up(self) -> None:
        """Load the default voice and speak once, so that the first listener waits for nothing. Blocks."""
        voice = self._voice(self.settings.voice)
        speech = voice.speak(Request(text=WARM_UP_TEXT))
        encode(speech.samples, speech.sample_rate, "mp3")

    def voices(self) -> list[VoiceAnswer]:
        answers = []
        for name in voices():
            manifest = self._voice(name).manifest
            answers.append(
                VoiceAnswer(
                    name=name,
                    title=manifest.title,
                    language=manifest.language,
                    sample_rate=manifest.sample_rate,
                    emotions=list(manifest.emotions),
                    emotion_labels={emotion: label(emotion) for emotion in manifest.emotions},
                    formats=list(FORMATS),
                    licence=manifest.licence,
                    default=name == self.settings.voice,
                )
            )
        return answers

    async def answer(self, asked: TtsRequest) -> TtsAnswer:
        """Presigned URL of the speech, made now or found. Raises SpeechError."""
        job = self._job(asked)
        done = await self._done(job)
        url, expires_at = self._store.url(job.key)
        return TtsAnswer(
            url=url,
            expires_at=expires_at,
            key=job.key,
            duration_ms=done.stored.duration_ms,
            format=job.format,
            sample_rate=done.stored.sample_rate,
            voice=job.voice.manifest.name,
            emotion=job.request.emotion,
            cached=done.body is None,
            warnings=list(done.stored.warnings),
            marks_url=self._store.url(job.marks_key)[0] if job.marks else None,
        )

    async def audio(self, asked: TtsRequest) -> tuple[bytes, str, int]:
        """The encoded speech itself, its content type and its duration in ms. Raises SpeechError("audio_too_long")."""
        job = self._job(asked)
        done = await self._done(job)
        body = done.body if done.body is not None else await asyncio.to_thread(self._store.read, job.key)
        if len(body) > self.settings.max_audio:
            raise SpeechError("audio_too_long", size=len(body), limit=self.settings.max_audio)
        return body, CONTENT_TYPES[job.format], done.stored.duration_ms

    def _voice(self, name: str) -> Any:
        """A loaded voice. Only names in the voices directory are taken: a path from outside never reaches the disk."""
        available = voices()
        if name not in available:
            raise SpeechError("unknown_voice", voice=name, available="、".join(available))
        with self._voices_lock:
            if name not in self._voices:
                self._voices[name] = load_voice(name)
            return self._voices[name]

    def _job(self, asked: TtsRequest) -> Job:
        text = asked.text if asked.text is not None else asked.ssml
        if asked.text is not None and asked.ssml is not None:
            raise SpeechError("text_and_ssml")
        if text is None or not text.strip():
            raise SpeechError("empty_text")
        if len(text) > self.settings.max_text:
            raise SpeechError("text_too_long", length=len(text), limit=self.settings.max_text)
        voice = self._voice(asked.voice or self.settings.voice)
        request = Request(
            text=asked.text,
            ssml=asked.ssml,
            emotion=resolve(asked.emotion, voice.manifest.name, voice.manifest.emotions),
            intensity=asked.intensity,
            rate=asked.rate,
            pitch=asked.pitch,
            volume=asked.volume,
            lexicon=asked.lexicon,
        )
        sample_rate = asked.sample_rate or voice.manifest.sample_rate
        marks = "json" if asked.marks is True else asked.marks or None
        digest = _digest(request, voice.manifest.digest, asked.format, sample_rate, marks)
        return Job(request, voice, asked.format, sample_rate, marks, digest)

    async def _done(self, job: Job) -> Done:
        """Find or make, once, however many ask for the same at the same time; a caller who leaves stops nobody else."""
        task = self._flights.get(job.key)
        if task is None:
            task = asyncio.ensure_future(self._find_or_make(job))
            self._flights[job.key] = task
            task.add_done_callback(lambda _: self._flights.pop(job.key, None))
        return await asyncio.shield(task)

    async def _find_or_make(self, job: Job) -> Done:
        stored = await asyncio.to_thread(self._store.find, job.key)
        if stored is not None:
            return Done(stored)
        audio = await asyncio.get_running_loop().run_in_executor(self._slots, _speak, job)
        # Marks first: where there is audio, everything that belongs to it is there.
        if job.marks and audio.marks is not None:
            content_type = MARK_WRITERS[job.marks][1]
            await asyncio.to_thread(self._store.write, job.marks_key, audio.marks, content_type, audio.stored)
        await asyncio.to_thread(self._store.write, job.key, audio.body, CONTENT_TYPES[job.format], audio.stored)
        return Done(audio.stored, audio.body)


def _speak(job: Job) -> Audio:
    started = time.perf_counter()
    speech = job.voice.speak(job.request)
    body = encode(speech.samples, speech.sample_rate, job.format, job.sample_rate)
    marks = MARK_WRITERS[job.marks][0](speech.marks).encode() if job.marks else None
    stored = Stored(speech.duration_ms, job.sample_rate, speech.warnings)
    # The digest stands for the text: what people have read aloud is nobody's business.
    log.info("spoke %s: %d ms of audio in %.0f ms", job.digest, stored.duration_ms, 1000 * (time.perf_counter() - started))
    return Audio(body, stored, marks)


def _digest(request: Request, voice_digest: str, format_: str, sample_rate: int, marks: str | None) -> str:
    """SHA-256 over a canonical JSON of all that decides the bytes. 1 and 1.0 are the same request."""
    canonical = {
        "text": request.text,
        "ssml": request.ssml,
        "emotion": request.emotion,
        "controls": [float(v) for v in (request.intensity, request.rate, request.pitch, request.volume)],
        "lexicon": sorted(request.lexicon.items()),
        "voice": voice_digest,
        "engine": ENGINE,
        "format": format_,
        "sample_rate": sample_rate,
        "marks": marks,
    }
    return hashlib.sha256(json.dumps(canonical, sort_keys=True, ensure_ascii=False).encode()).hexdigest()
