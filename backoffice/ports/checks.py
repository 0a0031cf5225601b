"""`manage.py check`: every port has who answers it, in the way in which it is asked."""

import inspect
import re
from collections.abc import Callable, Iterator
from inspect import Parameter, Signature
from typing import Any

from django.core import checks

from backoffice.ports.declaring import PORTS, ManyPort, OnePort

PATH = re.compile(r"[\w.]+\.(?=\w)")


@checks.register
def check_ports(**_options: object) -> list[checks.CheckMessage]:
    """Every port is answered, once where it must be, by what takes the question's arguments."""
    return [
        checks.Error(problem, obj=port.name, id="ports.E001")
        for port in PORTS.values()
        for problem in problems_of(port)
    ]


def problems_of(port: OnePort[Any] | ManyPort[Any]) -> Iterator[str]:
    """Everything that is wrong with one port, as English sentences."""
    count = len(port.providers)
    if isinstance(port, OnePort) and count > 1:
        names = ", ".join(sorted(_name(each) for each in port.providers))
        yield f"{count} answer where one must: {names}"
    if not count and not (isinstance(port, OnePort) and port.default is not None):
        yield "nobody answers it"
    default = [port.default] if isinstance(port, OnePort) and port.default is not None else []
    for provider in (*port.providers, *default):
        for difference in differences(port.shape, provider):
            yield f"{_name(provider)}{difference}"


def differences(shape: object, provider: object) -> Iterator[str]:
    """In what a provider cannot be asked as the shape says."""
    for name, asked in _questions(shape):
        found = provider if name == "__call__" else getattr(provider, name, None)
        where = "" if name == "__call__" else f".{name}"
        if not callable(found):
            yield f"{where} is missing"
            continue
        wanted, given = _bare(inspect.signature(asked)), inspect.signature(found)
        if not _takes(wanted, given):
            yield f"{where}{given} is not asked as {wanted}"


def _questions(shape: object) -> Iterator[tuple[str, Callable[..., object]]]:
    """The methods that a protocol declares."""
    for name, member in vars(shape).items():
        if inspect.isfunction(member) and (name == "__call__" or not name.startswith("_")):
            yield name, member


def _bare(signature: Signature) -> Signature:
    """The signature without ``self``."""
    parameters = list(signature.parameters.values())
    return signature.replace(parameters=parameters[1:])


def _takes(wanted: Signature, given: Signature) -> bool:
    """Whether whoever asks as ``wanted`` is understood: same names, kinds, types and order."""
    offered = dict(given.parameters)
    for asked in wanted.parameters.values():
        found = offered.pop(asked.name, None)
        if found is None or found.kind is not asked.kind or not _same(asked, found):
            return False
        if asked.default is not Parameter.empty and found.default is Parameter.empty:
            return False
    names = [name for name in given.parameters if name in wanted.parameters]
    return names == list(wanted.parameters) and all(_optional(each) for each in offered.values())


def _optional(parameter: Parameter) -> bool:
    return parameter.default is not Parameter.empty or parameter.kind in {
        Parameter.VAR_KEYWORD,
        Parameter.VAR_POSITIONAL,
    }


def _same(one: Parameter, other: Parameter) -> bool:
    """Whether both are of one type, as far as it is said; modules of names aside."""
    if Parameter.empty in {one.annotation, other.annotation}:
        return True
    return _written(one.annotation) == _written(other.annotation)


def _written(annotation: object) -> str:
    text = annotation if isinstance(annotation, str) else inspect.formatannotation(annotation)
    return PATH.sub("", text).replace("'", "").replace('"', "")


def _name(provider: object) -> str:
    known: Any = provider if hasattr(provider, "__qualname__") else type(provider)
    return f"{known.__module__}.{known.__qualname__}"
