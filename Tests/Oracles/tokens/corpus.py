"""Makes texts to hold tokenizers against each other: prose in twenty languages, code, emoji, white space, numbers,
broken bytes, and runs that are meant to be slow. The same seed gives the same texts."""

import gzip
import json
import pathlib
import random

WORDS = {
    "English": "the of and library committee would they've said I'm don't winter WE'LL JSON reading U.S. naïve café",
    "German": "der die und nicht Übergrößenträger Straße über schöne Häuser GROẞ Donaudampfschiff daß für ihm Äpfel",
    "French": "le la et qu'il aujourd'hui œuvre garçon était l'école où Noël ça français élève MÊME d'accord île",
    "Spanish": "el la los niño mañana ¿qué ¡hola! corazón señor también pingüino ÁRBOL está después años",
    "Portuguese": "o a não coração São você também avô pão ações português há às lições MÃE",
    "Italian": "il la perché città l'uomo è più così università ragazzo dell'anno PERÒ gli virtù",
    "Polish": "i w nie się źdźbło żółć gęślą jaźń Łódź dziękuję jesteś ŻÓŁW przyszłość",
    "Turkish": "ve bir için İstanbul ışık değil güneş çocuk öğrenci IĞDIR şöyle kızı",
    "Vietnamese": "và của không người Việt Nam được những tiếng nước đường PHỞ thế giới",
    "Czech": "a se v že příliš žluťoučký kůň úpěl ďábelské ódy ŘEKA děti můj",
    "Greek": "και το να είναι Ελλάδα ΑΘΗΝΑ ὁ λόγος ἄνθρωπος θάλασσα σοφός ΐ ᾳ",
    "Russian": "и в не что это Москва РОССИЯ человек ещё съешь этих мягких булок ёлка",
    "Ukrainian": "і у не що це Київ їжак ґанок є ЩЕ людина п'ять об'єкт",
    "Arabic": "في من على السلام عليكم مدرسة اللغة العربية كِتَابٌ مُحَمَّد ١٢٣ ،",
    "Hebrew": "של את לא שלום בְּרֵאשִׁית ירושלים ספר ילדים ״כן״",
    "Hindi": "और है नहीं हिन्दी भारत क्षेत्र विद्यालय पानी १२३ ज्ञान ।",
    "Thai": "และ ที่ ไม่ กรุงเทพมหานคร ภาษาไทย น้ำ เด็กๆ ๑๒๓",
    "Chinese": "的 是 不 我们 中华人民共和国 图书馆 今天天气很好 。 ， 漢字 「你好」 三百",
    "Japanese": "の は です 私たち 図書館 カタカナ ひらがな ー 東京タワー 。 「はい」 ﾊﾝｶｸ が",
    "Korean": "이 그 는 안녕하세요 대한민국 도서관 학생 하겠습니다 한글 ㅋㅋㅋ",
}
EMOJI = ("👩‍👩‍👧‍👦 👍🏽 🏳️‍🌈 🇩🇪🇫🇷 ❤️‍🔥 1️⃣ #️⃣ 🧑🏿‍🚀 ☺️ 😂 🤷🏻‍♀️ ✈️ 🏴󠁧󠁢󠁥󠁮󠁧󠁿 🫱🏼‍🫲🏾 ‍ ️ 🧿 👨‍💻").split(" ")
SPACES = [
    " ",
    "  ",
    "\n",
    "\r\n",
    "\t",
    "\r",
    "\n\n",
    " \n",
    "\n ",
    "\t\t",
    "\u00a0",
    "\u3000",
    "\u2028",
    "\u0085",
    "\u000b",
    "\u000c",
    "\u2009",
    "\u1680",
    "\u202f",
    "   ",
    "\u200b",
    "\ufeff",
    "        ",
]
SIGNS = list(".,;:!?'\"()[]{}<>/\\|@#$%^&*-_=+~`") + [
    "//",
    "...",
    "--",
    "=>",
    "::",
    "“",
    "”",
    "—",
    "…",
    "€",
    "№",
    "//\n",
    "/\n/",
    "¹",
    "½",
    "Ⅷ",
    "٣",
    "𝟘",
    "´",
    "’s",
    "ʼn",
]
CONTRACTIONS = [
    "'s",
    "'S",
    "'ſ",
    "'t",
    "'T",
    "'re",
    "'RE",
    "'Re",
    "'rE",
    "'ve",
    "'VE",
    "'m",
    "'M",
    "'ll",
    "'LL",
    "'lL",
    "'d",
    "'D",
    "'ſs",
    "'r",
    "'v",
    "'l",
    "''s",
    "'",
    "'x",
    "'K",
    "'st",
    "'Ⅾ",
    "’s",
]
MARKS = ["\u0301", "\u0300", "\u20dd", "\u0903", "\u093f", "\u3099", "\ufe0f", "\u0e33", "\u0345"]
CASES = [
    "A",
    "b",
    "Ab",
    "aB",
    "AB",
    "ǅ",
    "ʰ",
    "ˮ",
    "ª",
    "字",
    "א",
    "Ω",
    "ß",
    "ẞ",
    "İ",
    "ı",
    "K",
    "ſ",
    "ʕ",
    "ﬁ",
    "𐐀",
    "𐐨",
    "Ა",
    "ა",
    "Ꭰ",
    "ꭰ",
    "ー",
    "々",
]
SPECIAL = ["<|endoftext|>", "<|im_start|>", "<|fim_prefix|>", "<|endofprompt|>", "<|", "|>", "<repo_name>"]
NEW = [
    chr(value)
    for value in (
        0x1C89,
        0xA7CB,
        0xA7DA,
        0x10D40,
        0x10D6F,
        0x16D70,
        0x11DE0,
        0x16FF4,
        0xA7CE,
        0x88F,
        0x2EBF0,
        0x31350,
        0x323B0,
        0x378,
        0xE000,
        0xE0100,
        0xE0020,
        0x1E5D0,
        0x1CCF0,
        0x10FFFF,
    )
]


