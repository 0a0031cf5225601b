"""The measures of the payslip, in points: two copies on half a page each, or one on a whole page.

From top to bottom: employer and month, employee, lines, totals and net pay, bases, signature.
"""

from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

from backoffice.pdf import A4, Align, Box, Frame, Label, Layout, Rows, Rule, Square

WIDTH = 539.0
MARGIN = (A4[0] - WIDTH) / 2
COPY_ROWS = 14
COPY_TOPS = (15.0, A4[1] / 2 + 13.0)
PAGE_ROWS = 47
PAGE_TOP = 28.0
QR = 42.0
BEFORE_QR = WIDTH - QR - 10

HEADER = 40.0
CELL = 23.0
ROW = 11.7
PAD = 4.0
CAPTIONS = HEADER + 2 * CELL + 5
LINES = CAPTIONS + 13

INK, SOFT, FAINT, HAIR, PALE = 0.0, 0.35, 0.72, 0.88, 0.94


class Cell(NamedTuple):
    """A field with its caption above it."""

    name: str
    caption: str
    width: float
    align: Align = Align.LEFT
    lines: int = 1
    smallest: float = 5.5


class Column(NamedTuple):
    """A column of the lines."""

    caption: str
    width: float
    align: Align
    smallest: float


EMPLOYEE = (
    (
        Cell("registration", "Matrícula", 66),
        Cell("employee_name", "Nome do empregado", 290, lines=2, smallest=4.5),
        Cell("cpf", "CPF", 92),
        Cell("admitted_on", "Admissão", 91),
    ),
    (
        Cell("job_title", "Cargo", 206, lines=2),
        Cell("department", "Departamento", 150, lines=2),
        Cell("cbo", "CBO", 92),
        Cell("paid_on", "Data do pagamento", 91),
    ),
)
BASES = (
    Cell("base_salary", "Salário base", WIDTH / 6, Align.RIGHT),
    Cell("inss_base", "Base INSS", WIDTH / 6, Align.RIGHT),
    Cell("fgts_base", "Base FGTS", WIDTH / 6, Align.RIGHT),
    Cell("fgts_amount", "FGTS do mês", WIDTH / 6, Align.RIGHT),
    Cell("irrf_base", "Base IRRF", WIDTH / 6, Align.RIGHT),
    Cell("irrf_bracket", "Faixa IRRF", WIDTH / 6, Align.RIGHT),
)
TOTALS = (
    Cell("total_earnings", "Total de vencimentos", 84, Align.RIGHT),
    Cell("total_deductions", "Total de descontos", 84, Align.RIGHT),
)
COLUMNS = (
    Column("Cód.", 44, Align.LEFT, 5.5),
    Column("Descrição", 261, Align.LEFT, 6),
    Column("Referência", 66, Align.RIGHT, 5.5),
    Column("Vencimentos", 84, Align.RIGHT, 4),
    Column("Descontos", 84, Align.RIGHT, 4),
)
AMOUNTS = WIDTH - 2 * 84
CUT = Layout(
    width=A4[0],
    height=1,
    rules=(Rule(left=0, top=0.5, right=A4[0], bottom=0.5, gray=0.55, weight=0.5, dash=3),),
)


def payslip_layout(*, rows: int, copy: str) -> Layout:
    """The payslip with room for ``rows`` lines; ``copy`` says for whom this copy is."""
    end = LINES + rows * ROW
    net, bases = end + CELL + 2, end + CELL + 29
    sign = bases + CELL
    grids = (
        *((row, HEADER + index * CELL + 2, 0.0) for index, row in enumerate(EMPLOYEE)),
        (TOTALS, end, AMOUNTS),
        (BASES, bases, 0.0),
    )
    cells = [cell for grid in grids for cell in _spread(*grid)]
    return Layout(
        width=WIDTH,
        height=sign + 48,
        frames=(
            Frame(left=0, top=CAPTIONS, width=WIDTH, height=13, weight=0, fill=PALE),
            Frame(left=AMOUNTS, top=net, width=WIDTH - AMOUNTS, height=22, fill=PALE, weight=0.9),
        ),
        rules=(*_rules(end, bases, sign), *_separators(cells)),
        labels=(*_labels(net, sign, copy), *(_caption(*cell) for cell in cells)),
        fields={
            **_header_fields(),
            **{cell.name: _value(cell, left, top) for cell, left, top in cells},
            **_closing_fields(end, net, sign),
        },
        rows=Rows(columns=tuple(_columns(LINES, ROW, 8)), step=ROW, count=rows),
        code=Square(left=WIDTH - QR, top=sign + 6, size=QR),
    )


def _spread(cells: Iterable[Cell], top: float, left: float) -> Iterator[tuple[Cell, float, float]]:
    """Each cell with its left edge and top, one beside the other."""
    for cell in cells:
        yield cell, left, top
        left += cell.width


