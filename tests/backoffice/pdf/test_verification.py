"""The code on a paper names one document, and survives how people type."""

import pytest

from backoffice.pdf import verification
from backoffice.pdf.verification import Issued, code_for, register_kind, verify

FINGERPRINT = "9F3K-72QM-0XWA-B4HT"


@pytest.fixture(autouse=True)
def _one_document(monkeypatch: pytest.MonkeyPatch) -> None:
    """Kind Z has one document, number 1067 (11B in base 32)."""
    issued = Issued(fingerprint=FINGERPRINT, title="Z", facts=())
    monkeypatch.setattr(verification, "KINDS", {"Z": {1067: issued}.get})


@pytest.mark.parametrize(
    ("key", "digits"), [(0, "0"), (31, "Z"), (32, "10"), (1067, "11B"), (2**63, "8000000000000")]
)
def test_keys_are_written_in_base_32(key: int, digits: str) -> None:
    assert code_for("Z", key, FINGERPRINT) == f"Z{digits}-{FINGERPRINT}"


@pytest.mark.parametrize(
    "typed",
    [
        "Z11B-9F3K-72QM-0XWA-B4HT",
        "z11b-9f3k-72qm-0xwa-b4ht",
        "  Z11B 9F3K 72QM 0XWA B4HT ",
        "Zl1B-9F3K-72QM-OXWA-B4HT",
        "ZI1B9F3K72QM0XWAB4HT",
    ],
)
def test_a_code_is_read_as_it_was_meant(typed: str) -> None:
    found = verify(typed)
    assert found is not None
    assert found.title == "Z"


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "Z",
        "Z11B-9F3K-72QM-0XWA-B4HV",
        "Z11C-9F3K-72QM-0XWA-B4HT",
        "Y11B-9F3K-72QM-0XWA-B4HT",
        "9F3K-72QM-0XWA-B4HT",
        "Z11B-9F3K-72QM-0XWA-B4HT-0000",
        "Z" + "1" * 40 + "-9F3K-72QM-0XWA-B4HT",
        "Z11B-9F3K-72QM-0XWA-B4Ħ1",
        "Z²1B-9F3K-72QM-0XWA-B4HT",
        "\x00",
    ],
)
def test_any_other_code_finds_nothing(typed: str) -> None:
    assert verify(typed) is None


@pytest.mark.parametrize("letter", ["Z", "z", "", "ZZ", "1"])
def test_a_letter_names_one_kind(letter: str) -> None:
    with pytest.raises(ValueError, match="cannot name a kind"):
        register_kind(letter, lambda _key: None)
