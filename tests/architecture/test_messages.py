"""The Portuguese catalogue is complete, and what is compiled is what is written."""

import re

import polib

from tests.architecture.messages import CATALOGUE, extract, load

PLACEHOLDER = re.compile(r"%\(\w+\)(?:\.\d+)?[sdf]|\{\w*\}|%%")


def test_the_catalogue_has_exactly_the_messages_of_the_product() -> None:
    wanted = set(extract())
    known = {(entry.msgctxt, entry.msgid) for entry in load()}
    assert sorted(map(str, wanted - known)) == [], "run script/messages"
    assert sorted(map(str, known - wanted)) == [], "run script/messages"


def test_every_message_is_translated_and_none_is_a_guess() -> None:
    catalogue = load()
    assert [entry.msgid for entry in catalogue.untranslated_entries()] == []
    assert [entry.msgid for entry in catalogue.fuzzy_entries()] == []


def test_translations_keep_the_placeholders() -> None:
    wrong = []
    for entry in load():
        pairs = [(entry.msgid_plural or entry.msgid, entry.msgstr_plural.get(1) or entry.msgstr)]
        if entry.msgid_plural:
            pairs.append((entry.msgid, entry.msgstr_plural[0]))
        wrong += [
            one
            for one, other in pairs
            if sorted(PLACEHOLDER.findall(one)) != sorted(PLACEHOLDER.findall(other))
        ]
    assert wrong == []


def test_what_is_compiled_is_what_is_written() -> None:
    compiled = polib.mofile(str(CATALOGUE.with_suffix(".mo")))
    written = {(e.msgctxt, e.msgid): (e.msgstr, tuple(e.msgstr_plural.values())) for e in load()}
    found = {(e.msgctxt, e.msgid): (e.msgstr, tuple(e.msgstr_plural.values())) for e in compiled}
    assert found == written
