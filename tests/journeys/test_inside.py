"""Files inside files: an archive dropped on a library's page, and a message whose attachment cannot be read."""

import os
from email.message import EmailMessage
from pathlib import Path

import pytest

from tests.ingestion.parsing.packages import zipped

pytestmark = [pytest.mark.journey, pytest.mark.models]
PROGRAM = b"MZ\x90\x00" + bytes(range(256))
ARCHIVE = {
    "manuals/来客の予定.txt": "来客は毎月ある。".encode("cp932"),
    "manuals/guests.txt": b"The guests come by bus.",
    **{f"tools/a very long name of a program that nobody reads number {number}.exe": PROGRAM for number in (1, 2)},
    "__MACOSX/._guests.txt": b"x",
}


def pictured(visitor, name):
    """Keep a picture for whoever looks, where PICTURES names a folder."""
    if folder := os.environ.get("PICTURES"):
        visitor.page.screenshot(path=Path(folder) / f"{name}.png", full_page=True)


def message():
    made = EmailMessage()
    made["Subject"], made["From"], made["To"] = "Visit of the guests", "Sato <sato@example.com>", "tanaka@example.com"
    made["Date"], made["Message-ID"] = "Fri, 27 Nov 2026 09:30:00 +0900", "<1@example.com>"
    made.set_content("The guests come on Monday.")
    made.add_attachment("The bus stops at the gate.", filename="bus.txt")
    made.add_attachment(PROGRAM, maintype="application", subtype="octet-stream", filename="viewer.exe")
    return made.as_bytes()


@pytest.mark.parametrize("who", ["visitor", "phone"])
def test_each_file_of_an_archive_becomes_ready_and_the_others_are_listed(request, who):
    person = request.getfixturevalue(who)
    person.log_in().make_library(f"Unpacked {who}")
    person.upload("manuals.zip", zipped(ARCHIVE))
    person.page.locator("#documents .badge.ready").nth(1).wait_for()
    said = person.page.locator("#uploads li").first.inner_text()
    pictured(person, f"archive-{who}")
    assert "2 received, 0 already here, 3 not taken" in said
    assert "__MACOSX/._guests.txt" in said
    assert not person.scrolls_sideways()


def test_an_attachment_that_is_not_read_is_named_on_the_page_of_its_message(visitor):
    visitor.log_in().make_library("Letters")
    visitor.upload("visit.eml", message())
    visitor.until_ready()
    visitor.page.get_by_role("link", name="Visit of the guests").click()
    unread = visitor.page.locator(".unread li")
    unread.wait_for()
    pictured(visitor, "message")
    assert "viewer.exe Attachments of this kind (.exe) cannot be read." in unread.inner_text()
