"""Look at several runs again and again, in one thread, and tell the screen that compares them what changed."""

from collections.abc import Callable, Sequence

from textual.message import Message

from nnsize_engine.errors import StoreError
from nnsize_engine.runs.view import AnyView, RunFollower
from nnsize_tui.follow.runs import Pace


class SeveralSeen(Message):
    """Several runs as they are now."""

    def __init__(self, views: tuple[AnyView | None, ...], reasons: tuple[str, ...]) -> None:
        super().__init__()
        self.views = views
        """In the order asked for; of a run that cannot be read any more the last look, None where there was none."""

        self.reasons = reasons
        """Why a run cannot be read; empty when it can."""

    def can_replace(self, message: Message) -> bool:
        return isinstance(message, SeveralSeen)


def follow_several(followers: Sequence[RunFollower], pace: Pace, post: Callable[[Message], object]) -> None:
    """Post what is new about any of the runs until the pace ends it."""
    views: tuple[AnyView | None, ...] = (None,) * len(followers)
    before: object = None
    while True:
        seen = [_look(follower, view) for follower, view in zip(followers, views, strict=True)]
        views = tuple(view for view, _ in seen)
        if seen != before:
            post(SeveralSeen(views, tuple(reason for _, reason in seen)))
        before = seen
        if not pace.wait():
            return


def _look(follower: RunFollower, before: AnyView | None) -> tuple[AnyView | None, str]:
    try:
        return follower.look(), ""
    except StoreError as error:
        return before, str(error)
