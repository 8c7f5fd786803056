"""A scripted model server: speaks OpenAI's API under /v1 and Ollama's under /api, and keeps what it was sent.

Prints {"port": N} and serves until its standard input ends. What it answers is told by the last message's text, where
that holds `script:` and a JSON object (members below); else it answers ANSWER at once. GET /recorded gives what came
in: {"requests": [{method, path, headers, body}], "aborted": streams whose reader went away}; DELETE /recorded forgets.

Script: answer (text), words (the answer is so many words), delay_ms (before each word; streams only), wait_ms (before
anything), status (an error of that status), tools (true: the answer calls the request's first tool), cut (a stream ends
without its end after so many words), split (bytes of one write; 1 tears everything apart).
"""

import asyncio
import base64
import json
import struct
import sys
import time

ANSWER = "scripted answer"
MODELS = ["scripted-chat", "scripted-embed"]
USAGE = {"prompt_tokens": 11, "completion_tokens": 7, "total_tokens": 18}
ARGUMENTS = {"city": "Bern", "days": 3}
recorded = {"requests": [], "aborted": 0}


class Reply:
    """Writes one answer; torn into small pieces where the script says so."""

    def __init__(self, writer, split):
        self.writer, self.split = writer, split

    async def put(self, data):
        for at in range(0, len(data), self.split or len(data) or 1):
            self.writer.write(data[at : at + (self.split or len(data))])
            await self.writer.drain()
            if self.split:
                await asyncio.sleep(0)

    async def whole(self, value, status=200):
        body = json.dumps(value).encode()
        head = f"HTTP/1.1 {status} X\r\nContent-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
        await self.put(head.encode() + body)

    async def begin(self, media):
        await self.put(f"HTTP/1.1 200 OK\r\nContent-Type: {media}\r\nTransfer-Encoding: chunked\r\n\r\n".encode())

    async def piece(self, text):
        data = text.encode()
        await self.put(b"%x\r\n%s\r\n" % (len(data), data))

    async def end(self):
        await self.put(b"0\r\n\r\n")


def script_of(body):
    messages = body.get("messages") or [{}]
    text = messages[-1].get("content")
    if isinstance(text, list):
        text = "".join(part.get("text", "") for part in text)
    _, mark, script = (text or "").partition("script:")
    script = json.loads(script) if mark else {}
    if "words" in script:
        script["answer"] = " ".join(f"w{n}" for n in range(script["words"]))
    return script


def pieces(script):
    words = script.get("answer", ANSWER).split(" ")
    return [word if n == 0 else " " + word for n, word in enumerate(words)]


def first_tool(body):
    return body["tools"][0]["function"]["name"]


async def stream(reply, script, media, chunks, last):
    await reply.begin(media)
    for n, chunk in enumerate(chunks):
        if script.get("cut") == n:
            reply.writer.transport.abort()
            return
        await asyncio.sleep(script.get("delay_ms", 0) / 1000)
        await reply.piece(chunk)
    for chunk in last:
        await reply.piece(chunk)
    await reply.end()


# MARK: OpenAI


def tool_calls(body, index=False):
    call = {"id": "call_scripted", "type": "function"}
    call["function"] = {"name": first_tool(body), "arguments": json.dumps(ARGUMENTS)}
    return [{"index": 0, **call} if index else call]


async def openai_chat(reply, body, script):
    base = {"id": "chatcmpl-scripted", "created": int(time.time()), "model": body["model"]}
    if not body.get("stream"):
        message, reason = {"role": "assistant", "content": script.get("answer", ANSWER)}, "stop"
        if script.get("tools"):
            message, reason = {"role": "assistant", "content": None, "tool_calls": tool_calls(body)}, "tool_calls"
        choice = {"index": 0, "message": message, "logprobs": None, "finish_reason": reason}
        await reply.whole({**base, "object": "chat.completion", "choices": [choice], "usage": USAGE})
        return
    base["object"] = "chat.completion.chunk"
    wants_usage = (body.get("stream_options") or {}).get("include_usage")

    def chunk(delta, reason=None):
        choice = {"index": 0, "delta": delta, "logprobs": None, "finish_reason": reason}
        extra = {"usage": None} if wants_usage else {}
        return "data: " + json.dumps({**base, "choices": [choice], **extra}) + "\n\n"

    if script.get("tools"):
        chunks, reason = [chunk({"role": "assistant", "tool_calls": tool_calls(body, index=True)})], "tool_calls"
    else:
        chunks = [chunk({"role": "assistant", "content": ""})] + [chunk({"content": p}) for p in pieces(script)]
        reason = "stop"
    last = [chunk({}, reason)]
    if wants_usage:
        last.append("data: " + json.dumps({**base, "choices": [], "usage": USAGE}) + "\n\n")
    await stream(reply, script, "text/event-stream", chunks, last + ["data: [DONE]\n\n"])


