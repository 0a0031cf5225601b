"""Hostile documents against the fetcher: nothing outside the document may be read or called."""

import io
import json
import threading
from base64 import b64encode
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import NamedTuple

import pikepdf
import pytest
from typing_extensions import override
from weasyprint import HTML

from backoffice.pdf.fetching import FILES, DocumentFetcher
from backoffice.pdf.rendering import lay_out
from tests.backoffice.pdf.reading import pdfium_text

SECRET = "do-not-print-4711"


class Trap(NamedTuple):
    """A web server that must not be called and a file that must not be read."""

    address: str
    calls: list[str]
    file: Path


@pytest.fixture
def trap(tmp_path: Path) -> Iterator[Trap]:
    calls: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            calls.append(self.path)
            self.send_response(200)
            self.end_headers()
            self.wfile.write(SECRET.encode())

        @override
        def log_message(self, *_: object) -> None:
            pass

    file = tmp_path / "secret.txt"
    file.write_text(SECRET)
    server = HTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    yield Trap(f"http://127.0.0.1:{server.server_port}", calls, file)
    server.shutdown()
    thread.join()
    server.server_close()


def data_url(media_type: str, content: str) -> str:
    return f"data:{media_type};base64,{b64encode(content.encode()).decode()}"


HOSTILE = {
    "image": '<img src="{url}">',
    "image in capitals": '<img src="{upper}">',
    "stylesheet link": '<link rel="stylesheet" href="{url}">',
    "import": "<style>@import url({url});</style>",
    "import in a data stylesheet": '<link rel="stylesheet" href="{sheet}">',
    "background": '<p style="background: url({url})">x</p>',
    "list marker": '<ul style="list-style-image: url({url})"><li>x</ul>',
    "generated content": "<style>p::before {{ content: url({url}) }}</style><p>x",
    "font": "<style>@font-face {{ font-family: F; src: url({url}) }} p {{ font-family: F }}</style><p>x",
    "attachment link": '<link rel="attachment" href="{url}">',
    "attachment anchor": '<a rel="attachment" href="{url}">x</a>',
    "base address": '<base href="{url}"><img src="x.png">',
    "object": '<object data="{url}"></object>',
    "embed": '<embed src="{url}">',
    "frame": '<iframe src="{url}"></iframe>',
    "picture in a data drawing": '<img src="{drawing}">',
    "drawing used by a drawing": '<svg><use href="{url}#a"/><image href="{url}"/></svg>',
    "mask": '<p style="mask-image: url({url}); border-image: url({url}) 3">x</p>',
}


def hostile(kind: str, url: str) -> str:
    drawing = (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><image href="{url}"/></svg>'
    )
    body = HOSTILE[kind].format(
        url=url,
        upper=url.replace("http", "HTTP").replace("file", "FILE"),
        sheet=data_url("text/css", f"@import url({url});"),
        drawing=data_url("image/svg+xml", drawing),
    )
    return f"<!DOCTYPE html><html><body>{body}<p>Recibo</p></body></html>"


def rendered(html: str) -> tuple[list[str], bytes]:
    head, _, pdf = lay_out(html).partition(b"\n")
    return json.loads(head), pdf


@pytest.mark.parametrize("kind", HOSTILE)
def test_nothing_is_called_on_the_network(kind: str, trap: Trap) -> None:
    _, pdf = rendered(hostile(kind, f"{trap.address}/x"))
    assert trap.calls == []
    assert "Recibo" in pdfium_text(pdf)


@pytest.mark.parametrize("kind", HOSTILE)
def test_no_file_is_read(kind: str, trap: Trap) -> None:
    _, pdf = rendered(hostile(kind, trap.file.as_uri()))
    assert SECRET not in pdfium_text(pdf)
    with pikepdf.open(io.BytesIO(pdf)) as document:
        assert len(document.attachments) == 0
        streams = [item for item in document.objects if isinstance(item, pikepdf.Stream)]
        assert not [stream for stream in streams if SECRET.encode() in stream.read_bytes()]


def test_the_attacks_are_real_without_our_fetcher(trap: Trap) -> None:
    harmless = set()
    for kind in HOSTILE:
        trap.calls.clear()
        HTML(string=hostile(kind, f"{trap.address}/x")).write_pdf()
        if not trap.calls:
            harmless.add(kind)
    assert harmless == {"frame"}


@pytest.mark.parametrize(
    "url",
    [
        "file:///etc/passwd",
        "FILE:///etc/passwd",
        "http://127.0.0.1/",
        "https://example.com/",
        "ftp://127.0.0.1/x",
        "asset:../font.py",
        "asset:/etc/passwd",
        "asset:..%2Ffont.py",
        "asset:",
        "ASSET:frame.css",
        "jar:file:///etc/passwd",
        "//127.0.0.1/x",
        "",
    ],
)
def test_an_address_outside_the_document_is_refused_and_remembered(url: str) -> None:
    fetcher = DocumentFetcher()
    with pytest.raises(ValueError, match="may not load"):
        fetcher.fetch(url)
    assert fetcher.refused == [url]


def test_data_and_own_files_are_answered() -> None:
    fetcher = DocumentFetcher()
    assert fetcher.fetch("data:text/plain;base64,UmVjaWJv").read() == b"Recibo"
    sheet = fetcher.fetch("asset:frame.css")
    assert (sheet.content_type, b"@page" in sheet.read()) == ("text/css", True)
    assert fetcher.refused == []


def test_only_typefaces_styles_and_drawings_are_own_files() -> None:
    assert sorted(FILES) == ["InterTabular-Regular.ttf", "InterTabular-SemiBold.ttf", "frame.css"]


def test_refused_addresses_are_reported_with_the_document() -> None:
    refused, _ = rendered('<img src="http://127.0.0.1:9/a"><img src="file:///etc/passwd">')
    assert refused == ["http://127.0.0.1:9/a", "file:///etc/passwd"]
