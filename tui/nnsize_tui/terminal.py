"""What we ask of the terminal."""

import os
import sys
import termios

from textual.drivers.linux_driver import LinuxDriver


class QuietDriver(LinuxDriver):
    """Asks for clicks, drags and the wheel, but not for every movement of the mouse: kinder to a slow link."""

    def _enable_mouse_support(self) -> None:
        if self._mouse:
            self.write("\x1b[?1000h\x1b[?1002h\x1b[?1006h")
            self.flush()

    def _disable_mouse_support(self) -> None:
        if self._mouse:
            self.write("\x1b[?1006l\x1b[?1002l\x1b[?1000l")
            self.flush()


def end_without_terminal() -> None:
    """End the explorer when its terminal is gone without a hang-up signal, as when what held it was killed.

    Its input would be at its end forever, and reading it would keep a processor busy. Nothing is lost: the explorer
    computes nothing, and there is no terminal left to restore.
    """
    try:
        termios.tcgetattr(sys.__stdin__ or 0)
    except (termios.error, OSError, ValueError):
        os._exit(1)
