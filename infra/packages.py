"""The run-time packages of an image, for any processor. In: Docker's TARGETARCH, a folder. Out: the folder, slim and compiled.

Runs inside infra/Dockerfile with the standard library alone: a base image need have no more than Python and pip.
"""

from __future__ import annotations

import compileall
import shutil
import subprocess
import sys
from pathlib import Path
from py_compile import PycInvalidationMode

MACHINES = {"amd64": "x86_64", "arm64": "aarch64"}
GLIBC = 34  # 2.34 is Amazon Linux 2023's; pip takes each tag literally, so all up to it are named
UNUSED = ("bin", "numpy/f2py", "numpy/distutils", "onnxruntime/transformers", "onnxruntime/quantization", "onnxruntime/tools",
          "onnxruntime/datasets")  # fmt: skip
UNUSED_FOLDERS = {"tests", "testing", "__pycache__"}
UNUSED_SUFFIXES = {".pyi", ".pyx", ".pxd", ".h", ".a"}
# botocore describes every AWS service (30 MB); a service that the function comes to use must be named here.
SERVICES = {"s3", "sts", "sqs", "lambda", "dynamodb"}


def install(machine: str, folder: Path) -> None:
    """The locked wheels for that machine, whatever machine this is."""
    tags = ["manylinux2014", *(f"manylinux_2_{minor}" for minor in range(17, GLIBC + 1))]
    platforms = [option for tag in tags for option in ("--platform", f"{tag}_{machine}")]
    command = [sys.executable, "-m", "pip", "install", "--no-cache-dir", "--no-compile"]
    command += ["--only-binary=:all:", "--require-hashes"]
    subprocess.run([*command, *platforms, "--target", folder, "-r", Path(__file__).with_name("run.txt")], check=True)


def slim(folder: Path) -> None:
    """Take out what a running function never opens."""
    unused = [folder / name for name in UNUSED]
    unused += [path for path in folder.rglob("*") if path.name in UNUSED_FOLDERS and path.is_dir()]
    unused += [path for path in (folder / "botocore" / "data").iterdir() if path.is_dir() and path.name not in SERVICES]
    for path in unused:
        shutil.rmtree(path, ignore_errors=True)
    for path in folder.rglob("*"):
        if path.suffix in UNUSED_SUFFIXES and path.is_file():
            path.unlink()


def main() -> int:
    target, folder = sys.argv[1] or "amd64", Path(sys.argv[2])
    install(MACHINES[target], folder)
    slim(folder)
    # The root file system of a Lambda is read-only: what is not compiled now is compiled anew at every cold start.
    compiled = compileall.compile_dir(folder, maxlevels=64, quiet=1, invalidation_mode=PycInvalidationMode.UNCHECKED_HASH)
    return 0 if compiled else 1


if __name__ == "__main__":
    sys.exit(main())
