"""Ports of this machine."""

import errno
import socket

from yidi.cli.errors import HostNotHere, PortForbidden, PortTaken


def refuse_taken(host: str, port: int) -> None:
    """Raises PortTaken where something listens there already, PortForbidden, HostNotHere."""
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
    except (OSError, UnicodeError):
        raise HostNotHere(host=host) from None
    with socket.socket(family, kind, protocol) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(address)
        except OSError as error:
            if error.errno == errno.EACCES:
                raise PortForbidden(port=port) from None
            if error.errno == errno.EADDRINUSE:
                raise PortTaken(port=port) from None
            raise HostNotHere(host=host) from None


def free_port() -> int:
    """A loopback port that is free now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
