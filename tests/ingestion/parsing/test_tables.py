import pytest

from ingestion.parsing.tables import row_text


@pytest.mark.parametrize(
    ("name", "cell", "said"),
    [
        ("周期 (h)", "8,000", "周期: 8,000 h"),
        ("交換周期（時間）", "8,000", "交換周期: 8,000 時間"),
        ("Pressure [MPa]", "0.3 - 0.5", "Pressure: 0.3 - 0.5 MPa"),
        ("流量 (m³/h)", "±12", "流量: ±12 m³/h"),
        ("周期 (h)", "8,000 h", "周期 (h): 8,000 h"),
        ("RAM (minimum)", "256", "RAM (minimum): 256"),
        ("(mm)", "5", "(mm): 5"),
        ("数量", "5", "数量: 5"),
    ],
)
def test_a_unit_in_brackets_goes_from_the_columns_name_to_a_bare_number(name, cell, said):
    assert row_text([name], [cell]) == said


def test_empty_cells_are_left_out():
    assert row_text(["a", "b", "c"], ["1", "", "3"]) == "a: 1 / c: 3"


def test_a_cell_over_several_columns_without_names_is_said_once():
    assert row_text([], ["合計", "合計", "5"]) == "合計 / 5"
