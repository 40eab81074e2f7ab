"""What a fresh clone relies on: every package is named, the run time is free of torch, locks carry hashes."""

from __future__ import annotations

import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
LOCKS = sorted((ROOT / "requirements").glob("*.txt"))


def test_every_package_is_named_in_pyproject():
    """One too few is missing from a wheel; one too many, and a fresh clone cannot even be installed."""
    setuptools = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["setuptools"]
    listed = subprocess.run(["git", "ls-files", "layer"], cwd=ROOT, capture_output=True, text=True, check=False)
    if listed.returncode:
        pytest.skip("not a git checkout")
    committed = {Path(line).parent.as_posix() for line in listed.stdout.splitlines() if line.endswith("/__init__.py")}
    found = set()
    for name, folder in setuptools["package-dir"].items():
        within = (path for path in committed if path == folder or path.startswith(folder + "/"))
        found |= {(name + path.removeprefix(folder)).replace("/", ".") for path in within}
    assert found == set(setuptools["packages"])


@pytest.mark.parametrize("lock", LOCKS, ids=lambda lock: lock.stem)
def test_locks_pin_and_hash(lock):
    pinned = [line for line in lock.read_text().splitlines() if line[:1].isalnum()]
    assert pinned and all("==" in line for line in pinned)
    assert lock.read_text().count("--hash=sha256:") >= len(pinned)


def test_the_run_time_lock_stays_small():
    names = {line.split("==")[0] for line in (ROOT / "requirements" / "run.txt").read_text().splitlines() if "==" in line}
    assert not names & {"torch", "modelscope", "scipy", "librosa", "jieba", "transformers"}
    assert len(names) < 40


def test_serving_imports_no_build_tools():
    code = (
        "import sys, functions.http.app, sambert.voices, sambert.frontend, sambert.acoustic.onnx, sambert.vocoder.onnx;"
        "print(sorted({'torch', 'modelscope', 'scipy', 'librosa', 'onnx'} & set(sys.modules)))"
    )
    loaded = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert loaded.stdout.strip() == "[]"
