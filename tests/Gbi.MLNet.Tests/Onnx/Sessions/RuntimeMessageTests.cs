using Gbi.Onnx.Sessions;

namespace Gbi.Tests.Onnx.Sessions;

/// <summary>Messages of ONNX Runtime as a user reads them.</summary>
[TestFixture]
internal sealed class RuntimeMessageTests
{
    [TestCase(
        "[ErrorCode:Fail] Non-zero status code returned while running TreeEnsembleClassifier node. Name:'Tree' Status Message: "
            + "/onnxruntime_src/onnxruntime/core/providers/cpu/ml/tree_ensemble_common.h:649 void onnxruntime::ml::detail::"
            + "TreeEnsembleCommon<InputType, ThresholdType, OutputType>::ComputeAgg(onnxruntime::concurrency::ThreadPool*, const "
            + "onnxruntime::Tensor*, const AGG&) const [with AGG = onnxruntime::ml::detail::TreeAggregatorClassifier<float, float, float>; "
            + "InputType = float; ThresholdType = float; OutputType = float] One path in the graph requests feature 19 but input tensor "
            + "has 10 features.",
        "its node 'Tree' (TreeEnsembleClassifier) fails: One path in the graph requests feature 19 but input tensor has 10 features")]
    [TestCase(
        "[ErrorCode:Fail] Non-zero status code returned while running Sub node. Name:'' Status Message: /onnxruntime_src/onnxruntime/core/"
            + "providers/cpu/math/element_wise_ops.h:563 void onnxruntime::BroadcastIterator::Init(ptrdiff_t, ptrdiff_t) axis == 1 || "
            + "axis == largest was false. Attempting to broadcast an axis by a dimension other than 1. 10 by 65",
        "its node (Sub) fails: Attempting to broadcast an axis by a dimension other than 1. 10 by 65")]
    [TestCase(
        "[ErrorCode:Fail] Non-zero status code returned while running MatMul node. Name:'' Status Message: matmul_helper.h:59 Compute "
            + "MatMul dimension mismatch",
        "its node (MatMul) fails: MatMul dimension mismatch")]
    [TestCase("[ErrorCode:InvalidProtobuf] Failed to load model because protobuf parsing failed.",
        "its bytes are no ONNX model, or not all of one")]
    [TestCase("[ErrorCode:NotImplemented] Could not find an implementation for Relu(6) node with name 'a'",
        "this ONNX Runtime has no Relu of opset 6 for the type of numbers that the network gives it")]
    [TestCase("[ErrorCode:RuntimeException] a::b(int) x == y", "it reports RuntimeException")]
    [TestCase("[ErrorCode:Fail] plain \u001B[31mwords", "plain \uFFFD[31mwords")]
    public void They_name_nodes_and_sizes_and_no_source(string message, string expected) =>
        Assert.That(RuntimeMessage.Of(new InvalidOperationException(message)), Is.EqualTo(expected));
}
