"""Where a plate's pixels are in the viewer. Pure code.

Screen coordinates are the widget's, y downwards, in device-independent pixels; plate coordinates as everywhere.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

Xy = tuple[float, float]

LEAST_ZOOM, MOST_ZOOM = 1 / 32, 64.0


@dataclass(frozen=True)
class ViewTransform:
    """``zoom`` is how many screen pixels a plate pixel is high; ``origin_xy`` where the plate's corner is on the screen.

    A plate pixel is ``pixel_aspect`` times as wide as it is high.
    """

    zoom: float = 1.0
    origin_xy: Xy = (0.0, 0.0)
    pixel_aspect: float = 1.0

    def to_screen(self, plate_xy: Xy) -> Xy:
        """The screen's point at which a point of the plate is seen."""
        return (
            self.origin_xy[0] + plate_xy[0] * self.zoom * self.pixel_aspect,
            self.origin_xy[1] + plate_xy[1] * self.zoom,
        )

    def to_plate(self, screen_xy: Xy) -> Xy:
        """The plate's point that is seen there."""
        return (
            (screen_xy[0] - self.origin_xy[0]) / (self.zoom * self.pixel_aspect),
            (screen_xy[1] - self.origin_xy[1]) / self.zoom,
        )

    def zoomed(self, factor: float, at_xy: Xy) -> ViewTransform:
        """Larger or smaller by a factor, within limits, with what is seen at ``at_xy`` staying there."""
        zoom = min(max(self.zoom * factor, LEAST_ZOOM), MOST_ZOOM)
        plate_xy = self.to_plate(at_xy)
        larger = replace(self, zoom=zoom)
        x, y = larger.to_screen(plate_xy)
        return larger.panned(at_xy[0] - x, at_xy[1] - y)

    def panned(self, dx: float, dy: float) -> ViewTransform:
        """Moved over the screen."""
        return replace(self, origin_xy=(self.origin_xy[0] + dx, self.origin_xy[1] + dy))


def fitted(screen_wh: Xy, plate_wh: Xy, pixel_aspect: float, margin: float = 0.0) -> ViewTransform:
    """The whole plate, as large as it can be, in the middle of the screen."""
    width, height = plate_wh[0] * pixel_aspect, plate_wh[1]
    room = (max(1.0, screen_wh[0] - 2 * margin), max(1.0, screen_wh[1] - 2 * margin))
    zoom = min(max(min(room[0] / width, room[1] / height), LEAST_ZOOM), MOST_ZOOM)
    return ViewTransform(zoom, ((screen_wh[0] - width * zoom) / 2, (screen_wh[1] - height * zoom) / 2), pixel_aspect)


def at_zoom(zoom: float, screen_wh: Xy, plate_wh: Xy, pixel_aspect: float) -> ViewTransform:
    """The middle of the plate in the middle of the screen, at a zoom such as 1 for pixel by pixel."""
    width, height = plate_wh[0] * pixel_aspect * zoom, plate_wh[1] * zoom
    return ViewTransform(zoom, ((screen_wh[0] - width) / 2, (screen_wh[1] - height) / 2), pixel_aspect)
