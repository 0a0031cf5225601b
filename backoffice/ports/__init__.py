"""Questions that one folder asks and others answer, with no import from the one to the other.

A lower folder declares a port with the shape of the answer; whoever knows the answer provides it when
the program starts; ``manage.py check`` refuses to start with a port that nobody answers, that two
answer, or whose answer takes other arguments than the question gives.
"""

from backoffice.ports.declaring import ManyPort, OnePort

__all__ = ["ManyPort", "OnePort"]
