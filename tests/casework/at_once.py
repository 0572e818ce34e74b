"""Several things done at the same moment, each on a connection of its own: only PostgreSQL lets them meet."""

import threading
from collections.abc import Callable

from django.db import connection

from yidi.values.errors import Refusal

Act = Callable[[], object]


def at_once(*acts: Act) -> list[Refusal]:
    """Do all of it at the same moment; returns the refusals. Anything else that is raised, such as a deadlock, fails."""
    barrier, refused, broken = threading.Barrier(len(acts)), list[Refusal](), list[Exception]()

    def run(act: Act) -> None:
        barrier.wait()
        try:
            act()
        except Refusal as refusal:
            refused.append(refusal)
        except Exception as error:
            broken.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert broken == []
    return refused
