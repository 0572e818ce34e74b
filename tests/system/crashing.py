"""The server, with one place at which it kills itself: `python -m tests.system.crashing PORT PLACE`.

PLACE is `module:function:before|after`; the process dies by SIGKILL, as in a power cut, when a 2207A gets there.
"""

import importlib
import os
import signal
import sys
from collections.abc import Callable
from typing import Any
from wsgiref.simple_server import make_server


def arm(place: str) -> None:
    """Replace the function by one that kills the process before or after doing its work."""
    module_name, function_name, when = place.split(":")
    module = importlib.import_module(module_name)
    owner, name = module, function_name
    if "." in function_name:
        class_name, name = function_name.split(".")
        owner = getattr(module, class_name)
    work: Callable[..., Any] = getattr(owner, name)

    def deadly(*args: Any, **kwargs: Any) -> Any:
        if when == "before":
            os.kill(os.getpid(), signal.SIGKILL)
        result = work(*args, **kwargs)
        os.kill(os.getpid(), signal.SIGKILL)
        return result

    setattr(owner, name, deadly)


def main() -> None:
    port, place = int(sys.argv[1]), sys.argv[2]
    from yidi.site.wsgi import application

    def guarded(environ: dict[str, Any], start_response: Any) -> Any:
        if not guarded_state and b"2207A" in _peek(environ):
            guarded_state.append(True)
            arm(place)
        return application(environ, start_response)

    guarded_state: list[bool] = []
    make_server("127.0.0.1", port, guarded).serve_forever()


def _peek(environ: dict[str, Any]) -> bytes:
    """The body, put back for the application to read."""
    import io

    body: bytes = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
    environ["wsgi.input"] = io.BytesIO(body)
    return body


if __name__ == "__main__":
    main()
