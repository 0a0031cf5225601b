"""The box that a pytest of the long tests runs in; told to it by variables of the environment."""

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from tests.nightly.parts import PARTS, Part

PART, ENDS, SEED = "NIGHTLY_PART", "NIGHTLY_ENDS", "NIGHTLY_SEED"


@dataclass
class Box:
    """A part, the moment when its time is over, and the seed of this pass."""

    part: Part
    seed: int
    ends: float

    @property
    def is_over(self) -> bool:
        """Whether nothing new is to be begun."""
        return time.time() > self.ends

    @contextmanager
    def preparing(self) -> Iterator[None]:
        """What is done meanwhile does not count: the box ends so much later."""
        begun = time.time()
        yield
        self.ends += time.time() - begun

    def environment(self) -> dict[str, str]:
        """The variables for a pytest in this box."""
        names = {PART: self.part.name, ENDS: str(self.ends), SEED: str(self.seed)}
        return {**names, "MATRIX_SEED": str(self.seed), **self.part.variables}


def this_box() -> Box:
    """The box of this process."""
    (part,) = (part for part in PARTS if part.name == os.environ[PART])
    return Box(part, int(os.environ[SEED]), float(os.environ[ENDS]))