def _caption(cell: Cell, left: float, top: float) -> Label:
    return Label(
        cell.caption,
        Box(
            left=left + PAD,
            top=top + 2.2,
            width=cell.width - 2 * PAD,
            height=7,
            size=6.2,
            gray=SOFT,
            align=cell.align,
        ),
    )


def _value(cell: Cell, left: float, top: float) -> Box:
    return Box(
        left=left + PAD,
        top=top + 9.5,
        width=cell.width - 2 * PAD,
        height=CELL - 10.5,
        size=8.5,
        bold=cell.name in {"employee_name", "total_earnings", "total_deductions"},
        align=cell.align,
        smallest=cell.smallest,
        lines=cell.lines,
    )


def _columns(top: float, height: float, size: float) -> Iterator[Box]:
    left = 0.0
    for column in COLUMNS:
        yield Box(
            left=left + PAD,
            top=top,
            width=column.width - 2 * PAD,
            height=height,
            size=size,
            align=column.align,
            smallest=column.smallest,
        )
        left += column.width


def _separators(cells: Iterable[tuple[Cell, float, float]]) -> Iterator[Rule]:
    """A fine line left of each cell that is not at the edge."""
    for _, left, top in cells:
        if left:
            yield Rule(left=left, top=top, right=left, bottom=top + CELL, gray=FAINT)


def _rules(end: float, bases: float, sign: float) -> Iterator[Rule]:
    def across(top: float, gray: float, weight: float = 0.5) -> Rule:
        return Rule(left=0, top=top, right=WIDTH, bottom=top, weight=weight, gray=gray)

    yield across(HEADER, INK, 1.2)
    yield across(HEADER + CELL + 2, FAINT)
    yield from (across(top, SOFT) for top in (CAPTIONS, LINES, end, bases, sign))
    for index in range(1, round((end - LINES) / ROW)):
        yield across(LINES + index * ROW, HAIR, 0.3)
    left = 0.0
    for column in COLUMNS[:-1]:
        left += column.width
        yield Rule(left=left, top=CAPTIONS, right=left, bottom=end, gray=FAINT)
    for left, right in ((0.0, 130.0), (190.0, BEFORE_QR)):
        yield Rule(left=left, top=sign + 29, right=right, bottom=sign + 29)


def _labels(net: float, sign: float, copy: str) -> Iterator[Label]:
    for column, box in zip(COLUMNS, _columns(CAPTIONS, 13, 6.5), strict=True):
        yield Label(column.caption, box)
    yield Label(
        "Recibo de Pagamento de Salário",
        Box(left=300, top=0, width=239, height=14, size=10.5, bold=True, align=Align.RIGHT),
    )
    yield Label(
        "Líquido a receber",
        Box(left=AMOUNTS + PAD, top=net, width=80, height=22, size=8, bold=True),
    )
    small: dict[str, Any] = {"height": 8.0, "size": 6.2, "gray": SOFT}
    yield Label("Data", Box(left=0, top=sign + 29.5, width=130, **small))
    yield Label("Assinatura do empregado", Box(left=190, top=sign + 29.5, width=200, **small))
    yield Label(copy, Box(left=225, top=sign + 40, width=180, align=Align.CENTER, **small))


def _header_fields() -> dict[str, Box]:
    right: dict[str, Any] = {"left": 340.0, "width": 199.0, "align": Align.RIGHT}
    return {
        "employer_name": Box(
            left=0, top=0, width=330, height=14, size=11, bold=True, smallest=6, lines=2
        ),
        "employer_cnpj": Box(left=0, top=15, width=330, height=10, size=7.5, smallest=6),
        "employer_address": Box(
            left=0, top=25, width=335, height=12, size=7.5, smallest=4.8, lines=2, gray=SOFT
        ),
        "competence": Box(top=14, height=14, size=10.5, **right),
        "kind": Box(top=28, height=9, size=7, smallest=5, gray=SOFT, **right),
    }


def _closing_fields(end: float, net: float, sign: float) -> dict[str, Box]:
    left: dict[str, Any] = {"left": 0.0, "width": AMOUNTS - 12}
    small: dict[str, Any] = {"top": sign + 40, "height": 8.0, "size": 6.2, "gray": SOFT}
    return {
        "notice": Box(top=end + 4, height=19, size=7, smallest=5.5, lines=2, **left),
        "bank": Box(top=net, height=22, size=7.5, smallest=5.5, lines=2, **left),
        "net_pay": Box(
            left=AMOUNTS + 84 + PAD,
            top=net,
            width=84 - 2 * PAD,
            height=22,
            size=11,
            bold=True,
            align=Align.RIGHT,
            smallest=5,
        ),
        "declaration": Box(
            left=0, top=sign + 2.5, width=380, height=18, size=6.8, smallest=5.5, lines=2
        ),
        "preview": Box(
            left=389, top=sign + 3, width=150, height=9, size=7.5, bold=True, align=Align.RIGHT
        ),
        "verification": Box(left=0, width=215, smallest=4.5, **small),
        "page": Box(left=BEFORE_QR - 60, width=60, align=Align.RIGHT, **small),
    }
