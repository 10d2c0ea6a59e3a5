"""A DaVinci Resolve that exists in memory only, as unkind as the facts say that the real one is.

``FakeResolve`` is the application and what a test does in place of the artist; ``Scene`` builds projects into it. The
methods that scripts call are compared with the stubs of ``fusionscript-stubs``.
"""

from __future__ import annotations

from tests.hosts.resolve.fake.quirks import Quirks
from tests.hosts.resolve.fake.remote import HangsError, MisuseError, PyRemoteObject
from tests.hosts.resolve.fake.scene import Scene
from tests.hosts.resolve.fake.session import FLAVOURS, FakeResolve
from tests.hosts.resolve.fake.state import state

__all__ = ["FLAVOURS", "FakeResolve", "HangsError", "MisuseError", "PyRemoteObject", "Quirks", "Scene", "state"]
