import pytest

from backoffice.pdf import Align, Box, Frame, Label, Layout, Rows, Rule, compile_layout

LAYOUT = Layout(
    width=200,
    height=100,
    frames=(Frame(left=0, top=0, width=200, height=20, fill=0.9),),
    rules=(Rule(left=0, top=30, right=200, bottom=30, weight=1, dash=2),),
    labels=(Label("Nome", Box(left=10, top=0, width=80, height=10, size=6, gray=0.4)),),
    fields={"name": Box(left=10, top=10, width=80, height=10, size=8)},
    rows=Rows(
        columns=(
            Box(left=10, top=40, width=80, height=10, size=8),
            Box(left=100, top=40, width=90, height=10, size=8, align=Align.RIGHT),
        ),
        step=12,
        count=3,
    ),
)


def test_the_drawing_holds_what_never_changes_and_no_value() -> None:
    stamp = compile_layout(LAYOUT)
    drawing = stamp.drawing.decode()
    assert "0.90 g 0.00 80.00 200.00 20.00 re f" in drawing
    assert "1.00 w 0.00 G [2.00] 0 d 0.00 70.00 m 200.00 70.00 l S" in drawing
    assert f"<{'Nome'.encode('utf-16-be').hex()}> Tj" in drawing
    assert [label.text for label in stamp.labels] == ["Nome"]


def test_rows_go_down_by_their_step() -> None:
    stamp = compile_layout(LAYOUT)
    texts = list(stamp.texts({"name": "Ana"}, [("a", "1,00"), ("b", "2,00")]))
    assert [(text.text, text.left, text.top) for text in texts] == [
        ("Ana", 10, 10),
        ("a", 10, 40),
        ("1,00", 100, 40),
        ("b", 10, 52),
        ("2,00", 100, 52),
    ]


def test_values_cannot_become_drawing_commands() -> None:
    stamp = compile_layout(LAYOUT)
    content = stamp.content({"name": "> Tj ET Q (x) 1"}).decode()
    assert "(x)" not in content
    assert content.count("Tj") == content.count("ET") == 1


@pytest.mark.parametrize("values", [{}, {"name": "Ana", "cpf": "1"}, {"nome": "Ana"}])
def test_values_that_are_not_the_fields_are_refused(values: dict[str, str]) -> None:
    with pytest.raises(ValueError, match="values and fields differ"):
        list(compile_layout(LAYOUT).texts(values))


def test_more_rows_than_the_layout_has_are_refused() -> None:
    with pytest.raises(ValueError, match="4 rows do not fit"):
        list(compile_layout(LAYOUT).texts({"name": "Ana"}, [("a", "1")] * 4))


def test_a_row_with_another_number_of_columns_is_refused() -> None:
    with pytest.raises(ValueError, match="shorter"):
        list(compile_layout(LAYOUT).texts({"name": "Ana"}, [("a",)]))
