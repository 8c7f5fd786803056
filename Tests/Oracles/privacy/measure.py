"""Judges findings against the shared cases, and runs detect-secrets and Presidio's patterns beside them.

    measure.py texts DATA OUT     writes the texts of the cases as OUT/{secrets,patterns,documents}.jsonl
    measure.py judge DATA OUT     reads OUT/{secrets,patterns,documents}.findings, prints the tables
    measure.py others DATA OUT    the same figures of detect-secrets and presidio-analyzer
    measure.py misses DATA OUT    what was not found, and what should not have been
"""
import collections
import gzip
import json
import os
import sys
import tempfile
import time

FILES = {"secrets": "secret_cases", "patterns": "pii_pattern_cases", "documents": "pii_documents"}
# What the documents call it, and what we do.
TYPES = {
    "EMAIL_ADDRESS": {"email"}, "IBAN_CODE": {"iban"}, "IP_ADDRESS": {"ip"}, "US_SSN": {"us-ssn"},
    "DOMAIN_NAME": {"url"}, "CREDIT_CARD": {"card"}, "PHONE_NUMBER": {"phone"},
    "DATE_TIME": {"date", "date-of-birth"}, "US_DRIVER_LICENSE": {"us-driver-license"},
}
# Recognisers of people's names and of the like: no pattern with a check decides them.
MODELS = {"spacy_recognizer", "stanza_recognizer", "transformers_recognizer", "pattern_recognizer"}


