"""The pump of the sample manual, drawn in section with numbered callouts."""

from typing import Any

_HEIGHT = 230.0
# Where each number of the parts list stands, and the point it names.
_CALLOUTS = (
    (1, (95, 200), (120, 158)),
    (2, (40, 190), (105, 118)),
    (3, (20, 150), (86, 128)),
    (4, (215, 40), (215, 106)),
    (5, (175, 200), (172, 124)),
    (6, (240, 200), (225, 126)),
    (7, (330, 200), (316, 130)),
    (8, (20, 40), (38, 98)),
)


def pump(*, font: str, width: float) -> Any:
    """The drawing as a flowable, centred on the width (points)."""
    from reportlab.graphics.shapes import Drawing, Group

    drawing = Drawing(width, _HEIGHT)
    group = Group(*_body(), *_shaft(), *(shape for callout in _CALLOUTS for shape in _callout(font, *callout)))
    group.translate((width - 440) / 2, 0)
    drawing.add(group)
    return drawing


def _body() -> list[Any]:
    """Strainer, suction pipe, casing with discharge flange, impeller and its ring."""
    from reportlab.graphics.shapes import Circle, Rect

    return [
        _filled(Rect(0, 90, 24, 32)),
        _filled(Rect(24, 84, 28, 44)),
        _filled(Rect(52, 92, 34, 28)),
        _filled(Circle(115, 106, 52)),
        _filled(Rect(98, 150, 34, 36)),
        _filled(Rect(90, 186, 50, 8)),
        _filled(Rect(80, 122, 10, 12), grey=0.6),
        _filled(Circle(115, 106, 30), grey=0.75),
    ]


def _shaft() -> list[Any]:
    """Shaft, seal, bearing housing with two bearings, coupling and motor."""
    from reportlab.graphics.shapes import Rect

    return [
        _filled(Rect(185, 82, 90, 48)),
        _filled(Rect(115, 101, 195, 10), grey=0.55),
        _filled(Rect(166, 90, 12, 34), grey=0.6),
        _filled(Rect(195, 90, 12, 36), grey=0.65),
        _filled(Rect(250, 90, 12, 36), grey=0.65),
        _filled(Rect(305, 80, 10, 52), grey=0.7),
        _filled(Rect(318, 80, 10, 52), grey=0.7),
        _filled(Rect(328, 70, 100, 72)),
    ]


def _filled(shape: Any, *, grey: float = 0.92) -> Any:
    from reportlab.lib.colors import Color, black

    shape.fillColor, shape.strokeColor, shape.strokeWidth = Color(grey, grey, grey), black, 0.8
    return shape


def _callout(font: str, number: int, label: tuple[float, float], point: tuple[float, float]) -> list[Any]:
    from reportlab.graphics.shapes import Circle, Line, String
    from reportlab.lib.colors import white

    ring = _filled(Circle(*label, 9))
    ring.fillColor = white
    text = String(label[0], label[1] - 3.5, str(number), fontName=font, fontSize=10, textAnchor="middle")
    return [Line(*label, *point, strokeWidth=0.6), ring, text]
