"""A real SSH server on 127.0.0.1 with keys, port and configuration of its own, for the user who runs the tests."""

import contextlib
import getpass
import os
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

SSHD = shutil.which("sshd") or shutil.which("sshd", path="/usr/sbin:/usr/local/sbin:/sbin") or ""
MISSING = [name for name, found in (("sshd", SSHD), ("ssh", shutil.which("ssh"))) if not found]

needs_sshd = pytest.mark.skipif(bool(MISSING), reason=f"not installed: {', '.join(MISSING)} (Debian's openssh-server)")

CONFIGURATION = """
ListenAddress 127.0.0.1
Port {port}
HostKey {folder}/host_key
AuthorizedKeysFile {folder}/user_key.pub
PidFile none
StrictModes no
UsePAM no
PermitRootLogin prohibit-password
PasswordAuthentication no
KbdInteractiveAuthentication no
PrintMotd no
PrintLastLog no
AcceptEnv LANG LC_*
SetEnv {variables}
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class SshServer:
    """Where it listens, and how one logs in."""

    port: int
    folder: Path

    def login(self) -> list[str]:
        """The command that logs in, with a terminal; without the user's own configuration and known hosts."""
        options = {
            "StrictHostKeyChecking": "no",
            "UserKnownHostsFile": "/dev/null",
            "IdentitiesOnly": "yes",
            "LogLevel": "ERROR",
            "SendEnv": "LANG LC_*",
        }
        given = [part for name, value in options.items() for part in ("-o", f"{name}={value}")]
        key = ["-i", str(self.folder / "user_key"), "-p", str(self.port)]
        return ["ssh", "-tt", "-F", "/dev/null", *key, *given, f"{getpass.getuser()}@127.0.0.1"]


@contextlib.contextmanager
def ssh_server(folder: Path, variables: Mapping[str, str]) -> Iterator[SshServer]:
    """The server, until the block ends; whoever logs in has these environment variables."""
    folder.mkdir(mode=0o700)
    for name in ("host_key", "user_key"):
        command = ["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(folder / name)]
        subprocess.run(command, check=True, timeout=60)
    if os.getuid() == 0:  # where it goes before it knows who logs in; the package's own service makes it
        Path("/run/sshd").mkdir(mode=0o755, exist_ok=True)
    port = _free_port()
    pairs = " ".join(f'"{name}={value}"' for name, value in variables.items())
    configuration = folder / "sshd_config"
    configuration.write_text(CONFIGURATION.format(port=port, folder=folder, variables=pairs))
    log = folder / "log"
    with (
        log.open("wb") as file,
        subprocess.Popen(
            [SSHD, "-D", "-e", "-f", str(configuration)], stderr=file, stdin=subprocess.DEVNULL
        ) as process,
    ):
        try:
            _wait_for(port, process, log)
            yield SshServer(port=port, folder=folder)
        finally:
            process.terminate()


def _free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])


def _wait_for(port: int, process: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + 60
    while True:
        assert process.poll() is None, f"the SSH server ended: {log.read_text()}"
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
            return
        assert time.monotonic() < deadline, f"the SSH server does not listen: {log.read_text()}"
        time.sleep(0.05)
