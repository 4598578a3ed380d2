"""The reason why an action, or a key, does nothing now."""

from textual import actions
from textual.app import App
from textual.dom import DOMNode

from nnsize_tui.screens.base import BaseScreen
from nnsize_tui.terminal.key_bindings import bindings_of
from nnsize_tui.widgets.canvas import Canvas


def is_possible(app: App[None], action: str, node: DOMNode) -> bool:
    """Return whether an action that is bound on a node means something now; ``app.`` before it names the app."""
    namespace, name, parameters = actions.parse(action)
    return bool((app if namespace == "app" else node).check_action(name, parameters))


def reason_of(app: App[None], action: str, node: DOMNode) -> str:
    """Return the reason in words why an action that is bound on a node means nothing now; empty if it has none."""
    namespace, name, parameters = actions.parse(action)
    owner = app if namespace == "app" else node
    return owner.why_not(name, parameters) if isinstance(owner, BaseScreen | Canvas) else ""


def refusal_of(app: App[None], key: str) -> str:
    """Return the reason why a key does nothing now; empty if it does something, or if there is no reason in words."""
    nodes = [node for node in (app.focused, app.screen, app) if node is not None]
    bound = [(binding.action, node) for node in nodes for binding in bindings_of(node) if key in binding.key.split(",")]
    if any(is_possible(app, action, node) for action, node in bound):
        return ""
    return next(filter(None, (reason_of(app, action, node) for action, node in bound)), "")
