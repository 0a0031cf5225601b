"""What production must be given; every fault is collected and said in one message."""

from django.core.exceptions import ImproperlyConfigured
from environs import Env

SHORTEST_SECRET = 32
FEWEST_CHARACTERS = 10
MAIL_SCHEMES = frozenset({"submission", "submit", "smtp", "consolemail", "dummymail"})
WORDS_OF_DEFAULTS = (
    "development",
    "demonstration",
    "tests-only",
    "insecure",
    "change-me",
    "secret",
)


class Vigilance:
    """Reads variables and remembers what is wrong with them."""

    def __init__(self, env: Env) -> None:
        self._env = env
        self._faults: list[str] = []

    def required(self, name: str, what: str) -> str:
        """The value of a variable that must be there."""
        value: str = self._env.str(name, "")
        if not value:
            self._faults.append(f"{name} is missing: {what}.")
        return value

    def secret(self, name: str) -> str:
        """A secret that is long, varied, and none of the values that come with the program."""
        value = self.required(name, "a random secret, for example from `openssl rand -base64 48`")
        if not value:
            return value
        if any(word in value.lower() for word in WORDS_OF_DEFAULTS):
            self._faults.append(f"{name} is an example value; give a random one.")
        elif len(value) < SHORTEST_SECRET or len(set(value)) < FEWEST_CHARACTERS:
            self._faults.append(f"{name} is too short or too simple; give 32 random characters.")
        return value

    def hosts(self, name: str) -> list[str]:
        """The names under which the site is reached, separated by commas; never all of them."""
        given: list[str] = self._env.list(name, [])
        found = [host for host in given if host]
        if not found:
            self._faults.append(f"{name} is missing: the site's host names, separated by commas.")
        if any(host in {"*", "."} for host in found):
            self._faults.append(f"{name} must name hosts; `*` lets others write our links.")
        return found

    def mail(self, name: str) -> str:
        """The address of the mail server; an unknown scheme would mean: unencrypted."""
        value = self.required(name, "the mail server, for example submission://user:pw@host:587")
        if value and value.partition(":")[0] not in MAIL_SCHEMES:
            known = ", ".join(sorted(MAIL_SCHEMES))
            self._faults.append(f"{name} has an unknown scheme; known are: {known}.")
        return value

    def refuse_if_true(self, name: str, why: str) -> None:
        """Refuse a switch that must not be on."""
        if self._env.str(name, "").strip().lower() not in {"", "0", "false", "no", "off"}:
            self._faults.append(f"{name} is set: {why}.")

    def refuse_equal(self, one: str, other: str) -> None:
        """Refuse one value under two names."""
        if self._env.str(one, "") and self._env.str(one, "") == self._env.str(other, ""):
            self._faults.append(f"{one} and {other} must differ.")

    def done(self) -> None:
        """Raise everything that was found.

        Raises:
            ImproperlyConfigured: With one line for each fault.
        """
        if self._faults:
            lines = "".join(f"\n  - {fault}" for fault in self._faults)
            message = f"The production settings refuse to start:{lines}"
            raise ImproperlyConfigured(message)
