#!/usr/bin/env python3
"""What scripts/measure-routing writes for the program to read, and what it makes of what the program says.

    measure.py inputs DATA WORK     intents and texts of CLINC150: trained on its training texts alone
    measure.py quality DATA WORK    a table of the decisions on its validation texts
    measure.py speed WORK           a table of what RoutingBenchmark said
"""

import gzip
import json
import random
import sys
from pathlib import Path

SEEDS = range(5)
BINS = 15
failed = False


def rows(data, name):
    with gzip.open(f"{data}/intents/clinc150_{name}.jsonl.gz", "rt") as file:
        return [json.loads(line) for line in file]


def write(path, items):
    Path(path).write_text("".join(json.dumps(item) + "\n" for item in items))


def few(train, seed):
    chosen, generator = [], random.Random(seed)
    for intent in sorted({row["intent"] for row in train}):
        own = [row for row in train if row["intent"] == intent]
        chosen += generator.sample(own, 5)
    return chosen


def inputs(data, work):
    train, val, oos = rows(data, "train"), rows(data, "val"), rows(data, "oos_val")
    write(f"{work}/train.jsonl", train)
    for seed in SEEDS:
        write(f"{work}/few{seed}.jsonl", few(train, seed))
    names = sorted({row["intent"] for row in train})
    Path(f"{work}/names.yaml").write_text(
        "version: 1\nintents:\n"
        + "".join(f"  - {{id: {n}, description: {json.dumps(n.replace('_', ' '))}}}\n" for n in names))
    write(f"{work}/texts.jsonl", [{"text": row["text"]} for row in val + oos])
    write(f"{work}/val.jsonl", [{"text": row["text"]} for row in val])
    many = (val + oos + train)[:5000]
    write(f"{work}/many.jsonl", [{"text": row["text"]} for row in many])
    write(f"{work}/one.jsonl", [{"text": val[0]["text"]}])


def decisions(path):
    return [json.loads(line) for line in Path(path).read_text().splitlines()]


def row(what, value, bar="", met=None):
    global failed
    failed |= met is False
    print(f"| {what} | {value} | {bar} | {'' if met is None else 'yes' if met else '**no**'} |")


def share(flags):
    flags = list(flags)
    return sum(flags) / max(1, len(flags))


def auroc(positive, negative):
    ranked = sorted([(s, 1) for s in positive] + [(s, 0) for s in negative])
    total, place = 0.0, 0
    while place < len(ranked):
        end = place
        while end < len(ranked) and ranked[end][0] == ranked[place][0]:
            end += 1
        total += sum(label for _, label in ranked[place:end]) * (place + end + 1) / 2
        place = end
    return (total - len(positive) * (len(positive) + 1) / 2) / (len(positive) * len(negative))


def calibration_error(pairs):
    bins = [[] for _ in range(BINS)]
    for confidence, right in pairs:
        bins[min(BINS - 1, int(confidence * BINS))].append((confidence, right))
    return sum(abs(sum(c for c, _ in b) - sum(r for _, r in b)) for b in bins) / len(pairs)


def quality(data, work):
    truth = [row["intent"] for row in rows(data, "val")]
    found = decisions(f"{work}/train.decisions")
    inside, outside = found[: len(truth)], found[len(truth):]
    right = [d["intent"] == t for d, t in zip(inside, truth)]
    s_in, s_out = [d["s"] for d in inside], [d["s"] for d in outside]
    threshold = sorted(s_in)[len(s_in) // 20]
    routed = [d["outcome"] == "routed" for d in found]
    correct = right + [False] * len(outside)
    accuracy = share(right)
    row("in-scope accuracy", f"{accuracy:.2%}", "≥ 95.5%", accuracy >= 0.955)
    area = auroc(s_in, s_out)
    row("AUROC of s, in against out of scope", f"{area:.4f}", "≥ 0.97", area >= 0.97)
    recall = share(s < threshold for s in s_out)
    row("recall of out of scope where 95% of in scope pass", f"{recall:.1%}", "≥ 85%", recall >= 0.85)
    precise = share(c for c, r in zip(correct, routed) if r)
    row("accuracy of what is routed, both together", f"{precise:.2%}", "≥ 98.5%", precise >= 0.985)
    part = share(routed[: len(truth)])
    row("in scope that is routed", f"{part:.1%}", "≥ 85%", part >= 0.85)
    row("out of scope that is routed", f"{share(routed[len(truth):]):.1%}")
    row("in scope that a human decides", f"{share(d['outcome'] == 'human' for d in inside):.1%}")
    error = calibration_error([(d["confidence"], c) for d, c in zip(found, correct)])
    row("expected calibration error of the confidence", f"{error:.4f}", "≤ 0.03", error <= 0.03)
    scores = [share(d["intent"] == t for d, t in zip(decisions(f"{work}/few{seed}.decisions"), truth)) for seed in SEEDS]
    mean = sum(scores) / len(scores)
    row(f"accuracy with 5 examples, mean of {len(scores)} choices ({min(scores):.1%} to {max(scores):.1%})",
        f"{mean:.2%}", "≥ 87%", mean >= 0.87)
    names = decisions(f"{work}/names.decisions")
    row("accuracy with descriptions alone, the names' words", f"{share(d['intent'] == t for d, t in zip(names, truth)):.1%}")


def speed(work):
    figures = dict(line.split(" ", 1) for line in Path(f"{work}/speed.txt").read_text().splitlines())

    def bar(what, name, limit, unit):
        value = float(figures[name])
        row(what, f"{value:g} {unit}", f"≤ {limit:g} {unit}", value <= limit)

    bar("a rule's hit, median", "rule_hit", 20, "µs")
    bar("a hit of the cache, median", "cache_hit", 60, "µs")
    row("the embedder alone, median", f"{float(figures['embedder_alone']):g} µs")
    bar("a miss beside the embedder, median", "miss_beside_embedder", 1000, "µs")
    row("a decision with 150 intents of 100 examples, embedding aside", f"{float(figures['decision_150']):g} µs")
    bar("the same with 1,000, as a ratio", "many_ratio", 1.3, "×")
    bar(f"slowest of {figures['hostile_expressions']} hostile expressions on 1 MB ({figures['hostile_refused']} refused)",
        "hostile_slowest_ms", 50, "ms")


command, arguments = sys.argv[1], sys.argv[2:]
{"inputs": inputs, "quality": quality, "speed": speed}[command](*arguments)
sys.exit(1 if failed else 0)
