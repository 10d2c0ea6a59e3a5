"""What a batch of objects looks back at is what the engine's policy "visible" looks back at, object by object."""

from __future__ import annotations

import numpy as np
import torch

from rotomatte.tracker.memory_policy import LookBack, Sighting
from rotomatte.training.recent import RecentMemories

NOTHING = np.zeros((1, 4, 4), np.bool_)


def _memory(value: float, objects: int) -> dict[str, object]:
    return {
        "obj_ptr": torch.full((objects, 2), value),
        "maskmem_features": torch.full((objects, 3, 1, 1), value),
        "maskmem_pos_enc": [torch.zeros(objects, 3, 1, 1)],
    }


def test_every_object_sees_the_frames_that_the_engine_would_show_it() -> None:
    seen_tn = np.random.default_rng(1).random((40, 3)) < 0.6
    recent = RecentMemories(3)
    engine = [LookBack("visible", 15, 0) for _ in range(3)]
    for frame, seen_n in enumerate(seen_tn, start=1):
        recent.add(_memory(float(frame), 3), torch.from_numpy(seen_n))
        for look_back, seen in zip(engine, seen_n, strict=True):
            look_back.pass_frame(Sighting(frame, 1.0 if seen else -1.0, 0.9, NOTHING, 0))
        views = recent.before(frame + 1, _memory(0.0, 3))
        for steps in range(1, len(views) + 1):
            shown_n = views[frame + 1 - steps]["obj_ptr"][:, 0].tolist()
            features_n = views[frame + 1 - steps]["maskmem_features"][:, 0, 0, 0].tolist()
            assert shown_n == features_n
            for shown, look_back in zip(shown_n, engine, strict=True):
                oldest = look_back.recent[0] if look_back.recent else 0
                known = look_back.back(steps)
                assert shown == (oldest if known is None else known)


def test_one_object_alone_sees_nothing_before_it_was_seen() -> None:
    recent = RecentMemories(1)
    recent.add(_memory(1.0, 1), torch.tensor([False]))
    assert recent.before(2, _memory(0.0, 1)) == {}
    recent.add(_memory(2.0, 1), torch.tensor([True]))
    assert list(recent.before(3, _memory(0.0, 1))) == [2]