def load(data, name):
    with gzip.open(os.path.join(data, "privacy", FILES[name] + ".jsonl.gz"), "rt", encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def findings(out, name):
    with open(os.path.join(out, name + ".findings"), encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def spans(case):
    positions = case["positions"] or []
    if positions and isinstance(positions[0], int):
        positions = [positions]
    return [tuple(position) for position in positions]


def expected(case):
    """The number of spans that a case wants; its positions count where it gives none."""
    return len(spans(case)) if case["expected_len"] is None else case["expected_len"]


def is_met(case, found):
    wanted = spans(case)
    if wanted:
        return all(span in found for span in wanted)
    return len(found) >= expected(case)


def judge_secrets(cases, found):
    hits = collections.Counter()
    totals = collections.Counter(case["kind"] for case in cases)
    for case, flags in zip(cases, found):
        hits[case["kind"]] += bool(flags)
    return hits["tp"] / totals["tp"], hits["fp"] / totals["fp"]


def judge_patterns(cases, found):
    rows = []
    for label, skip in (("all", set()), ("with a pattern", MODELS)):
        positives = clean = positive_total = negative_total = 0
        for case, spans_found in zip(cases, found):
            if case["file"] in skip or (case["expected_len"] is None and not spans(case)):
                continue
            if expected(case):
                positive_total += 1
                positives += is_met(case, spans_found)
            else:
                negative_total += 1
                clean += not spans_found
        rows.append((label, positives, positive_total, clean, negative_total))
    return rows


def judge_documents(cases, found):
    """found: for each case a list of (type of the documents or None, start, end)."""
    rows = {}
    for wanted in TYPES:
        hit = total = right = given = 0
        for case, flags in zip(cases, found):
            truth = {(s["start"], s["end"]) for s in case["spans"] if s["type"] == wanted}
            ours = {(start, end) for kind, start, end in flags if kind == wanted}
            total += len(truth)
            hit += len(truth & ours)
            given += len(ours)
            right += sum(any(start < e and s < end for s, e in truth) for start, end in ours)
        rows[wanted] = (hit, total, right, given)
    return rows


def print_documents(name, rows):
    for kind, (hit, total, right, given) in rows.items():
        recall = f"{hit / total:.3f}" if total else "–"
        precision = f"{right / given:.3f}" if given else "–"
        print(f"| documents, {kind} | {name} | recall {recall} ({hit}/{total}) | precision {precision} ({right}/{given}) |")


def our_type(identifier):
    return next((kind for kind, ours in TYPES.items() if identifier in ours), None)


def judge(data, out):
    for name, minimum in (("at 0.5", 0.5), ("everything", 0.0)):
        def kept(case_findings):
            return [f for f in case_findings if f["confidence"] >= minimum]
        cases, found = load(data, "secrets"), findings(out, "secrets")
        recall, flagged = judge_secrets(cases, [[f for f in kept(x) if f["kind"] == "secret"] for x in found])
        print(f"| secrets | ours, {name} | recall {recall:.4f} | fp flagged {flagged:.4f} |")
        cases, found = load(data, "patterns"), findings(out, "patterns")
        for row in judge_patterns(cases, [[(f["start"], f["end"]) for f in kept(x)] for x in found]):
            print(f"| PII patterns, {row[0]} | ours, {name} | exact {row[1] / row[2]:.4f} ({row[1]}/{row[2]}) "
                  f"| clean {row[3] / row[4]:.4f} ({row[3]}/{row[4]}) |")
        cases, found = load(data, "documents"), findings(out, "documents")
        typed = [[(our_type(f["id"]), f["start"], f["end"]) for f in kept(x)] for x in found]
        print_documents(f"ours, {name}", judge_documents(cases, typed))


def misses(data, out):
    for case, flags in zip(load(data, "secrets"), findings(out, "secrets")):
        secret = [f for f in flags if f["kind"] == "secret" and f["confidence"] >= 0.5]
        if bool(secret) != (case["kind"] == "tp"):
            print(case["kind"], case["rule"], repr(case["text"][:220]), [f["id"] for f in secret])
    for case, flags in zip(load(data, "patterns"), findings(out, "patterns")):
        if case["expected_len"] is None and not spans(case):
            continue
        found = [(f["start"], f["end"]) for f in flags]
        if (not is_met(case, found)) if expected(case) else found:
            print("pii", case["file"], expected(case), case["positions"], repr(case["text"][:150]),
                  [(f["id"], f["start"], f["end"], f["confidence"]) for f in flags])
    for case, flags in zip(load(data, "documents"), findings(out, "documents")):
        text = case["text"]
        ours = {(our_type(f["id"]), f["start"], f["end"]) for f in flags}
        truth = {(s["type"], s["start"], s["end"]) for s in case["spans"] if s["type"] in TYPES}
        for kind, start, end in sorted(truth - ours, key=str):
            near = [(f["id"], text[f["start"]:f["end"]]) for f in flags if f["start"] < end and start < f["end"]]
            print("doc miss", kind, repr(text[max(0, start - 20):start] + "«" + text[start:end] + "»" + text[end:end + 12]), near)
        for kind, start, end in sorted((o for o in ours - truth if o[0]), key=str):
            if not any(s["start"] < end and start < s["end"] and s["type"] == kind for s in case["spans"]):
                print("doc extra", kind, repr(text[max(0, start - 25):start] + "«" + text[start:end] + "»" + text[end:end + 12]))


def others(data, out):
    del out
    from detect_secrets import SecretsCollection
    from detect_secrets.settings import default_settings
    cases = load(data, "secrets")
    # A file for each case: its filters work on files.
    with default_settings(), tempfile.TemporaryDirectory() as folder:
        paths = []
        for index, case in enumerate(cases):
            paths.append(os.path.join(folder, f"{index}.txt"))
            with open(paths[-1], "w", encoding="utf-8") as file:
                file.write(case["text"])
        start = time.perf_counter()
        found = []
        for path in paths:
            secrets = SecretsCollection()
            secrets.scan_file(path)
            found.append(list(secrets))
        seconds = time.perf_counter() - start
    recall, flagged = judge_secrets(cases, found)
    size = sum(len(case["text"].encode()) for case in cases)
    print(f"| secrets | detect-secrets | recall {recall:.4f} | fp flagged {flagged:.4f} |")
    print(f"| speed on the secret cases | detect-secrets | {size / seconds / 1000:.0f} KB/s | |")

    import tldextract
    from presidio_analyzer import RecognizerRegistry
    # The list of suffixes that comes with the package: nothing is fetched.
    tldextract.extract = tldextract.TLDExtract(suffix_list_urls=())
    registry = RecognizerRegistry()
    registry.load_predefined_recognizers()
    recognizers = [r for r in registry.recognizers if hasattr(r, "patterns") or r.name == "PhoneRecognizer"]

    def analyse(text):
        results = []
        for recognizer in recognizers:
            results += recognizer.analyze(text, recognizer.supported_entities, None) or []
        return results
    documents = load(data, "documents")
    start = time.perf_counter()
    found = [analyse(case["text"]) for case in documents]
    seconds = time.perf_counter() - start
    size = sum(len(case["text"].encode()) for case in documents)
    same = {"URL": "DOMAIN_NAME"}
    typed = [[(same.get(r.entity_type, r.entity_type), r.start, r.end) for r in results] for results in found]
    print_documents("presidio patterns", judge_documents(documents, typed))
    cases = load(data, "patterns")
    found = [[(r.start, r.end) for r in analyse(case["text"])] for case in cases]
    for row in judge_patterns(cases, found):
        print(f"| PII patterns, {row[0]} | presidio patterns (English) | exact {row[1] / row[2]:.4f} | clean {row[3] / row[4]:.4f} |")
    print(f"| speed on the documents | presidio patterns | {size / seconds / 1000:.0f} KB/s | |")


def texts(data, out):
    for name in FILES:
        with open(os.path.join(out, name + ".jsonl"), "w", encoding="utf-8") as lines:
            for case in load(data, name):
                lines.write(json.dumps({"text": case["text"]}) + "\n")


if __name__ == "__main__":
    {"texts": texts, "judge": judge, "others": others, "misses": misses}[sys.argv[1]](sys.argv[2], sys.argv[3])
