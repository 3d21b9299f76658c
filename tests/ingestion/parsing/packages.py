"""OpenDocument and EPUB files, put together here."""

import io
import zipfile

ODF = "application/vnd.oasis.opendocument."
_NAMES = {
    **{name: name for name in ("office", "text", "table", "style", "presentation")},
    "draw": "drawing",
    "fo": "xsl-fo-compatible",
    "svg": "svg-compatible",
}
SPACES = " ".join(f'xmlns:{key}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"' for key, name in _NAMES.items())


def zipped(members):
    """A zip of these members: names to text or bytes."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return target.getvalue()


def odf(kind, body, *, styles="", title="", **members):
    """A file of this kind (`text`, `spreadsheet`, `presentation`) with this body and these automatic styles."""
    content = (
        f"<office:document-content {SPACES}><office:automatic-styles>{styles}</office:automatic-styles>"
        f"<office:body><office:{kind}>{body}</office:{kind}></office:body></office:document-content>"
    )
    meta = (
        f'<office:document-meta {SPACES} xmlns:dc="http://purl.org/dc/elements/1.1/"><office:meta>'
        f"<dc:title>{title}</dc:title></office:meta></office:document-meta>"
    )
    return zipped({"mimetype": ODF + kind, "content.xml": content, "meta.xml": meta, **members})


def paragraph(text):
    return f"<text:p>{text}</text:p>"


def table(rows, name="t"):
    """A table whose cells hold these texts; a cell may be given as XML."""
    lines = "".join(f"<table:table-row>{''.join(map(cell, row))}</table:table-row>" for row in rows)
    return f'<table:table table:name="{name}">{lines}</table:table>'


def cell(text, attributes=""):
    return text if text.startswith("<") else f"<table:table-cell {attributes}>{paragraph(text)}</table:table-cell>"


COVERED = "<table:covered-table-cell/>"


def frame(text, attributes=""):
    return f"<draw:frame {attributes}><draw:text-box>{text}</draw:text-box></draw:frame>"


def epub(chapters, *, title="手順書", extra=(), **members):
    """A book of these chapters: file names to XHTML bodies."""
    items = "".join(f'<item id="c{n}" href="{name}" media-type="x"/>' for n, name in enumerate(chapters))
    spine = "".join(f'<itemref idref="c{n}"/>' for n in range(len(chapters)))
    package = (
        '<package xmlns="http://www.idpf.org/2007/opf" xmlns:dc="http://purl.org/dc/elements/1.1/">'
        f"<metadata><dc:title>{title}</dc:title></metadata><manifest>{items}</manifest><spine>{spine}</spine></package>"
    )
    container = (
        '<container xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><rootfiles>'
        '<rootfile full-path="OEBPS/book.opf"/></rootfiles></container>'
    )
    pages = {
        f"OEBPS/{name}": f'<html xmlns="http://www.w3.org/1999/xhtml"><head><title>{name}</title></head>{body}</html>'
        for name, body in chapters.items()
        if name not in extra
    }
    found = {"mimetype": "application/epub+zip", "META-INF/container.xml": container, "OEBPS/book.opf": package}
    return zipped({**found, **pages, **members})
