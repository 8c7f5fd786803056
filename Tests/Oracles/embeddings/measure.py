"""Judges ids, vectors and times of EmbeddingsBenchmark against Hugging Face's tokenizers and onnxruntime.

    measure.py texts DATA OUT          writes OUT/{ids,sentences,train,val,hashed}.jsonl
    measure.py ids ASSETS OUT          compares OUT/{MODEL}.ids
    measure.py vectors ASSETS OUT      compares OUT/{MODEL}.{sentences,train,val}.f32
    measure.py speed ASSETS OUT        reads OUT/{speed,memory}, times onnxruntime beside it
Each prints rows of a table, and ends with status 1 where a bar is missed.
"""
import gzip
import json
import os
import random
import sys
import time

import numpy
import onnxruntime
from tokenizers import Tokenizer

import minilm_graph
import strings

MINILM, POTION = "minilm-l6-v2", "potion-base-8m"
MODELS = (MINILM, POTION)
MINIMUM_COSINE = 0.999
ACCURACY_POINTS = 0.3
BATCH_RATIO = 1.5
POTION_MICROSECONDS = 50
MEMORY_BYTES = 60e6
MINIMUM_STRINGS = 20_000
SPEED_SENTENCE = "please move the meeting with our new supplier to next tuesday at nine thirty"


class Bars:
    """Rows of the table, and whether one is missed."""

    def __init__(self):
        self.missed = False

    def row(self, what, value, bar, is_met):
        self.missed |= not is_met
        print(f"| {what} | {value} | {bar} | {'yes' if is_met else '**no**'} |")

    def end(self):
        sys.exit(1 if self.missed else 0)


