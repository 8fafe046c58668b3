"""Throughput of PyTorch on the nets of gpu.sh: events in memory, copied to the device and back in blocks, as a scorer has to."""

import sys
import time

import torch

WIDTH = 10
ROUNDS = 5
BLOCKS = [4096, 16_384, 65_536, 262_144, 1_048_576]
NETS = {"3x128": ([128] * 3, 8_388_608), "4x1000": ([1000] * 4, 2_097_152)}


def dense(hidden):
    layers, width = [], WIDTH
    for size in hidden:
        layers += [torch.nn.Linear(width, size), torch.nn.ReLU()]
        width = size
    return torch.nn.Sequential(*layers, torch.nn.Linear(width, 1))


def seconds(net, events, out, block, device):
    started = time.perf_counter()
    for start in range(0, len(events), block):
        part = events[start:start + block].to(device, non_blocking=True)
        out[start:start + block].copy_(net(part), non_blocking=True)
    if device.type == "cuda":
        torch.cuda.synchronize()
    return time.perf_counter() - started


def main():
    device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
    provider = torch.cuda.get_device_name() if device.type == "cuda" else "CPU"
    for name, (hidden, count) in NETS.items():
        torch.manual_seed(1)
        net = dense(hidden).to(device).eval()
        events = torch.randn(count, WIDTH)
        out = torch.empty(count, 1)
        if device.type == "cuda":
            events, out = events.pin_memory(), out.pin_memory()
        for block in BLOCKS:
            for tf32 in (False, True) if device.type == "cuda" else (False,):
                torch.backends.cuda.matmul.allow_tf32 = tf32
                with torch.inference_mode():
                    seconds(net, events, out, block, device)
                    times = sorted(seconds(net, events, out, block, device) for _ in range(ROUNDS))
                print(f"torch {torch.__version__},{name},{block},{'tf32' if tf32 else 'fp32'},{provider},{count / times[ROUNDS // 2]:.0f}")
                sys.stdout.flush()


if __name__ == "__main__":
    main()
