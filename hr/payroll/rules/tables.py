"""The legal tables of a monthly payroll, read once from their payloads into exact numbers."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Context, Decimal, DivisionByZero, FloatOperation, InvalidOperation, Overflow
from decimal import localcontext as decimal_context

from backoffice.law.rules import ChosenBy, TableVersion, kinds_chosen_by

ZERO = Decimal(0)
NOTHING = Decimal("0.00")

# Our own context: what a caller did to the one of its thread cannot change a payslip.
ARITHMETIC = Context(prec=28, traps=[DivisionByZero, FloatOperation, InvalidOperation, Overflow])

COMPETENCE_KINDS = kinds_chosen_by(ChosenBy.COMPETENCE)
PAYMENT_KINDS = kinds_chosen_by(ChosenBy.PAYMENT)


@dataclass(frozen=True, slots=True)
class Slice:
    """One slice of the contribution table.

    Attributes:
        floor: Where the slice begins (the limit of the one before), in reais.
        up_to: Its limit, in reais.
        rate: Its rate as a fraction.
        below: What the slices below it give together, unrounded.
    """

    floor: Decimal
    up_to: Decimal
    rate: Decimal
    below: Decimal


@dataclass(frozen=True, slots=True)
class InssTable:
    """Contribution of employees: rising rates, each on its own slice, up to a ceiling."""

    slices: tuple[Slice, ...]
    ceiling: Decimal

    @classmethod
    def read(cls, version: TableVersion) -> "InssTable":
        """Read the payload of a table of kind ``inss``."""
        slices: list[Slice] = []
        floor = below = ZERO
        for row in version.payload["slices"]:
            up_to, rate = Decimal(row["up_to"]), Decimal(row["rate"])
            slices.append(Slice(floor, up_to, rate, below))
            below += (up_to - floor) * rate
            floor = up_to
        return cls(tuple(slices), floor)


@dataclass(frozen=True, slots=True)
class Bracket:
    """One row of the income tax table.

    Attributes:
        up_to: Largest base of the row, in reais; None for the last row.
        rate: Rate on the whole base, as a fraction.
        deduct: What is taken off the product, in reais.
    """

    up_to: Decimal | None
    rate: Decimal
    deduct: Decimal


@dataclass(frozen=True, slots=True)
class IrrfTable:
    """Monthly income tax: rate on the whole base less an amount."""

    brackets: tuple[Bracket, ...]

    @classmethod
    def read(cls, version: TableVersion) -> "IrrfTable":
        """Read the payload of a table of kind ``irrf_monthly``."""
        return cls(
            tuple(
                Bracket(
                    None if row["up_to"] is None else Decimal(row["up_to"]),
                    Decimal(row["rate"]),
                    Decimal(row["deduct"]),
                )
                for row in version.payload["slices"]
            )
        )


@dataclass(frozen=True, slots=True)
class ReductionTable:
    """Reduction of the monthly income tax on middle incomes.

    Attributes:
        full_up_to: Up to this income the reduction is ``full``, in reais.
        full: Largest reduction, in reais.
        until: Up to this income the reduction is ``constant - factor x income``.
        constant: In reais.
        factor: As a fraction.
    """

    full_up_to: Decimal
    full: Decimal
    until: Decimal
    constant: Decimal
    factor: Decimal

    @classmethod
    def read(cls, version: TableVersion) -> "ReductionTable":
        """Read the payload of a table of kind ``irrf_reduction``."""
        return cls(**{name: Decimal(version.payload[name]) for name in cls.__slots__})


@dataclass(frozen=True, slots=True)
class FamilyAllowanceTable:
    """Family allowance for workers of low pay.

    Attributes:
        quota: Amount for each child and full month, in reais.
        limit: Largest remuneration of the month that gives the right, in reais.
        limit_on_full_month: Whether the limit is compared with what would be due for the whole
            month, however few days were worked; else with what was earned.
        proportional_days: Whether the quota is paid by days in the months of hire and leave.
    """

    quota: Decimal
    limit: Decimal
    limit_on_full_month: bool
    proportional_days: bool

    @classmethod
    def read(cls, version: TableVersion) -> "FamilyAllowanceTable":
        """Read the payload of a table of kind ``family_allowance``."""
        payload = version.payload
        return cls(
            quota=Decimal(payload["quota"]),
            limit=Decimal(payload["limit"]),
            limit_on_full_month=payload["limit_on"] == "full_month",
            proportional_days=payload["proportional_days"],
        )


@dataclass(frozen=True, slots=True)
class FgtsTable:
    """Deposit of the employer into the severance fund, as fractions of the base."""

    rate: Decimal
    apprentice_rate: Decimal

    @classmethod
    def read(cls, version: TableVersion) -> "FgtsTable":
        """Read the payload of a table of kind ``fgts``."""
        return cls(Decimal(version.payload["rate"]), Decimal(version.payload["apprentice_rate"]))


@dataclass(frozen=True, slots=True)
class IncomeTaxTables:
    """Everything that the income tax on one payment needs, picked by the payment date.

    Attributes:
        monthly: The progressive table.
        dependant: Deduction for each dependant, in reais.
        simplified: Discount that may replace all legal deductions, in reais.
        minimum: Tax up to this amount is not withheld, in reais.
        reduction: None before the law that created it.
    """

    monthly: IrrfTable
    dependant: Decimal
    simplified: Decimal
    minimum: Decimal
    reduction: ReductionTable | None


@dataclass(frozen=True, slots=True)
class MonthlyTables:
    """The tables of one monthly payroll, with the versions that they were read from."""

    inss: InssTable
    family_allowance: FamilyAllowanceTable
    fgts: FgtsTable
    minimum_wage: Decimal
    income_tax: IncomeTaxTables
    versions: Mapping[str, TableVersion]

    @classmethod
    def read(cls, versions: Mapping[str, TableVersion]) -> "MonthlyTables":
        """Read all tables of a month.

        Args:
            versions: One version for each kind of ``COMPETENCE_KINDS`` and ``PAYMENT_KINDS``;
                ``irrf_reduction`` only where the law knows it.

        Raises:
            KeyError: A table is lacking; selectors report that before a run.
        """
        reduction = versions.get("irrf_reduction")
        with decimal_context(ARITHMETIC):
            inss = InssTable.read(versions["inss"])
        return cls(
            inss=inss,
            family_allowance=FamilyAllowanceTable.read(versions["family_allowance"]),
            fgts=FgtsTable.read(versions["fgts"]),
            minimum_wage=_amount(versions["minimum_wage"]),
            income_tax=IncomeTaxTables(
                monthly=IrrfTable.read(versions["irrf_monthly"]),
                dependant=_amount(versions["irrf_dependant"]),
                simplified=_amount(versions["irrf_simplified"]),
                minimum=_amount(versions["irrf_minimum"]),
                reduction=None if reduction is None else ReductionTable.read(reduction),
            ),
            versions=dict(versions),
        )

    def ids(self) -> dict[str, int]:
        """Kind to primary key of its version: what a payslip stores."""
        return {kind: version.id for kind, version in sorted(self.versions.items())}


def _amount(version: TableVersion) -> Decimal:
    return Decimal(version.payload["amount"])
