"""One small file per format, made here, all saying the same: a heading, two sentences, a table row."""

import io
import zipfile
from email.message import EmailMessage

from tests.ingestion.parsing.compound import attached, compound, outlook
from tests.ingestion.parsing.packages import epub, frame, odf, paragraph, table

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
HEADING = "第1章 ポンプの点検"
SENTENCES = "軸受温度は80℃以下とする。The bearing of P-101 is inspected every 8,000 h."
TABLE = [["項目", "値"], ["吸込圧力", "0.5 MPa"]]
ROW = "項目: 吸込圧力 / 値: 0.5 MPa"


def pdf(pages=2, *, rotate=0, outline=True):
    from reportlab.lib.pagesizes import A4
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.cidfonts import UnicodeCIDFont
    from reportlab.pdfgen.canvas import Canvas

    pdfmetrics.registerFont(UnicodeCIDFont("HeiseiKakuGo-W5"))
    target = io.BytesIO()
    # reportlab turns the paper with the page: turned by a quarter, it is given lying on its side.
    canvas = Canvas(target, pagesize=A4 if rotate % 180 == 0 else A4[::-1])
    for number in range(1, pages + 1):
        canvas.setPageRotation(rotate)
        canvas.setFont("HeiseiKakuGo-W5", 18)
        canvas.drawString(72, 770, HEADING if number == 1 else f"{number}. 付録")
        if outline:
            canvas.bookmarkHorizontalAbsolute(f"p{number}", 790)
            canvas.addOutlineEntry(HEADING if number == 1 else f"{number}. 付録", f"p{number}", level=0)
        canvas.setFont("HeiseiKakuGo-W5", 10)
        for line, text in enumerate(SENTENCES.replace("。", "。\n").split("\n")):
            canvas.drawString(72, 730 - 14 * line, text)
        ruled(canvas, TABLE, left=72, top=690)
        canvas.showPage()
    canvas.save()
    return target.getvalue()


def ruled(canvas, rows, *, left, top, width=120, height=18):
    """A table with lines around every cell."""
    for row, line in enumerate(rows):
        for column, text in enumerate(line):
            x, y = left + column * width, top - (row + 1) * height
            canvas.rect(x, y, width, height)
            canvas.drawString(x + 4, y + 5, text)


def docx():
    import docx as library

    document = library.Document()
    document.add_heading(HEADING, 1)
    document.add_paragraph(SENTENCES)
    table = document.add_table(len(TABLE), len(TABLE[0]))
    for row, line in enumerate(TABLE):
        for column, text in enumerate(line):
            table.cell(row, column).text = text
    document.add_page_break()
    document.add_heading("付録", 2)
    return _saved(document)


def pptx():
    import pptx as library
    from pptx.util import Inches

    deck = library.Presentation()
    slide = deck.slides.add_slide(deck.slide_layouts[1])
    slide.shapes.title.text = HEADING
    slide.placeholders[1].text = SENTENCES
    table = slide.shapes.add_table(2, 2, Inches(1), Inches(4), Inches(4), Inches(1)).table
    for row, line in enumerate(TABLE):
        for column, text in enumerate(line):
            table.cell(row, column).text = text
    slide.notes_slide.notes_text_frame.text = "話す人のための注意"
    deck.slides.add_slide(deck.slide_layouts[5]).shapes.title.text = "付録"
    return _saved(deck)


def xlsx():
    import openpyxl

    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = HEADING
    for line in TABLE:
        sheet.append(line)
    sheet.append([SENTENCES, "記録"])
    book.create_sheet("付録").append(["a", "b"])
    return _saved(book)


def odt():
    heading = f'<text:h text:outline-level="1">{HEADING}</text:h>'
    styles = '<style:style style:name="B"><style:paragraph-properties fo:break-before="page"/></style:style>'
    body = (
        heading
        + paragraph(SENTENCES)
        + table(TABLE)
        + '<text:h text:outline-level="2" text:style-name="B">付録</text:h>'
    )
    return odf("text", body, styles=styles)


def ods():
    return odf("spreadsheet", table([*TABLE, [SENTENCES, "記録"]], name=HEADING) + table([["a", "b"]], name="付録"))


def odp():
    shapes = frame(paragraph(SENTENCES)) + f"<draw:frame>{table(TABLE)}</draw:frame>"
    titles = (frame(paragraph(text), 'presentation:class="title"') for text in (HEADING, "付録"))
    first, second = (f"<draw:page>{title}{rest}</draw:page>" for title, rest in zip(titles, (shapes, ""), strict=True))
    return odf("presentation", first + second)


def book():
    page = html().decode().partition("<main>")[2].partition("</main>")[0]
    return epub({"one.xhtml": f"<body>{page}</body>", "two.xhtml": "<body><h2>付録</h2></body>"})


def csv():
    rows = [*TABLE, [SENTENCES, HEADING]]
    return "".join(",".join(f'"{cell}"' for cell in row) + "\r\n" for row in rows).encode("cp932")


def html():
    rows = "".join("<tr>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr>" for row in TABLE)
    return (
        f"<!doctype html><html><head><title>手順書</title><script>bad()</script></head><body><nav>目次へ</nav><main>"
        f"<h1>{HEADING}</h1><p>{SENTENCES}</p><table>{rows}</table></main></body></html>"
    ).encode()


def markdown():
    rows = "\n".join("| " + " | ".join(row) + " |" for row in [TABLE[0], ["--", "--"], *TABLE[1:]])
    return f"# {HEADING}\n\n{SENTENCES}\n\n{rows}\n".encode()


def eml():
    """The heading is the subject, the row stands in HTML, and a text file is attached."""
    message = EmailMessage()
    message["Subject"], message["From"], message["To"] = HEADING, "佐藤 <sato@example.com>", "tanaka@example.com"
    message["Date"], message["Message-ID"] = "Fri, 27 Nov 2026 09:30:00 +0900", "<1@example.com>"
    message.set_content("HTMLで表示してください。", charset="iso-2022-jp")
    message.add_alternative(html().decode(), subtype="html")
    message.add_attachment("付録", filename="付録.txt")
    return message.as_bytes()


def msg():
    """The same as `eml`, kept by Outlook."""
    attachments = [attached("付録.txt", "付録".encode())]
    return compound(outlook(p0037=HEADING, p0C1A="佐藤", p1013=html(), attachments=attachments))


def text():
    return f"{HEADING}\n\n{SENTENCES}\n\n{ROW}\n".encode("cp932")


MADE = {
    "pump.pdf": pdf,
    "pump.docx": docx,
    "pump.pptx": pptx,
    "pump.xlsx": xlsx,
    "pump.odt": odt,
    "pump.ods": ods,
    "pump.odp": odp,
    "pump.epub": book,
    "pump.csv": csv,
    "pump.html": html,
    "pump.eml": eml,
    "pump.msg": msg,
    "pump.md": markdown,
    "pump.txt": text,
}


def bomb():
    """A DOCX whose body would unpack to 300 MB of blanks."""
    target = io.BytesIO()
    with (
        zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive,
        archive.open("word/document.xml", "w") as member,
    ):
        for _ in range(300):
            member.write(b" " * 1024**2)
    return target.getvalue()


def _saved(document):
    target = io.BytesIO()
    document.save(target)
    return target.getvalue()
