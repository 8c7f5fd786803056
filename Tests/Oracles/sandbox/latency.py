"""Latency of a server for others while somebody attacks its resources from inside the sandbox.

Usage: latency.py ORCH. Starts the server on a free loopback port, in a folder of its own, and ends it.
"""

import json
import os
import re
import statistics
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request

BAR = 2.0
SAMPLES = 300
TOKEN = "measure-" + "latency-" + "Qv7Lw2Zr8Tb5Yn1Pd"
ATTACKS = {
    "fork bomb": "import os\nwhile True:\n    try: os.fork()\n    except OSError: pass",
    "memory bomb": "x = []\nwhile True: x.append(bytearray(1 << 20))",
    "memory bomb of many": "import os\nfor _ in range(20):\n    if os.fork() == 0: break\nx = []\nwhile True: x.append(bytearray(1 << 20))",
    "processor": "while True: pass",
    "processor of many": "import os\nfor _ in range(20):\n    if os.fork() == 0: break\nwhile True: pass",
    "disk": "i = 0\nwhile True:\n    try: open('/tmp/%d' % i, 'wb').write(bytes(1 << 20))\n    except OSError: i = -1\n    i += 1",
    "inodes": "i = 0\nwhile True:\n    open('/tmp/%d' % i, 'w').close(); i += 1",
    "output": "while True: print('x' * 10000)",
    "zip bomb": "import zlib\nb = zlib.compress(bytes(64 << 20))\nwhile True: zlib.decompress(b)",
}


def call(port, name, arguments):
    request = urllib.request.Request(
        "http://127.0.0.1:%d/v1/tools/execute" % port, json.dumps({"name": name, "args": arguments}).encode(),
        {"Authorization": "Bearer " + TOKEN},
    )
    with urllib.request.urlopen(request, timeout=60) as answer:
        return json.load(answer)["result"]


def latency(port):
    times = []
    for _ in range(SAMPLES):
        start = time.perf_counter()
        call(port, "safe_calc", {"expression": "2 ** 64"})
        times.append(time.perf_counter() - start)
    return statistics.median(times) * 1000


def attack(port, code, ends, over):
    while not over.is_set():
        ends.append(str(call(port, "python_exec", {"code": code}).get("error")))


def main(orch):
    with tempfile.TemporaryDirectory() as folder:
        os.symlink(os.path.abspath("config"), folder + "/config")
        environment = {
            "PATH": "/usr/bin:/bin", "ORCH_PORT": "0", "ORCH_BEARER_TOKEN": TOKEN, "ORCH_LLM_ENABLED": "0",
            "ORCH_TOOL_POLICY_ENFORCE": "0", "ORCH_TOOL_APPROVAL_ENFORCE": "0", "ORCH_SANDBOX_TIMEOUT_SEC": "6",
            "ORCH_INSTANCE_DIR": folder + "/instance", "ORCH_RATE_LIMIT": "1000000 per second", "HOME": folder,
        }
        log = open(folder + "/log", "w+")
        server = subprocess.Popen([orch, "serve"], cwd=folder, env=environment, stdout=log, stderr=log)
        try:
            port = None
            while port is None:
                time.sleep(0.05)
                log.seek(0)
                found = re.search(r"listening on http://127\.0\.0\.1:(\d+)", log.read())
                port = int(found.group(1)) if found else None
            latency(port)
            worst = 0.0
            for name, code in ATTACKS.items():
                quiet = latency(port)
                ends = []
                over = threading.Event()
                # Again and again, as long as it is measured.
                attacker = threading.Thread(target=attack, args=(port, code, ends, over))
                attacker.start()
                time.sleep(0.1)
                busy = latency(port)
                over.set()
                attacker.join()
                worst = max(worst, busy / quiet)
                # Without an attack there would be nothing to measure.
                if not ends or not all(end.startswith("sandbox_limit:") or end == "sandbox_timeout" for end in ends):
                    worst = float("inf")
                print("%-20s %.2f ms, without %.2f ms: %.2f x; %d runs, ended by %s" % (
                    name, busy, quiet, busy / quiet, len(ends), " ".join(sorted(set(ends)))))
            print("worst ratio %.2f" % worst)
            return 0 if worst <= BAR else 1
        finally:
            server.terminate()
            server.wait()


sys.exit(main(os.path.abspath(sys.argv[1])))
