namespace Gbi.Tests.Onnx.Adoption;

/// <summary>
/// Small networks of x and y in the form in which exporters write them, all with the logit z = 2x − y + 0.5 unless said otherwise. Of the
/// forms: skl2onnx 1.11 to 1.17, onnxmltools 1.11, tf2onnx 1.8 to 1.16, and both exporters of PyTorch.
/// </summary>
internal static class Exporters
{
    private static readonly float[] Weights = [2, -1];

    /// <summary>z of an event.</summary>
    public static double Logit(double x, double y) => (2 * x) - y + 0.5;

    /// <summary>scikit-learn: LinearClassifier, Normalizer, Cast of the label and, unless switched off, ZipMap.</summary>
    public static ExportedFile LogisticRegression(string[]? classes = null, bool zipMap = true, int opset = 15)
    {
        (string, object) labels = classes is null ? ("classlabels_int64s", new long[] { 0, 1 }) : ("classlabels_strings", classes);
        (string, object) ofLinear = classes is null ? ("classlabels_ints", new long[] { 0, 1 }) : labels;
        ExportedFile file = new ExportedFile { Producer = "skl2onnx", Opset = opset, MachineLearning = 1, Format = opset < 10 ? 4 : 8 }
            .Input("float_input", ExportedFile.Float, -1, 2)
            .MlNode("LinearClassifier", "float_input", "label probability_tensor", ofLinear,
                ("coefficients", new float[] { -2, 1, 2, -1 }), ("intercepts", new[] { -0.5f, 0.5f }), ("multi_class", 1),
                ("post_transform", "LOGISTIC"))
            .MlNode("Normalizer", "probability_tensor", zipMap ? "probabilities" : "output_probability", ("norm", "L1"))
            .Node("Identity", "label", "output_label")
            .Output("output_label", classes is null ? ExportedFile.Int64 : ExportedFile.Text, -1);
        return zipMap
            ? file.MlNode("ZipMap", "probabilities", "output_probability", labels)
                .Maps("output_probability", classes is null ? ExportedFile.Int64 : ExportedFile.Text)
            : file.Output("output_probability", ExportedFile.Float, -1, 2);
    }

    /// <summary>scikit-learn's ColumnTransformer: one input a column, of several types, joined and scaled.</summary>
    public static ExportedFile OneInputAColumn() =>
        new ExportedFile { Producer = "skl2onnx", MachineLearning = 1 }
            .Input("y", ExportedFile.Int64, -1, 1).Input("x", ExportedFile.Double, -1, 1)
            .Node("Cast", "y", "y_cast", ("to", ExportedFile.Float)).Node("Cast", "x", "x_cast", ("to", ExportedFile.Float))
            .Node("Concat", "x_cast y_cast", "merged", ("axis", 1))
            .MlNode("Scaler", "merged", "scaled", ("offset", new float[] { 1, 2 }), ("scale", new float[] { 2, 4 }))
            .MlNode("LinearClassifier", "scaled", "label probabilities", ("classlabels_ints", new long[] { 0, 1 }),
                ("coefficients", new[] { -1f, 0.25f, 1f, -0.25f }), ("intercepts", new[] { -0.5f, 0.5f }), ("multi_class", 1),
                ("post_transform", "LOGISTIC"))
            .Output("label", ExportedFile.Int64, -1).Output("probabilities", ExportedFile.Float, -1, 2);

    /// <summary>z of that: 2(x − 1) − (y − 2) + 0.5.</summary>
    public static double ScaledLogit(double x, double y) => (2 * (x - 1)) - (y - 2) + 0.5;