async def openai_embeddings(reply, body):
    inputs = body["input"] if isinstance(body["input"], list) else [body["input"]]
    vectors = [[float(n), 0.5, -1.25, float(len(text))] for n, text in enumerate(inputs)]
    packed = [base64.b64encode(struct.pack("<4f", *v)).decode() for v in vectors]
    values = packed if body.get("encoding_format") == "base64" else vectors
    data = [{"object": "embedding", "index": n, "embedding": v} for n, v in enumerate(values)]
    usage = {"prompt_tokens": 5, "total_tokens": 5}
    await reply.whole({"object": "list", "model": body["model"], "data": data, "usage": usage})


# MARK: Ollama


async def ollama_chat(reply, body, script):
    base = {"model": body["model"], "created_at": "2026-01-02T03:04:05.678Z"}
    end = {"done": True, "done_reason": "stop", "prompt_eval_count": 11, "eval_count": 7}
    calls = {}
    if script.get("tools"):
        calls = {"tool_calls": [{"function": {"name": first_tool(body), "arguments": ARGUMENTS}}]}
    if body.get("stream") is False:
        text = "" if calls else script.get("answer", ANSWER)
        await reply.whole({**base, "message": {"role": "assistant", "content": text, **calls}, **end})
        return

    def line(message, **rest):
        return json.dumps({**base, "message": {"role": "assistant", **message}, **rest}) + "\n"

    texts = [line({"content": "", **calls}, done=False)] if calls else [
        line({"content": p}, done=False) for p in pieces(script)
    ]
    await stream(reply, script, "application/x-ndjson", texts, [line({"content": ""}, **end)])


# MARK: Connections


async def answer(reply, method, path, body):
    script = script_of(body) if "messages" in body else {}
    reply.split = script.get("split", 0)
    await asyncio.sleep(script.get("wait_ms", 0) / 1000)
    if "status" in script:
        message = script.get("message", "scripted failure")
        await reply.whole({"error": {"message": message, "type": "scripted", "code": None}}, script["status"])
    elif (method, path) == ("GET", "/recorded"):
        await reply.whole(recorded)
    elif (method, path) == ("DELETE", "/recorded"):
        recorded.update(requests=[], aborted=0)
        await reply.whole({})
    elif (method, path) == ("GET", "/v1/models"):
        models = [{"id": m, "object": "model", "created": 1700000000, "owned_by": "scripted"} for m in MODELS]
        await reply.whole({"object": "list", "data": models})
    elif (method, path) == ("POST", "/v1/chat/completions"):
        await openai_chat(reply, body, script)
    elif (method, path) == ("POST", "/v1/embeddings"):
        await openai_embeddings(reply, body)
    elif (method, path) == ("GET", "/api/tags"):
        await reply.whole({"models": [{"name": m, "model": m, "modified_at": "2026-01-01T00:00:00Z"} for m in MODELS]})
    elif (method, path) == ("POST", "/api/show"):
        await reply.whole({"details": {"family": "scripted"}, "capabilities": ["completion", "tools"]})
    elif (method, path) == ("POST", "/api/chat"):
        await ollama_chat(reply, body, script)
    elif (method, path) == ("POST", "/api/embed"):
        texts = body["input"] if isinstance(body["input"], list) else [body["input"]]
        vectors = [[float(n), 0.5, -1.25, float(len(t))] for n, t in enumerate(texts)]
        if body["model"] == "scripted-letters":
            # A vector that says something of a text: how often each letter is in it.
            vectors = [[0.1] + [float(t.lower().count(chr(c))) for c in range(97, 123)] for t in texts]
        await reply.whole({"model": body["model"], "embeddings": vectors, "prompt_eval_count": 5})
    else:
        await reply.whole({"error": {"message": "no such path"}}, 404)


async def serve(reader, writer):
    try:
        while line := await reader.readline():
            method, path, _ = line.decode("latin-1").split()
            headers = {}
            while (line := await reader.readline()) not in (b"\r\n", b""):
                name, _, value = line.decode("latin-1").partition(":")
                headers[name.strip().lower()] = value.strip()
            data = await reader.readexactly(int(headers.get("content-length", 0)))
            body = json.loads(data) if data else {}
            if path != "/recorded":
                recorded["requests"].append({"method": method, "path": path, "headers": headers, "body": body})
                del recorded["requests"][:-1000]
            try:
                await answer(Reply(writer, 0), method, path, body)
            except ConnectionError:
                recorded["aborted"] += 1
                return
    except (ConnectionError, asyncio.IncompleteReadError):
        pass
    finally:
        writer.close()


async def main():
    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    print(json.dumps({"port": server.sockets[0].getsockname()[1]}), flush=True)
    await asyncio.get_running_loop().run_in_executor(None, sys.stdin.buffer.read)


asyncio.run(main())
