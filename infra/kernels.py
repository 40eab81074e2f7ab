"""Compiles the vocoder's arithmetic. In: layer/sambert/vocoder/kernels.c. Out: a shared library for one kind of processor.

    python infra/kernels.py FILE.so             for this machine, with its C compiler if it has one
    python infra/kernels.py --image FILE.so     for Amazon Linux 2023 on x86-64, with Zig's compiler, on any machine

Without the library a voice is spoken all the same, by ONNX Runtime alone. Standard library only: this runs in base images.
"""

from __future__ import annotations

import os
import platform
import shutil
import subprocess
import sys
from pathlib import Path

SOURCE = Path(__file__).parents[1] / "layer" / "sambert" / "vocoder" / "kernels.c"
NONE = "没有 C 编译器：全尺寸音色的声码器改由 ONNX Runtime 计算，慢一些 / no C compiler: full-size voices will be slower"
FLAGS = ["-O3", "-shared", "-fPIC", "-fvisibility=hidden", "-s"]
ZIG = [sys.executable, "-m", "ziglang", "cc", "-target", "x86_64-linux-gnu.2.34", "-mcpu=x86_64"]


def compiler() -> list[str] | None:
    """This machine's: CC, or the first that is there."""
    names = [os.environ.get("CC", ""), "cc", "gcc", "clang"]
    return next(([name] for name in names if name and shutil.which(name)), None)


def build(command: list[str], library: Path) -> None:
    fresh = library.with_suffix(".new")  # a running server may have the old one mapped
    subprocess.run([*command, *FLAGS, "-o", str(fresh), str(SOURCE)], check=True)
    fresh.replace(library)


def main() -> int:
    library = Path(sys.argv[-1])
    if "--image" in sys.argv:
        build(ZIG, library)
    elif platform.machine() == "x86_64":
        command = compiler()
        if command is None:
            print(NONE, file=sys.stderr)
        else:
            build(command, library)
    return 0


if __name__ == "__main__":
    sys.exit(main())
