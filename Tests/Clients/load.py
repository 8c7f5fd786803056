"""Load for a server that is about to be killed, and the check of what it must have kept.

Reads lines of JSON and answers each with one:
  {"load": port}                     runs CONNECTIONS workers until the server is gone, says when the first answer is
                                     there, and at the end (a second line) what was answered
  {"check": path, "integrity": bool} looks up in the database all that was answered since the check before
  {"check": path, "all": true}       the same for all that was ever answered
  {"claim": trace_id}                takes a trace for answered: a check must miss it

An answer counts as whole when its last byte was here: then its trace must be in the database, closed as `ok`, with a
step of the kind that did the work, and the leaf, the place and the tree head of its receipt must be the log's: whatever
was signed over, no two heads may contradict each other. One of which only a part came, be it the head alone, must have its opening: its trace
is there, and not open any more, since the server closes what a dead one left.
"""

import base64
import hashlib
import json
import os
import random
import socket
import sqlite3
import sys
import threading

CONNECTIONS = 8
TOKEN = os.environ["ORCH_TOKEN"]
WHOLE, PART = "whole", "part"
STEP = {"tools": "tool_execution", "route": "tool_execution", "chat": "llm_provider", "stream": "llm_provider"}


class Gone(Exception):
    """The server is no more."""


class Connection:
    def __init__(self, port):
        try:
            self.socket = socket.create_connection(("127.0.0.1", port), timeout=20)
        except OSError as error:
            raise Gone from error
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.data = b""

    def more(self):
        try:
            part = self.socket.recv(65536)
        except TimeoutError:
            raise
        except OSError as error:
            raise Gone from error
        if not part:
            raise Gone
        self.data += part

    def line(self):
        while b"\r\n" not in self.data:
            self.more()
        line, _, self.data = self.data.partition(b"\r\n")
        return line.decode()

    def take(self, count):
        while len(self.data) < count:
            self.more()
        taken, self.data = self.data[:count], self.data[count:]
        return taken

    def ask(self, path, body):
        data = json.dumps(body).encode()
        head = f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer {TOKEN}\r\n"
        head += f"Content-Type: application/json\r\nContent-Length: {len(data)}\r\n\r\n"
        try:
            self.socket.sendall(head.encode() + data)
        except OSError as error:
            raise Gone from error
        status = int(self.line().split()[1])
        headers = {}
        while line := self.line():
            name, _, value = line.partition(":")
            headers[name.lower()] = value.strip()
        return status, headers

    def pieces(self, headers):
        """The body, as it comes."""
        if "content-length" in headers:
            yield self.take(int(headers["content-length"]))
            return
        while size := int(self.line(), 16):
            yield self.take(size + 2)[:-2]
        self.line()


class Round:
    def __init__(self, port):
        self.port, self.acknowledged, self.surprises = port, [], []
        self.lock = threading.Lock()
        self.answering = threading.Event()

    def run(self):
        workers = [threading.Thread(target=self.work, args=(n,)) for n in range(CONNECTIONS)]
        [w.start() for w in workers]
        self.answering.wait(20)
        say({"answering": self.answering.is_set()})
        [w.join() for w in workers]

    def work(self, number):
        try:
            connection = Connection(self.port)
            while True:
                self.ask(connection, random.choice(["tools", "route", "chat", "stream", "stream"]))
        except Gone:
            pass
        except Exception as error:
            self.surprise(f"{type(error).__name__}: {error}")

    def ask(self, connection, kind):
        if kind == "tools":
            status, headers = connection.ask("/v1/tools/execute", {"name": "echo", "args": {"message": "x"}})
        else:
            # The pause keeps some streams under way at the moment of death.
            text = "calc 6 * 7" if kind == "route" else 'Say it. script:{"words": 8, "delay_ms": 4}'
            streams = kind == "stream" or (kind == "route" and random.random() < 0.5)
            body = {"model": "scripted-chat", "messages": [{"role": "user", "content": text}], "stream": streams}
            status, headers = connection.ask("/v1/chat/completions", body)
        trace = headers.get("x-orch-trace-id")
        body = b""
        try:
            for piece in connection.pieces(headers):
                body += piece
        except Gone:
            if status == 200:
                whole = b"data: [DONE]" in body
                self.acknowledge(kind, trace, WHOLE if whole else PART, receipt_in(body) if whole else None)
            raise
        if status != 200 or not trace:
            self.surprise(f"{kind}: HTTP {status} {body[:300].decode(errors='replace')}")
        elif headers["content-type"].startswith("text/event-stream") and b"data: [DONE]" not in body:
            self.surprise(f"{kind}: a stream without its end: {body[-300:].decode(errors='replace')}")
        elif (receipt := receipt_in(body)) is None or receipt["trace_id"] != trace:
            self.surprise(f"{kind}: no receipt of {trace} in the answer")
        else:
            self.acknowledge(kind, trace, WHOLE, receipt)

    def acknowledge(self, kind, trace, extent, receipt):
        with self.lock:
            self.acknowledged.append((trace, kind, extent, receipt))
        self.answering.set()

    def surprise(self, text):
        with self.lock:
            self.surprises.append(text)
        self.answering.set()


