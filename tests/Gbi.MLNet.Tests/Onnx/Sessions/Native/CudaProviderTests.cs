using Gbi.Onnx.Sessions.Native;

namespace Gbi.Tests.Onnx.Sessions.Native;

/// <summary>What is made of the loader's and CUDA's own messages.</summary>
[TestFixture]
internal sealed class CudaProviderTests
{
    [TestCase(
        "[ErrorCode:Fail] Failed to load library /app/libonnxruntime_providers_cuda.so with error: libcublasLt.so.77: cannot open shared "
            + "object file: No such file or directory",
        "libcublasLt.so.77", "install the CUDA release that has it, or put its folder on")]
    [TestCase("libcuda.so.1: cannot open shared object file: No such file or directory", "libcuda.so.1", "install the NVIDIA driver")]
    [
        TestCase(
            "libcudnn.so.9: cannot open shared object file: No such file or directory", "libcudnn.so.9",
            "install the cuDNN release that has it")
    ]
    [TestCase(
        "Error loading \"C:\\app\\onnxruntime_providers_cuda.dll\" which depends on \"cublasLt64_77.dll\" which is missing. (Error 126)",
        "cublasLt64_77.dll", "install the CUDA release that has it, or put its folder on")]
    [TestCase(
        "[ErrorCode:Fail] Failed to load library /app/libonnxruntime_providers_cuda.so with error: /app/libonnxruntime_providers_cuda.so: "
            + "cannot open shared object file: No such file or directory",
        "libonnxruntime_providers_cuda.so", "keep it in the folder of ONNX Runtime's own library")]
    public void A_missing_library_is_named_with_its_remedy(string message, string library, string remedy)
    {
        CudaFailure failure = CudaProvider.Explain(message);
        Assert.Multiple(() =>
        {
            Assert.That(failure.Reason, Is.EqualTo($"the library {library} is missing"));
            Assert.That(failure.Remedy, Does.StartWith(remedy));
        });
    }

    [TestCase(
        "[ErrorCode:Fail] CUDA failure 100: no CUDA-capable device is detected ; GPU=-1 ; hostname=node7 ; "
            + "file=cuda_execution_provider.cc ; line=283 ; expr=cudaSetDevice(id)",
        "CUDA reports 'no CUDA-capable device is detected'")]
    [TestCase(
        "[ErrorCode:Fail] Failed to load library /app/p.so with error: /app/p.so: undefined symbol: cudaMallocHost, version "
            + "libcudart.so.77\n",
        "/app/p.so: undefined symbol: cudaMallocHost, version libcudart.so.77")]
    [TestCase("Out of\nmemory.", "Out of memory")]
    public void Any_other_message_is_passed_on(string message, string reason) =>
        Assert.That(CudaProvider.Explain(message).Reason, Is.EqualTo(reason));
}
