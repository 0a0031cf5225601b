"""A comment as HTML: a small part of Markdown, names and addresses made visible, and nothing else."""

import html
import re
from collections.abc import Iterator, Mapping

import nh3
from django.utils.safestring import SafeString
from markdown_it import MarkdownIt
from markdown_it.token import Token

from backoffice.collaboration.rules import mentions_in

PARTS = [
    "autolink",
    "backticks",
    "blockquote",
    "emphasis",
    "escape",
    "fence",
    "image",
    "link",
    "list",
    "newline",
    "strikethrough",
]
TAGS = {"a", "blockquote", "br", "code", "em", "img", "li", "ol", "p", "pre", "s", "span", "strong", "ul"}  # fmt: skip
ATTRIBUTES = {"a": {"href"}, "img": {"src", "alt"}, "span": {"class"}}
ADDRESS = re.compile(r"https?://[^\s<>\"']*[^\s<>\"'.,;:!?)]")
PICTURE = re.compile(r"/files/[0-9a-f-]{36}/1/(240|1200)/")

_markdown = MarkdownIt("zero", {"html": False, "breaks": True}).enable(PARTS)


def write(text: str, named: Mapping[int, str]) -> SafeString:
    """The text as safe HTML.

    Args:
        text: As it was written.
        named: Who is mentioned: person -> label.
    """
    tokens = _markdown.parse(text)
    for token in tokens:
        if token.children:
            token.children = [part for child in token.children for part in _marked(child, named)]
    made = _markdown.renderer.render(tokens, _markdown.options, {})
    return SafeString(
        nh3.clean(
            made,
            tags=TAGS,
            attributes=ATTRIBUTES,
            attribute_filter=_allowed,
            url_schemes={"http", "https", "mailto"},
            link_rel="noopener noreferrer nofollow",
        )
    )


def _allowed(tag: str, attribute: str, value: str) -> str | None:
    """Pictures are pages of our own documents; the only class is that of a mention."""
    if attribute == "src":
        return value if PICTURE.fullmatch(value) else None
    if attribute == "class":
        return value if value == "mention" else None
    return value


def _marked(token: Token, named: Mapping[int, str]) -> Iterator[Token]:
    """A piece of text with its names and addresses as tokens of their own."""
    if token.type != "text":
        yield token
        return
    text, done = token.content, 0
    marks = [(begin, end, False) for begin, end, _who in mentions_in(text, named)]
    marks += [(each.start(), each.end(), True) for each in ADDRESS.finditer(text)]
    for begin, end, is_address in sorted(marks):
        if begin < done:
            continue
        yield _plain(text[done:begin])
        shown = html.escape(text[begin:end])
        tag = (
            f'<a href="{shown}">{shown}</a>'
            if is_address
            else f'<span class="mention">{shown}</span>'
        )
        yield Token("html_inline", "", 0, content=tag)
        done = end
    yield _plain(text[done:])


def _plain(text: str) -> Token:
    return Token("text", "", 0, content=text)
