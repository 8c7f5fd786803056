"""Holds the tokenizers against tiktoken, llama.cpp and Hugging Face's, then measures; scripts/measure-tokens runs it.

measure.py compare BINARY ASSETS DATA ROOT WORK COUNT
measure.py speed BINARY ASSETS DATA ROOT WORK

Both end with status 1 after a difference, or a bar that is missed."""

import array
import base64
import pathlib
import statistics
import struct
import subprocess
import sys
import time

import tiktoken
import tiktoken_ext.openai_public as openai_public

from corpus import Corpus, adversarial, every_scalar, speed_texts

RANK_FILES = ("o200k_base", "cl100k_base")
# Our rate over tiktoken's, on prose and code.
TIMES_TIKTOKEN = 3.0
LOAD_MILLISECONDS = 150.0
MEMORY_MIB = 60.0
ADVERSARIAL_SECONDS = 1.0
ROUNDS = 5
LLAMA_TEXTS = 2000
HUGGING_FACE_TEXTS = 5000


def encoding(path):
    """tiktoken's, from the installed rank file: it fetches nothing."""
    ranks = {}
    for line in path.read_bytes().splitlines():
        token, rank = line.split()
        ranks[base64.b64decode(token)] = int(rank)
    openai_public.load_tiktoken_bpe = lambda *_arguments, **_named: ranks
    return tiktoken.Encoding(**getattr(openai_public, path.stem)())


def write_texts(path, texts):
    with open(path, "wb") as file:
        for text in texts:
            data = text.encode()
            file.write(struct.pack("<I", len(data)))
            file.write(data)


def read_ids(data):
    words = array.array("I")
    words.frombytes(data)
    place = 0
    while place < len(words):
        count = words[place]
        yield words[place + 1 : place + 1 + count].tolist()
        place += 1 + count


class Comparison:
    def __init__(self, binary, work):
        self.binary = binary
        self.work = work
        self.differences = 0

    def ours(self, vocabulary, texts):
        path = self.work / "texts.bin"
        write_texts(path, texts)
        done = subprocess.run([self.binary, "ids", vocabulary, path], stdout=subprocess.PIPE, check=True)
        return read_ids(done.stdout)

    def compare(self, name, vocabulary, texts, reference):
        """reference: ids for each text, None where the reference itself fails."""
        count, skipped, different = 0, 0, 0
        for text, wanted, got in zip(texts, reference, self.ours(vocabulary, texts), strict=True):
            count += 1
            if wanted is None:
                skipped += 1
            elif wanted != got:
                different += 1
                if different <= 5:
                    print(
                        f"difference, {name}: {text[:200]!r}\n  theirs {wanted[:30]}\n  ours   {got[:30]}",
                        file=sys.stderr,
                    )
        self.differences += different
        print(
            f"| {name} | {count - skipped} | {different} |" + (f" {skipped} that the other refuses" if skipped else ""),
            flush=True,
        )


def compare(binary, assets, data, root, work, count):
    corpus = Corpus(20, root, data)
    texts = list(every_scalar()) + list(corpus.texts(count)) + list(adversarial().values())
    comparison = Comparison(binary, work)
    print("| compared with | texts | differences |\n| --- | ---: | ---: |")
    for name in RANK_FILES:
        path = assets / f"{name}.tiktoken"
        theirs = encoding(path)

        def reference():
            for text in texts:
                try:
                    yield theirs.encode_ordinary(text)
                except BaseException as error:
                    # The matcher of tiktoken gives up on some long runs.
                    if isinstance(error, (KeyboardInterrupt, SystemExit, MemoryError)):
                        raise
                    yield None

        comparison.compare(f"tiktoken, {name}", path, texts, reference())
    compare_hugging_face(comparison, corpus, work)
    compare_llama(comparison, corpus, assets, work)
    return 1 if comparison.differences else 0


def compare_hugging_face(comparison, corpus, work):
    try:
        import hugging_face
    except ImportError:
        print("| Hugging Face | not installed | |")
        return
    training = [corpus.prose() for _ in range(1500)] + [corpus.code_piece() for _ in range(300)]
    texts = list(corpus.texts(HUGGING_FACE_TEXTS))
    for name, tokenizer in hugging_face.cases(training):
        path = work / f"{name}.json"
        tokenizer.save(str(path))
        # Every scalar for the vocabularies that differ in how they split.
        sample = (list(every_scalar()) if name in ("gpt2", "digits", "llama3", "qwen2", "o200k") else []) + texts
        comparison.compare(f"Hugging Face, {name}", path, sample, hugging_face.ids(tokenizer, sample))


