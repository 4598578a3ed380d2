"""Thread that looks at compared runs again and again and posts what changed."""

from collections.abc import Callable, Sequence

from textual.message import Message

from nnsize_engine.errors import StoreError
from nnsize_engine.runs.follower import RunFollower
from nnsize_engine.runs.view import AnyView
from nnsize_tui.follow.runs import Pace


class ComparedRunsSeen(Message):
    """Some of the compared runs have changed."""

    def __init__(self, views: tuple[AnyView | None, ...], reasons: tuple[str, ...]) -> None:
        super().__init__()
        self.views = views
        """Last look at each run, in the order of the comparison; None if it was never readable."""

        self.reasons = reasons
        """Reason why each run cannot be read; empty if it can."""

    def can_replace(self, message: Message) -> bool:
        return isinstance(message, ComparedRunsSeen)


def follow_compared_runs(followers: Sequence[RunFollower], pace: Pace, post: Callable[[Message], object]) -> None:
    """Post all runs after each change of one until the pace ends it."""
    views: tuple[AnyView | None, ...] = (None,) * len(followers)
    before: object = None
    while True:
        seen = [_look(follower, view) for follower, view in zip(followers, views, strict=True)]
        views = tuple(view for view, _ in seen)
        if seen != before:
            post(ComparedRunsSeen(views, tuple(reason for _, reason in seen)))
        before = seen
        if not pace.wait():
            return


def _look(follower: RunFollower, before: AnyView | None) -> tuple[AnyView | None, str]:
    try:
        return follower.look(), ""
    except StoreError as error:
        return before, str(error)
