"""A wire between browser and product that a test cuts after so many bytes, and mends."""

import socket
import threading
from contextlib import suppress

_BLOCK = 64 * 1024


class Wire:
    """Passes bytes on to a port of this machine. `cut_after`: bytes towards the product until it breaks, for good."""

    def __init__(self, port):
        self._port = port
        self.cut_after = None
        self.down = False
        self.cuts = 0
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.port = self._listening.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    @property
    def url(self):
        return f"http://127.0.0.1:{self.port}"

    def mend(self, *, cut_after=None):
        """Let bytes through again, until the next cut."""
        self.cut_after, self.down = cut_after, False

    def close(self):
        self._listening.close()

    def _accept(self):
        with suppress(OSError):
            while True:
                near, _ = self._listening.accept()
                if self.down:
                    near.close()
                    continue
                far = socket.create_connection(("127.0.0.1", self._port))
                for args in ((near, far, True), (far, near, False)):
                    threading.Thread(target=self._pass, args=args, daemon=True).start()

    def _pass(self, source, target, outward):
        with suppress(OSError):
            while block := source.recv(_BLOCK):
                if self._is_cut(len(block), outward):
                    break
                target.sendall(block)
        for end in (source, target):
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
            end.close()

    def _is_cut(self, size, outward):
        if self.down:
            return True
        if not outward or self.cut_after is None:
            return False
        self.cut_after -= size
        if self.cut_after > 0:
            return False
        self.cut_after, self.down = None, True
        self.cuts += 1
        return True