def compare_llama(comparison, corpus, assets, work):
    import gguf

    python = assets / "llama-server" / "venv" / "bin" / "python"
    models = sorted((assets / "models").glob("*.gguf"))
    if not python.exists() or not models:
        print("| llama.cpp | not installed | |")
        return
    texts = [text for text in corpus.texts(LLAMA_TEXTS)]
    # Every scalar too, in few requests.
    scalars = list(every_scalar())
    texts += ["\n".join(scalars[start : start + 100]) for start in range(0, len(scalars), 100)]
    model = models[0]
    for pre in ("smollm", "gpt-2", "llama-bpe", "qwen2", "gpt-4o"):
        path = model
        if pre != "smollm":
            path = work / f"{pre}.gguf"
            gguf.variant(model, path, pre, user_defined=(3, 4, 5))
        texts_path, answers = work / "llama-texts.bin", work / "llama-ids.bin"
        write_texts(texts_path, texts)
        with open(work / "llama.log", "wb") as log:
            subprocess.run(
                [python, pathlib.Path(__file__).with_name("llama_ids.py"), path, texts_path, answers],
                stdout=log,
                stderr=log,
                check=True,
            )
        comparison.compare(f"llama.cpp, {pre}", path, texts, read_ids(answers.read_bytes()))
        if path != model:
            path.unlink()


def seconds(body, runs=5):
    """Processor time of this thread, the median."""
    times = []
    for _ in range(runs):
        start = time.thread_time()
        body()
        times.append(time.thread_time() - start)
    return statistics.median(times)


def our_rates(binary, vocabulary, paths):
    """Rates of encoding and counting for each file, and the time of a short count."""
    done = subprocess.run([binary, "speed", vocabulary, *paths], stdout=subprocess.PIPE, check=True)
    lines = [line.split() for line in done.stdout.decode().splitlines()]
    return [(float(line[1]), float(line[2])) for line in lines[:-1]], lines[-1][1]


def rates_side_by_side(binary, vocabulary, theirs, path, text):
    """Our rates and tiktoken's, the median of rounds in which they take turns."""
    rounds = []
    for _ in range(ROUNDS):
        ((encoding_rate, counting_rate),), _ = our_rates(binary, vocabulary, [path])
        rounds.append(
            (encoding_rate, counting_rate, len(text.encode()) / 1e6 / seconds(lambda: theirs.encode_ordinary(text)))
        )
    return [statistics.median(column) for column in zip(*rounds)]


def speed(binary, assets, data, root, work):
    missed = []

    def bar(holds, what):
        if not holds:
            missed.append(what)

    texts = speed_texts(Corpus(20, root, data))
    for name, text in texts.items():
        (work / name).write_bytes(text.encode())
    hard = adversarial()
    for name, text in hard.items():
        (work / ("hard " + name).replace(" ", "-")).write_bytes(text.encode())
    print("| vocabulary | text | ours, MB/s | counting, MB/s | tiktoken, MB/s | times |")
    print("| --- | --- | ---: | ---: | ---: | ---: |")
    slowest = {}
    shorts = []
    for name in RANK_FILES:
        path = assets / f"{name}.tiktoken"
        theirs = encoding(path)
        for text_name, text in texts.items():
            ours, counting, other = rates_side_by_side(binary, path, theirs, work / text_name, text)
            times = ours / other
            print(f"| {name} | {text_name} | {ours:.1f} | {counting:.1f} | {other:.1f} | {times:.1f} |", flush=True)
            bar(times >= TIMES_TIKTOKEN, f"{name}, {text_name}: {times:.1f} times tiktoken, wanted {TIMES_TIKTOKEN}")
        rates, short = our_rates(binary, path, [work / ("hard " + text).replace(" ", "-") for text in hard])
        for (text_name, text), (rate, _) in zip(hard.items(), rates):
            slowest[f"{name}, {text_name}"] = len(text.encode()) / 1e6 / rate
        shorts.append(f"counting a short question with {name}: {short} ns")
    print("\n" + "\n".join(shorts))
    name, longest = max(slowest.items(), key=lambda item: item[1])
    print(f"slowest of the long runs of about 1 MiB: {name}, {longest * 1000:.0f} ms")
    bar(longest < ADVERSARIAL_SECONDS, f"{name} takes {longest:.2f} s, wanted under {ADVERSARIAL_SECONDS}")
    vocabularies = [assets / f"{name}.tiktoken" for name in RANK_FILES]
    done = subprocess.run([binary, "load"] + vocabularies, stdout=subprocess.PIPE, check=True)
    memory = float(done.stdout.split()[-1]) / 1024
    print(f"memory for both rank files (VmHWM): {memory:.1f} MiB")
    bar(memory < MEMORY_MIB, f"{memory:.1f} MiB for both rank files, wanted under {MEMORY_MIB}")
    for path in vocabularies + sorted((assets / "models").glob("*.gguf")):
        loads = []
        for _ in range(5):
            done = subprocess.run([binary, "load", path], stdout=subprocess.PIPE, check=True)
            loads.append(float(done.stdout.split()[1]))
        milliseconds = statistics.median(loads)
        print(f"loading {path.name} in a new process: {milliseconds:.0f} ms")
        bar(
            milliseconds < LOAD_MILLISECONDS,
            f"{path.name} loads in {milliseconds:.0f} ms, wanted under {LOAD_MILLISECONDS}",
        )
    for what in missed:
        print(f"missed: {what}", file=sys.stderr)
    return 1 if missed else 0


def main():
    verb, binary, assets, data, root, work = sys.argv[1:7]
    places = [pathlib.Path(place) for place in (assets, data, root, work)]
    if verb == "compare":
        return compare(binary, *places, int(sys.argv[7]))
    return speed(binary, *places)


if __name__ == "__main__":
    sys.exit(main())