def intents(data, name):
    with gzip.open(os.path.join(data, "intents", f"clinc150_{name}.jsonl.gz"), "rt", encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def read(out, name):
    with open(os.path.join(out, name + ".jsonl"), encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def write(out, name, entries):
    with open(os.path.join(out, name + ".jsonl"), "w", encoding="utf-8") as file:
        for entry in entries:
            file.write(json.dumps(entry) + "\n")


def texts(data, out):
    train, val = intents(data, "train"), intents(data, "val")
    write(out, "train", train)
    write(out, "val", val)
    hard = strings.all_of(random.Random(11))
    write(out, "ids", [{"text": text} for text in hard] + [{"text": entry["text"]} for entry in val[:2000]])
    chosen = random.Random(12)
    # Sentences of the kind that is embedded, one in five made longer out of several.
    sentences = [" ".join(chosen.choice(train)["text"] for _ in range(chosen.choice([1, 1, 1, 1, 8])))
                 for _ in range(1000)]
    write(out, "sentences", [{"text": text} for text in sentences])
    short = [text for text in hard if len(text) < 200]
    hashed = [entry["text"] for entry in train[::5]] + sentences + short[:: len(short) // 1000]
    write(out, "hashed", [{"text": text} for text in (hashed + sentences)[:5000]])


def tokenizer(assets, model):
    found = Tokenizer.from_file(os.path.join(assets, "embedders", model, "tokenizer.json"))
    found.no_padding()
    found.no_truncation()
    found.encode_special_tokens = True
    if model == MINILM:
        found.enable_truncation(256)
    return found


def ids(assets, out):
    bars = Bars()
    entries = read(out, "ids")
    for model in MODELS:
        encoder = tokenizer(assets, model)
        unknown = encoder.token_to_id("[UNK]")
        differences = 0
        with open(os.path.join(out, model + ".ids"), encoding="ascii") as lines:
            for entry, line in zip(entries, lines, strict=True):
                expected = encoder.encode(entry["text"], add_special_tokens=model == MINILM).ids
                if model == POTION:
                    expected = [value for value in expected if value != unknown]
                if json.loads(line) != expected:
                    differences += 1
                    if differences <= 3:
                        print(model, ascii(entry["text"])[:300], json.loads(line)[:20], expected[:20], file=sys.stderr)
        bars.row(f"{model}: texts whose ids differ from tokenizers'", f"{differences} of {len(entries)}",
                 f"0 of {MINIMUM_STRINGS}", differences == 0 and len(entries) >= MINIMUM_STRINGS)
    bars.end()


def session(model, threads=2):
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    return onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])


def unit(rows):
    lengths = numpy.linalg.norm(rows, axis=1, keepdims=True)
    return rows / numpy.maximum(lengths, 1e-12)


def reference_minilm(assets, sentences, run):
    encoder = tokenizer(assets, MINILM)
    encoded = [encoding.ids for encoding in encoder.encode_batch(sentences)]
    order = sorted(range(len(encoded)), key=lambda index: len(encoded[index]))
    vectors = numpy.zeros((len(encoded), 384), numpy.float32)
    for start in range(0, len(order), 32):
        chosen = order[start:start + 32]
        longest = max(len(encoded[index]) for index in chosen)
        numbers = numpy.zeros((len(chosen), longest), numpy.int64)
        mask = numpy.zeros((len(chosen), longest), numpy.float32)
        for row, index in enumerate(chosen):
            numbers[row, :len(encoded[index])] = encoded[index]
            mask[row, :len(encoded[index])] = 1
        rows = run.run(None, {"ids": numbers, "mask": mask})[0]
        means = (rows * mask[:, :, None]).sum(1) / mask.sum(1, keepdims=True)
        vectors[chosen] = means
    return unit(vectors)


def reference_potion(assets, sentences):
    encoder = tokenizer(assets, POTION)
    table = minilm_graph.tensors(os.path.join(assets, "embedders", POTION, "model.safetensors"))["embeddings"]
    unknown = encoder.token_to_id("[UNK]")
    vectors = numpy.zeros((len(sentences), table.shape[1]), numpy.float64)
    for row, encoding in enumerate(encoder.encode_batch(sentences, add_special_tokens=False)):
        chosen = [value for value in encoding.ids if value != unknown]
        if chosen:
            vectors[row] = table[chosen].astype(numpy.float64).mean(0)
    return unit(vectors)


def accuracy(train, train_vectors, val, val_vectors):
    """By the nearest centroid of an intent's training texts, in per cent."""
    names = sorted({entry["intent"] for entry in train})
    labels = numpy.array([names.index(entry["intent"]) for entry in train])
    centroids = unit(numpy.stack([train_vectors[labels == label].mean(0) for label in range(len(names))]))
    found = (val_vectors @ centroids.T).argmax(1)
    return 100 * numpy.mean([names[label] == entry["intent"] for label, entry in zip(found, val)])


def vectors(assets, out):
    bars = Bars()
    run = session(minilm_graph.build(os.path.join(assets, "embedders", MINILM)).SerializeToString())
    references = {MINILM: lambda sentences: reference_minilm(assets, sentences, run),
                  POTION: lambda sentences: reference_potion(assets, sentences)}
    parts = {name: read(out, name) for name in ("sentences", "train", "val")}
    for model in MODELS:
        ours, theirs = {}, {}
        for name, entries in parts.items():
            ours[name] = numpy.fromfile(os.path.join(out, f"{model}.{name}.f32"), "<f4").reshape(len(entries), -1)
            theirs[name] = references[model]([entry["text"] for entry in entries])
        cosines = (ours["sentences"] * theirs["sentences"]).sum(1)
        bars.row(f"{model}: mean cosine to the float reference, 1,000 sentences", f"{cosines.mean():.6f}",
                 f"≥ {MINIMUM_COSINE}", cosines.mean() >= MINIMUM_COSINE)
        bars.row(f"{model}: least cosine", f"{cosines.min():.6f}", "", True)
        found = [accuracy(parts["train"], each["train"], parts["val"], each["val"]) for each in (ours, theirs)]
        bars.row(f"{model}: CLINC150 accuracy by centroids", f"{found[0]:.2f} %, reference {found[1]:.2f} %",
                 f"within {ACCURACY_POINTS}", abs(found[0] - found[1]) <= ACCURACY_POINTS)
    bars.end()


def figures(out, name):
    with open(os.path.join(out, name), encoding="ascii") as lines:
        return {line.split()[0]: float(line.split()[1]) for line in lines}


def onnx_times(assets, out):
    """Medians of one sentence of 16 tokens on one thread, in microseconds of the thread's time: float and int8."""
    from onnxruntime.quantization import QuantType, quantize_dynamic

    path = os.path.join(out, "float.onnx")
    with open(path, "wb") as file:
        file.write(minilm_graph.build(os.path.join(assets, "embedders", MINILM)).SerializeToString())
    encoder = tokenizer(assets, MINILM)
    times = {}
    for name, kind in (("float", None), ("int8", QuantType.QInt8), ("uint8", QuantType.QUInt8)):
        place = os.path.join(out, f"{name}.onnx")
        if kind is not None:
            quantize_dynamic(path, place, weight_type=kind, op_types_to_quantize=["MatMul", "Gather"])
        run = session(place, threads=1)
        taken = []
        for _ in range(61):
            start = time.thread_time()
            numbers = numpy.array([encoder.encode(SPEED_SENTENCE).ids], numpy.int64)
            assert numbers.shape == (1, 16)
            rows = run.run(None, {"ids": numbers, "mask": numpy.ones(numbers.shape, numpy.float32)})[0]
            unit(rows.mean(1))
            taken.append(1e6 * (time.thread_time() - start))
        times[name] = sorted(taken)[len(taken) // 2]
    return times


def speed(assets, out):
    bars = Bars()
    ours, memory, theirs = figures(out, "speed"), figures(out, "memory"), onnx_times(assets, out)
    milliseconds = {name: value / 1000 for name, value in ours.items()}
    sets = [name.removeprefix("minilm_single_") for name in ours if name.startswith("minilm_single_")]
    best = sets[-1]
    int8 = min(theirs["int8"], theirs["uint8"]) / 1000
    bars.row("MiniLM, one sentence of 16 tokens, one thread", f"{milliseconds[f'minilm_single_{best}']:.2f} ms",
             f"onnxruntime int8: {int8:.2f} ms", milliseconds[f"minilm_single_{best}"] <= int8)
    bars.row("onnxruntime in 32-bit floats", f"{theirs['float'] / 1000:.2f} ms", "", True)
    for name in sets:
        single, each = ours[f"minilm_single_{name}"], ours[f"minilm_batch_{name}"]
        bars.row(f"MiniLM with {name}: one sentence, one of a batch of 64, one thread",
                 f"{single / 1000:.2f} ms, {each / 1000:.2f} ms ({single / each:.2f} ×)", "", True)
    bars.row("MiniLM, 256 tokens", f"{milliseconds['minilm_256_tokens']:.1f} ms", "", True)
    single, each = milliseconds["elapsed_single"], milliseconds["elapsed_service"]
    bars.row(f"MiniLM, elapsed for each sentence: one by one, a batch of 64 on {ours['service_threads']:.0f} threads",
             f"{single:.2f} ms, {each:.2f} ms ({single / each:.2f} ×)", f"{BATCH_RATIO} ×",
             single / each >= BATCH_RATIO)
    bars.row("potion, the same sentence", f"{ours['potion_single']:.1f} µs", f"< {POTION_MICROSECONDS} µs",
             ours["potion_single"] < POTION_MICROSECONDS)
    bars.row("loading MiniLM, potion",
             f"{milliseconds['load_minilm']:.0f} ms, {milliseconds['load_potion']:.0f} ms", "", True)
    beyond = memory["working"]
    bars.row("memory beyond the mapped weights", f"{beyond / 1e6:.1f} MB", f"< {MEMORY_BYTES / 1e6:.0f} MB",
             beyond < MEMORY_BYTES)
    bars.end()


if __name__ == "__main__":
    {"texts": texts, "ids": ids, "vectors": vectors, "speed": speed}[sys.argv[1]](*sys.argv[2:])
