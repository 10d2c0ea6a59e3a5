"""The memory that is matched cell by cell: what it keeps, and that a thing is found again by its looks."""

from __future__ import annotations

import pytest
import torch
from torch import Tensor

from rotomatte.models.bundled.memory import CellMemory, MatchingAttention

WIDTH, SIDE = 128, 4
KEY, SHARE = slice(0, 64), slice(64, 80)


def _features(seed: int) -> Tensor:
    return torch.randn(1, WIDTH, SIDE, SIDE, generator=torch.Generator().manual_seed(seed))


def _cells(map_bchw: Tensor) -> Tensor:
    return map_bchw.flatten(2).permute(2, 0, 1)


def test_a_memory_holds_the_mask_at_a_quarter_of_its_size() -> None:
    mask = torch.zeros(1, 1, 16 * SIDE, 16 * SIDE)
    mask[..., 8:16, 20:24] = 1.0
    memory = CellMemory(WIDTH)(_features(1), mask, skip_mask_sigmoid=True)["vision_features"]
    assert isinstance(memory, Tensor)
    assert memory.shape == (1, WIDTH, SIDE, SIDE)
    kept = torch.nn.functional.pixel_shuffle(memory[:, SHARE], 4)
    torch.testing.assert_close(kept, mask[..., ::4, ::4])
    torch.testing.assert_close(memory[:, KEY].norm(dim=1), torch.ones(1, SIDE, SIDE))


def test_logits_and_probabilities_make_one_memory() -> None:
    encoder, logits = CellMemory(WIDTH), torch.randn(1, 1, 16 * SIDE, 16 * SIDE)
    first = encoder(_features(1), logits)["vision_features"]
    second = encoder(_features(1), torch.sigmoid(logits), skip_mask_sigmoid=True)["vision_features"]
    assert isinstance(first, Tensor)
    assert isinstance(second, Tensor)
    torch.testing.assert_close(first, second)


def _read_share(attention: MatchingAttention, now_bchw: Tensor, memory_bchw: Tensor) -> Tensor:
    """What the far-reaching way of looking reads of the mask, cell by cell (S,)."""
    blend = attention.blend
    with torch.no_grad():
        blend.weight.zero_()
        blend.bias.zero_()
        blend.weight[0, WIDTH + WIDTH - 64 : WIDTH + WIDTH - 64 + 16] = 1.0
        memory = _cells(memory_bchw)
        seen: list[Tensor] = []
        hook = blend.register_forward_hook(lambda _module, _given, out: seen.append(out[0, :, 0]))
        attention([_cells(now_bchw)], memory, [memory], torch.zeros_like(memory))
        hook.remove()
    return seen[0]


def test_a_thing_that_has_moved_is_found_by_its_looks() -> None:
    torch.manual_seed(1)
    encoder, attention = CellMemory(WIDTH), MatchingAttention(WIDTH)
    with torch.no_grad():
        attention.key.load_state_dict(
            {name: value.flatten(1) if value.ndim > 1 else value for name, value in encoder.key.state_dict().items()}
        )
        attention.sharpness.fill_(4.0)
        before = _features(2)
        mask = torch.zeros(1, 1, 16 * SIDE, 16 * SIDE)
        mask[..., :16, :16] = 1.0
        memory = encoder(before, mask, skip_mask_sigmoid=True)["vision_features"]
        assert isinstance(memory, Tensor)
        moved = before.roll((2, 1), (2, 3))
        share = _read_share(attention, moved, memory).view(SIDE, SIDE)
    assert share.argmax() == 2 * SIDE + 1
    assert share.flatten().sort().values[-2] < 0.5 * share.max()


@pytest.mark.parametrize("silent", ["favour", "reach"])
def test_how_long_ago_a_memory_is_counts(silent: str) -> None:
    torch.manual_seed(2)
    attention = MatchingAttention(WIDTH)
    memory, now = torch.randn(2 * SIDE * SIDE, 1, WIDTH), torch.randn(SIDE * SIDE, 1, WIDTH)
    age = torch.zeros_like(memory)
    age[: SIDE * SIDE] = 1.0
    with torch.no_grad():
        getattr(attention, silent).weight.zero_()
        plain = attention([now], memory, [now], torch.zeros_like(memory))
        assert not torch.allclose(plain, attention([now], memory, [now], age), atol=1e-4)


def test_where_a_memory_is_counts() -> None:
    torch.manual_seed(2)
    attention = MatchingAttention(WIDTH)
    memory, now = torch.randn(SIDE * SIDE, 1, WIDTH), torch.randn(SIDE * SIDE, 1, WIDTH)
    with torch.no_grad():
        attention.key.weight.zero_()
        one, other = (attention([now], at, [now], torch.zeros_like(memory)) for at in (memory, memory.flip(0)))
        assert not torch.allclose(one, other, atol=1e-4)


def test_object_pointers_are_attended_to_once_learnt_and_never_matched() -> None:
    torch.manual_seed(3)
    attention = MatchingAttention(WIDTH)
    now, memory = torch.randn(SIDE * SIDE, 1, WIDTH), torch.randn(SIDE * SIDE, 1, WIDTH)
    pointers = [torch.cat([memory, torch.randn(3, 1, WIDTH)]) for _ in range(2)]
    with torch.no_grad():
        first, second = (attention([now], one, [now], torch.zeros_like(one), num_obj_ptr_tokens=3) for one in pointers)
        torch.testing.assert_close(first, second)
        attention.pointers.out_proj.weight.normal_()
        first, second = (attention([now], one, [now], torch.zeros_like(one), num_obj_ptr_tokens=3) for one in pointers)
        assert not torch.allclose(first, second)


def test_what_is_kept_from_frame_to_frame_changes_nothing() -> None:
    torch.manual_seed(1)
    attention = MatchingAttention(WIDTH).eval()
    now, memory = [_cells(_features(2))], torch.cat([_cells(_features(3)), _cells(_features(4))])
    young, old = (age.repeat_interleave(SIDE**2, 0) for age in (torch.randn(2, 1, WIDTH), torch.randn(2, 1, WIDTH)))

    def asked(age: Tensor, frames: int = 2) -> Tensor:
        cells = frames * SIDE**2
        return attention(now, memory[:cells], now, age[:cells])

    with torch.no_grad():
        fresh = []
        for age, frames in ((young, 2), (old, 2), (young, 1)):
            attention.eval()
            fresh.append(asked(age, frames))
        kept = [asked(age, frames) for age, frames in ((young, 2), (young, 2), (old, 2), (young, 1))]
        for was, now_is in zip((fresh[0], *fresh), kept, strict=True):
            assert torch.equal(was, now_is)
        assert torch.equal(asked(young), fresh[0])
        attention.train()
        attention.spread.add_(1.0)
        attention.eval()
        assert not torch.equal(asked(young), fresh[0]), "the weights have changed"
