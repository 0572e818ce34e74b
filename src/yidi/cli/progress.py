"""A progress bar on standard error, for commands that take minutes."""

from types import TracebackType

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TaskProgressColumn,
    TextColumn,
    TimeRemainingColumn,
)


class ProgressBar:
    """Shows how far it is, where standard error is a terminal."""

    def __init__(self, what: str) -> None:
        console = Console(stderr=True)
        self._bar = Progress(
            TextColumn("{task.description}"),
            BarColumn(),
            TaskProgressColumn(),
            MofNCompleteColumn(),
            TimeRemainingColumn(),
            console=console,
            transient=True,
            disable=not console.is_terminal,
        )
        self._task = self._bar.add_task(what, total=None)
        self._before = 0

    def __enter__(self) -> "ProgressBar":
        self._bar.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._bar.stop()

    def begin(self, total: int, done: int = 0) -> None:
        """Say how much there is, and how much of it was done before."""
        self._before = done
        self._bar.update(self._task, total=total, completed=done)

    def advance(self, more: int) -> None:
        """Say how much was done since the last time."""
        self._bar.advance(self._task, more)

    @property
    def done(self) -> int:
        """How much was done since `begin`."""
        return int(self._bar.tasks[self._task].completed) - self._before
