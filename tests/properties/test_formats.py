"""Damaged files of every format that holds other files or markup: each is read, or refused with a code. Seeded."""

import io
import random
import zipfile
import zlib
from copy import deepcopy

import pytest
from lxml import etree

from ingestion.errors import error_named
from ingestion.parsing import UnreadableFile, open_file, unpack
from ingestion.parsing.source import Held
from tests.ingestion.parsing import samples
from tests.ingestion.parsing.packages import zipped

FORMATS = ["pump.docx", "pump.odt", "pump.ods", "pump.odp", "pump.epub", "pump.eml", "pump.msg"]
MUTATIONS = 120


def bytes_changed(data, chance):
    """Some bytes replaced, a stretch cut out, or one doubled."""
    found = bytearray(data)
    at, length = chance.randrange(len(found)), chance.randrange(1, 40)
    match chance.randrange(3):
        case 0:
            for _ in range(length):
                found[chance.randrange(len(found))] = chance.randrange(256)
        case 1:
            del found[at : at + length]
        case _:
            found[at:at] = found[at : at + length * 10]
    return bytes(found)


def member_changed(data, chance):
    """One member of a zip changed inside, so that its container is whole and the reader must look at it."""
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(target, "w") as made:
        marked = [name for name in source.namelist() if name.endswith(("xml", "opf", "xhtml", "rels"))]
        chosen = chance.choice(marked or source.namelist())
        for name in source.namelist():
            content = source.read(name)
            made.writestr(name, markup_changed(content, chance) if name == chosen else content)
    return target.getvalue()


def markup_changed(content, chance):
    """An element lost, doubled, nested in itself a hundred times, or a value made absurd; or bytes changed."""
    try:
        root = etree.fromstring(content)
    except etree.XMLSyntaxError:
        return bytes_changed(content, chance)
    elements = [element for element in root.iter() if isinstance(element.tag, str) and element.getparent() is not None]
    if not elements or chance.random() < 0.15:
        return bytes_changed(content, chance)
    for _ in range(chance.randrange(1, 6)):
        element_changed(chance.choice(elements), chance)
    return etree.tostring(root)


def element_changed(element, chance):
    parent = element.getparent()
    if parent is None:  # taken out before
        return
    match chance.randrange(5):
        case 0:
            parent.remove(element)
        case 1:
            for _ in range(chance.choice([1, 3, 300])):
                parent.append(deepcopy(element))
        case 2:
            for _ in range(chance.choice([1, 20, 120])):
                inner = deepcopy(element)
                element.clear(keep_tail=True)
                element.append(inner)
        case 3 if element.attrib:
            name = chance.choice(element.keys())
            element.set(name, chance.choice(["-1", "99999999999", "0", "x", "", "1e9", "../../x"]))
        case _:
            element.text = chance.choice(["", "x" * 100_000, "\u202e&<>", "9" * 40])


def mutated(filename, seed):
    chance = random.Random(seed)  # noqa: S311  damage, not a secret
    data = samples.MADE[filename]()
    for _ in range(chance.randrange(1, 4)):
        whole = zipfile.is_zipfile(io.BytesIO(data)) and chance.random() < 0.8
        try:
            data = member_changed(data, chance) if whole else bytes_changed(data, chance)
        except (zipfile.BadZipFile, zlib.error, OSError, ValueError, EOFError, NotImplementedError, IndexError):
            data = bytes_changed(data, chance)
    return data


def test_a_damaged_archive_is_unpacked_or_refused_with_a_code():
    names = ("pump.docx", "pump.txt", "pump.odt", "pump.eml")
    inner = zipped({name: samples.MADE[name]() for name in names})
    whole = zipped({"inner.zip": inner, "pump.html": samples.html()})
    codes = set()
    for number in range(MUTATIONS):
        data = bytes_changed(whole, random.Random(number))  # noqa: S311  damage, not a secret
        try:
            codes |= {member.reason for member in unpack.members(Held(data))}
        except UnreadableFile as error:
            codes.add(error.code)
    assert {code for code in codes if code and error_named(code).code != code} == set()


@pytest.mark.parametrize("filename", FORMATS)
def test_a_damaged_file_is_read_or_refused_with_a_code(tmp_path, layout_font, filename):
    path = tmp_path / "stored"
    codes = set()
    for number in range(MUTATIONS):
        path.write_bytes(mutated(filename, f"{filename} {number}"))
        try:
            reader = open_file(path, filename, font=layout_font)
        except UnreadableFile as error:
            codes.add(error.code)
        else:
            codes |= {reader.page(page).reason for page in range(1, reader.page_count + 1)}
            reader.close()
    assert {code for code in codes if code and error_named(code).code != code} == set()
