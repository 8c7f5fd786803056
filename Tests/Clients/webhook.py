"""A receiver of webhooks that behaves as it is told: good, slow, or a liar.

Prints {"port": N}, then takes a mode a line on standard input and answers {"mode": …}:
  good      200
  hang      reads the request and never answers
  error     500
  redirect  307 to itself, which would then answer 200
  truncated says more bytes than come
  garbage   no HTTP
  huge      200 with 16 MiB
GET /recorded gives what was taken in good mode: id, type, whether the signature is right, and how often it came.
"""

import base64, hashlib, hmac, json, os, socketserver, sys, threading
from http.server import BaseHTTPRequestHandler

SECRET = os.environ["WEBHOOK_SECRET"].encode()
state = {"mode": "good", "taken": {}, "asked": 0, "redirected": 0}
lock = threading.Lock()


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass

    def do_GET(self):
        with lock:
            body = json.dumps(
                {"taken": list(state["taken"].values()), "asked": state["asked"], "redirected": state["redirected"]}
            ).encode()
        self.answer(200, body)

    def do_POST(self):
        body = self.rfile.read(int(self.headers["content-length"]))
        with lock:
            state["asked"] += 1
            mode = state["mode"]
            if self.path == "/elsewhere":
                state["redirected"] += 1
        if mode == "hang":
            threading.Event().wait(60)
        elif mode == "error":
            self.answer(500, b"no")
        elif mode == "redirect":
            self.send_response(307)
            self.send_header("location", "/elsewhere")
            self.send_header("content-length", "0")
            self.end_headers()
        elif mode == "truncated":
            self.wfile.write(b"HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\nshort")
            self.close_connection = True
        elif mode == "garbage":
            self.wfile.write(b"\x00\xff yes, all is well\r\n\r\n")
            self.close_connection = True
        elif mode == "huge":
            self.answer(200, b"x" * (16 << 20))
        else:
            self.take(body)
            self.answer(200, b"")

    def take(self, body):
        identity, moment = self.headers["webhook-id"], self.headers["webhook-timestamp"]
        message = f"{identity}.{moment}.".encode() + body
        right = "v1," + base64.b64encode(hmac.new(SECRET, message, hashlib.sha256).digest()).decode()
        event = json.loads(body)
        with lock:
            entry = state["taken"].setdefault(
                identity, {"id": identity, "type": event["type"], "data": event["data"], "count": 0, "signed": True})
            entry["count"] += 1
            entry["signed"] &= hmac.compare_digest(right, self.headers["webhook-signature"]) and event["id"] == identity

    def answer(self, status, body):
        try:
            self.send_response(status)
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)
        except OSError:
            self.close_connection = True


class Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True


server = Server(("127.0.0.1", 0), Handler)
threading.Thread(target=server.serve_forever, daemon=True).start()
print(json.dumps({"port": server.server_address[1]}), flush=True)
for line in sys.stdin:
    with lock:
        state["mode"] = line.strip()
    print(json.dumps({"mode": line.strip()}), flush=True)
