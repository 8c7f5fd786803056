"""Serves one GGUF model on a loopback port with llama.cpp, only as long as the process that started it lives.

Protocol: JSON lines on stdout. {"event":"loading"}, then {"event":"listening","port":N} and {"event":"ready"}, or
{"event":"error","reason":WORD,"message":TEXT} and an exit code: 2 model missing, 3 package missing, 4 the server did
not start, 64 bad arguments. It ends with code 0, at once, when its stdin reaches end of file (so the parent must hold
the other end of a pipe) and on SIGTERM; while the model loads, the signals SIGIO and SIGTERM themselves end it.
ORCH_LOCAL_API_KEY, if set, is what every request but GET /health must bear.
"""

import argparse
import fcntl
import ipaddress
import json
import os
import select
import signal
import sys

MODEL_MISSING, PACKAGE_MISSING, START_FAILED, BAD_ARGUMENTS = 2, 3, 4, 64
PARENT_CHECK_SECONDS = 2
# Bounds what one request may ask to be generated when it names no limit itself; the caller's own limits are lower.
PREDICT_DEFAULT = 4096


def claim_stdout():
    """Returns the real stdout for events alone; whatever native code prints goes to stderr from here on."""
    events = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    return events


def emit(events, event, **fields):
    events.write(json.dumps({"event": event, **fields}) + "\n")
    events.flush()


def fail(events, code, reason, message):
    emit(events, "error", reason=reason, message=message)
    sys.exit(code)


def positive(text):
    value = int(text)
    if value < 1:
        raise argparse.ArgumentTypeError("must be 1 or more")
    return value


def port_number(text):
    value = int(text)
    if not 0 <= value <= 65535:
        raise argparse.ArgumentTypeError("must be 0 to 65535")
    return value


def loopback(text):
    if not ipaddress.ip_address(text).is_loopback:
        raise argparse.ArgumentTypeError("must be a loopback address")
    return text


class Parser(argparse.ArgumentParser):
    """Reports a wrong command line as an event."""

    def __init__(self, events):
        super().__init__(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
        self.events = events

    def error(self, message):
        fail(self.events, BAD_ARGUMENTS, "bad_arguments", message)


def parse(events):
    parser = Parser(events)
    parser.add_argument("--model", required=True, metavar="PATH")
    parser.add_argument("--host", type=loopback, default="127.0.0.1")
    parser.add_argument("--port", type=port_number, default=0, help="0: a free one, chosen by the kernel")
    parser.add_argument("--ctx", type=positive, default=4096, help="context of each request, in tokens")
    parser.add_argument("--parallel", type=positive, default=2, help="requests answered at the same time")
    parser.add_argument("--threads", type=positive, default=os.cpu_count() or 1)
    parser.add_argument("--alias", default="local", metavar="NAME", help="the model's name in answers and lists")
    return parser.parse_args()


def die_with_parent_while_loading():
    """Lets the kernel end this process when the parent's end of stdin closes.

    Loading keeps Python's lock for as long as it takes, so no Python code could do it: SIGIO's default action does.
    """
    fcntl.fcntl(0, fcntl.F_SETOWN, os.getpid())
    fcntl.fcntl(0, fcntl.F_SETFL, fcntl.fcntl(0, fcntl.F_GETFL) | os.O_ASYNC)
    hang_up = select.poll()
    hang_up.register(0, select.POLLHUP)
    if any(event & select.POLLHUP for _, event in hang_up.poll(0)):
        sys.exit(0)


def go_offline():
    for name in ("HF_HUB_OFFLINE", "TRANSFORMERS_OFFLINE", "HF_HUB_DISABLE_TELEMETRY", "LLAMA_OFFLINE"):
        os.environ[name] = "1"


def parameters(xllamacpp, arguments, key):
    params = xllamacpp.CommonParams()
    params.model.path = arguments.model
    params.model_alias = {arguments.alias}
    params.hostnames = [arguments.host]
    params.port = arguments.port
    if key:
        params.api_keys = [key]

    # llama.cpp divides n_ctx among its slots.
    params.n_ctx = arguments.ctx * arguments.parallel
    params.n_parallel = arguments.parallel
    params.n_predict = min(PREDICT_DEFAULT, arguments.ctx)
    params.cpuparams.n_threads = arguments.threads
    params.cpuparams_batch.n_threads = arguments.threads
    params.n_gpu_layers = 0
    params.fit_params = False
    params.warmup = True

    # Bounded memory: no store of finished prompts (8 GiB by default).
    params.cache_ram_mib = 0
    params.cache_idle_slots = False

    # No way out, nothing served but the API, no web page may read it, no text in the log.
    params.offline = True
    params.ui = False
    params.ui_mcp_proxy = False
    params.endpoint_slots = False
    params.endpoint_props = False
    params.endpoint_metrics = False
    params.cors_origins = ""
    params.cors_origins_explicit = True
    params.cors_credentials = False
    params.verbosity = 1
    return params


def wait_for_the_end():
    """Returns when the parent closes stdin or is gone (another process may have inherited the pipe)."""
    parent = os.getppid()
    while os.getppid() == parent:
        readable, _, _ = select.select([0], [], [], PARENT_CHECK_SECONDS)
        if readable and not os.read(0, 4096):
            return


def terminate(_signal, _frame):
    raise SystemExit(0)


def main():
    events = claim_stdout()
    arguments = parse(events)
    if not os.path.isfile(arguments.model):
        fail(events, MODEL_MISSING, "model_missing", "there is no model file at the given path")
    die_with_parent_while_loading()
    go_offline()
    key = os.environ.pop("ORCH_LOCAL_API_KEY", "")
    try:
        import xllamacpp
    except ImportError as error:
        print(error, file=sys.stderr)
        fail(events, PACKAGE_MISSING, "package_missing", "the package xllamacpp cannot be imported")
    emit(events, "loading")
    try:
        server = xllamacpp.Server(parameters(xllamacpp, arguments, key))
        port = int(server.listening_address.rsplit(":", 1)[1])
    except Exception as error:
        print(error, file=sys.stderr)
        fail(events, START_FAILED, "start_failed", "the model could not be loaded or the port not be bound")

    signal.signal(signal.SIGIO, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, terminate)
    try:
        emit(events, "listening", port=port)
        emit(events, "ready")
        wait_for_the_end()
    except (SystemExit, BrokenPipeError):
        pass
    # The server keeps nothing on disk, and its own shutdown waits for answers that nobody reads any more.
    os._exit(0)


main()
