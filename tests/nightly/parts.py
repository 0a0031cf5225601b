"""The long figures: what each part runs, how much of it at a time, and how much in all."""

from dataclasses import dataclass, field


@dataclass(frozen=True, kw_only=True)
class Part:
    """One kind of long test.

    Args:
        name: As it is asked for on the command line.
        unit: What is counted.
        target: How much must have been done without a failure; 0 when the kinds say it themselves.
        each: The target is of each test, not of all tests together.
        tests: Files, folders and options for pytest.
        wanted: Of these tests, those that have this marker, fixture or nature.
        variables: How much one pass does: small, so that a box ends soon after its time is over.
        plugin: The module of tests.nightly that does the work.
        share: The part of what was done that must have been found out, for `mutants`.
    """

    name: str
    unit: str
    target: int
    tests: tuple[str, ...]
    each: bool = True
    wanted: str = ""
    variables: dict[str, str] = field(default_factory=dict)
    plugin: str = "repeating"
    share: float = 1.0


SUBJECTS = ("tests/backoffice", "tests/hr")
"""Not the suites that run over all objects: to collect them takes a minute of each box."""

QUICK = ("-m", "not slow and not e2e and not faults and not nightly")

PARTS = (
    Part(
        name="faults",
        unit="processes or servers broken in the middle of a job",
        target=200,
        tests=("tests/faults",),
        wanted="cycles",
        variables={"FAULT_CYCLES": "5"},
    ),
    Part(
        name="walks",
        unit="steps of the stateful models",
        target=500_000,
        tests=SUBJECTS,
        wanted="walk",
        variables={"WALK_STEPS": "5000"},
    ),
    Part(
        name="races",
        unit="races of 16 threads",
        target=20_000,
        tests=(*SUBJECTS, "tests/api/test_protocol.py", *QUICK),
        wanted="races",
        variables={"RACES": "200"},
    ),
    Part(
        name="properties",
        unit="examples",
        target=100_000,
        tests=(*SUBJECTS, *QUICK),
        wanted="property",
        variables={"PROPERTY_EXAMPLES": "2000"},
    ),
    Part(
        name="api",
        unit="requests to the operations of the OpenAPI document",
        target=50_000,
        each=False,
        tests=("tests/api/test_schemathesis.py",),
        variables={"SCHEMATHESIS_CASES": "2000"},
    ),
    Part(
        name="matrix",
        unit="tenths of all cells of the matrix of rights",
        target=1,
        tests=("tests/security/test_matrix.py", "-k", "random_part"),
        variables={"MATRIX_CELLS": "1000000000"},
    ),
    Part(
        name="guards",
        unit="triggers and constraints dropped, one at a time",
        target=0,
        tests=("tests/architecture", "tests/backoffice", "tests/hr", *QUICK),
        plugin="dropping",
    ),
    Part(
        name="mutants",
        unit="changes to rules",
        target=0,
        tests=(
            "tests/law",
            "tests/hr",
            "tests/backoffice",
            "-k",
            "test_rules or test_worked",
            *QUICK,
        ),
        plugin="mutating",
        share=0.85,
    ),
    Part(
        name="backups",
        unit="backups restored and proved",
        target=10,
        tests=("tests/backoffice/database/test_backup.py",),
    ),
    Part(
        name="image",
        unit="times the steps of the Dockerfile",
        target=1,
        tests=("tests/backoffice/deployment/test_image.py",),
    ),
)
