"""The Runtime Interface Emulator. In: requirements/rie.txt (a wheel and its hashes). Out: the path of a static binary.

AWS ships the emulator inside the aws-sam-cli wheel; only that one file is taken out of it, the CLI is never installed.
"""

from __future__ import annotations

import os
import platform
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
LOCK = ROOT / "requirements" / "rie.txt"
CACHE = ROOT / ".local" / "rie"
_MACHINES = {"x86_64": "x86_64", "amd64": "x86_64", "aarch64": "arm64", "arm64": "arm64"}


class EmulatorMissing(RuntimeError):
    """The emulator cannot be had on this machine; the message says why."""


def emulator_path(cache: Path = CACHE) -> Path:
    """The emulator for this machine, fetched from PyPI once and kept in ``cache``. Raises EmulatorMissing."""
    machine = _MACHINES.get(platform.machine().lower())
    if platform.system() != "Linux" or not machine:
        raise EmulatorMissing(f"the Lambda emulator runs on Linux, x86-64 or arm64, not {platform.system()} {platform.machine()}")
    binary = cache / f"aws-lambda-rie-{machine}"
    if not binary.exists():
        cache.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=cache) as scratch:
            part = _extract(_download(Path(scratch)), f"samcli/local/rapid/{binary.name}", Path(scratch))
            os.replace(part, binary)  # atomic: two test runs may race for it
    return binary


def _download(folder: Path) -> Path:
    """The wheel, checked against the hashes of the lock file."""
    command = [sys.executable, "-m", "pip", "download", "-q", "--disable-pip-version-check", "--no-deps", "--require-hashes"]
    done = subprocess.run([*command, "-d", folder, "-r", LOCK], capture_output=True, text=True, check=False)
    wheels = list(folder.glob("*.whl"))
    if done.returncode or not wheels:
        raise EmulatorMissing(f"the aws-sam-cli wheel could not be downloaded: {done.stderr.strip()[-300:]}")
    return wheels[0]


def _extract(wheel: Path, member: str, folder: Path) -> Path:
    part = folder / Path(member).name
    with zipfile.ZipFile(wheel) as archive:
        part.write_bytes(archive.read(member))
    part.chmod(0o755)
    return part
