import io

import pytest

from ingestion.parsing.pdf import PdfReader
from tests.ingestion.parsing import samples, table_pages


@pytest.fixture
def page_of(tmp_path):
    readers = []

    def opener(pdf):
        path = tmp_path / f"stored-{len(readers)}"
        path.write_bytes(pdf)
        readers.append(PdfReader(path))
        return readers[-1].page(1)

    yield opener
    for reader in readers:
        reader.close()


def _drawn(draw):
    from reportlab.lib.pagesizes import A4
    from reportlab.pdfgen.canvas import Canvas

    target = io.BytesIO()
    canvas = Canvas(target, pagesize=A4)
    canvas.setFont("Helvetica", 10)
    draw(canvas)
    canvas.save()
    return target.getvalue()


def _rows(page):
    return [row for row in page.text.split("\n\n") if " / " in row]


def _squeezed(rows):
    return ["".join(row.split()) for row in rows]


# Without lines down, a name over several columns beside names as high as both is not told apart yet.
_READ = [kind for kind in table_pages.kinds() if not (kind.look == "bands" and kind.grouped)]


@pytest.mark.parametrize("kind", _READ, ids=str)
def test_each_row_says_its_cells_with_their_columns_names_and_units(page_of, kind):
    made = table_pages.made(kind)
    assert _squeezed(_rows(page_of(made.pdf))) == _squeezed(" / ".join(row) for row in made.rows)


@pytest.mark.parametrize(("name", "pdf"), list(table_pages.lookalikes()), ids=lambda value: str(value)[:20])
def test_what_only_looks_like_a_table_is_left_as_text(page_of, name, pdf):
    assert _rows(page_of(pdf)) == []


def test_text_around_a_table_keeps_its_place(page_of):
    page = page_of(samples.pdf(1))
    assert page.text.index("8,000 h") < page.text.index("項目 / 値")


def test_a_row_is_highlighted_on_its_own_line_and_in_the_header(page_of):
    rows = [["Part", "Interval"], ["Bearing", "8000"], ["Seal", "4000"], ["Ring", "2000"]]
    page = page_of(_drawn(lambda canvas: samples.ruled(canvas, rows, left=72, top=700)))
    start = page.text.index("Part: Seal")
    tops = {round(word.y0) for word in page.words if start <= word.start < start + len("Part: Seal / Interval: 4000")}
    header, row = (
        next(round(w.y0) for w in page.words if page.text[w.start : w.end] == one) for one in ("Part", "Seal")
    )
    assert tops == {header, row}


def test_a_heading_of_rows_across_the_whole_table_takes_no_columns_name(page_of):
    def draw(canvas):
        samples.ruled(canvas, [["Part", "Interval"]], left=72, top=700)
        canvas.rect(72, 664, 240, 18)
        canvas.drawString(76, 669, "Pumps")
        samples.ruled(canvas, [["Bearing", "8000"]], left=72, top=664)

    assert "\n\nPumps\n\n" in page_of(_drawn(draw)).text


def test_a_frame_around_text_is_no_table(page_of):
    def draw(canvas):
        canvas.rect(60, 600, 400, 100)
        canvas.line(60, 660, 460, 660)
        canvas.drawString(70, 670, "Note")
        canvas.drawString(70, 640, "Stop the pump before you open the casing.")

    assert _rows(page_of(_drawn(draw))) == []


def test_cells_that_touch_are_told_apart_by_the_line_between(page_of):
    def draw(canvas):
        samples.ruled(canvas, [["Package", "Users"], ["", "62"], ["vim", "54"]], left=72, top=700, width=60)
        canvas.drawString(76, 669, "gnome-remote-a")

    assert _rows(page_of(_drawn(draw)))[1] == "Package: gnome-remote-a / Users: 62"


def test_a_word_broken_in_a_narrow_cell_is_one_word(page_of):
    def draw(canvas):
        samples.ruled(canvas, [["Text", "No"], ["", "1"], ["b", "2"]], left=72, top=700, height=30, width=60)
        canvas.drawString(76, 655, "descrip\u00ad")
        canvas.drawString(76, 643, "tion")

    assert "Text: description / No: 1" in page_of(_drawn(draw)).text


def test_a_page_of_more_lines_than_a_person_reads_has_no_table_without_lines(page_of):
    def draw(canvas):
        canvas.setFont("Helvetica", 1)
        for at in range(600):
            canvas.drawString(72, 50 + 1.2 * at, "Abc")
            canvas.drawString(172, 50 + 1.2 * at, f"{at}.5")

    assert _rows(page_of(_drawn(draw))) == []


def test_a_drawing_with_thousands_of_lines_has_no_tables(page_of):
    def draw(canvas):
        for at in range(7000):
            canvas.line(50, 50 + at / 10, 60, 50 + at / 10)
        samples.ruled(canvas, [["a", "b"], ["c", "d"]], left=72, top=700)

    assert _rows(page_of(_drawn(draw))) == []
