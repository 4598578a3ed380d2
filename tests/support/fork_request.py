"""Request a forked process: as a function, and as a program that stands for a command and loads next to nothing.

This file as a program, with ``ADDRESS NAME ...``, asks the process that listens at ADDRESS for a fork with its own
streams, environment and folder. It waits for that fork and ends as it did.
"""

import json
import os
import socket
import sys
from collections.abc import Mapping, Sequence


def request_fork(
    address: str,
    arguments: Sequence[str],
    environment: Mapping[str, str],
    stdio: Sequence[int],
    *,
    forks_all: bool = False,
) -> socket.socket:
    """Request a process with these standard streams; return the connection that its id arrives on.

    ``forks_all`` lets it fork the processes that it starts in the same way.
    """
    request = {
        "arguments": list(arguments), "environment": dict(environment), "folder": os.getcwd(),  # noqa: PTH109
        "forks_all": forks_all,
    }  # fmt: skip
    connection = socket.socket(socket.AF_UNIX)
    try:
        connection.connect(address)
        socket.send_fds(connection, [b" "], list(stdio))
        connection.sendall(json.dumps(request).encode())
        connection.shutdown(socket.SHUT_WR)
    except BaseException:
        connection.close()
        raise
    return connection


def main() -> None:
    """Stand for a command."""
    _, address, *arguments = sys.argv
    with request_fork(address, arguments, os.environ, (0, 1, 2), forks_all=True) as connection:
        answers = connection.makefile("rb")
        answers.readline()  # its id
        os._exit(os.waitstatus_to_exitcode(int(answers.read())) % 256)


if __name__ == "__main__":
    main()
