"""The bundled network: what its yaml builds, how it learns, how a training goes on after a stop."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from importlib import resources
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from hydra.utils import instantiate
from omegaconf import OmegaConf

from rotomatte.models.bundled.trunk import LiteTrunk, SameConv
from rotomatte.training.batches import Batch, BatchSettings, make_batch
from rotomatte.training.checkpoint import TrainingState, load_state, new_state, save_state
from rotomatte.training.export import export_weights, load_weights
from rotomatte.training.loop import train_step
from rotomatte.training.network import DecoderTap, build_network
from rotomatte.training.prompts import correction_point
from rotomatte.training.rollout import MemoryMix, run_batch
from rotomatte.training.scene import SceneSettings
from rotomatte.training.schedule import Phase, StepPlan, plan_network, plan_step
from rotomatte.training.spoiling import spoilt_mask
from rotomatte.training.stepping import MemoryBank, Observation, Prediction, Prompt
from rotomatte.training.tracking import FirstPrompt, track
from rotomatte_plugin.model import MemoryPolicy

MASKS_ONLY = (0.0, 0.0, 0.0, 1.0, 0.0)
CLICKS_ONLY = (1.0, 0.0, 0.0, 0.0, 0.0)


@pytest.fixture(autouse=True)
def one_thread() -> Iterator[None]:
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(threads)


def _phase(frames: int, kinds: tuple[float, float, float, float, float]) -> Phase:
    clip = SceneSettings(size_px=64, frames=frames, objects=2)
    return Phase("test", 10, (BatchSettings(clip, 2, kinds, correction_share=1.0),), 1e-3, 5e-4, 1.0, 0.0)


def _fresh(seed: int = 0) -> tuple[TrainingState, DecoderTap]:
    torch.manual_seed(seed)
    network = build_network()
    network.train()
    return new_state(network), DecoderTap(network)


def _batch(phase: Phase, step: int = 0) -> Batch:
    return make_batch(None, phase.batches[0], seed=1, step=step)


def test_the_trunk_gives_four_strides_and_names_its_widths_coarsest_first() -> None:
    trunk = LiteTrunk()
    maps = trunk(torch.zeros(2, 3, 64, 96))
    assert [tuple(m.shape) for m in maps] == [(2, 24, 16, 24), (2, 40, 8, 12), (2, 112, 4, 6), (2, 320, 2, 3)]
    assert trunk.channel_list == [320, 112, 40, 24]


@pytest.mark.parametrize(("side", "first_centre"), [(3, 1), (5, 1)])
def test_strided_convolutions_are_padded_as_tensorflow_does(side: int, first_centre: int) -> None:
    """Of an even length, SAME pads one more behind than before: the first window lies around pixel 1, not 0."""
    conv = SameConv(1, 1, side, stride=2)
    torch.nn.init.zeros_(conv.weight)
    conv.weight.data[0, 0, side // 2, side // 2] = 1.0
    image = torch.arange(64.0).view(1, 1, 8, 8)
    torch.testing.assert_close(conv(image) - conv.bias, image[:, :, first_centre::2, first_centre::2])


def test_the_yaml_builds_sam2s_video_predictor() -> None:
    text = resources.files("rotomatte.models.bundled").joinpath("model.yaml").read_text(encoding="utf-8")
    config: Any = OmegaConf.create(text)
    config.model._target_ = "sam2.sam2_video_predictor.SAM2VideoPredictor"
    predictor = instantiate(config.model, _recursive_=True)
    assert predictor.image_size == 320
    assert (predictor.hidden_dim, predictor.mem_dim) == (128, 128)
    names = {name for name, _ in build_network().named_parameters()}
    assert names == {name for name, _ in predictor.named_parameters()}
    assert sum(p.numel() for p in predictor.parameters()) * 2 < 16e6


@pytest.mark.parametrize(("frames", "kinds"), [(1, CLICKS_ONLY), (3, MASKS_ONLY), (3, CLICKS_ONLY)])
def test_steps_on_one_batch_lower_its_loss(frames: int, kinds: tuple[float, float, float, float, float]) -> None:
    state, tap = _fresh()
    phase = _phase(frames, kinds)
    batch = _batch(phase)
    plan = StepPlan(phase, phase.batches[0], learning_rate=1e-3, memory=MemoryMix(forcing=0.5, corruption=0.5))
    losses = []
    for _ in range(4):
        state.step = 0
        losses.append(float(train_step(state, tap, batch, plan, seed=1).total.detach()))
    assert losses[-1] < losses[0]


def test_a_training_goes_on_after_a_stop_as_if_there_was_none(tmp_path: Path) -> None:
    phase = _phase(2, CLICKS_ONLY)
    unbroken, tap = _fresh()
    for step in range(3):
        plan = plan_step((phase,), step)
        assert plan is not None
        train_step(unbroken, tap, _batch(phase, step), plan, seed=1)
        if step == 1:
            save_state(unbroken, tmp_path / "checkpoint.pt")
    resumed, tap = _fresh(seed=9)
    load_state(resumed, tmp_path / "checkpoint.pt")
    plan = plan_step((phase,), resumed.step)
    assert plan is not None
    train_step(resumed, tap, _batch(phase, resumed.step), plan, seed=1)
    assert resumed.step == unbroken.step == 3
    for name, value in unbroken.network.state_dict().items():
        assert torch.equal(value, resumed.network.state_dict()[name]), name
        assert torch.equal(unbroken.average[name], resumed.average[name]), name


def test_a_phase_may_go_on_from_the_average() -> None:
    state, tap = _fresh()
    phase = replace(_phase(1, CLICKS_ONLY), rate_first=0.0, rate_last=0.0, from_average=True)
    plan, next_plan = plan_step((phase,), 0), plan_step((phase,), 1)
    assert plan is not None
    assert next_plan is not None
    assert plan.from_average
    assert not next_plan.from_average
    for value in state.average.values():
        value.mul_(0.5)
    half = {name: value.clone() for name, value in state.average.items()}
    train_step(state, tap, _batch(phase), plan, seed=1)
    for name, value in state.network.state_dict().items():
        assert torch.equal(value, half[name]), name


def test_exported_weights_track_every_prompt_alone_as_together(tmp_path: Path) -> None:
    state, _ = _fresh()
    save_state(state, tmp_path / "checkpoint.pt")
    export_weights([tmp_path / "checkpoint.pt"], tmp_path / "model.pt")
    assert (tmp_path / "model.pt").stat().st_size < 16e6
    network = load_weights(tmp_path / "model.pt")
    network.set_image_size(64)
    frames = list(np.random.default_rng(0).integers(0, 255, (3, 64, 64, 3), dtype=np.uint8))
    masks = [np.zeros((64, 64), np.bool_), np.zeros((64, 64), np.bool_)]
    masks[0][8:30, 8:30], masks[1][30:60, 20:60] = True, True
    prompts = [FirstPrompt(mask_hw=mask) for mask in masks]
    together = track(network, frames, prompts)
    alone = track(network, frames, prompts[1:])
    for both, one in zip(together, alone, strict=True):
        np.testing.assert_allclose(both.logits_nhw[1], one.logits_nhw[0], atol=1e-4)
        np.testing.assert_allclose(both.score_n[1], one.score_n[0], atol=1e-4)


def test_blind_frames_are_tracked_and_teach_nothing() -> None:
    state, tap = _fresh()
    state.network.set_image_size(64)
    batch = replace(_batch(_phase(3, MASKS_ONLY)), correction_frame=None, blind_frames=1)
    coverage_nthw = batch.coverage_nthw.copy()
    coverage_nthw[:, 1] = np.roll(coverage_nthw[:, 1], 20, axis=-1)
    mix = MemoryMix(forcing=0.0, corruption=0.0)
    results = [
        run_batch(state.network, tap, b, mix, np.random.default_rng(0))
        for b in (batch, replace(batch, coverage_nthw=coverage_nthw))
    ]
    assert results[0].total.requires_grad
    assert float(results[0].total.detach()) == float(results[1].total.detach())
    assert results[0].later_iou != results[1].later_iou


def test_a_correction_clicks_the_larger_error() -> None:
    truth = np.zeros((32, 32), np.uint8)
    truth[4:20, 4:20] = 255
    rng = np.random.default_rng(0)
    missing = correction_point(rng, np.zeros((32, 32), np.bool_), truth)
    x, y = missing.xy_n2[0].astype(int)
    assert missing.label_n[0] == 1
    assert truth[y, x] == 255
    extra = correction_point(rng, np.ones((32, 32), np.bool_), truth)
    x, y = extra.xy_n2[0].astype(int)
    assert extra.label_n[0] == 0
    assert truth[y, x] == 0


@pytest.mark.parametrize("seed", range(16))
def test_a_spoilt_mask_differs_and_keeps_its_shape(seed: int) -> None:
    logits = torch.full((32, 32), -10.0)
    logits[8:20, 8:20] = 10.0
    other = torch.zeros(32, 32)
    other[22:30, 22:30] = 1.0
    spoilt = spoilt_mask(np.random.default_rng(seed), logits, other)
    assert spoilt.shape == logits.shape
    assert not torch.equal(spoilt > 0, logits > 0)


def test_the_schedule_warms_up_changes_linearly_and_ends() -> None:
    phase = _phase(1, CLICKS_ONLY)
    first, last = plan_step((phase,), 0), plan_step((phase,), 9)
    assert first is not None
    assert last is not None
    assert first.learning_rate < last.learning_rate < phase.rate_first
    assert first.memory.forcing == 1.0
    assert last.memory.forcing == pytest.approx(0.1)
    assert plan_step((phase,), 10) is None


def test_the_shipped_weights_are_the_mean_of_the_snapshots(tmp_path: Path) -> None:
    paths = [tmp_path / "a.pt", tmp_path / "b.pt"]
    states = [_fresh(seed)[0] for seed in (1, 2)]
    for step, (path, state) in enumerate(zip(paths, states, strict=True)):
        state.step = step
        save_state(state, path)
    record = export_weights(paths, tmp_path / "model.pt")
    assert record.step == 1
    shipped = load_weights(tmp_path / "model.pt").state_dict()
    for name, value in shipped.items():
        mean = (states[0].average[name] + states[1].average[name]) / 2
        torch.testing.assert_close(value, mean.half().float(), rtol=0, atol=1e-3)


def test_the_network_of_a_phase_is_there_until_the_next_phase_begins() -> None:
    first, second = replace(_phase(1, CLICKS_ONLY), network="first_model.yaml"), _phase(1, CLICKS_ONLY)
    networks = [plan_network((first, second), steps) for steps in (0, 1, 10, 11, 20, 21)]
    assert networks == ["first_model.yaml"] * 3 + ["model.yaml"] * 3


@pytest.mark.parametrize(
    ("policy", "in_view"), [("visible", [[], [], [2]]), ("stock", [[], [1], [1, 2]])], ids=["visible", "stock"]
)
def test_frames_on_which_no_object_was_found_are_not_looked_back_at(
    policy: MemoryPolicy, in_view: list[list[int]], monkeypatch: pytest.MonkeyPatch
) -> None:
    state, tap = _fresh()
    network = state.network
    network.set_image_size(64)
    batch = replace(_batch(_phase(4, MASKS_ONLY)), correction_frame=None, gap=1)
    coverage_nthw = batch.coverage_nthw.copy()
    coverage_nthw[:, 1:] = coverage_nthw[:, :1]
    coverage_nthw[:, 1] = 0
    views: list[list[int]] = []
    predict = network.predict

    def watched(index: int, seen: Observation, prompt: Prompt, bank: MemoryBank) -> Prediction:
        views.append(sorted(bank.tracked))
        return predict(index, seen, prompt, bank)

    monkeypatch.setattr(network, "predict", watched)
    gone = replace(batch, coverage_nthw=coverage_nthw)
    run_batch(network, tap, gone, MemoryMix(1.0, 0.0, policy), np.random.default_rng(0))
    assert views[1:] == in_view
