#!/bin/sh
# The table of networks on a GPU: this package beside PyTorch, same nets, same machine. Needs the CUDA that the version of ONNX Runtime
# asks for (the first rows say which library is missing), and for the comparison a python3 with torch and numpy.
#   benchmarks/gpu.sh [FOLDER]     FOLDER keeps the nets (default: a temporary one)
set -eu

root=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd)
folder=${1-$(mktemp -d)}
nvidia-smi --query-gpu=name,driver_version,memory.total --format=csv,noheader || echo 'no nvidia-smi: there is no NVIDIA driver here'

# The usual folders of CUDA's libraries, and those of PyTorch's own wheels, after what the user has set.
wheels=$(python3 -c 'import glob, site; print(":".join(glob.glob(site.getsitepackages()[0] + "/nvidia/*/lib")))' 2>/dev/null || true)
export LD_LIBRARY_PATH="${LD_LIBRARY_PATH:+$LD_LIBRARY_PATH:}/usr/local/cuda/lib64${wheels:+:$wheels}"

dotnet build "$root/benchmarks/Gbi.MLNet.Benchmarks" -c Release -v q --nologo
table=$(mktemp)
trap 'rm -f -- "$table"' EXIT
{
    echo 'program,net,block,precision,provider,events per second'
    dotnet run --project "$root/benchmarks/Gbi.MLNet.Benchmarks" -c Release --no-build -- onnx-gpu "$folder"
    if python3 -c 'import torch' 2>/dev/null; then
        python3 "$root/benchmarks/gpu_torch.py"
    else
        echo 'torch,-,-,-,not installed,-'
    fi
} | tee /dev/stderr >"$table"
echo
if command -v column >/dev/null; then column -s, -t "$table"; fi
