"""Services on the loopback address that take a message, refuse it, or break off half-way."""

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager


@contextmanager
def listening(serve: Callable[[socket.socket], None]) -> Iterator[int]:
    """A port on which each connection is given to `serve` and then closed."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(10)

        def work() -> None:
            while True:
                try:
                    link, _ = server.accept()
                except OSError:  # closed: the test is over
                    return
                with link:
                    link.settimeout(10)
                    serve(link)

        thread = threading.Thread(target=work)
        thread.start()
        try:
            yield int(server.getsockname()[1])
        finally:
            server.shutdown(socket.SHUT_RDWR)
            server.close()
            thread.join()


def request(link: socket.socket) -> bytes:
    """A whole HTTP request."""
    content = b""
    while b"\r\n\r\n" not in content:
        content += link.recv(65_536)
    head, _, body = content.partition(b"\r\n\r\n")
    length = next(
        int(line.split(b":")[1]) for line in head.split(b"\r\n") if line.lower().startswith(b"content-length")
    )
    while len(body) < length:
        body += link.recv(65_536)
    return head + b"\r\n\r\n" + body


def smtp(link: socket.socket, replies: dict[str, str], taken: list[bytes]) -> None:
    """One SMTP conversation. `replies` says otherwise for a verb; `-` hangs up. The messages are added to `taken`."""
    lines = link.makefile("rb")
    link.sendall(replies.get("GREETING", "220 here").encode() + b"\r\n")
    usual = {"DATA": "354 go on", "QUIT": "221 bye"}
    while verb := lines.readline().decode().split(" ")[0].strip().upper():
        answer = replies.get(verb, usual.get(verb, "250 ok"))
        if answer == "-":
            return
        link.sendall(f"{answer}\r\n".encode())
        if verb == "DATA" and answer.startswith("354"):
            taken.append(b"".join(iter(lines.readline, b".\r\n")))
            after = replies.get("END", "250 taken")
            if after == "-":
                return
            link.sendall(f"{after}\r\n".encode())
