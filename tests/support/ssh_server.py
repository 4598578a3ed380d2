"""A real SSH server on 127.0.0.1 for the user who runs the tests, with its own keys, port and configuration."""

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


TRIES = 5
"""Ports to try: another process may take a port before the server listens."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SshServer:
    """The port of the server, and the files for a login."""

    port: int
    folder: Path

    def login(self) -> list[str]:
        """Return the command that logs in with a terminal, without the user's own configuration and known hosts."""
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
    """Run the server until the block ends; a login has these environment variables."""
    folder.mkdir(mode=0o700)
    for name in ("host_key", "user_key"):
        command = ["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(folder / name)]
        subprocess.run(command, check=True, timeout=60)
    if os.getuid() == 0:  # where it goes before it knows who logs in; the package's own service makes it
        Path("/run/sshd").mkdir(mode=0o755, exist_ok=True)
    pairs = " ".join(f'"{name}={value}"' for name, value in variables.items())
    configuration, log = folder / "sshd_config", folder / "log"
    for tries_left in reversed(range(TRIES)):
        port = _free_port()
        configuration.write_text(CONFIGURATION.format(port=port, folder=folder, variables=pairs))
        with (
            log.open("wb") as file,
            subprocess.Popen(
                [SSHD, "-D", "-e", "-f", str(configuration)], stderr=file, stdin=subprocess.DEVNULL
            ) as process,
        ):
            try:
                if _listens(process, log):
                    yield SshServer(port=port, folder=folder)
                    return
            finally:
                process.terminate()
        assert tries_left, f"the SSH server ended: {log.read_text()}"


def _free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])


def _listens(process: subprocess.Popen[bytes], log: Path) -> bool:
    """Wait until the server listens; return False if it ended, because the port was taken, for example."""
    deadline = time.monotonic() + 60
    while process.poll() is None:
        if "Server listening on" in log.read_text(errors="replace"):
            return True
        assert time.monotonic() < deadline, f"the SSH server does not listen: {log.read_text(errors='replace')}"
        time.sleep(0.05)
    return False
