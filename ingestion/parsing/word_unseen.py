"""Runs of DOCX that nobody sees in Word: marked as hidden, of next to no size, white on the paper."""

from typing import Any

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
RUN = f"{W}r"
_OFF = {"0", "false", "off", "none"}
# Half points: type of two points and less is a line, not letters.
_TINY = 4
_WHITE = "FFFFFF"


def is_unseen(run: Any) -> bool:
    """Whether nobody sees the run's text. White counts where nothing darkens the ground behind it."""
    look = run.find(f"{W}rPr")
    if look is None:
        return False
    return _is_on(look.find(f"{W}vanish")) or _is_tiny(look) or _is_white_on_paper(run, look)


def unseen_text(paragraph: Any) -> str:
    """What the paragraph says in runs that nobody sees."""
    runs = (run for run in paragraph.iter(RUN) if is_unseen(run))
    return " ".join("".join(text.text or "" for text in run.iter(f"{W}t")) for run in runs).strip()


def _is_on(mark: Any) -> bool:
    return mark is not None and mark.get(f"{W}val", "1").lower() not in _OFF


def _is_tiny(look: Any) -> bool:
    size = look.find(f"{W}sz")
    said = size.get(f"{W}val", "") if size is not None else ""
    return said.isascii() and said.isdigit() and int(said) <= _TINY


def _is_white_on_paper(run: Any, look: Any) -> bool:
    colour = look.find(f"{W}color")
    if colour is None or colour.get(f"{W}val", "").upper() != _WHITE:
        return False
    if any(look.find(f"{W}{name}") is not None for name in ("shd", "highlight")):
        return False
    # The style of a table, and a shape, may be dark without saying so here.
    around = {parent.tag for parent in run.iterancestors()}
    if around & {f"{W}tbl", f"{W}txbxContent"}:
        return False
    paragraph = next((parent for parent in run.iterancestors(f"{W}p")), None)
    return paragraph is None or paragraph.find(f"{W}pPr/{W}shd") is None
