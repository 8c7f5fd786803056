"""The MiniLM encoder as an ONNX graph, from the safetensors: what an export of it holds, node by node."""
import json
import struct

import numpy
import onnx
from onnx import TensorProto, helper, numpy_helper


def tensors(path):
    """The tensors of 32-bit floats of a safetensors file."""
    with open(path, "rb") as file:
        data = file.read()
    (length,) = struct.unpack_from("<Q", data)
    found = {}
    for name, entry in json.loads(data[8:8 + length]).items():
        if name != "__metadata__" and entry["dtype"] == "F32":
            first, last = entry["data_offsets"]
            numbers = numpy.frombuffer(data[8 + length + first:8 + length + last], "<f4")
            found[name] = numbers.reshape(entry["shape"])
    return found


class Graph:
    def __init__(self):
        self.nodes, self.constants = [], {}

    def constant(self, name, value):
        if name not in self.constants:
            self.constants[name] = numpy_helper.from_array(numpy.ascontiguousarray(value), name)
        return name

    def node(self, kind, inputs, **attributes):
        name = f"{kind}_{len(self.nodes)}"
        self.nodes.append(helper.make_node(kind, inputs, [name], name=name, **attributes))
        return name

    def number(self, value):
        return self.constant(f"number_{value}", numpy.array(value, numpy.float32))

    def linear(self, rows, weights, name):
        product = self.node("MatMul", [rows, self.constant(name + ".weight_t", weights[name + ".weight"].T)])
        return self.node("Add", [product, self.constant(name + ".bias", weights[name + ".bias"])])

    def norm(self, rows, weights, name, epsilon):
        return self.node(
            "LayerNormalization",
            [rows, self.constant(name + ".weight", weights[name + ".weight"]),
             self.constant(name + ".bias", weights[name + ".bias"])], axis=-1, epsilon=epsilon)

    def shape(self, *sizes):
        return self.constant("shape_" + "_".join(map(str, sizes)), numpy.array(sizes, numpy.int64))

    def gelu(self, rows):
        error = self.node("Erf", [self.node("Div", [rows, self.number(2 ** 0.5)])])
        product = self.node("Mul", [rows, self.node("Add", [error, self.number(1.0)])])
        return self.node("Mul", [product, self.number(0.5)])


def layer(graph, rows, weights, prefix, config, mask):
    heads, size = config["num_attention_heads"], config["hidden_size"] // config["num_attention_heads"]

    def heads_of(name, order):
        projected = graph.linear(rows, weights, prefix + "attention.self." + name)
        split = graph.node("Reshape", [projected, graph.shape(0, 0, heads, size)])
        return graph.node("Transpose", [split], perm=order)

    query, key, value = heads_of("query", [0, 2, 1, 3]), heads_of("key", [0, 2, 3, 1]), heads_of("value", [0, 2, 1, 3])
    scores = graph.node("Div", [graph.node("MatMul", [query, key]), graph.number(size ** 0.5)])
    shares = graph.node("Softmax", [graph.node("Add", [scores, mask])], axis=-1)
    mixed = graph.node("Transpose", [graph.node("MatMul", [shares, value])], perm=[0, 2, 1, 3])
    joined = graph.node("Reshape", [mixed, graph.shape(0, 0, config["hidden_size"])])
    attended = graph.linear(joined, weights, prefix + "attention.output.dense")
    epsilon = config["layer_norm_eps"]
    rows = graph.norm(graph.node("Add", [attended, rows]), weights, prefix + "attention.output.LayerNorm", epsilon)
    inner = graph.gelu(graph.linear(rows, weights, prefix + "intermediate.dense"))
    output = graph.linear(inner, weights, prefix + "output.dense")
    return graph.norm(graph.node("Add", [output, rows]), weights, prefix + "output.LayerNorm", epsilon)


def build(folder):
    """ids and mask of shape (texts, tokens) to the last rows of each token."""
    weights = tensors(folder + "/model.safetensors")
    with open(folder + "/config.json", encoding="utf-8") as file:
        config = json.load(file)
    graph = Graph()
    words = graph.node("Gather", [graph.constant("words", weights["embeddings.word_embeddings.weight"]), "ids"])
    kind = weights["embeddings.token_type_embeddings.weight"][0]
    positions = weights["embeddings.position_embeddings.weight"]
    length = graph.node("Slice", [graph.node("Shape", ["ids"]), graph.shape(1), graph.shape(2), graph.shape(0)])
    placed = graph.node("Slice", [graph.constant("positions", positions + kind), graph.shape(0), length,
                                  graph.shape(0)])
    rows = graph.norm(graph.node("Add", [words, placed]), weights, "embeddings.LayerNorm", config["layer_norm_eps"])
    inverse = graph.node("Sub", [graph.number(1.0), "mask"])
    mask = graph.node("Mul", [graph.node("Unsqueeze", [inverse, graph.shape(1, 2)]), graph.number(-1e9)])
    for index in range(config["num_hidden_layers"]):
        rows = layer(graph, rows, weights, f"encoder.layer.{index}.", config, mask)
    graph.nodes.append(helper.make_node("Identity", [rows], ["rows"]))
    value = helper.make_tensor_value_info
    made = helper.make_graph(
        graph.nodes, "minilm",
        [value("ids", TensorProto.INT64, ["texts", "tokens"]), value("mask", TensorProto.FLOAT, ["texts", "tokens"])],
        [value("rows", TensorProto.FLOAT, ["texts", "tokens", config["hidden_size"]])], list(graph.constants.values()))
    model = helper.make_model(made, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
    onnx.checker.check_model(model)
    return model
