"""Pictures are turned upright and straight before they are read, and boxes are turned back afterwards."""

from dataclasses import dataclass
from math import cos, hypot, radians, sin, tan
from typing import TYPE_CHECKING

from ingestion.parsing.ocr import Box

if TYPE_CHECKING:
    import numpy as np
    from PIL.Image import Image

_STEEPEST, _STEP, _FINE_STEP, _STRAIGHT = 5.0, 0.5, 0.1, 0.15
# Of a page that is skewed by 0.8 degrees the sharpness is 1.8 times that of the page as it is.
_CLEARLY = 1.2
_SIDE_PX = 1000
_DARK = 0.6
_LEAST_INK = 200


@dataclass(frozen=True, slots=True)
class Turned:
    """A picture turned clockwise by `degrees` around its middle, and how large it was before."""

    picture: "Image"
    degrees: float
    size: tuple[int, int]

    def back(self, box: Box) -> Box:
        """The box on the picture as it was."""
        corners = [self._point(x, y) for x in (box[0], box[2]) for y in (box[1], box[3])]
        (width, height), across, down = self.size, [x for x, _ in corners], [y for _, y in corners]
        return max(0.0, min(across)), max(0.0, min(down)), min(width, max(across)), min(height, max(down))

    def _point(self, x: float, y: float) -> tuple[float, float]:
        dx, dy = x - self.picture.width / 2, y - self.picture.height / 2
        c, s = cos(radians(self.degrees)), sin(radians(self.degrees))
        return self.size[0] / 2 + dx * c + dy * s, self.size[1] / 2 - dx * s + dy * c


def turned(picture: "Image", degrees: float) -> Turned:
    """The picture turned clockwise, on white, large enough to hold all of it."""
    from PIL.Image import Resampling

    if not degrees:
        return Turned(picture, 0.0, picture.size)
    drawn = picture.rotate(-degrees, resample=Resampling.BICUBIC, expand=True, fillcolor=255)
    return Turned(drawn, degrees, picture.size)


def skew_of(picture: "Image") -> float:
    """By how many degrees clockwise to turn it so that its lines are level, at most 5; 0 where they are."""
    import numpy as np

    small = picture.convert("L")
    small.thumbnail((_SIDE_PX, _SIDE_PX))
    pixels = np.asarray(small, dtype=np.float32)
    down, across = np.nonzero(pixels < _DARK * np.percentile(pixels, 90))
    if len(down) < _LEAST_INK:
        return 0.0
    coarse = max(np.arange(-_STEEPEST, _STEEPEST + _STEP, _STEP), key=lambda angle: _sharpness(across, down, angle))
    near = np.arange(coarse - _STEP, coarse + _STEP, _FINE_STEP)
    best = float(max(near, key=lambda angle: _sharpness(across, down, angle)))
    clear = _sharpness(across, down, best) > _CLEARLY * _sharpness(across, down, 0.0)
    return -best if clear and abs(best) >= _STRAIGHT else 0.0


def _sharpness(across: "np.ndarray", down: "np.ndarray", angle: float) -> float:
    """How clearly ink and paper part into lines (or columns, of vertical text) that fall by this angle to the right."""
    slope = tan(radians(angle))
    return max(_contrast(down - across * slope), _contrast(across + down * slope))


def _contrast(places: "np.ndarray") -> float:
    import numpy as np

    counts = np.bincount((places - places.min()).astype(np.int64))
    return hypot(*np.diff(counts, prepend=0, append=0).tolist())