    /// <summary>XGBoost, and with ZipMap LightGBM: trees with a logistic function behind them.</summary>
    public static ExportedFile BoostedTrees(bool zipMap)
    {
        ExportedFile file = new ExportedFile { Producer = "OnnxMLTools", Opset = zipMap ? 9 : 15, MachineLearning = 1 }
            .Input("input", ExportedFile.Float, -1, 2)
            .MlNode("TreeEnsembleClassifier", "input", zipMap ? "label_tensor probability_tensor" : "label probabilities",
                ("class_ids", new long[] { 0, 0, 0 }), ("class_nodeids", new long[] { 1, 3, 4 }),
                ("class_treeids", new long[3]), ("class_weights", new[] { -1.5f, 0.25f, 2f }), ("classlabels_int64s", new long[] { 0, 1 }),
                ("nodes_falsenodeids", new long[] { 2, 0, 4, 0, 0 }), ("nodes_featureids", new long[] { 0, 0, 1, 0, 0 }),
                ("nodes_hitrates", new float[] { 1, 1, 1, 1, 1 }), ("nodes_missing_value_tracks_true", new long[5]),
                ("nodes_modes", new[] { "BRANCH_LT", "LEAF", "BRANCH_LT", "LEAF", "LEAF" }),
                ("nodes_nodeids", new long[] { 0, 1, 2, 3, 4 }),
                ("nodes_treeids", new long[5]), ("nodes_truenodeids", new long[] { 1, 0, 3, 0, 0 }),
                ("nodes_values", new[] { 0f, 0f, 0.5f, 0f, 0f }), ("post_transform", "LOGISTIC"));
        return zipMap
            ? file.MlNode("ZipMap", "probability_tensor", "probabilities", ("classlabels_int64s", new long[] { 0, 1 }))
                .Node("Cast", "label_tensor", "label", ("to", ExportedFile.Int64))
                .Output("label", ExportedFile.Int64, -1).Maps("probabilities", ExportedFile.Int64)
            : file.Output("label", ExportedFile.Int64, -1).Output("probabilities", ExportedFile.Float, -1, 2);
    }

    /// <summary>The trees' sum.</summary>
    public static double TreeLogit(double x, double y) => x < 0 ? -1.5 : y < 0.5 ? 0.25 : 2;

    /// <summary>Keras by tf2onnx: two outputs with a softmax, or one with a sigmoid behind an input with one more dimension.</summary>
    public static ExportedFile Keras(int opset, bool softmax)
    {
        var file = new ExportedFile { Producer = "tf2onnx", Opset = opset, Format = opset < 9 ? 3 : 7 };
        string weights = "sequential/dense/MatMul/ReadVariableOp:0";
        string bias = "sequential/dense/BiasAdd/ReadVariableOp:0";
        if (softmax)
        {
            file.Input("dense_input:0", ExportedFile.Float, -1, 2);
            if (opset < 9)
            {
                file.Input(weights, ExportedFile.Float, 2, 2).Input(bias, ExportedFile.Float, 2);
            }

            return file.Constant(weights, [-1f, 1, 0.5f, -0.5f], 2, 2).Constant(bias, [-0.25f, 0.25f], 2)
                .Node("MatMul", $"dense_input:0 {weights}", "sequential/dense/MatMul:0")
                .Node("Add", $"sequential/dense/MatMul:0 {bias}", "sequential/dense/BiasAdd:0")
                .Node("Softmax", "sequential/dense/BiasAdd:0", "Identity:0", ("axis", 1))
                .Output("Identity:0", ExportedFile.Float, -1, 2);
        }

        return file.Input("features", ExportedFile.Float, -1, 1, 2)
            .Constant("flat", [-1L, 2], 2).Constant(weights, Weights, 2, 1).Constant(bias, [0.5f], 1)
            .Node("Reshape", "features flat", "flatten")
            .Node("MatMul", $"flatten {weights}", "MatMul:0").Node("Add", $"MatMul:0 {bias}", "BiasAdd:0")
            .Node("Sigmoid", "BiasAdd:0", "log_ratio").Output("log_ratio", ExportedFile.Float, -1, 1);
    }

    /// <summary>PyTorch's older exporter without dynamic_axes: one event at a time, squeezed; names of numbers.</summary>
    public static ExportedFile TorchScript(bool bakesBatch) => TorchScript(new ExportedFile { Producer = "pytorch", Opset = 13, Format = 7 }
        .Input("onnx::Gemm_0", ExportedFile.Float, 1, 2).Constant("0.weight", Weights, 1, 2).Constant("0.bias", [0.5f], 1)
        .Node("Gemm", "onnx::Gemm_0 0.weight 0.bias", "/0/Gemm_output_0", ("alpha", 1f), ("beta", 1f), ("transB", 1)), bakesBatch);

