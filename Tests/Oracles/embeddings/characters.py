"""What BERT's normaliser and pre-tokeniser (uncased) do with every Unicode scalar, asked of Hugging Face's tokenizers.

    characters.py write FILE    writes Sources/CEmbeddings/character_tables.h
    characters.py check FILE    fails where the file is not what would be written
"""
import sys

from tokenizers.normalizers import NFD, BertNormalizer
from tokenizers.pre_tokenizers import BertPreTokenizer

NORMALIZER = BertNormalizer(clean_text=True, handle_chinese_chars=True, strip_accents=None, lowercase=True)
PRE_TOKENIZER = BertPreTokenizer()
DECOMPOSER = NFD()
SPACE, DROPPED, BARRIER, PUNCTUATION, IDEOGRAPH, MARK = range(1, 7)
HANGUL = range(0xAC00, 0xD7A4)
WIDTH = 120
INDENT = " " * 4


def scalars():
    yield from range(0xD800)
    yield from range(0xE000, 0x110000)


def swaps(first, second):
    """Whether canonical ordering puts the second of two scalars first."""
    return first != second and DECOMPOSER.normalize_str(first + second) == second + first


def reference_marks():
    """A mark of each combining class, by class: the known ones, found by Python's own table and confirmed by order."""
    import unicodedata

    marks = {}
    for value in scalars():
        mark = chr(value)
        order = unicodedata.combining(mark)
        if order and order not in marks and DECOMPOSER.normalize_str(mark) == mark:
            if order == 1 or swaps(mark, "\u0334"):
                marks[order] = mark
    return dict(sorted(marks.items()))


def combining_class(mark, references):
    """The class by which tokenizers orders a mark; 0 for one that stays where it is."""
    if not swaps(mark, references[1]) and not swaps("\u0345", mark):
        return 0
    below = [order for order, other in references.items() if swaps(mark, other)]
    above = [order for order, other in references.items() if swaps(other, mark)]
    inside = [order for order in references if order not in below and order not in above]
    assert len(inside) == 1, (hex(ord(mark)), inside)
    return inside[0]


def probe():
    classes, mappings = {}, {}
    references = reference_marks()
    for value in scalars():
        text = chr(value)
        normal = NORMALIZER.normalize_str(text)
        if normal == "":
            decomposed = DECOMPOSER.normalize_str(text)
            # A mark that is taken out after the others were put in order; what is no mark goes before.
            is_mark = NORMALIZER.normalize_str("e\u0301" + text) == "e" and is_late(text)
            classes[value] = BARRIER if is_mark and combining_class(decomposed[0], references) == 0 else DROPPED
            continue
        if normal == " ":
            classes[value] = SPACE
            continue
        if len(normal) > 2 and normal[0] == " " and normal[-1] == " ":
            classes[value] = IDEOGRAPH
            normal = normal[1:-1]
        elif len(PRE_TOKENIZER.pre_tokenize_str("a" + text + "b")) == 3:
            classes[value] = PUNCTUATION
        else:
            order = combining_class(text, references) if normal == text else 0
            if order:
                classes[value] = MARK | order << 8
        if normal != text and value not in HANGUL:
            mappings[value] = [ord(scalar) for scalar in normal]
            assert len(normal) <= 3
    return classes, mappings


MARKS_ONLY = BertNormalizer(clean_text=False, handle_chinese_chars=False, strip_accents=True, lowercase=False)


def is_late(text):
    """Whether it is taken out with the accents, and not with the controls."""
    return MARKS_ONLY.normalize_str(text) == ""


def runs(classes):
    found = []
    for value in sorted(classes):
        if found and found[-1][1] == value - 1 and found[-1][2] == classes[value]:
            found[-1][1] = value
        else:
            found.append([value, value, classes[value]])
    return found


def rows(cells):
    line = INDENT
    for cell in cells:
        if len(line) + len(cell) > WIDTH:
            yield line
            line = INDENT
        line += cell
    yield line


def table():
    classes, mappings = probe()
    ascii_mappings = [value for value in mappings if value < 128]
    assert ascii_mappings == list(range(65, 91))
    single = {value: to[0] for value, to in mappings.items() if len(to) == 1 and value >= 128}
    several = {value: to for value, to in mappings.items() if len(to) > 1}
    text = [
        "// Written by Tests/Oracles/embeddings/characters.py from the behaviour of Hugging Face's tokenizers 0.23.3:",
        "// do not edit. Hangul syllables are decomposed by rule.",
        "",
        "// First and last scalar, class in the low byte, combining class of marks above it.",
        "static const cem_scalar_run cem_scalar_runs[] = {",
        *rows("{0x%X,0x%X,0x%X}," % tuple(run) for run in runs(classes)),
        "};",
        "",
        "// Scalars that become one other.",
        "static const cem_scalar_pair cem_scalar_pairs[] = {",
        *rows("{0x%X,0x%X}," % pair for pair in sorted(single.items())),
        "};",
        "",
        "// Scalars that become two or three others; 0 where there is no third.",
        "static const cem_scalar_triple cem_scalar_triples[] = {",
        *rows("{0x%X,{0x%X,0x%X,0x%X}}," % (value, *(to + [0])[:3]) for value, to in sorted(several.items())),
        "};",
    ]
    return "\n".join(text) + "\n"


def main():
    command, path = sys.argv[1:]
    if command == "write":
        with open(path, "w", encoding="ascii") as file:
            file.write(table())
    else:
        with open(path, encoding="ascii") as file:
            if file.read() != table():
                sys.exit(f"{path} is not what tokenizers does: write it anew")


main()
