"""Loading the shipped registers into the database, with progress."""

from collections.abc import Callable, Iterator
from functools import partial

from django.conf import settings
from rich.progress import Progress, TaskID

from yidi.catalogue.services import load_catalogue, shipped_catalogues
from yidi.providers.services import load_demo_providers, load_provider_services, load_providers
from yidi.reference import regions
from yidi.reference.tables import LoadCounts


def load_all(demo: bool, progress: Progress) -> Iterator[tuple[str, LoadCounts]]:
    """Load every register; yields its name and what was done. Raises DemoDataRefused outside the demo."""
    steps: list[tuple[str, Callable[..., LoadCounts]]] = [("定点机构登记", load_providers)]
    if demo:
        steps += [("演示机构", _demo_providers), ("已开通的服务（演示）", _services)]
        steps += [
            (f"{regions.full_name(region)}医保目录（演示）", _catalogue(region))
            for region in shipped_catalogues()
        ]
    for name, load in steps:
        task = progress.add_task(name, total=None)

        yield name, load(progress=partial(_advance, progress, task))
        progress.remove_task(task)


def _advance(progress: Progress, task: TaskID, done: int, total: int) -> None:
    progress.update(task, completed=done, total=total)


def _demo_providers(progress: Callable[[int, int], None]) -> LoadCounts:
    return load_demo_providers(allow_demo=settings.DEMO, progress=progress)


def _services(progress: Callable[[int, int], None]) -> LoadCounts:
    return load_provider_services(allow_demo=settings.DEMO, progress=progress)


def _catalogue(region: str) -> Callable[..., LoadCounts]:
    return lambda progress: load_catalogue(region, allow_demo=settings.DEMO, progress=progress)