    private static ExportedFile TorchScript(ExportedFile file, bool bakesBatch) => bakesBatch
        ? file.Constant("shape", [1L], 1).Node("Reshape", "/0/Gemm_output_0 shape", "8").Output("8", ExportedFile.Float, 1)
        : file.Constant("axes", [1L], 1).Node("Squeeze", "/0/Gemm_output_0 axes", "8").Output("8", ExportedFile.Float, 1);

    /// <summary>PyTorch's newer exporter: three classes before a softmax, weights in a file of their own.</summary>
    public static ExportedFile Dynamo(string weightFile) =>
        new ExportedFile { Producer = "pytorch", Opset = 20, Format = 10, WeightFile = weightFile }
            .Input("x", ExportedFile.Float, -1, 2)
            .Constant("linear.weight", [1f, 0.5f, 2, -1, -0.5f, 0.25f], 3, 2).Constant("linear.bias", [0.1f, 0.5f, -0.3f], 3)
            .Node("Gemm", "x linear.weight linear.bias", "linear", ("beta", 1f), ("transB", 1), ("alpha", 1f), ("transA", 0))
            .Output("linear", ExportedFile.Float, -1, 3);

    /// <summary>ln r of the second class against the others.</summary>
    public static double DynamoLogRatio(double x, double y) =>
        Logit(x, y) - Math.Log(Math.Exp(x + (0.5 * y) + 0.1) + Math.Exp((-0.5 * x) + (0.25 * y) - 0.3));

    /// <summary>z itself with numbers of another type.</summary>
    public static ExportedFile OfType(int type, int opset = 17)
    {
        ExportedFile file = new ExportedFile { Opset = opset }.Input("in", type, -1, 2);
        _ = type == ExportedFile.Double
            ? file.Constant("w", [2.0, -1.0], 2, 1).Constant("b", [0.5], 1)
            : type == ExportedFile.Half
                ? file.Constant("w", [(Half)2, (Half)(-1)], 2, 1).Constant("b", [(Half)0.5], 1)
                : file.Constant("w", Weights, 2, 1).Constant("b", [0.5f], 1);
        if (type is ExportedFile.Int64 or ExportedFile.Bool)
        {
            return file.Node("Cast", "in", "x", ("to", ExportedFile.Float)).Node("MatMul", "x w", "xw").Node("Add", "xw b", "out")
                .Output("out", ExportedFile.Float, -1, 1);
        }

        return file.Node("MatMul", "in w", "xw").Node("Add", "xw b", "out").Output("out", type, -1, 1);
    }

    /// <summary>A network quantised by ONNX Runtime's own tools: statically, with pairs of QuantizeLinear and DequantizeLinear, or
    /// dynamically, with a scale of each block.</summary>
    public static ExportedFile Quantised(bool isDynamic)
    {
        ExportedFile file = new ExportedFile { Producer = "onnx.quantize", Opset = 13 }.Input("in", ExportedFile.Float, -1, 2)
            .Constant("b", [0.5f], 1).Constant("w_scale", [0.02f]).Constant("w_zero", ExportedFile.Int8, [0])
            .Constant("w", ExportedFile.Int8, [100, unchecked((byte)(sbyte)-50)], 2, 1);
        return isDynamic
            ? file.Node("DynamicQuantizeLinear", "in", "q q_scale q_zero").Node("MatMulInteger", "q w q_zero w_zero", "product")
                .Node("Cast", "product", "product_float", ("to", ExportedFile.Float)).Node("Mul", "q_scale w_scale", "scale")
                .Node("Mul", "product_float scale", "xw").Node("Add", "xw b", "out").Output("out", ExportedFile.Float, -1, 1)
            : file.Constant("x_scale", [0.05f]).Constant("x_zero", ExportedFile.Int8, [0])
                .Node("QuantizeLinear", "in x_scale x_zero", "q").Node("DequantizeLinear", "q x_scale x_zero", "dq")
                .Node("DequantizeLinear", "w w_scale w_zero", "dw").Node("MatMul", "dq dw", "xw").Node("Add", "xw b", "out")
                .Output("out", ExportedFile.Float, -1, 1);
    }
}
