"""Bringing finished mattes into a host."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial

from rotomatte_plugin.adapter import HostAdapter, TakesMarkers, TakesSplines
from rotomatte_plugin.desk_orders import WriteOrder, Written
from rotomatte_plugin.errors import RotomatteError
from rotomatte_plugin.problems import markers_of
from rotomatte_plugin.worker import as_rotomatte_error


def bring_back(adapter: HostAdapter, order: WriteOrder, written: Written) -> tuple[RotomatteError, ...]:
    """Give a host what it was to get, on its main thread; gives what went wrong, which stops nothing else."""
    errors = []
    for step in _steps(adapter, order, written):
        try:
            step()
        except Exception as error:  # noqa: BLE001 - whatever one object came to, the others are finished too
            errors.append(as_rotomatte_error(error))
    return tuple(errors)


def _steps(adapter: HostAdapter, order: WriteOrder, written: Written) -> Iterator[Callable[[], None]]:
    tracks = written.report.tracks
    if order.place:
        for track in tracks:
            yield partial(adapter.place_matte, order.clip, order.folder, track)
    if order.splines and isinstance(adapter, TakesSplines):
        for name, shapes in written.splines.items():
            yield partial(adapter.place_spline, order.clip, name, shapes)
    if order.markers and isinstance(adapter, TakesMarkers):
        yield partial(adapter.set_markers, order.clip, markers_of(tracks))
