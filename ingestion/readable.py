"""The formats that are read, as people are told of them: upload page, errors and documentation quote this."""

FORMATS = "PDF, DOCX, ODT, PPTX, ODP, XLSX, ODS, CSV, HTML, EPUB, EML, MSG, Markdown, TXT, PNG, JPEG, TIFF"
