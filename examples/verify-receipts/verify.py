"""Checks a receipt bundle with nothing of the server that made it. Needs Python 3.9 and the package cryptography.
See docs/verify-receipts.md for where the files come from. The log's verifier key must not come from the log itself."""
import argparse, base64, decimal, hashlib, json, pathlib, sys
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

def check(holds, fault):
    if not holds: raise ValueError(fault)
def sha256(*parts): return hashlib.sha256(b"".join(parts)).digest()
def node(left, right): return sha256(b"\1", left, right)
def strict_base64(text):
    check(base64.b64encode(base64.b64decode(text)).decode() == text, f"{text!r} is not strict base 64")
    return base64.b64decode(text)
def plain(text):
    check(text.isascii() and text.isdigit() and str(int(text)) == text, f"{text!r} is not a plain number")
    return int(text)

def canonical(value):
    """RFC 8785: members in the order of their keys' UTF-16 units, ECMAScript's numbers, no white space."""
    if isinstance(value, dict):
        members = sorted(value.items(), key=lambda member: member[0].encode("utf-16-be"))
        return "{" + ",".join(canonical(key) + ":" + canonical(item) for key, item in members) + "}"
    if isinstance(value, list): return "[" + ",".join(map(canonical, value)) + "]"
    return number(value) if isinstance(value, float) else json.dumps(value, ensure_ascii=False)
def number(value):
    sign, digits, exponent = decimal.Decimal(repr(value)).as_tuple()
    digits, point = "".join(map(str, digits)).rstrip("0"), len(digits) + exponent
    if not digits: return "0"
    if not -6 < point <= 21: text = digits[0] + ("." + digits[1:] if digits[1:] else "") + f"e{point - 1:+d}"
    elif point <= 0: text = "0." + "0" * -point + digits
    else: text = digits[:point].ljust(point, "0") + ("." + digits[point:] if digits[point:] else "")
    return "-" * sign + text
def parse(text):
    def members(pairs):
        check(len(dict(pairs)) == len(pairs), "a key stands twice in an object")
        return dict(pairs)
    return json.loads(text, object_pairs_hook=members, parse_constant=lambda name: check(False, name + " is no JSON"))

def checkpoint(note, vkey):
    """The log's name, its size and its root, as the key has signed them. Signatures of other keys are passed over."""
    name, identity, key = vkey.split("+", 2)
    key = strict_base64(key)
    check(len(key) == 33 and key[0] == 1 and sha256(name.encode(), b"\n", key)[:4].hex() == identity, "bad key")
    (body, _, lines), signed = note.rpartition("\n\n"), False
    body += "\n"
    check(lines.endswith("\n"), "this is no signed note")
    for dash, signer, signature in (line.split(" ") for line in lines[:-1].split("\n")):
        signature = strict_base64(signature)
        check(dash == "\u2014" and len(signature) > 4, "this is no line of a signature")
        if (signer, signature[:4].hex()) == (name, identity):
            Ed25519PublicKey.from_public_bytes(key[1:]).verify(signature[4:], body.encode())
            signed = True
    check(signed and body.startswith(name + "\n"), "the checkpoint is not signed by the key, or of another log")
    return name, plain(body.split("\n")[1]), strict_base64(body.split("\n")[2])

def climb(start, place, last, proof):
    """RFC 9162 sections 2.1.3.2 and 2.1.4.2: the roots of the older tree and of the newer one."""
    old = new = start
    for sibling in proof:
        check(last > 0, "the proof is too long")
        if place & 1 or place == last:
            old, new = node(sibling, old), node(sibling, new)
            while place and not place & 1: place, last = place >> 1, last >> 1
        else: new = node(new, sibling)
        place, last = place >> 1, last >> 1
    check(last == 0, "the proof is too short")
    return old, new
def consistent(first, first_root, second, second_root, proof):
    if first == second: return first_root == second_root and not proof
    check(0 < first < second and proof, "there is no proof from the kept checkpoint to this one")
    path, place, last = proof if first & (first - 1) else [first_root] + proof, first - 1, second - 1
    while place & 1: place, last = place >> 1, last >> 1
    return climb(path[0], place, last, path[1:]) == (first_root, second_root)

def contents(bundle, given):
    """Compares the bundle's contents with what its leaf binds."""
    leaf, trace, steps, salts = bundle["leaf"], bundle["trace"], bundle["steps"], bundle.get("salts") or {}
    check((trace["id"], trace["created_at"]) == (leaf["trace_id"], leaf["opened_at"]), "the trace is another one")
    why, metadata = trace["metadata"].get("retired"), canonical(trace["metadata"])
    kept = {"closed_at": leaf["closed_at"], "retired": why, "status": leaf["status"]}
    if not steps and not salts and not given and why in ("erased", "expired") and metadata == canonical(kept):
        return print(f"the contents were deleted ({why}); the rest is proven")
    check(len(steps) == len(leaf["steps"]), f"the leaf binds {len(leaf['steps'])} steps, and {len(steps)} are here")
    for place, (step, bound) in enumerate(zip(steps, leaf["steps"]), 1):
        found = {"at": step["created_at"], "sha256": sha256(canonical(step).encode()).hex(), "type": step["step_type"]}
        check(found == bound, f"step {place} ({bound['type']}) was changed")
    print(f"the {len(steps)} steps are those that the leaf binds")
    for name, content in {"metadata": metadata.encode(), **given}.items():
        check(name in salts and name in leaf["commitments"], f"the bundle cannot open the commitment to the {name}")
        found = sha256(bytes.fromhex(salts[name]), content).hex()
        check(found == leaf["commitments"][name], f"the {name} is not the one that the leaf binds")
        print(f"the {name} is the one that the leaf binds")

def verify(bundle, options):
    check(bundle["format"] == "orchestrators.receipt-bundle/v1", "this is no receipt bundle of version 1")
    head, _, note = bundle["proof"].partition("\n\n")
    header, index, *proof = head.split("\n")
    check(header == "c2sp.org/tlog-proof@v1" and index.startswith("index "), "its proof is no tlog-proof")
    name, size, root = checkpoint(note, options.key)
    index, leaf = plain(index[6:]), sha256(b"\0", canonical(bundle["leaf"]).encode())
    proven = index < size and climb(leaf, index, size - 1, list(map(strict_base64, proof)))[1] == root
    check(proven, "the leaf is not in the tree that the checkpoint signs")
    print(f"the leaf is number {index} of the {size} of {name}")
    contents(bundle, {name: path.read_bytes() for name in ("request", "answer") if (path := getattr(options, name))})
    if options.since:
        _, kept, kept_root = checkpoint(options.since.read_bytes().decode(), options.key)
        proof = [bytes.fromhex(text) for text in parse(options.consistency.read_bytes())["proof"]]
        check(consistent(kept, kept_root, size, root, proof), "the log is not what it was: it was rewritten")
        print(f"the log has only been added to since it had {kept} leaves")

parser = argparse.ArgumentParser(description="Checks a receipt bundle.")
parser.add_argument("--key", required=True, help="the log's verifier key: name+hash+base64")
for option in ("request", "answer", "since", "consistency"): parser.add_argument("--" + option, type=pathlib.Path)
parser.add_argument("bundle", type=pathlib.Path)
options = parser.parse_args()
if bool(options.since) != bool(options.consistency): parser.error("--since and --consistency go together")
try: verify(parse(options.bundle.read_bytes()), options)
except Exception as error: sys.exit(f"NOT VERIFIED: {str(error) or type(error).__name__}")