class Corpus:
    def __init__(self, seed, root, data):
        self.random = random.Random(seed)
        self.words = {name: text.split() for name, text in WORDS.items()}
        self.code = []
        for path in sorted(pathlib.Path(root).glob("Sources/**/*")) + sorted(
            pathlib.Path(root).glob("Tests/Oracles/**/*")
        ):
            if path.suffix in (".swift", ".py", ".js", ".css", ".h", ".sql", ".c", ".html"):
                self.code.append(path.read_text(encoding="utf-8", errors="replace"))
        self.sentences = []
        for path in sorted(pathlib.Path(data).glob("intents/*.jsonl.gz")) + sorted(
            pathlib.Path(data).glob("context/*.gz")
        ):
            with gzip.open(path, "rt", encoding="utf-8") as lines:
                for line in lines:
                    self.collect(json.loads(line))
                    if len(self.sentences) > 60000:
                        break

    def collect(self, value):
        if isinstance(value, str):
            self.sentences.append(value[:2000])
        elif isinstance(value, dict):
            for item in value.values():
                self.collect(item)
        elif isinstance(value, list):
            for item in value:
                self.collect(item)

    def prose(self):
        words = self.words[self.random.choice(list(self.words))]
        text = ""
        for _ in range(self.random.randrange(1, 25)):
            text += self.random.choice(words) + self.random.choice(
                [" ", " ", " ", " ", ", ", ". ", "\n", "  ", "-", "", "! "]
            )
        return text

    def code_piece(self):
        source = self.random.choice(self.code)
        start = self.random.randrange(max(1, len(source) - 400))
        return source[start : start + self.random.randrange(20, 400)]

    def sentence(self):
        return self.random.choice(self.sentences) if self.sentences else self.prose()

    def mixed(self):
        kinds = [
            SPACES,
            SIGNS,
            CONTRACTIONS,
            MARKS,
            CASES,
            EMOJI,
            SPECIAL,
            NEW,
            ["1", "12", "123", "1234", "0"],
            [self.random.choice(self.random.choice(list(self.words.values())))],
        ]
        kinds = self.random.sample(kinds, self.random.randrange(2, len(kinds)))
        return "".join(self.random.choice(self.random.choice(kinds)) for _ in range(self.random.randrange(1, 24)))

    def emoji(self):
        return "".join(self.random.choice(EMOJI + [" ", "a"]) for _ in range(self.random.randrange(1, 12)))

    def spaces(self):
        return "".join(
            self.random.choice(SPACES) * self.random.randrange(1, 4) + self.random.choice(["", "", "a", "1", ".", "é"])
            for _ in range(self.random.randrange(1, 10))
        )

    def numbers(self):
        digits = "".join(self.random.choice("0123456789") for _ in range(self.random.randrange(1, 30)))
        return (
            self.random.choice(["", " ", "-", "$", "x"])
            + digits
            + self.random.choice(["", ".5", "e10", "%", " 1", ",000", "٣٤", "½"])
        )

    def broken(self):
        return bytes(self.random.randrange(256) for _ in range(self.random.randrange(1, 60))).decode("utf-8", "replace")

    def scalars(self):
        out = []
        for _ in range(self.random.randrange(1, 20)):
            value = self.random.choice(
                [self.random.randrange(0x110000), self.random.randrange(0x3000), self.random.randrange(0x20000)]
            )
            out.append(chr(value) if not 0xD800 <= value < 0xE000 else "\ufffd")
            if self.random.random() < 0.3:
                out.append(self.random.choice(["a", "A", " ", "1", "'s", "\n"]))
        return "".join(out)

    def run_of(self):
        unit = self.random.choice(
            ["a", "A", "aA", " ", "\n", "1", "=", "ab", "é", "字", "👍", " a", "\u0301", "/", "'s", "-", "the"]
        )
        return unit * self.random.randrange(1, 300)

    def texts(self, count):
        makers = [
            (self.prose, 25),
            (self.code_piece, 12),
            (self.sentence, 12),
            (self.mixed, 22),
            (self.emoji, 5),
            (self.spaces, 7),
            (self.numbers, 4),
            (self.broken, 4),
            (self.scalars, 8),
            (self.run_of, 1),
        ]
        functions = [function for function, _ in makers]
        weights = [weight for _, weight in makers]
        yield ""
        for function in self.random.choices(functions, weights, k=count - 1):
            yield function()


