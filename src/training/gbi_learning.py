"""What every recipe learns with: networks that standardise their inputs inside, and minimisation with early stopping."""
import argparse
import math
import os
import time

# cuBLAS repeats its results only with a fixed workspace; it reads this when CUDA starts.
os.environ.setdefault("CUBLAS_WORKSPACE_CONFIG", ":4096:8")

import numpy as np
import torch
from torch import nn

from gbi_events import DataError, UsageError

ACTIVATIONS = {"relu": nn.ReLU, "silu": nn.SiLU, "tanh": nn.Tanh}
LAST_RATE = 0.01  # of the first one


def integer(lowest, highest=math.inf):
    """An argparse type: an integer between two bounds, both included."""
    def parse(text):
        value = int(text)
        if not lowest <= value <= highest:
            raise argparse.ArgumentTypeError(f"{text} is {f'below {lowest}' if value < lowest else f'above {highest}'}")
        return value
    parse.__name__ = "integer"
    return parse


def real(low, high=math.inf, closed=False):
    """An argparse type: a number above low, or low itself where the range is closed, and below high."""
    def parse(text):
        value = float(text)
        if not (low < value < high or closed and value == low):
            lowest = f"{low:g} or more" if closed else f"above {low:g}"
            raise argparse.ArgumentTypeError(f"{text} is not {lowest} and below {high:g}")
        return value
    parse.__name__ = "number"
    return parse


def widths(text):
    """An argparse type: widths of hidden layers, such as 128,128,128."""
    return [integer(1)(width) for width in text.split(",")]


def add_training_options(parser, hidden="128,128,128", epochs=50, batch=1024, lr=1e-3, early_stopping=10, held_out=0.2):
    """The options of every recipe about how it learns."""
    group = parser.add_argument_group("training")
    group.add_argument("--hidden", type=widths, default=hidden, metavar="N,N,...",
                       help="widths of the hidden layers (default: %(default)s)")
    group.add_argument("--activation", choices=ACTIVATIONS, default="silu", help="between layers (default: %(default)s)")
    group.add_argument("--epochs", type=integer(1), default=epochs, metavar="N",
                       help="passes over the events at most; the learning rate falls along half a cosine to a hundredth "
                       "(default: %(default)s)")
    group.add_argument("--early-stopping", "--patience", type=integer(1), default=early_stopping, metavar="N",
                       help="stop after so many epochs without a lower held-out loss; the best epoch's weights are kept "
                       "(default: %(default)s)")
    group.add_argument("--held-out", type=real(0, 1), default=held_out, metavar="F",
                       help="share of the events that only measures (default: %(default)s)")
    group.add_argument("--batch", type=integer(1), default=batch, metavar="N", help="events in a step (default: %(default)s)")
    group.add_argument("--lr", type=real(0), default=lr, metavar="RATE", help="first learning rate of AdamW (default: %(default)s)")
    group.add_argument("--weight-decay", type=real(0, closed=True), default=0.01, metavar="L", help="of AdamW (default: %(default)s)")
    group.add_argument("--seed", type=integer(0), default=1, metavar="N",
                       help="same seed, threads and machine: same network (default: %(default)s)")
    group.add_argument("--threads", type=integer(1), metavar="N", help="of the CPU (default: PyTorch's choice)")
    group.add_argument("--device", default="cpu", metavar="DEVICE", help="cpu, cuda or cuda:1 (default: %(default)s)")
    group.add_argument("--quiet", action="store_true", help="no line for every epoch")


def start(settings):
    """Fixes threads, device and random numbers before anything is drawn."""
    if settings.threads:
        torch.set_num_threads(settings.threads)
    if settings.device != "cpu" and not settings.device.startswith("cuda"):
        raise UsageError(f"--device is '{settings.device}', expected cpu, cuda or cuda:N.")
    if settings.device != "cpu" and not torch.cuda.is_available():
        raise UsageError(f"--device is '{settings.device}', but this PyTorch ({torch.__version__}) sees no CUDA device; use --device cpu.")
    torch.use_deterministic_algorithms(True, warn_only=True)
    torch.manual_seed(settings.seed)


class Standardise(nn.Module):
    """(x - mean) / deviation, with moments weighted by |w|; part of the network, so that it takes raw features.

    DataError: a column has one value only.
    """

    def __init__(self, values, weights, columns):
        super().__init__()
        weights = np.abs(weights) / np.abs(weights).sum()
        mean = weights @ values.astype(np.float64)
        deviation = np.sqrt(weights @ np.square(values - mean))
        for name, size, centre in zip(columns, deviation, mean):
            if not size > 1e-7 * abs(centre):
                raise DataError(f"Column '{name}' is {centre:g} in all events: nothing can be learnt from it; leave it out.")
        self.register_buffer("mean", torch.tensor(mean, dtype=torch.float32))
        self.register_buffer("scale", torch.tensor(1 / deviation, dtype=torch.float32))

    def forward(self, values):
        return (values - self.mean) * self.scale


