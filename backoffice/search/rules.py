"""How words are made comparable: accents, plurals, spellings, numbers; and what was typed, read.

The database stems with its Portuguese dictionary, which needs accents to know an ending
("conciliações" and "conciliacao" have one stem only when both are written right). So every text
loses its accents first, and the endings that a stemmer must know get theirs back by rule: the same
for what is kept and for what is typed.
"""

import datetime as dt
import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

WORDS = re.compile(r"[a-z0-9]+")
NUMBER = re.compile(r"[a-z0-9]*\d[a-z0-9]*(?:[./\-][a-z0-9]+)+")
SMALL = frozenset(
    {"a", "ao", "aos", "as", "com", "da", "das", "de", "do", "dos", "e", "em", "na", "nas", "no"}
    | {"nos", "o", "os", "ou", "para", "por", "um", "uma"}
)
MONTHS = (
    *("janeiro", "fevereiro", "marco", "abril", "maio", "junho"),
    *("julho", "agosto", "setembro", "outubro", "novembro", "dezembro"),
)
MOST_WORDS = 8
SOUND = "q0"
"""Begins every word that stands for a sound; no word of a text has it."""

# Endings without accents, and as the dictionary knows them; the first that fits counts.
_ENDINGS = (
    ("coes", "ções"),
    ("cao", "ção"),
    ("soes", "sões"),
    ("sao", "são"),
    ("oes", "ões"),
    ("aes", "ães"),
    ("ao", "ão"),
    ("encias", "ências"),
    ("encia", "ência"),
    ("ancias", "âncias"),
    ("ancia", "ância"),
    ("arios", "ários"),
    ("arias", "árias"),
    ("ario", "ário"),
    ("aria", "ária"),
    ("orios", "órios"),
    ("orio", "ório"),
    ("aveis", "áveis"),
    ("avel", "ável"),
    ("iveis", "íveis"),
    ("ivel", "ível"),
    ("eis", "éis"),
    ("ais", "ais"),
)
# Plurals that the dictionary's stemmer does not lead back to their singular.
_SINGULARS = (
    ("oes", "ao"),
    ("aes", "ao"),
    ("aos", "ao"),
    ("ais", "al"),
    ("eis", "el"),
    ("ois", "ol"),
    ("uis", "ul"),
    ("ns", "m"),
    ("res", "r"),
    ("zes", "z"),
    ("s", ""),
)
_SOUNDS = (
    (re.compile("ph"), "f"),
    (re.compile("th"), "t"),
    (re.compile("ct(?=o|or)"), "t"),
    (re.compile("ck|qu(?=[ei])|k"), "c"),
    (re.compile("c(?=[eiy])"), "s"),
    (re.compile("ch|sh"), "x"),
    (re.compile("(?<=[ns])h|^h"), ""),
    (re.compile("y"), "i"),
    (re.compile("w"), "v"),
    (re.compile("z"), "s"),
    (re.compile("g(?=[ei])"), "j"),
    (re.compile("n(?=[pb])|m$"), "n"),
    (re.compile(r"(.)\1+"), r"\1"),
    (re.compile("(?<=[aeiou])e$"), ""),
)


def fold(text: str) -> str:
    """The text without accents and case, as people type it in a hurry."""
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    return "".join(letter for letter in decomposed if not unicodedata.combining(letter))


def words(text: str) -> list[str]:
    """The words of a text without accents, and each written number once more as its bare digits.

    >>> words("Conciliação 12.345-6")
    ['conciliacao', '12', '345', '6', '123456']
    """
    folded = fold(text)
    return WORDS.findall(folded) + [bare(found) for found in NUMBER.findall(folded)]


def bare(text: str) -> str:
    """Letters and digits alone: how numbers with points and dashes are compared."""
    return "".join(WORDS.findall(fold(text)))


def spelled(word: str) -> str:
    """A word without accents as the Portuguese dictionary expects it: singular, ending accented.

    >>> spelled("conciliacoes"), spelled("papeis"), spelled("demissao")
    ('conciliação', 'papel', 'demissão')
    """
    if word.isalpha() and len(word) > 3:
        for plural, singular in _SINGULARS:
            if word.endswith(plural):
                word = word.removesuffix(plural) + singular
                break
    for plain, accented in _ENDINGS:
        if word.endswith(plain):
            return word.removesuffix(plain) + accented
    return word


def sound(word: str) -> str:
    """A word as it sounds, whichever way a name is written; empty for numbers and short words.

    >>> sound("thiago") == sound("tiago"), sound("souza") == sound("sousa")
    (True, True)
    """
    if not word.isalpha() or len(word) < 4:
        return ""
    for pattern, by in _SOUNDS:
        word = pattern.sub(by, word)
    return SOUND + word


@dataclass(frozen=True, slots=True)
class Indexed:
    """A text in the three spellings that the index keeps of it, each as words between spaces."""

    plain: str
    stems: str
    sounds: str


def indexed(texts: Iterable[str]) -> Indexed:
    """The words of texts in their three spellings."""
    found = list(dict.fromkeys(word for text in texts for word in words(text)))
    return Indexed(
        plain=" ".join(found),
        stems=" ".join(map(spelled, found)),
        sounds=" ".join(filter(None, map(sound, found))),
    )


def date_words(on: dt.date) -> str:
    """A date as people look for it: day, month by number and name, year."""
    return f"{on:%d/%m/%Y} {on:%m/%Y} {MONTHS[on.month - 1]}"


@dataclass(frozen=True, slots=True)
class Typed:
    """What somebody typed into the search.

    Attributes:
        text: Without accents and case, one space between words.
        words: The words that must be found, small ones left out while there are others.
        numbers: Bare numbers and codes, for values that are found only whole.
    """

    text: str
    words: tuple[str, ...]
    numbers: tuple[str, ...]


def read(typed: str) -> Typed:
    """Read what was typed; at most the first eight words count.

    >>> read("Folha de novembro").words
    ('folha', 'novembro')
    >>> read("529.982.247-25").words
    ('52998224725',)
    """
    folded = " ".join(fold(typed).split())
    parts = NUMBER.sub(lambda found: " " + bare(found.group()) + " ", folded)
    found = list(dict.fromkeys(WORDS.findall(parts)))[:MOST_WORDS]
    long = [word for word in found if word not in SMALL]
    together = bare(folded)
    numbers = {word for word in (*found, together) if any(map(str.isdigit, word))}
    return Typed(folded, tuple(long or found), tuple(sorted(numbers)))


def marked(title: str, wanted: Sequence[str]) -> list[tuple[str, bool]]:
    """The title in pieces, each with whether it is the beginning of a word that was typed.

    >>> marked("São João", ["joao"])
    [('São ', False), ('João', True)]
    """
    pieces: list[tuple[str, bool]] = []
    for part in re.findall(r"\w+|\W+", title):
        folded = fold(part)
        best = max((len(w) for w in wanted if folded.startswith(w)), default=0)
        if best and len(folded) != len(part):  # a letter that folds to two cannot be cut
            best = len(part)
        pieces += [(part[:best], True)] if best else []
        pieces += [(part[best:], False)] if part[best:] else []
    joined: list[tuple[str, bool]] = []
    for text, hit in pieces:
        if joined and joined[-1][1] == hit:
            joined[-1] = (joined[-1][0] + text, hit)
        else:
            joined.append((text, hit))
    return joined
