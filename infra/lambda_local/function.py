"""One function with its execution environments. In: events (any JSON value). Out: what the handler returned.

An execution environment is one emulator process with one runtime process, serving one event at a time, as on Lambda;
the emulator dies of a second simultaneous event, so each environment is lent through a queue. More environments
(``slots``) are Lambda's concurrency; with all of them busy a caller waits, where Lambda would answer 429.
"""

from __future__ import annotations

import contextlib
import http.client
import json
import os
import queue
import re
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any

from infra.lambda_local.emulator import ROOT, emulator_path

_INVOKE = "/2015-03-31/functions/function/invocations"
_INIT_REPORT = re.compile(r"INIT REPORT\(durationMs: ([\d.]+)")
_START_S = 20.0  # a loaded machine, not Lambda's wall
_ANSWER_S = 960.0  # only a last resort: the emulator itself ends a function at its timeout, 15 minutes at most


class FunctionError(Exception):
    """The handler raised, timed out or died. ``error`` is Lambda's answer: errorMessage, errorType, …"""

    def __init__(self, error: Any) -> None:
        self.error = error
        super().__init__(str(error))


class Environment:
    """One emulator and, from the first event on, one runtime. ``log`` keeps what CloudWatch would."""

    def __init__(self, command: Sequence[str], port: int, env: Mapping[str, str], log: Path) -> None:
        """command: starts the emulator, listening on ``port`` of the loopback."""
        self.log = log
        self._port = port
        with log.open("wb") as out:
            self._process = subprocess.Popen(
                command, cwd=ROOT, env={**os.environ, **env}, stdout=out, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL,
                start_new_session=True,  # Ctrl-C reaches the emulator through close(), which ends its runtime as well
            )  # fmt: skip
        self._await_port()

    @classmethod
    def here(cls, handler: str, env: Mapping[str, str], log: Path, *, memory_mb: int, timeout_s: int) -> Environment:
        """With this Python and this checkout, no container."""
        port, runtime_port = free_ports(2)
        command = [str(emulator_path()), *listening(port, runtime_port), sys.executable, "-m", "awslambdaric", handler]
        path = os.pathsep.join(filter(None, [str(ROOT), env.get("PYTHONPATH")]))
        return cls(command, port, {**lambda_env(memory_mb, timeout_s), **env, "PYTHONPATH": path}, log)

    def invoke(self, event: Any) -> Any:
        """Send one event; the first one also pays for the start. Raises FunctionError."""
        connection = http.client.HTTPConnection("127.0.0.1", self._port, timeout=_ANSWER_S)
        with contextlib.closing(connection):
            connection.request("POST", _INVOKE, body=json.dumps(event, ensure_ascii=False).encode())
            response = connection.getresponse()
            body = response.read()
        try:
            answer = json.loads(body)
        except ValueError:  # a timeout or an over-long response comes back as plain text
            raise FunctionError(body.decode(errors="replace")) from None
        # An error of the handler comes with status 200; only its shape tells.
        if response.status != 200 or (isinstance(answer, dict) and "errorMessage" in answer and "statusCode" not in answer):
            raise FunctionError(answer)
        return answer

    @property
    def init_ms(self) -> float:
        """How long the runtime took to start and import the handler; 0 before the first event."""
        found = _INIT_REPORT.findall(self.log.read_text(errors="replace"))
        return float(found[-1]) if found else 0.0

    def close(self) -> None:
        """SIGTERM, not SIGKILL: the emulator puts its runtime into a process group of its own and must end it itself."""
        self._process.terminate()
        try:
            self._process.wait(timeout=5)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    def _await_port(self) -> None:
        end = time.monotonic() + _START_S
        while time.monotonic() < end and self._process.poll() is None:
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", self._port), timeout=1):
                return
            time.sleep(0.02)
        self.close()
        raise FunctionError(f"the emulator did not start: {self.log.read_text(errors='replace')[-500:]}")


class LambdaFunction:
    """A function with ``slots`` environments, a queue in front. A context manager; threads may share it."""

    def __init__(
        self,
        handler: str,
        env: Mapping[str, str],
        folder: Path,
        *,
        slots: int = 1,
        memory_mb: int = 1536,
        timeout_s: int = 29,
    ) -> None:
        self.environments = tuple(
            Environment.here(handler, env, folder / f"slot-{n}.log", memory_mb=memory_mb, timeout_s=timeout_s)
            for n in range(slots)
        )
        self._free: queue.LifoQueue[Environment] = queue.LifoQueue()  # last in, first out: warm ones are preferred
        for environment in self.environments:
            self._free.put(environment)

    def invoke(self, event: Any) -> Any:
        """What the handler returned. Waits for a free environment. Raises FunctionError."""
        with self._lent() as environment:
            return environment.invoke(event)

    def logs(self) -> str:
        return "".join(e.log.read_text(errors="replace") for e in self.environments)

    def close(self) -> None:
        for environment in self.environments:
            environment.close()

    def __enter__(self) -> LambdaFunction:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

    @contextlib.contextmanager
    def _lent(self) -> Iterator[Environment]:
        environment = self._free.get()
        try:
            yield environment
        finally:
            self._free.put(environment)


def listening(port: int, runtime_port: int) -> list[str]:
    """The emulator's options: where events come in, and where its runtime asks for them. Both on the loopback."""
    return [
        "--runtime-interface-emulator-address", f"127.0.0.1:{port}", "--runtime-api-address", f"127.0.0.1:{runtime_port}",
    ]  # fmt: skip


def lambda_env(memory_mb: int, timeout_s: int) -> dict[str, str]:
    """What Lambda itself puts into a function's environment."""
    return {
        "AWS_LAMBDA_FUNCTION_NAME": "http",
        "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": str(memory_mb),
        "AWS_LAMBDA_FUNCTION_TIMEOUT": str(timeout_s),
        "AWS_REGION": "us-east-1",
    }


def free_ports(count: int) -> list[int]:
    """Ports of the loopback that nothing listens on right now."""
    with contextlib.ExitStack() as stack:
        sockets = [stack.enter_context(socket.create_server(("127.0.0.1", 0))) for _ in range(count)]
        return [s.getsockname()[1] for s in sockets]
