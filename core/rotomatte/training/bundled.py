"""`python -m rotomatte.training.bundled`: make the bundled checkpoint, from images to model card.

The steps, each of which can be run alone: `setup` fetches the images and the trunk's weights, `train` trains (and goes
on where it was stopped), `measure` exports the averaged weights and measures them, `publish` puts the measured weights
and their card into the package, `all` does everything. `pause`, `resume` and `stop` control a training in the background.

What ships is version 3. It went on from version 2, the `model.pt` of commit 9c89388, which `train` takes as `--earlier`.
The network itself lies beside the weights, in `rotomatte.models.bundled`.
"""

from __future__ import annotations

import argparse
import logging
import os
import shutil
import signal
import sys
from pathlib import Path

import torch

import rotomatte.models.bundled
from rotomatte.training.card import model_card
from rotomatte.training.checkpoint import snapshot_path
from rotomatte.training.export import export_weights, sha256_of
from rotomatte.training.library import ImageLibrary, build_library
from rotomatte.training.loop import CHECKPOINT_NAME, PIDS_NAME, train
from rotomatte.training.report import measure, read_report, write_report
from rotomatte.training.schedule import SCHEDULE, SNAPSHOT_STEPS
from rotomatte.training.sources import fetch_packages, read_notices
from rotomatte.training.trunk_weights import fetch_trunk

_SIGNALS = {"pause": signal.SIGSTOP, "resume": signal.SIGCONT, "stop": signal.SIGTERM}
_STEPS = ("setup", "train", "measure", "publish", "all", *_SIGNALS)
_NICENESS = 5
"""What the published network is made of: modules of this package, and their names beside the weights."""
_LOG = logging.getLogger(__name__)


def main(arguments: list[str] | None = None) -> int:
    """Run the step named on the command line; returns the exit code."""
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    options = _parser().parse_args(arguments)
    if options.step in _SIGNALS:
        return _send(options.state, options.step)
    options.state.mkdir(parents=True, exist_ok=True)
    everything = options.step == "all"
    if options.step != "publish":
        os.nice(_NICENESS)
    if everything or options.step == "setup":
        fetch_packages(options.state)
        build_library(options.state)
        fetch_trunk(options.state)
    if everything or options.step == "train":
        if _trains_already(options.state):
            _LOG.error("A training runs in %s already: stop it first.", options.state)
            return 1
        train(options.state, SCHEDULE, options.seed, options.earlier)
    if everything or options.step == "measure":
        _measure(options.state, options.davis, options.seed, options.threads)
    if everything or options.step == "publish":
        return _publish(options.state, options.target)
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m rotomatte.training.bundled", description=__doc__)
    parser.add_argument("step", choices=_STEPS)
    parser.add_argument("--state", type=Path, default=_default_state(), help="folder of images and checkpoints")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--davis", type=Path, help="folder with DAVIS's JPEGImages and Annotations, for measure")
    parser.add_argument("--threads", type=int, default=2, help="torch's threads, for measure")
    package_dir = Path(rotomatte.models.bundled.__file__).parent
    parser.add_argument(
        "--earlier", type=Path, default=package_dir / "model.pt", help="weights that the training starts from"
    )
    parser.add_argument("--target", type=Path, default=package_dir, help="where publish writes")
    return parser


def _default_state() -> Path:
    cache = os.environ.get("XDG_CACHE_HOME")
    return (Path(cache) if cache else Path.home() / ".cache") / "rotomatte" / "training"


def _measure(state_dir: Path, davis_dir: Path | None, seed: int, threads: int) -> None:
    torch.set_num_threads(threads)
    weights = state_dir / "model.pt"
    snapshots = [path for step in SNAPSHOT_STEPS if (path := snapshot_path(state_dir, step)).is_file()]
    training = export_weights(snapshots or [state_dir / CHECKPOINT_NAME], weights)
    report = measure(weights, training, ImageLibrary(state_dir, "held-out"), davis_dir, seed)
    write_report(report, state_dir / "report.json")
    for score in report.davis:
        _LOG.info("%s %s", score.name, " ".join(f"{j:.3f}" for j in score.j))
    _LOG.info("%s", report.synthetics)
    _LOG.info("%s", report.speed)


def _publish(state_dir: Path, target_dir: Path) -> int:
    weights = state_dir / "model.pt"
    report = read_report(state_dir / "report.json")
    if report.sha256 != sha256_of(weights):
        _LOG.error("The report is not of these weights: run the step measure first.")
        return 1
    partial = target_dir / ".model.pt.partial"
    shutil.copyfile(weights, partial)
    partial.replace(target_dir / "model.pt")
    card = model_card(report, SCHEDULE, read_notices(state_dir))
    (target_dir / "MODEL_CARD.md").write_text(card, encoding="utf-8")
    return 0


def _trains_already(state_dir: Path) -> bool:
    pids_path = state_dir / PIDS_NAME
    if not pids_path.is_file():
        return False
    try:
        os.kill(int(pids_path.read_text(encoding="utf-8").split()[0]), 0)
    except ProcessLookupError:
        return False
    return True


def _send(state_dir: Path, step: str) -> int:
    pids_path = state_dir / PIDS_NAME
    if not pids_path.is_file():
        _LOG.error("No training runs in %s.", state_dir)
        return 1
    trainer, maker = (int(pid) for pid in pids_path.read_text(encoding="utf-8").split())
    for pid in (trainer,) if step == "stop" else (trainer, maker):
        try:
            os.kill(pid, _SIGNALS[step])
        except ProcessLookupError:
            _LOG.error("Process %d has ended.", pid)
            return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
