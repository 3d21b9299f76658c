"""Pictures of printed pages, drawn here, and what stands on them."""

import io
import shutil

import pytest
from PIL import Image, ImageDraw, ImageFont

A4_AT_300 = (2480, 3508)
LINES = (
    "Bearings of pump P-101 are greased every 500 hours.",
    "Tighten the cover bolts with a torque of 45 Nm.",
    "Alarm E-03 means that the strainer is blocked.",
)
JAPANESE = ("軸受温度は八十度以下とする。", "吸込ストレーナーは毎月清掃する。", "警報が出たら運転を止める。")
needs_tesseract = pytest.mark.skipif(
    shutil.which("tesseract") is None,
    reason="apt-get install tesseract-ocr tesseract-ocr-jpn tesseract-ocr-jpn-vert",
)


def printed(lines, font, *, size=(1600, 700), type_size=54, left=120, top=100):
    """A white picture with these lines in black."""
    picture = Image.new("L", size, 255)
    draw = ImageDraw.Draw(picture)
    face = ImageFont.truetype(str(font), type_size)
    for number, line in enumerate(lines):
        draw.text((left, top + number * 2 * type_size), line, font=face, fill=0)
    return picture


def printed_downwards(columns, font, *, type_size=60):
    """A page of vertical text, its first column at the right."""
    picture = Image.new("L", (1200, 1400), 255)
    draw = ImageDraw.Draw(picture)
    face = ImageFont.truetype(str(font), type_size)
    for number, column in enumerate(columns):
        for place, char in enumerate(column):
            draw.text((1000 - number * 2 * type_size, 120 + place * type_size * 1.1), char, font=face, fill=0)
    return picture


def as_pdf(*pictures):
    """The pictures as pages of a scan at 300 dpi."""
    target = io.BytesIO()
    pictures[0].save(target, "PDF", resolution=300, save_all=True, append_images=pictures[1:])
    return target.getvalue()


def as_file(*pictures, kind="TIFF", **options):
    """The pictures as a file of that kind."""
    target = io.BytesIO()
    more = {"save_all": True, "append_images": pictures[1:]} if len(pictures) > 1 else {}
    pictures[0].save(target, kind, **more, **options)
    return target.getvalue()
