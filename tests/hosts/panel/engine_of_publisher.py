"""An engine that knows one model, of a publisher of the test's: python engine_of_publisher.py URL SIZE_BYTES SHA256"""

from __future__ import annotations

import sys
from dataclasses import replace

from rotomatte.engine.main import run_engine
from rotomatte.models import detectors, registry, store
from rotomatte.models.published import PublishedFile
from rotomatte.models.registry import ModelSpec


def _main(url: str, size_bytes: str, sha256: str) -> None:
    def file(path: str) -> tuple[PublishedFile, ...]:
        return (PublishedFile(path, url, int(size_bytes), sha256),)

    spec = ModelSpec("test_model", "Test", "Apache-2.0", file("weights.pt"), "test", "configs/test.yaml", 64)
    registry.SPECS = store.SPECS = (spec,)
    first = detectors.DETECTORS[0]
    detectors.DETECTORS = (replace(first, files=file(f"{first.name}/weights")),)
    run_engine(idle_s=600, on_ready=lambda _: None)


if __name__ == "__main__":
    _main(*sys.argv[1:])
