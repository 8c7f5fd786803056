"""Writes Tests/CoreTests/PythonJSONTable.swift: what Python's json.loads makes of texts, for the tests to compare with.

Run from the repository's root: python3 Tests/Oracles/json_table.py > Tests/CoreTests/PythonJSONTable.swift
"""

import json
import random
import struct

random.seed(20)

FIXED = [
    "null", "true", "[]", "{}", "0", "-0", "-0.0", "0.1", "-1.5e-7", "1e21", "1E5", "1e-400", "123456789.125",
    "9007199254740993", "9223372036854775807", "-9223372036854775808", "9223372036854775808", "2.5e-324",
    "2.4703282292062327e-324", "2.4703282292062328e-324", "1.7976931348623158e308", "0.30000000000000004",
    "179769313486231580793728971405301e276", "7.2057594037927933e16", "8.5e22", "1.00000000000000011102230246251565",
    '"\\u0000"', '"\\ud834\\udd1e"', '"\\u2028\\/"', '"é€😀"', '"\\b\\f\\n\\r\\t\\"\\\\"', '{"\\u0061":{"b":[1,2.0]}}',
]


def text(depth):
    kind = random.randrange(8 if depth else 5)
    if kind == 0:
        return random.choice(["null", "true", "false"])
    if kind in (1, 2):
        return number()
    if kind in (3, 4):
        return string()
    space = lambda: random.choice(["", "", " ", "\n", "\t\r "])
    items = [text(depth - 1) for _ in range(random.randrange(5))]
    if kind == 5:
        return "[" + (space() + "," + space()).join(items) + space() + "]"
    keys = random.sample(["a", "b", "\\u00e9", "é\\n", "", "😀", "\\ud83d\\ude01", "key"], len(items))
    return "{" + ",".join(f'{space()}"{key}"{space()}:{space()}{item}' for key, item in zip(keys, items)) + space() + "}"


def number():
    whole = str(random.choice([0, 7, random.getrandbits(30), random.getrandbits(62)]))
    fraction = "." + str(random.getrandbits(random.choice([3, 30, 60]))) if random.random() < 0.5 else ""
    exponent = random.choice("eE") + random.choice(["", "+", "-"]) + str(random.randrange(280)) if random.random() < 0.4 else ""
    return random.choice(["", "-"]) + whole + fraction + exponent


def string():
    parts = ["a", "Z9 ", "é", "€", "😀", "\\n", "\\\"", "\\\\", "\\/", "\\u0041", "\\u20AC", "\\uD83D\\uDE00", "\x7f", "/"]
    return '"' + "".join(random.choice(parts) for _ in range(random.randrange(8))) + '"'


def literal(content):
    out = ""
    for character in content:
        out += character if character.isascii() and character.isprintable() and character not in '"\\' else f"\\u{{{ord(character):X}}}"
    return f'"{out}"'


def swift(value):
    if value is None:
        return ".null"
    if isinstance(value, bool):
        return f".bool({str(value).lower()})"
    if isinstance(value, int) and -(2**63) <= value < 2**63:
        return f".integer({value})"
    if isinstance(value, (int, float)):
        return f".number(Double(bitPattern: 0x{struct.unpack('>Q', struct.pack('>d', value))[0]:016X}))"
    if isinstance(value, str):
        return f".string({literal(value)})"
    if isinstance(value, list):
        return f".array([{', '.join(map(swift, value))}])"
    members = ", ".join(f".init(key: {literal(key)}, value: {swift(item)})" for key, item in value.items())
    return f".object(JSONObject([{members}]))"


print("import OrchCore")
print()
print("/// Texts, and what Python's `json.loads` makes of them; written by Tests/Oracles/json_table.py.")
print("enum PythonJSONTable {")
print("    // swift-format-ignore")
print("    static let rows: [(String, JSONValue)] = [")
for row in FIXED + [text(3) for _ in range(120)]:
    print(f"        ({literal(row)}, {swift(json.loads(row))}),")
print("    ]")
print("}")
