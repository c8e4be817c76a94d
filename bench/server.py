"""The registry as its users start it, in a place of its own, to be killed and started again."""

import os
import signal
import socket
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

from registry.core.config import DEMO_SECRET, ROOT, Settings

START_SECONDS = 60
STOP_SECONDS = 20


def free_port() -> int:
    """A port that nobody listens on now."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


@dataclass
class Server:
    """`flask registry serve` in demo mode on this folder and database."""

    folder: Path
    database_url: str
    port: int = field(default_factory=free_port)
    process: subprocess.Popen[bytes] | None = None

    @property
    def settings(self) -> Settings:
        """The same settings for a look from outside."""
        return Settings(
            secret_key=DEMO_SECRET, database_url=self.database_url, instance=self.folder, demo=True, testing=True
        )

    def command(self, *arguments: str) -> None:
        """`flask registry …`, to its end."""
        subprocess.run(self._call(*arguments), env=self._environment(), cwd=ROOT, check=True, capture_output=True)

    def start(self) -> None:
        """Start it and wait until it answers."""
        with (self.folder / "server.log").open("ab") as log:
            self.process = subprocess.Popen(
                self._call("serve"), env=self._environment(), cwd=ROOT, stdout=log, stderr=log, start_new_session=True
            )
        began = time.monotonic()
        while not self._answers():
            if self.process.poll() is not None or time.monotonic() - began > START_SECONDS:
                raise RuntimeError(f"the server does not start: {(self.folder / 'server.log').read_text()[-2000:]}")
            time.sleep(0.05)

    def kill(self) -> None:
        """As a power cut would: nobody is asked."""
        self._end(signal.SIGKILL)

    def stop(self) -> None:
        """As a supervisor would."""
        self._end(signal.SIGTERM)

    def _end(self, number: signal.Signals) -> None:
        if self.process is not None:
            os.killpg(self.process.pid, number)
            self.process.wait(STOP_SECONDS)
            self.process = None

    def _answers(self) -> bool:
        try:
            with urlopen(f"http://127.0.0.1:{self.port}/healthz", timeout=2) as answer:
                return bool(answer.status == 200)
        except (URLError, OSError):
            return False

    def _call(self, *arguments: str) -> list[str]:
        return [sys.executable, "-m", "flask", "--app", "wsgi", "registry", *arguments]

    def _environment(self) -> dict[str, str]:
        kept = {name: value for name, value in os.environ.items() if not name.startswith("REGISTRY_")}
        return kept | {
            "REGISTRY_DEMO": "1",
            "REGISTRY_EMBEDDED_WORKER": "1",
            "REGISTRY_INSTANCE": str(self.folder),
            "REGISTRY_DATABASE_URL": self.database_url,
            "HOST": "127.0.0.1",
            "PORT": str(self.port),
        }
