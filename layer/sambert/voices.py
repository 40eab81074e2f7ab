"""Finding and opening voices.

In: a name, a pack's folder, or (where the build tools are installed) a ModelScope voice. Out: a ``Synthesizer``.
"""

from __future__ import annotations

import json
import os
import threading
from collections import OrderedDict
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from sambert.errors import SpeechError
from sambert.frontend.user_lexicon import UserLexicon
from sambert.limits import OPEN_VOICES
from sambert.pack import MANIFEST, ORIGIN, Manifest, Pack, open_pack
from sambert.sounds import Library
from sambert.synthesizer import Synthesizer, own_lexicon, traits_of

if TYPE_CHECKING:
    from sambert.frontend import VoiceTraits
    from sambert.torch.source import Source


def voices_folder() -> Path:
    """SAMBERT_VOICES, else the voices beside this package, else the image's."""
    chosen = os.environ.get("SAMBERT_VOICES")
    if chosen:
        return Path(chosen)
    beside = Path(__file__).resolve().parent.parent / "voices"
    return beside if beside.is_dir() else Path("/opt/voices")


def list_voices(folder: Path | None = None) -> dict[str, Manifest]:
    """Installed voices by name; a folder that is no pack is passed over."""
    folder = folder or voices_folder()
    return {path.parent.name: Manifest.read(path.parent) for path in sorted(folder.glob(f"*/{MANIFEST}"))}


def load_voice(voice: str | Path = "demo", backend: Literal["onnx", "torch"] = "onnx", speaker: str | None = None) -> Synthesizer:
    """Open a voice by name or path.

    A path may also be a ModelScope / KAN-TTS directory; it is then built into a pack under ~/.cache first (needs
    ``make setup-build``). The torch back end is the reference: it needs the original directory, or a pack on the machine
    that built it. Raises unknown_voice, voice_*, source_invalid, build_tools_missing.
    """
    path = Path(voice)
    if not path.is_dir():
        path = voices_folder() / str(voice)
        if os.sep in str(voice) or not path.is_dir():
            raise SpeechError("unknown_voice", voice=str(voice), available="、".join(list_voices()) or "无")
    if (path / MANIFEST).is_file():
        pack = open_pack(path)
        return _torch(pack, _origin(path), speaker) if backend == "torch" else _onnx(pack, speaker)
    source, folder = _build(path)
    pack = open_pack(folder)
    return _torch(pack, source, speaker) if backend == "torch" else _onnx(pack, speaker)


class Shelf:
    """The installed voices, each opened when first asked for; the ``limit`` last used stay open. Threads may share it.

    Every voice it opens finds the others through it, for SSML's ``voice``. A voice that is still speaking when its place is
    needed lives until it has finished. lexicon: readings of the deployment, for all voices; a voice's own go before them.
    sounds: where SSML's sounds may come from; without it nowhere.
    """

    def __init__(self, limit: int = OPEN_VOICES, lexicon: UserLexicon | None = None, sounds: Library | None = None) -> None:
        self._folder = voices_folder()
        self.manifests = list_voices(self._folder)  # they do not change under a running process
        self._limit = limit
        self._lexicon = lexicon or UserLexicon()
        self._sounds = sounds or Library()
        self._lexicons: dict[str, UserLexicon] = {}
        self._open: OrderedDict[str, Synthesizer] = OrderedDict()
        self._lock = threading.Lock()

    def traits(self, name: str) -> VoiceTraits | None:
        """From the manifest and the lexicons alone: nothing is opened for it. Raises bad_lexicon_file."""
        if name not in self.manifests:
            return None
        return replace(traits_of(self.manifests[name]), name=name, lexicon=self.lexicon(name))

    def lexicon(self, name: str) -> UserLexicon:
        """An installed voice's own readings over the deployment's, as they were when first asked for. Raises bad_lexicon_file."""
        if name not in self._lexicons:
            self._lexicons[name] = own_lexicon(self._folder / name).over(self._lexicon)
        return self._lexicons[name]

    def open(self, name: str) -> Synthesizer:
        """Raises unknown_voice, voice_*, bad_lexicon_file."""
        with self._lock:
            if name not in self._open:
                if name not in self.manifests:
                    raise SpeechError("unknown_voice", voice=name, available="、".join(self.manifests) or "无")
                voice = load_voice(self._folder / name)
                voice.others, voice.lexicon, voice.sounds = self, self.lexicon(name), self._sounds
                self._open[name] = voice
            self._open.move_to_end(name)
            while len(self._open) > self._limit:
                self._open.popitem(last=False)
            return self._open[name]


def _onnx(pack: Pack, speaker: str | None) -> Synthesizer:
    from sambert.acoustic.onnx import OnnxAcoustic
    from sambert.vocoder.choice import open_vocoder

    return Synthesizer(pack, OnnxAcoustic(pack), open_vocoder(pack), speaker)


def _torch(pack: Pack, source: Source, speaker: str | None) -> Synthesizer:
    from sambert.torch.backend import TorchAcoustic, TorchVocoder

    return Synthesizer(pack, TorchAcoustic(source), TorchVocoder(source), speaker)


def _origin(folder: Path) -> Source:
    """The source a pack was built from."""
    path = folder / ORIGIN
    if not path.is_file():
        raise SpeechError("source_invalid", reason=f"torch 后端需要原始音色目录；{folder} 不是在本机构建的")
    origin = json.loads(path.read_text(encoding="utf-8"))
    return _read_source(Path(origin["path"]), origin["voice"])


def _read_source(path: Path, voice: str | None) -> Source:
    try:
        from sambert.torch.source import read_source
    except ModuleNotFoundError as error:
        raise SpeechError("build_tools_missing", module=error.name) from error
    return read_source(path, voice)


def _build(path: Path) -> tuple[Source, Path]:
    source = _read_source(path, None)
    from sambert_build.cache import cached_pack  # the tools are there, or reading would have failed

    return source, cached_pack(source)