def receipt_in(body):
    """The receipt of an answer, whole or streamed; None where there is none."""
    for line in reversed(body.split(b"\n")):
        if b'"receipt":{' in line:
            return json.loads(line.removeprefix(b"data: "))["receipt"]
    return None


def leaf_hash(leaf):
    return hashlib.sha256(b"\0" + leaf).digest()


def head_of(receipt):
    """Size and root of the checkpoint in a receipt."""
    _, size, root = receipt["checkpoint"].split("\n")[:3]
    return int(size), base64.b64decode(root)


def roots_of(leaves, sizes):
    """The roots of the trees of some sizes (RFC 6962 section 2.1)."""
    peaks, roots = [], {}
    for size, leaf in enumerate(leaves, 1):
        node, rest = leaf_hash(leaf), size - 1
        while rest & 1:
            node, rest = hashlib.sha256(b"\1" + peaks.pop() + node).digest(), rest >> 1
        peaks.append(node)
        if size in sizes:
            root = peaks[-1]
            for peak in reversed(peaks[:-1]):
                root = hashlib.sha256(b"\1" + peak + root).digest()
            roots[size] = root
    return roots


def contradictions(database, everything):
    """Tree heads that were given out and are not those of the log as it is."""
    heads = {head_of(receipt) for _, _, _, receipt in everything if receipt}
    leaves = (leaf.encode() for (leaf,) in database.execute("SELECT leaf_json FROM log_leaves ORDER BY leaf_index"))
    roots = roots_of(leaves, {size for size, _ in heads})
    return [f"a head of size {size} is not the log's" for size, root in sorted(heads) if roots.get(size) != root]


def problem_of(database, trace, kind, extent, receipt):
    row = database.execute("SELECT metadata_json FROM traces WHERE id = ?", (trace,)).fetchone()
    if row is None:
        return "missing"
    status = json.loads(row[0]).get("status")
    if status not in (("ok",) if extent == WHOLE else ("ok", "process_died")):
        return f"{extent}, but its status is {status}"
    rows = database.execute("SELECT step_type FROM trace_steps WHERE trace_id = ? ORDER BY id", (trace,))
    steps = [step for (step,) in rows]
    if status == "process_died" and steps[-1:] != ["error"]:
        return f"closed without an error step: {steps}"
    if status == "ok" and STEP[kind] not in steps:
        return f"no {STEP[kind]} step: {steps}"
    if receipt is None:
        return None
    leaf = database.execute(
        "SELECT trace_id, leaf_json FROM log_leaves WHERE leaf_index = ?", (receipt["leaf_index"],)).fetchone()
    if leaf is None or leaf[0] != trace or leaf_hash(leaf[1].encode()).hex() != receipt["leaf_hash"]:
        return f"leaf {receipt['leaf_index']} is not the receipt's"
    return None if head_of(receipt)[0] > receipt["leaf_index"] else "its checkpoint does not cover its leaf"


def check(path, recent, everything, order):
    database = sqlite3.connect(f"file:{path}?mode=ro", uri=True, timeout=30)
    try:
        problems = []
        for trace, kind, extent, receipt in everything if order.get("all") else recent:
            if problem := problem_of(database, trace, kind, extent, receipt):
                problems.append(f"{kind} {trace}: {problem}")
        if order.get("all"):
            problems += contradictions(database, everything)
        by_status = "SELECT json_extract(metadata_json, '$.status'), count(*) FROM traces GROUP BY 1"
        counts = dict(database.execute(by_status))
        integrity = database.execute("PRAGMA integrity_check").fetchone()[0] if order.get("integrity") else "ok"
        still_open = database.execute("SELECT count(*) FROM open_traces").fetchone()[0]
        receipts = [receipt for _, _, _, receipt in everything if receipt]
        newest = max(receipts, key=lambda receipt: head_of(receipt)[0], default=None)
        return {
            "lost": problems, "integrity": integrity, "open": still_open + counts.get("open", 0), "counts": counts,
            "checkpoint": newest and newest["checkpoint"]}
    except sqlite3.DatabaseError as error:
        return {"lost": [trace for trace, *_ in recent], "integrity": str(error), "open": 0, "counts": {}}
    finally:
        database.close()


def say(answer):
    print(json.dumps(answer), flush=True)


def main():
    everything, recent = [], []
    for line in sys.stdin:
        order = json.loads(line)
        if "load" in order:
            one = Round(order["load"])
            one.run()
            recent += one.acknowledged
            extents = [extent for _, _, extent, _ in one.acknowledged]
            answer = {"whole": extents.count(WHOLE), "part": extents.count(PART), "surprises": one.surprises[:5]}
        elif "claim" in order:
            recent.append((order["claim"], "chat", WHOLE, None))
            answer = {}
        else:
            everything += recent
            answer = check(order["check"], recent, everything, order)
            recent = []
        say(answer)


main()
