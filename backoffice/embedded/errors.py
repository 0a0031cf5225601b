"""What can go wrong with the bundled servers, said so that a person can act on it."""


class EmbeddedError(RuntimeError):
    """A bundled server cannot be unpacked, started or stopped; the message says what to do."""
