"""The catalogue of messages: extract every msgid, bring `pt_BR.po` up to date, compile it.

`script/messages` runs it; the test beside it holds the catalogue complete. Python is read by its syntax tree
and templates by Django's own translator of templates, so that no gettext tools are needed.
"""

import ast
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import polib
from django.conf import settings
from django.utils.translation.template import templatize

ROOT = Path(__file__).resolve().parents[2]
CATALOGUE = ROOT / "backoffice" / "locale" / "pt_BR" / "LC_MESSAGES" / "django.po"
SOURCES = ("backoffice", "hr", "demo", "templates")
PLAIN = {"_", "gettext", "gettext_lazy", "gettext_noop"}
PLURAL = {"ngettext", "ngettext_lazy"}
CONTEXT = {"pgettext", "pgettext_lazy"}

Key = tuple[str | None, str]


@dataclass
class Message:
    """One msgid: its context, plural, and where it stands."""

    context: str | None
    msgid: str
    plural: str = ""
    places: list[tuple[str, str]] = field(default_factory=list)


def extract() -> dict[Key, Message]:
    """All messages of the product by context and msgid."""
    found: dict[Key, Message] = {}
    for path in _files():
        name = path.relative_to(ROOT).as_posix()
        text = path.read_text(encoding="utf-8")
        source = text if path.suffix == ".py" else _calls_of_template(text, name)
        for context, msgid, plural in _calls(ast.parse(source)):
            message = found.setdefault((context, msgid), Message(context, msgid))
            message.plural = message.plural or plural
            if (name, "") not in message.places:
                message.places.append((name, ""))
    return found


def _files() -> Iterator[Path]:
    for folder in SOURCES:
        for path in sorted((ROOT / folder).rglob("*")):
            if path.suffix in {".py", ".html", ".txt"} and "/migrations/" not in path.as_posix():
                yield path


def _calls_of_template(text: str, name: str) -> str:
    """The translation calls of a template as lines of Python."""
    if not settings.configured:
        settings.configure(DEBUG=False)
    lines = []
    pseudo = templatize(text, origin=name)
    start = 0
    while (call := _next_call(pseudo, start)) is not None:
        begin, end = call
        lines.append(pseudo[begin:end].strip())
        start = end
    return "\n".join(lines)


def _next_call(text: str, start: int) -> tuple[int, int] | None:
    """Where the next call of a translation function begins and ends."""
    names = sorted(PLAIN | PLURAL | CONTEXT, key=len, reverse=True)
    spots = [(text.find(f" {name}(", start), name) for name in names]
    spots = [(spot, name) for spot, name in spots if spot >= 0]
    if not spots:
        return None
    begin = min(spots)[0] + 1
    for end in range(text.index(")", begin) + 1, len(text) + 1):
        if text[end - 1] == ")":
            try:
                ast.parse(text[begin:end].strip())
            except SyntaxError:
                continue
            return begin, end
    return None


def _calls(tree: ast.AST) -> Iterator[tuple[str | None, str, str]]:
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        function = node.func
        name = function.id if isinstance(function, ast.Name) else getattr(function, "attr", "")
        texts = [
            a.value for a in node.args if isinstance(a, ast.Constant) and isinstance(a.value, str)
        ]
        if name in PLAIN and texts:
            yield None, texts[0], ""
        elif name in PLURAL and len(texts) > 1:
            yield None, texts[0], texts[1]
        elif name in CONTEXT and len(texts) > 1:
            yield texts[0], texts[1], ""


def load() -> polib.POFile:
    """The catalogue; an empty one when there is none."""
    if CATALOGUE.exists():
        return polib.pofile(str(CATALOGUE), wrapwidth=110)
    catalogue = polib.POFile(wrapwidth=110)
    catalogue.metadata = {
        "Project-Id-Version": "retaguarda",
        "Language": "pt_BR",
        "MIME-Version": "1.0",
        "Content-Type": "text/plain; charset=UTF-8",
        "Content-Transfer-Encoding": "8bit",
        "Plural-Forms": "nplurals=2; plural=(n > 1);",
    }
    return catalogue


def update(catalogue: polib.POFile) -> None:
    """Add what is new, drop what is gone, keep the translations."""
    wanted = extract()
    for entry in list(catalogue):
        if (entry.msgctxt, entry.msgid) not in wanted:
            catalogue.remove(entry)
    known = {(entry.msgctxt, entry.msgid): entry for entry in catalogue}
    for key, message in wanted.items():
        entry = known.get(key)
        if entry is None or bool(entry.msgid_plural) != bool(message.plural):
            if entry is not None:
                catalogue.remove(entry)
            entry = polib.POEntry(msgctxt=message.context, msgid=message.msgid)
            if message.plural:
                entry.msgid_plural = message.plural
                entry.msgstr_plural = {0: "", 1: ""}
            catalogue.append(entry)
        entry.occurrences = message.places
    catalogue.sort(key=lambda e: (e.msgid.lower(), e.msgctxt or ""))


def main() -> int:
    """Update and compile; the number of messages without a translation."""
    catalogue = load()
    update(catalogue)
    CATALOGUE.parent.mkdir(parents=True, exist_ok=True)
    catalogue.save(str(CATALOGUE))
    catalogue.save_as_mofile(str(CATALOGUE.with_suffix(".mo")))
    lacking = catalogue.untranslated_entries()
    sys.stdout.write(f"{len(catalogue)} messages, {len(lacking)} without a translation\n")
    return len(lacking)


if __name__ == "__main__":
    sys.exit(bool(main()))
