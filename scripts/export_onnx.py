#!/usr/bin/env python3
"""Writes the shipped network as an ONNX file, for any program that runs ONNX.

Input `image`: float32 [batch, 1, 28, 28], 0 is background and 1 is ink, framed as MNIST's digits are. Output
`logits`: float32 [batch, 11]; the softmax of the first ten is the calibrated probabilities of the digits, that of all
eleven has the probability that the image is no digit as its last.

Needs the packages of server/benches/peer/requirements.txt. Usage: scripts/export_onnx.py [digits.onnx]
"""

import pathlib
import struct
import sys

import cbor2
import numpy
import onnx
from onnx import TensorProto, helper, numpy_helper

WEIGHTS = pathlib.Path(__file__).parent.parent / "classifier/weights/digits.bpk"
ALIGNMENT = 256

# What the weights' shapes don't tell; the rest is in CONVOLUTIONS of classifier/src/network.rs.
STRIDES = [1, 2, 1, 1, 2]
PADDINGS = [0, 0, 0, 0, 1]


def tensors(file: bytes) -> dict[str, numpy.ndarray]:
    """The tensors of a burnpack file in single precision, by name."""
    magic, size = struct.unpack_from("<6sI", file)
    if magic != b"NRUB\x01\x00":
        sys.exit("not a burnpack file of version 1")
    header = struct.calcsize("<6sI")
    metadata = cbor2.loads(file[header : header + size])
    start = -(-(header + size) // ALIGNMENT) * ALIGNMENT
    found = {}
    for name, tensor in metadata["tensors"].items():
        begin, end = tensor["data_offsets"]
        values = numpy.frombuffer(file[start + begin : start + end], dtype="<f2")
        found[name] = values.reshape(tensor["shape"]).astype(numpy.float32)
    return found


def network(weights: dict[str, numpy.ndarray]) -> onnx.ModelProto:
    nodes = []
    features = "image"
    for index, (stride, padding) in enumerate(zip(STRIDES, PADDINGS, strict=True)):
        inputs = [features, f"convolutions.{index}.weight", f"convolutions.{index}.bias"]
        sizes = {"strides": [stride] * 2, "pads": [padding] * 4}
        nodes.append(helper.make_node("Conv", inputs, [f"sums.{index}"], **sizes))
        features = f"features.{index}"
        nodes.append(helper.make_node("Relu", [f"sums.{index}"], [features]))
    nodes.append(helper.make_node("Flatten", [features], ["flat"]))
    nodes.append(helper.make_node("Gemm", ["flat", "linear.weight", "linear.bias"], ["logits"]))
    graph = helper.make_graph(
        nodes,
        "digits",
        [helper.make_tensor_value_info("image", TensorProto.FLOAT, ["batch", 1, 28, 28])],
        [helper.make_tensor_value_info("logits", TensorProto.FLOAT, ["batch", 11])],
        [numpy_helper.from_array(values, name) for name, values in weights.items()],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
    onnx.checker.check_model(model, full_check=True)
    return model


if __name__ == "__main__":
    path = sys.argv[1] if len(sys.argv) > 1 else "digits.onnx"
    onnx.save(network(tensors(WEIGHTS.read_bytes())), path)
