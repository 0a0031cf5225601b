"""Printed documents: stamped forms for any process, laid-out pages for workers.

Importing this package does not load WeasyPrint; the first rendering does.
"""

from backoffice.pdf.book import Book, Placement
from backoffice.pdf.hashing import content_hash, verification_code
from backoffice.pdf.layout import A4, Align, Box, Frame, Label, Layout, Rows, Rule, Square
from backoffice.pdf.stamp import Stamp, compile_layout
from backoffice.pdf.writer import Output

__all__ = [
    "A4",
    "Align",
    "Book",
    "Box",
    "Frame",
    "Label",
    "Layout",
    "Output",
    "Placement",
    "Rows",
    "Rule",
    "Square",
    "Stamp",
    "compile_layout",
    "content_hash",
    "verification_code",
]
