"""The value of ``--cluster`` on the command line, and its completion by the shell."""

from typing import Any

import click
from click.shell_completion import CompletionItem

from nnsize_engine.settings.cluster import NO_CLUSTER, QUEUES

EXAMPLES = (
    (NO_CLUSTER, "this machine alone"),
    ("local:2", "two worker processes on this machine"),
    *((queue, "jobs in this queue") for queue in QUEUES),
    ("tcp://", "a scheduler by its address"),
    ("tls://", "a scheduler by its address, encrypted"),
)
"""What a cluster may be, each with its meaning."""


class ClusterType(click.ParamType["str"]):
    """A text that names a cluster; the engine checks it. The shell completes the names, and else files."""

    name = "cluster"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """Return the text as it is."""
        del param, ctx
        return str(value)

    def shell_complete(self, ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:
        """Return the clusters that begin with the text; a scheduler file if none does."""
        del ctx, param
        found = [CompletionItem(name, help=words) for name, words in EXAMPLES if name.startswith(incomplete)]
        return found or [CompletionItem(incomplete, type="file")]
