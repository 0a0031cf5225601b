"""The PDF file format, as far as stamped documents need it (ISO 32000-1, PDF 1.7).

Objects go to the stream as they come; only their offsets stay in memory, so a document of any
number of pages is written in bounded memory to anything that has ``write``.
"""

import zlib
from array import array
from hashlib import sha256
from typing import Protocol

UNWRITTEN = 0


class Output(Protocol):
    """Anything that takes bytes: a file, a response, a hash."""

    def write(self, data: bytes, /) -> object:
        """Take ``data``, all of it."""


class PdfWriter:
    """Writes numbered objects one after another, then the table that finds them.

    The bytes depend on the content alone: no clock, no random identifier.
    """

    def __init__(self, out: Output) -> None:
        self._out = out
        self._offsets = array("Q", [UNWRITTEN])
        self._position = 0
        self._digest = sha256()
        self._write(b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n")

    def allocate(self) -> int:
        """A new object number, for an object that is written later."""
        self._offsets.append(UNWRITTEN)
        return len(self._offsets) - 1

    def put(self, body: bytes, number: int | None = None) -> int:
        """Write one object and return its number."""
        number = number or self.allocate()
        self._offsets[number] = self._position
        self._write(b"%d 0 obj\n%b\nendobj\n" % (number, body))
        return number

    def put_stream(self, data: bytes, entries: bytes = b"") -> int:
        """Write ``data`` compressed, with further dictionary ``entries``; return its number."""
        return self.put_compressed(zlib.compress(data), entries)

    def put_compressed(self, packed: bytes, entries: bytes = b"") -> int:
        """Write data that zlib has already compressed; return its number."""
        return self.put(
            b"<< /Length %d /Filter /FlateDecode %b >>\nstream\n%b\nendstream"
            % (len(packed), entries, packed)
        )

    def close(self, *, root: int, info: int) -> None:
        """Write the cross-reference table and the trailer. The stream itself stays open."""
        missing = [n for n, offset in enumerate(self._offsets) if n and offset == UNWRITTEN]
        if missing:
            raise ValueError(f"objects allocated but never written: {missing[:5]}")
        start, count = self._position, len(self._offsets)
        self._write(b"xref\n0 %d\n0000000000 65535 f \n" % count)
        for first in range(1, count, 1000):
            block = self._offsets[first : first + 1000]
            self._write(b"".join(b"%010d 00000 n \n" % offset for offset in block))
        identifier = self._digest.hexdigest()[:32].encode()
        self._write(
            b"trailer\n<< /Size %d /Root %d 0 R /Info %d 0 R /ID [<%b> <%b>] >>\n"
            b"startxref\n%d\n%%%%EOF\n" % (count, root, info, identifier, identifier, start)
        )

    def _write(self, data: bytes) -> None:
        self._out.write(data)
        self._digest.update(data)
        self._position += len(data)


def text_string(text: str) -> bytes:
    """``text`` as a PDF text string, safe whatever it contains."""
    return b"<feff%b>" % text.encode("utf-16-be", "replace").hex().encode("ascii")
