#!/bin/sh
# The table of networks on a GPU: this package beside PyTorch, same nets, same machine. Needs the CUDA and cuDNN that the version of
# ONNX Runtime asks for (it says which library is missing), and for the comparison a python3 with torch and numpy.
#   benchmarks/gpu.sh [FOLDER]     FOLDER keeps the nets (default: a temporary one)
set -eu

root=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd)
folder=${1-$(mktemp -d)}
nvidia-smi --query-gpu=name,driver_version,memory.total --format=csv,noheader || echo 'no nvidia-smi: there is no NVIDIA driver here'
echo 'program,net,block,precision,provider,events_per_second'
dotnet run --project "$root/benchmarks/Gbi.MLNet.Benchmarks" -c Release -- onnx-gpu "$folder"
if python3 -c 'import torch' 2>/dev/null; then
    python3 "$root/benchmarks/gpu_torch.py"
else
    echo 'torch,,,,not installed,'
fi