def every_scalar():
    """Every scalar by itself, between letters and numbers, before a blank and a contraction."""
    for start in range(0, 0x110000, 64):
        values = [chr(value) for value in range(start, start + 64) if not 0xD800 <= value < 0xE000]
        if values:
            yield " ".join(values)
            yield "a" + "a".join(values) + "A"
            yield "1".join(values) + " "
            yield "".join(values)
            yield "'s ".join(values) + "'s"


def adversarial(size=1 << 20):
    """Names and texts of about a mebibyte."""
    source = random.Random(7)
    return {
        "a": "a" * size,
        "blanks": " " * size,
        "line ends": "\n" * size,
        "blanks and line ends": " \n" * (size // 2),
        "equals signs": "=" * size,
        "ab": "ab" * (size // 2),
        "random letters": "".join(source.choice("abcdefghijklmnopqrstuvwxyz") for _ in range(size)),
        "random bytes": bytes(source.randrange(256) for _ in range(size)).decode("utf-8", "replace")[:size],
        "ideographs": "".join(chr(source.randrange(0x4E00, 0x9FA0)) for _ in range(size // 3)),
        "one ideograph": "字" * (size // 3),
        "marks": "\u0301" * (size // 2),
        "upper case": "A" * size,
        "cases": "aA" * (size // 2),
        "apostrophes": "'" * size,
        "digits": "1" * size,
        "slashes": "/\n" * (size // 2),
        "emoji": "👍🏽" * (size // 8),
        "new letters": "\u1c89" * (size // 3),
    }


def speed_texts(corpus, size=1 << 20):
    """Prose and code of about a mebibyte, nothing made up."""
    prose = "\n".join(text for text in corpus.sentences)
    code = "\n".join(corpus.code)
    while len(prose) < size:
        prose += prose or corpus.prose()
    while len(code) < size:
        code += code
    return {"prose": prose[:size], "code": code[:size]}
