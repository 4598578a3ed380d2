"""Keys that work everywhere, and the labels of keys on a keyboard."""

from textual.binding import Binding

EVERYWHERE: tuple[Binding, ...] = (
    Binding("P", "save_screen", "Save screen", id="app.save_screen",
            tooltip="Save the screen as a picture (SVG) in the working folder"),
    Binding("question_mark", "keys", "Help", id="app.help", tooltip="This help, from the keys of the screen on"),
    Binding("f1,ctrl+t", "explain", "Explain", id="app.explain",
            tooltip="The field or the columns under the cursor in words; then this help"),
    Binding("ctrl+p", "palette", "Commands", id="app.palette",
            tooltip="Every command in a list; typing finds it"),
    Binding("t", "theme_step", "Theme", id="app.theme", show=False,
            tooltip="The next theme: dark, light, colour-blind, greys; remembered"),
    Binding("q,ctrl+q,ctrl+c", "quit", "Quit", id="app.quit", tooltip="Close the explorer; runs go on"),
)  # fmt: skip
"""Bindings of the app; a user can choose other keys by their ids."""


KEY_NAMES = {
    "escape": "esc",
    "enter": "enter",
    "up": "up",
    "down": "down",
    "left": "left",
    "right": "right",
    "pageup": "pgup",
    "pagedown": "pgdn",
    "question_mark": "?",
    "greater_than_sign": ">",
    "less_than_sign": "<",
    "number_sign": "#",
    "slash": "/",
    "backslash": "\\",
    "at": "@",
    "minus": "-",
    "plus": "+",
    "underscore": "_",
}
