"""What a document may load while it is rendered: data inside it and our own few files.

Imported only where WeasyPrint is wanted anyway: see ``rendering``.
"""

from mimetypes import guess_type
from pathlib import Path

from typing_extensions import override
from weasyprint.urls import URLFetcher, URLFetcherResponse

from backoffice.pdf.font import FONTS

FILES = {
    path.name: path
    for folder in (FONTS, Path(__file__).parent / "assets")
    for path in folder.iterdir()
    if path.suffix in {".ttf", ".css", ".svg"}
}
URL_SHOWN = 200


class DocumentFetcher(URLFetcher):  # type: ignore[misc]
    """Answers ``data:`` and ``asset:<name>`` for the files listed above; opens nothing else.

    There is no way from here to the network or to another file: names are looked up in a fixed
    table and no path or host is ever built from a URL. What was refused is kept in ``refused``.
    """

    def __init__(self) -> None:
        super().__init__(allowed_protocols=("data",), allow_redirects=False)
        self.refused: list[str] = []

    @override
    def fetch(self, url: str, headers: dict[str, str] | None = None) -> URLFetcherResponse:
        """The content at ``url``.

        Raises:
            ValueError: The document may not load this; WeasyPrint leaves the resource out.
        """
        scheme, _, name = url.partition(":")
        if scheme == "asset" and name in FILES:
            media_type = guess_type(name)[0] or "application/octet-stream"
            return URLFetcherResponse(url, FILES[name].read_bytes(), {"Content-Type": media_type})
        if scheme == "data":
            return super().fetch(url, headers)
        self.refused.append(url[:URL_SHOWN])
        raise ValueError("this document may not load that")
