"""Files dragged from the desktop onto a library's page."""

import pytest

pytestmark = [pytest.mark.journey, pytest.mark.models]


def drag(visitor, paths, target):
    """Drag files onto an element as the browser itself is told of it, and let go there; the area shown on the way."""
    box = visitor.page.locator(target).bounding_box()
    middle = {"x": box["x"] + box["width"] / 2, "y": box["y"] + box["height"] / 2}
    data = {"items": [], "files": [str(path) for path in paths], "dragOperationsMask": 1}
    devtools = visitor.context.new_cdp_session(visitor.page)
    for step in ("dragEnter", "dragOver"):
        devtools.send("Input.dispatchDragEvent", {"type": step, **middle, "data": data})
    shown = visitor.page.locator("#drop").get_attribute("class")
    devtools.send("Input.dispatchDragEvent", {"type": "drop", **middle, "data": data})
    return shown


@pytest.fixture
def desktop(tmp_path):
    """Two files, and a folder."""
    for name in ("valve", "seal"):
        (tmp_path / f"{name}.txt").write_text(f"The {name} is checked every month.", encoding="utf-8")
    (tmp_path / "manuals").mkdir()
    return tmp_path


def test_dropped_files_become_ready_documents(visitor, desktop):
    visitor.log_in().make_library("Dropped")
    shown = drag(visitor, [desktop / "valve.txt", desktop / "seal.txt"], "#drop")
    visitor.page.locator("#documents .badge.ready").nth(1).wait_for()
    assert (shown, visitor.page.locator("#drop").get_attribute("class")) == ("drop over", "drop")


def test_a_dropped_folders_files_become_documents_tagged_by_where_they_lay(visitor, desktop):
    (desktop / "manuals/pumps").mkdir()
    (desktop / "manuals/pumps/impeller.txt").write_text("The impeller is balanced.", encoding="utf-8")
    (desktop / "manuals/.hidden.txt").write_text("Not a document.", encoding="utf-8")
    visitor.log_in().make_library("Dropped folder")
    drag(visitor, [desktop / "manuals"], "#drop")
    visitor.page.locator("#documents .badge.ready").wait_for()
    assert visitor.page.locator("#documents .tags a").all_inner_texts() == ["manuals", "pumps"]


def test_a_chosen_folders_files_become_documents_tagged_by_where_they_lay(visitor, desktop):
    (desktop / "manuals/pumps").mkdir()
    (desktop / "manuals/pumps/diffuser.txt").write_text("The diffuser is cast.", encoding="utf-8")
    visitor.log_in().make_library("Chosen folder")
    visitor.page.set_input_files("#folder", desktop / "manuals")
    visitor.page.locator("#documents .badge.ready").wait_for()
    assert visitor.page.locator("#documents .tags a").all_inner_texts() == ["manuals", "pumps"]


def test_a_dropped_folder_without_files_is_told(visitor, desktop):
    visitor.log_in().make_library("Dropped empty folder")
    drag(visitor, [desktop / "manuals"], "#drop")
    said = visitor.page.locator("#uploads li.bad")
    said.wait_for()
    assert "no file in this folder" in said.inner_text()


def test_a_file_dropped_beside_the_area_does_not_replace_the_page(visitor, desktop):
    visitor.log_in().make_library("Dropped beside")
    # Headless, Chromium never opens what is dropped: what keeps a window from it is that the event is prevented.
    visitor.page.evaluate("addEventListener('dragover', (event) => { window.prevented = event.defaultPrevented; })")
    drag(visitor, [desktop / "valve.txt"], "h1")
    visitor.page.wait_for_function("window.prevented !== undefined")
    assert (visitor.page.evaluate("prevented"), visitor.page.locator("#uploads li").count()) == (True, 0)
