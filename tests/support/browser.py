"""Headless Chromium, driven by its own protocol through two pipes: no driver, no port and no other library."""

import base64
import contextlib
import json
import os
import shutil
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
MAX_SECONDS = 120.0  # of one answer; a machine under load is slow


def chromium() -> str:
    """Return the path of the browser; skip the test where there is none."""
    found = next((path for name in NAMES if (path := shutil.which(name))), None)
    if found is None:
        pytest.skip("Chromium is not installed; Debian's package is chromium")
    return found


class Browser:
    """One browser with one page at a time."""

    def __init__(self, profile: Path) -> None:
        read_commands, self._write = os.pipe()
        self._read, write_answers = os.pipe()
        # Chromium reads commands from descriptor 3, and writes answers to descriptor 4.
        flags = (
            "--headless --no-sandbox --disable-gpu --disable-dev-shm-usage --remote-debugging-pipe --no-first-run "
            "--disable-background-networking --disable-component-update --hide-scrollbars --disable-extensions"
        )
        command = f'exec "$0" {flags} --user-data-dir="$1" about:blank 3<&{read_commands} 4>&{write_answers}'
        self._process = subprocess.Popen(
            ["bash", "-c", command, chromium(), str(profile)],
            pass_fds=(read_commands, write_answers),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        os.close(read_commands)
        os.close(write_answers)
        self._buffer = b""
        self._last = 0
        self._session: str | None = None
        self.events: list[dict[str, Any]] = []

    def close(self) -> None:
        """End the browser."""
        with contextlib.suppress(OSError):
            self._send("Browser.close", {}, None)
        try:
            self._process.wait(timeout=20)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        os.close(self._write)
        os.close(self._read)

    def open(self, path: Path) -> None:
        """Open a file in a new page, and wait until it has loaded."""
        target = self.call("Target.createTarget", {"url": "about:blank"}, on_page=False)["targetId"]
        attached = self.call("Target.attachToTarget", {"targetId": target, "flatten": True}, on_page=False)
        self._session = attached["sessionId"]
        for domain in ("Page", "Runtime", "Log", "Network"):
            self.call(f"{domain}.enable")
        self.events.clear()
        self.call("Page.navigate", {"url": path.as_uri()})
        self._wait(lambda: any(event["method"] == "Page.loadEventFired" for event in self.events))

    def problems(self) -> list[str]:
        """Return errors and warnings of the console, and what the page's policy refused."""
        kinds = ("Runtime.exceptionThrown", "Log.entryAdded", "Runtime.consoleAPICalled")
        return [json.dumps(event["params"]) for event in self.events if event["method"] in kinds]

    def requests(self) -> list[str]:
        """Return the addresses that the page asked for."""
        sent = [event["params"] for event in self.events if event["method"] == "Network.requestWillBeSent"]
        return [one["request"]["url"] for one in sent]

    def evaluate(self, expression: str) -> Any:
        """Return the value of an expression of JavaScript."""
        found = self.call("Runtime.evaluate", {"expression": expression, "returnByValue": True, "awaitPromise": True})
        assert "exceptionDetails" not in found, found["exceptionDetails"]
        return found["result"].get("value")

    def point(self, x: float, y: float) -> None:
        """Move the mouse to a place in the window."""
        self.call("Input.dispatchMouseEvent", {"type": "mouseMoved", "x": x, "y": y})

    def click(self, x: float, y: float) -> None:
        """Click at a place in the window."""
        for kind in ("mousePressed", "mouseReleased"):
            self.call("Input.dispatchMouseEvent", {"type": kind, "x": x, "y": y, "button": "left", "clickCount": 1})

    def press(self, key: str, code: int, text: str = "") -> None:
        """Press and release a key, given its name, its number and what it types."""
        known = {"key": key, "code": key, "windowsVirtualKeyCode": code}
        self.call("Input.dispatchKeyEvent", {"type": "keyDown", **known, **({"text": text} if text else {})})
        self.call("Input.dispatchKeyEvent", {"type": "keyUp", **known})

    def show(self, *, width: int = 1000, height: int = 900, is_dark: bool = False, media: str = "screen") -> None:
        """Set the size of the window, the colours that the user prefers, and whether the page is printed."""
        metrics = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": width < 600}
        self.call("Emulation.setDeviceMetricsOverride", metrics)
        features = [{"name": "prefers-color-scheme", "value": "dark" if is_dark else "light"}]
        self.call("Emulation.setEmulatedMedia", {"media": media, "features": features})

    def picture(self) -> bytes:
        """Return the whole page as a PNG file."""
        found = self.call("Page.captureScreenshot", {"format": "png", "captureBeyondViewport": True})
        return base64.b64decode(found["data"])

    def printed(self) -> bytes:
        """Return the page as a PDF file."""
        return base64.b64decode(self.call("Page.printToPDF", {"printBackground": True})["data"])

    def call(self, method: str, params: dict[str, Any] | None = None, *, on_page: bool = True) -> dict[str, Any]:
        """Send a command and return its result."""
        number = self._send(method, params or {}, self._session if on_page else None)
        answers: list[dict[str, Any]] = []
        self._wait(
            lambda: bool(answers), lambda message: answers.append(message) if message.get("id") == number else None
        )
        assert "error" not in answers[0], answers[0]["error"]
        result: dict[str, Any] = answers[0]["result"]
        return result

    def _send(self, method: str, params: dict[str, Any], session: str | None) -> int:
        self._last += 1
        message: dict[str, Any] = {"id": self._last, "method": method, "params": params}
        if session is not None:
            message["sessionId"] = session
        os.write(self._write, json.dumps(message).encode() + b"\0")
        return self._last

    def _wait(self, is_done: Callable[[], bool], take: Callable[[dict[str, Any]], None] = lambda _: None) -> None:
        end = time.monotonic() + MAX_SECONDS
        while not is_done():
            assert time.monotonic() < end, "the browser does not answer"
            for message in self._messages():
                take(message)
                if "method" in message:
                    self.events.append(message)

    def _messages(self) -> Iterator[dict[str, Any]]:
        """Read what the browser has written; wait for it if there is nothing."""
        part = os.read(self._read, 1 << 20)
        assert part, "the browser has ended"
        *whole, self._buffer = (self._buffer + part).split(b"\0")
        for text in whole:
            yield json.loads(text)
