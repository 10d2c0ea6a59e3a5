"""A fake Nuke in place of the real one, before anything imports the integration."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from tests.hosts.nuke import fake

fake.install()


@pytest.fixture(params=fake.VERSIONS)
def nuke_session(request: pytest.FixtureRequest) -> Iterator[fake.Session]:
    """An empty script in every version; an error in a callback, which Nuke would only print, fails the test."""
    session = fake.new_script(request.param)
    yield session
    assert session.printed == []
