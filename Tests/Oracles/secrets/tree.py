"""Makes the tree that scripts/measure-secrets-scan scans, and judges what scanners found in it.

tree.py make FOLDER MEGABYTES SOURCE…   a git repository of about so many megabytes of text from the sources, and its
                                        planted secrets in FOLDER.planted.json
tree.py judge FOLDER orch FILE          counts planted secrets in orch's JSON (files and history)
tree.py judge FOLDER detect FILE        the same of detect-secrets'
"""

import json
import os
import random
import subprocess
import sys

ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
COMMITS = 10
PLANTED = 200
# As people write them down; a call around one, detect-secrets would take for no secret.
LINES = ['value = "%s"', 'value: "%s"', '  "value": "%s",', 'export VALUE="%s"']


def kinds(draw):
    """Secrets of well-known forms, put together here so that no scanner takes this file for a leak."""
    text = lambda count, letters=ALPHABET: "".join(draw.choice(letters) for _ in range(count))
    upper = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"
    return [
        ("aws", "AKIA" + text(16, upper)),
        ("github", "ghp_" + text(36)),
        ("openai", "sk-" + "proj-" + text(48)),
        ("slack", "xoxb-" + text(12, "123456789") + "-" + text(12, "123456789") + "-" + text(24)),
        ("gitlab", "glpat-" + text(20)),
        ("google", "AIza" + text(35)),
        ("stripe", "sk_" + "live_" + text(24)),
        ("sendgrid", "SG." + text(22) + "." + text(43)),
        ("npm", "npm_" + text(36)),
        ("database", "postgres://admin:" + text(20) + "@db.example.net/app"),
    ]


def sources(roots):
    """Text files, whole, in a fixed order."""
    for root in roots:
        for folder, folders, files in os.walk(root):
            folders[:] = sorted(name for name in folders if name != ".git")
            for name in sorted(files):
                path = os.path.join(folder, name)
                if os.path.islink(path) or not os.path.isfile(path) or os.path.getsize(path) > 1 << 20:
                    continue
                with open(path, "rb") as file:
                    content = file.read()
                if content and b"\0" not in content:
                    yield name, content


def git(folder, *arguments):
    subprocess.run(["git", "-C", folder, "-c", "user.name=Test", "-c", "user.email=test@example.org", "-c",
                    "commit.gpgsign=false", "-c", "gc.auto=0", *arguments], check=True, stdout=subprocess.DEVNULL)


def make(folder, megabytes, roots):
    draw = random.Random(5)
    os.makedirs(folder)
    git(folder, "init", "-q", "-b", "main")
    wanted, written, count = int(megabytes) << 20, 0, 0
    found = list(sources(roots))
    if not found:
        sys.exit("the sources hold no text")
    planted, removed = [], []
    for commit in range(COMMITS):
        while written < wanted * (commit + 1) // COMMITS:
            name, content = found[count % len(found)]
            path = os.path.join("d%03d" % (count // 500), "%06d-%s" % (count, name.replace("\n", "_")[-80:]))
            os.makedirs(os.path.join(folder, os.path.dirname(path)), exist_ok=True)
            with open(os.path.join(folder, path), "wb") as file:
                file.write(content)
            written += len(content)
            count += 1
        for number in range(PLANTED // COMMITS):
            kind, secret = draw.choice(kinds(draw))
            path = "planted/%02d-%02d.py" % (commit, number)
            os.makedirs(os.path.join(folder, "planted"), exist_ok=True)
            with open(os.path.join(folder, path), "w") as file:
                file.write("# settings\n\n" + LINES[number // 2 % len(LINES)] % secret + "\n")
            # Every second one is taken out again by the next commit, and stays in the history.
            gone = number % 2 == 1 and commit < COMMITS - 1
            planted.append({"path": path, "line": 3, "kind": kind, "gone": gone})
            if gone:
                removed.append(path)
        git(folder, "add", "-A")
        git(folder, "commit", "-q", "-m", "commit %d" % commit)
        for path in removed:
            os.remove(os.path.join(folder, path))
        removed = []
    git(folder, "add", "-A")
    git(folder, "commit", "-q", "-m", "the last", "--allow-empty")
    with open(folder + ".planted.json", "w") as file:
        json.dump(planted, file)
    print(written)


def judge(folder, scanner, path):
    with open(folder + ".planted.json") as file:
        planted = json.load(file)
    with open(path) as file:
        report = json.load(file)
    if scanner == "orch":
        found = {(item["path"], item["line"]) for item in report["findings"]}
        total = len(report["findings"])
    else:
        found = {(os.path.normpath(path), item["line_number"])
                 for path, items in report["results"].items() for item in items}
        total = sum(len(items) for items in report["results"].values())
    hits = lambda gone: sum((item["path"], item["line"]) in found for item in planted if item["gone"] == gone)
    there = sum(not item["gone"] for item in planted)
    print("%d of %d | %d of %d | %d" % (hits(False), there, hits(True), len(planted) - there, total))


if __name__ == "__main__":
    {"make": lambda: make(sys.argv[2], sys.argv[3], sys.argv[4:]),
     "judge": lambda: judge(*sys.argv[2:5])}[sys.argv[1]]()