def network(inputs, hidden, outputs, activation):
    """A perceptron whose output starts at 0: its last layer is 0 at first."""
    layers, width = [], inputs
    for next_width in hidden:
        layers += [nn.Linear(width, next_width), ACTIVATIONS[activation]()]
        width = next_width
    last = nn.Linear(width, outputs)
    nn.init.zeros_(last.weight)
    nn.init.zeros_(last.bias)
    return nn.Sequential(*layers, last)


def split(count, share, seed):
    """Rows that train and rows that are held out, shuffled by the seed."""
    order = np.random.default_rng(seed).permutation(count)
    held_out = round(count * share)
    if not 0 < held_out < count:
        raise DataError(f"{count} events cannot be split with --held-out {share:g}; more events are needed.")
    return order[held_out:], order[:held_out]


def tensors(device, *arrays):
    """Arrays as float32 tensors on the device."""
    return tuple(torch.as_tensor(np.asarray(array), dtype=torch.float32, device=device) for array in arrays)


def minimise(model, loss, training, held_out, settings, name="", redraw=None):
    """Minimises the mean of loss(*rows) over the training rows; keeps the weights of the epoch with the least mean over held-out rows.

    loss: (tensors of a batch) -> tensor [rows], weights inside. training, held_out: tuples of tensors with one row an event. redraw:
    (training, generator) -> training, called before every epoch. Random numbers come from the settings' seed and the name.
    Returns the least held-out loss. DataError: no epoch gave a finite one.
    """
    model.to(settings.device)
    generator = torch.Generator().manual_seed(settings.seed)
    optimiser = torch.optim.AdamW(model.parameters(), lr=settings.lr, weight_decay=settings.weight_decay)
    schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimiser, settings.epochs, LAST_RATE * settings.lr)
    best, best_epoch, kept = math.inf, 0, None
    for epoch in range(1, settings.epochs + 1):
        started = time.perf_counter()
        training = redraw(training, generator) if redraw else training
        learnt = _epoch(model, loss, training, optimiser, generator, settings.batch)
        schedule.step()
        measured = mean_loss(model, loss, held_out)
        if measured < best:
            best, best_epoch = measured, epoch
            kept = {key: value.clone() for key, value in model.state_dict().items()}
        if not settings.quiet:
            seconds = time.perf_counter() - started
            print(f"{name}epoch {epoch:3d}  training {learnt:.5f}  held out {measured:.5f}  {seconds:.1f} s", flush=True)
        if epoch - best_epoch >= settings.early_stopping or not math.isfinite(learnt):
            break
    if kept is None:
        raise DataError("No epoch gave a finite held-out loss; train with a lower --lr.")
    model.load_state_dict(kept)
    model.to("cpu").eval()
    print(f"{name}best held-out loss {best:.5f} after epoch {best_epoch} of {epoch}", flush=True)
    return best


def _epoch(model, loss, training, optimiser, generator, batch):
    """One pass in random order; returns the mean loss on the way."""
    model.train()
    count, total = len(training[0]), torch.zeros((), dtype=torch.float64)
    order = torch.randperm(count, generator=generator)
    for first in range(0, count, batch):
        rows = order[first:first + batch].to(training[0].device)
        optimiser.zero_grad(set_to_none=True)
        value = loss(*(column[rows] for column in training)).mean()
        value.backward()
        nn.utils.clip_grad_norm_(model.parameters(), 5.0)
        optimiser.step()
        total += value.detach().cpu().double() * len(rows)
    return float(total) / count


def mean_loss(model, loss, rows, block=65_536):
    """The mean of loss(*rows) over all rows, in blocks, summed in double precision."""
    model.eval()
    with torch.no_grad():
        sums = [loss(*(column[first:first + block] for column in rows)).double().sum() for first in range(0, len(rows[0]), block)]
    return float(torch.stack(sums).sum()) / len(rows[0])


def evaluate(module, *arrays, block=65_536):
    """The module's output on the CPU for float32 arrays, in blocks."""
    module.to("cpu").eval()
    with torch.no_grad():
        blocks = [module(*(torch.from_numpy(array[first:first + block]) for array in arrays)) for first in range(0, len(arrays[0]), block)]
    return torch.cat(blocks, dim=-1).numpy()
