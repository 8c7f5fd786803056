"""Small tokenizer.json files of each supported kind, and the ids that Hugging Face's own library gives."""

import json

from tokenizers import AddedToken, Regex, Tokenizer, decoders, models, normalizers, pre_tokenizers, trainers

CONTRACTIONS = "(?i:'s|'t|'re|'ve|'m|'ll|'d)"
GPT2 = r"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+"
GPT2_SHORT = r"'(?:[sdmt]|ll|ve|re)| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+"
TAIL = r"| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"
LLAMA3 = CONTRACTIONS + r"|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}" + TAIL
QWEN2 = CONTRACTIONS + r"|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}" + TAIL
UPPER, LOWER = r"[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]", r"[\p{Ll}\p{Lm}\p{Lo}\p{M}]"
O200K = (
    r"[^\r\n\p{L}\p{N}]?"
    + UPPER
    + "*"
    + LOWER
    + "+"
    + CONTRACTIONS
    + r"?|[^\r\n\p{L}\p{N}]?"
    + UPPER
    + "+"
    + LOWER
    + "*"
    + CONTRACTIONS
    + r"?|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n/]*|\s*[\r\n]+|\s+(?!\S)|\s+"
)


def byte_level(use_regex):
    return pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=use_regex)


def split(expression, behavior="isolated", invert=False):
    return pre_tokenizers.Sequence([pre_tokenizers.Split(Regex(expression), behavior, invert), byte_level(False)])


SPLITS = {
    "gpt2": lambda: byte_level(True),
    "digits": lambda: pre_tokenizers.Sequence([pre_tokenizers.Digits(individual_digits=True), byte_level(True)]),
    "gpt2-split": lambda: split(GPT2),
    "gpt2-short": lambda: split(GPT2_SHORT),
    "llama3": lambda: split(LLAMA3),
    "llama3-removed": lambda: split(LLAMA3, "removed", True),
    "qwen2": lambda: split(QWEN2),
    "o200k": lambda: split(O200K),
}


def trained(name, texts, all_bytes=True):
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = SPLITS[name]()
    tokenizer.decoder = decoders.ByteLevel()
    alphabet = pre_tokenizers.ByteLevel.alphabet() if all_bytes else []
    trainer = trainers.BpeTrainer(vocab_size=1500, initial_alphabet=alphabet, show_progress=False)
    tokenizer.train_from_iterator(texts, trainer)
    return tokenizer


def cases(texts):
    """Names and tokenizers."""
    for name in SPLITS:
        tokenizer = trained(name, texts)
        tokenizer.add_special_tokens(["<|endoftext|>", "<|im_start|>", "<|"])
        yield name, tokenizer
    tokenizer = trained("qwen2", texts)
    tokenizer.normalizer = normalizers.NFC()
    tokenizer.add_special_tokens(["<|im_start|>"])
    tokenizer.add_tokens(
        [
            AddedToken("<|im", normalized=False),
            AddedToken("n\u0303", normalized=True),
            AddedToken("e\u0301\u0323"),
            AddedToken("  ", normalized=False),
            AddedToken("    ", normalized=False),
            AddedToken("the"),
            AddedToken("\u0301", normalized=False),
        ]
    )
    yield "added", tokenizer
    tokenizer = trained("gpt2", texts)
    tokenizer.add_special_tokens(["<|endoftext|>"])
    tokenizer.add_tokens(
        [AddedToken("endoftext"), AddedToken("|>"), AddedToken("<|end"), AddedToken(" a"), AddedToken("a1")]
    )
    yield "hidden", tokenizer
    for name, unknown in (("lossy", None), ("unknown", "!")):
        tokenizer = trained("gpt2", texts[:40], all_bytes=False)
        value = json.loads(tokenizer.to_str())
        value["model"]["unk_token"] = unknown
        yield name, Tokenizer.from_str(json.dumps(value))
    tokenizer = trained("llama3", texts)
    value = json.loads(tokenizer.to_str())
    value["model"]["ignore_merges"] = True
    # Without the last merges, so that whole pieces are tokens that merges do not make.
    value["model"]["merges"] = value["model"]["merges"][:-400]
    yield "whole", Tokenizer.from_str(json.dumps(value))
    value["model"]["ignore_merges"] = False
    value["model"]["merges"] = [" ".join(merge) for merge in value["model"]["merges"]]
    yield "unreachable", Tokenizer.from_str(json.dumps(value))


def ids(tokenizer, texts):
    tokenizer.encode_special_tokens = True
    return [encoding.ids for encoding in tokenizer.encode_batch(texts, add_special_tokens=False)]
