"""Texts that are hard for a tokenizer. The same generator gives the same texts."""

WORDS = (
    "the of library naïve café U.S. don't they've GROẞ Straße Übergrößenträger œuvre Noël aujourd'hui ¿qué ¡hola! "
    "pingüino ÁRBOL não avô źdźbło żółć Łódź İstanbul ışık IĞDIR Việt được PHỞ žluťoučký ŘEKA Ελλάδα ΑΘΗΝΑ ὁ λόγος ᾳ "
    "Москва ещё ёлка їжак п'ять السلام عليكم كِتَابٌ ١٢٣ שלום בְּרֵאשִׁית हिन्दी क्षेत्र ज्ञान กรุงเทพ "
    "น้ำ เด็กๆ 中华人民共和国 图书馆 今天天气很好 "
    "。 「你好」 私たち カタカナ ﾊﾝｶｸ が ー 안녕하세요 대한민국 한글 ㅋㅋㅋ ﬁﬂ ﷺ Ⅷ ½ ² 𝟘 𝔘𝔫𝔦 ①② ㍿ Å K Ω ſ ǅ ʼn unaffable tokenization"
).split(" ")
EMOJI = "👩‍👩‍👧‍👦 👍🏽 🏳️‍🌈 🇩🇪🇫🇷 ❤️‍🔥 1️⃣ #️⃣ 🧑🏿‍🚀 ☺️ 😂 🤷🏻‍♀️ ✈️ 🏴󠁧󠁢󠁥󠁮󠁧󠁿 🧿 👨‍💻 ⌚ © ™".split(" ")
SPACES = [" ", "  ", "\n", "\r\n", "\t", "\u00a0", "\u3000", "\u2028", "\u2029", "\u0085", "\u000b", "\u000c", "\u2009",
          "\u1680", "\u202f", "\u200b", "\ufeff", "\u180e", "\u001c", "\u001f"]
SIGNS = list("!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~") + ["“", "”", "—", "…", "€", "№", "´", "’", "·", "§", "¶", "\u037e",
                                                      "\u0387", "\u1fef", "。", "、", "՞", "׃", "؟", "।"]
MARKS = ["\u0301", "\u0300", "\u0327", "\u0334", "\u0345", "\u20dd", "\u0903", "\u093f", "\u094d", "\u3099", "\ufe0f",
         "\u302e", "\u302f", "\u1d165", "\U0001D165", "\U0001D16D", "\U0001D16E", "\u0e33", "\u1939", "\u0cd5",
         "\U00016FF0", "\u193b", "\u0f39", "\u1dfa", "\u0e38", "\u0c4d", "\u0898", "\U0001E4EC"]
CONTROLS = [chr(value) for value in (0, 1, 7, 8, 0x7F, 0x80, 0x9F, 0xAD, 0xFFFD, 0x200D, 0x202E, 0x2066, 0xE000, 0xFFFE,
                                     0x10FFFF, 0xE0001, 0x378, 0xFDD0)]
SPECIAL = ["[CLS]", "[SEP]", "[UNK]", "[MASK]", "[PAD]", "[unused1]", "##ing", "##", "[ CLS ]", "[cls]"]
RANGES = [(0, 0x80), (0x20, 0x7F), (0x80, 0x250), (0x250, 0x530), (0x530, 0x1100), (0x1100, 0x2000), (0x2000, 0x3400),
          (0x3400, 0xA000), (0xA000, 0xD800), (0xE000, 0x10000), (0x10000, 0x20000), (0x20000, 0x30000),
          (0x1D100, 0x1D200), (0x1F000, 0x20000), (0x30000, 0x110000)]


def piece(random):
    kind = random.randrange(12)
    if kind < 3:
        return random.choice(WORDS)
    if kind == 3:
        return random.choice(EMOJI)
    if kind == 4:
        return random.choice(SIGNS)
    if kind == 5:
        return random.choice("aeioun字") + "".join(random.choice(MARKS) for _ in range(random.randrange(1, 6)))
    if kind == 6:
        return random.choice(CONTROLS)
    if kind == 7:
        return random.choice(SPECIAL)
    if kind == 8:
        low, high = random.choice(RANGES)
        return "".join(chr(random.randrange(low, high)) for _ in range(random.randrange(1, 9)))
    if kind == 9:
        return "".join(random.choice("abcdefghijklmnopqrstuvwxyzABC0123456789") for _ in range(random.randrange(1, 20)))
    return random.choice(SPACES)


def all_of(random):
    """20,000 mixtures, every block of Unicode by sixteens, words at the limit of length, and long texts."""
    texts = ["", " ", "\0", "a" * 100, "a" * 101, "é" * 100, "e\u0301" * 100, "e\u0301" * 101, "\u302e" * 300,
             "字" * 300, "." * 300, "ab" * 50 + "c", "가" * 40, "각" * 34, "\u0378" * 50 + "a", "x" * 1_000_000,
             "\u0300" * 100_000, "\u302e\u0301" * 2000, "a b " * 10_000]
    for start in list(range(0, 0x3400, 16)) + list(range(0xA000, 0xD800, 64)) + list(range(0xE000, 0x30000, 64)):
        if not 0xD800 <= start < 0xE000:
            texts.append(" ".join(f"a{chr(value)}b" for value in range(start, start + 16)))
    for _ in range(20_000):
        parts = [piece(random) for _ in range(random.randrange(1, 12))]
        texts.append(random.choice(["", " "]).join(parts))
    return [text.encode("utf-8", "ignore").decode("utf-8") for text in texts]
