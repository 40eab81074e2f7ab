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
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from functions.http.schemas import FORMATS, TtsAnswer, TtsRequest, VoiceAnswer
from functions.http.settings import Settings
from functions.http.store import Store, Stored
from sambert import Request
from sambert.audio import CONTENT_TYPES, Encoder
from sambert.emotions import label, resolve
from sambert.errors import SpeechError
from sambert.frontend import ssml
from sambert.marks import to_json, to_srt, to_vtt
from sambert.sounds import Library
from sambert.types import Mark
from sambert.versions import ENGINE
from sambert.voices import Shelf

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
    voice: str
    format: str
    sample_rate: int
    marks: str | None
    digest: str
    warnings: tuple[str, ...] = ()  # of what the document asks for and this service does not do

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
        sounds = Library(settings.audio_sources, {"s3": self._store.sound})
        self._shelf = Shelf(settings.open_voices, settings.readings(), sounds)
        self._manifests = self._shelf.manifests
        self._slots = ThreadPoolExecutor(max_workers=settings.slots, thread_name_prefix="speak")
        self._flights: dict[str, asyncio.Task[Done]] = {}

    def warm_up(self) -> None:
        """Load the default voice and speak once, so that the first listener waits for nothing. Blocks."""
        job = self._job(TtsRequest(text=WARM_UP_TEXT))
        self._slots.submit(self._speak, job).result()

    def voices(self) -> list[VoiceAnswer]:
        """All voices of this deployment, from their manifests: none is loaded for it."""
        return [
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
            for name, manifest in self._manifests.items()
        ]

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
            voice=job.voice,
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

    def _job(self, asked: TtsRequest) -> Job:
        text = asked.text if asked.text is not None else asked.ssml
        if asked.text is not None and asked.ssml is not None:
            raise SpeechError("text_and_ssml")
        if text is None or not text.strip():
            raise SpeechError("empty_text")
        if len(text) > self.settings.max_text:
            raise SpeechError("text_too_long", length=len(text), limit=self.settings.max_text)
        # Only a name of the voices folder: a path from outside never reaches the disk.
        name = asked.voice or self.settings.voice
        if name not in self._manifests:
            raise SpeechError("unknown_voice", voice=name, available="、".join(self._manifests) or "无")
        manifest = self._manifests[name]
        request = Request(
            text=asked.text,
            ssml=asked.ssml,
            emotion=resolve(asked.emotion, name, manifest.emotions),
            intensity=asked.intensity,
            rate=asked.rate,
            pitch=asked.pitch,
            volume=asked.volume,
            lexicon=asked.lexicon,
        )
        format_, sample_rate, warnings = _form(asked, manifest.sample_rate)
        marks = "json" if asked.marks is True else asked.marks or None
        # Voices that the document may switch to decide its sound as well.
        heard = [name, *(other for other in self._manifests if asked.ssml and other in asked.ssml)]
        voices = [(self._manifests[each].digest, self._shelf.lexicon(each).digest) for each in heard]
        digest = _digest(request, voices, format_, sample_rate, marks, self.settings.audio_sources)
        return Job(request, name, format_, sample_rate, marks, digest, warnings)

    async def _done(self, job: Job) -> Done:
        """Find or make, once, however many ask for the same at the same time; a caller who leaves stops nobody else."""
        task = self._flights.get(job.key)
        if task is None:
            task = asyncio.ensure_future(self._find_or_make(job))
            self._flights[job.key] = task
            task.add_done_callback(lambda _: self._flights.pop(job.key, None))
        return await asyncio.shield(task)

    async def _find_or_make(self, job: Job) -> Done:
        stored = self._store.known(job.key) or await asyncio.to_thread(self._store.find, job.key)
        if stored is not None:
            return Done(stored)
        audio = await asyncio.get_running_loop().run_in_executor(self._slots, self._speak, job)
        # Marks first: where there is audio, everything that belongs to it is there.
        if job.marks and audio.marks is not None:
            content_type = MARK_WRITERS[job.marks][1]
            await asyncio.to_thread(self._store.write, job.marks_key, audio.marks, content_type, audio.stored)
        await asyncio.to_thread(self._store.write, job.key, audio.body, CONTENT_TYPES[job.format], audio.stored)
        return Done(audio.stored, audio.body)

    def _speak(self, job: Job) -> Audio:
        """In a slot's thread: part by part, so that memory grows with the file and not with the samples."""
        started = time.perf_counter()
        voice = self._shelf.open(job.voice)
        encoder = Encoder(voice.manifest.sample_rate, job.format, job.sample_rate)
        marks: list[Mark] = []
        warnings = dict.fromkeys(job.warnings)
        for part in voice.stream(job.request):
            encoder.write(part.samples)
            marks += part.marks
            warnings.update(dict.fromkeys(part.warnings))
        body = encoder.finish()
        complete = not any("[sound_unavailable]" in warning for warning in warnings)
        stored = Stored(encoder.duration_ms, job.sample_rate, tuple(warnings), complete)
        # The digest stands for the text: what people have read aloud is nobody's business.
        log.info("spoke %s: %d ms of audio in %.0f ms", job.digest, stored.duration_ms, 1000 * (time.perf_counter() - started))
        return Audio(body, stored, MARK_WRITERS[job.marks][0](marks).encode() if job.marks else None)


def _form(asked: TtsRequest, own_rate: int) -> tuple[str, int, tuple[str, ...]]:
    """Format, sample rate and warnings: what the request says goes before what the root of its SSML document asks for."""
    if asked.ssml is None:
        return asked.format, asked.sample_rate or own_rate, ()
    document = ssml.parse(asked.ssml)
    rate = asked.sample_rate or document.sample_rate or own_rate
    if not document.format or "format" in asked.model_fields_set:
        return asked.format, rate, ()
    if document.format in FORMATS:
        return document.format, rate, ()
    return asked.format, rate, (f"speak 的 format {document.format[:20]} 未支持，改用 {asked.format}",)


def _digest(
    request: Request, voices: list[tuple[str, str]], format_: str, sample_rate: int, marks: str | None, sources: tuple[str, ...]
) -> str:
    """SHA-256 over a canonical JSON of all that decides the bytes. 1 and 1.0 are the same request.

    voices: digests of each voice that may be heard and of the readings it goes by. sources: where sounds may come from; which
    ones are heard, a document says itself."""
    canonical = {
        "text": request.text,
        "ssml": request.ssml,
        "emotion": request.emotion,
        "controls": [float(v) for v in (request.intensity, request.rate, request.pitch, request.volume)],
        "lexicon": sorted(request.lexicon.items()),
        "voices": voices,
        "engine": ENGINE,
        "format": format_,
        "sample_rate": sample_rate,
        "marks": marks,
    }
    if request.ssml is not None and sources:
        canonical["sounds"] = sources
    return hashlib.sha256(json.dumps(canonical, sort_keys=True, ensure_ascii=False).encode()).hexdigest()
