"""Tries a server with the OpenAI client as it is installed: python openai_client.py GROUP, with ORCH_URL (…/v1),
ORCH_TOKEN and, for some groups, UPSTREAM_URL (of upstream.py) in the environment.

Runs every check of the group and prints one line of JSON for each: {"check": name, "failure": text or null}.
"""

import asyncio
import base64
import json
import os
import struct
import sys
import time
import traceback
import urllib.request

import openai

URL, TOKEN = os.environ["ORCH_URL"], os.environ["ORCH_TOKEN"]
CHAT, EMBED = "scripted-chat", "scripted-embed"
ANSWER = "scripted answer"
HELLO = [{"role": "user", "content": "Tell me something about lighthouses."}]
TOOL = {
    "type": "function",
    "function": {
        "name": "weather",
        "description": "The weather of a place.",
        "parameters": {
            "type": "object",
            "properties": {"city": {"type": "string"}, "days": {"type": "integer", "minimum": 1}},
            "required": ["city"],
            "additionalProperties": False,
        },
        "strict": False,
    },
}
groups = {}


def check(*names):
    def register(function):
        for name in names:
            groups.setdefault(name, []).append(function)
        return function

    return register


def client(**options):
    return openai.OpenAI(**{"base_url": URL, "api_key": TOKEN, "max_retries": 0, "timeout": 60, **options})


def script(text="Go on.", **members):
    return [{"role": "user", "content": f"{text} script:{json.dumps(members)}"}]


def equal(found, wanted, what=""):
    assert found == wanted, f"{what} is {found!r}, not {wanted!r}".strip()


def raises(kind, status, call):
    """The error has the client's class for the status, and the four members of OpenAI's errors."""
    try:
        call()
    except openai.APIStatusError as error:
        equal(type(error), kind, "the error")
        equal(error.status_code, status, "status")
        body = error.response.json()["error"]
        equal(sorted(body), ["code", "message", "param", "type"], "the error's members")
        assert error.response.headers["x-request-id"], "no x-request-id"
        assert body["message"] and body["type"], f"empty message or type: {body}"
        return body, error.response.headers
    raise AssertionError(f"no {kind.__name__}")


def upstream(method="GET"):
    request = urllib.request.Request(os.environ["UPSTREAM_URL"] + "/recorded", method=method)
    with urllib.request.urlopen(request, timeout=10) as answer:
        return json.load(answer)


def sent_since(call):
    """What the upstream was asked for while `call` ran, listings of models aside."""
    upstream("DELETE")
    result = call()
    return result, [r for r in upstream()["requests"] if r["path"] != "/v1/models"]


def text_of(chunks):
    return "".join(c.choices[0].delta.content or "" for c in chunks if c.choices)


def well_formed(chunks, usage):
    """What holds for every stream."""
    equal(len({c.id for c in chunks}), 1, "the number of ids")
    equal(len({c.created for c in chunks}), 1, "the number of times")
    equal({c.object for c in chunks}, {"chat.completion.chunk"}, "object")
    equal(chunks[0].choices[0].delta.role, "assistant", "the first delta's role")
    finishes = [c.choices[0].finish_reason for c in chunks if c.choices and c.choices[0].finish_reason]
    equal(len(finishes), 1, "the number of finish_reasons")
    if usage:
        equal(chunks[-1].choices, [], "the last chunk's choices")
        assert chunks[-1].usage.total_tokens > 0, "no usage at the end"
        assert all(c.usage is None and "usage" in c.model_fields_set for c in chunks[:-1]), "usage is not null before"
    else:
        assert all("usage" not in c.model_fields_set for c in chunks), "usage that was not asked for"
    receipt = chunks[-1].model_extra.get("receipt")
    assert receipt and receipt["trace_id"], f"the last chunk has no receipt: {chunks[-1]}"
    return finishes[0]


# MARK: Against the scripted server


@check("scripted")
def chat():
    answer, sent = sent_since(
        lambda: client().chat.completions.with_raw_response.create(
            model=CHAT, messages=HELLO, temperature=0.25, seed=7, stop=["###"], user="u-1"
        )
    )
    parsed = answer.parse()
    equal(parsed.choices[0].message.content, ANSWER)
    equal(parsed.choices[0].message.role, "assistant")
    equal(parsed.choices[0].finish_reason, "stop")
    equal(parsed.usage.total_tokens, 18, "the provider's own usage")
    equal(parsed.object, "chat.completion")
    assert parsed.id.startswith("chatcmpl-"), parsed.id
    equal(answer.headers["x-ai-generated"], "true")
    equal(answer.headers["x-orch-trace-id"], parsed.model_extra["receipt"]["trace_id"], "the receipt's trace")
    for name in "x-request-id", "openai-processing-ms", "x-ratelimit-limit-requests", "x-ratelimit-remaining-requests":
        assert name in answer.headers, f"no {name}"
    equal(len(sent), 1, "the number of calls")
    body = sent[0]["body"]
    equal(body["model"], CHAT)
    equal(body["messages"], HELLO, "messages")
    equal([body[n] for n in ("temperature", "seed", "stop", "user")], [0.25, 7, ["###"], "u-1"], "passed fields")
    assert not body.get("stream"), "a stream was asked for"


@check("scripted")
def chat_request_id_and_content_parts():
    image = {"type": "image_url", "image_url": {"url": "data:image/png;base64,AA=="}}
    parts = [{"type": "text", "text": "Describe this."}, image]
    messages = [{"role": "user", "content": parts}]
    answer, sent = sent_since(
        lambda: client().chat.completions.with_raw_response.create(
            model=CHAT, messages=messages, extra_headers={"x-request-id": "my-own-id"}
        )
    )
    equal(answer.headers["x-request-id"], "my-own-id")
    equal(sent[0]["body"]["messages"], messages, "content parts")


@check("scripted")
def hints_stay_here():
    messages = [{**HELLO[0], "pinned": True, "metadata": {"priority": "high", "goal": "x"}}]
    _, sent = sent_since(lambda: client().chat.completions.create(model=CHAT, messages=messages))
    equal(sent[0]["body"]["messages"], HELLO, "messages")


@check("scripted")
def stream():
    chunks = list(client().chat.completions.create(model=CHAT, messages=script(words=30), stream=True))
    equal(text_of(chunks), " ".join(f"w{n}" for n in range(30)))
    equal(well_formed(chunks, usage=False), "stop")


@check("scripted")
def stream_with_usage():
    chunks, sent = sent_since(
        lambda: list(
            client().chat.completions.create(
                model=CHAT, messages=HELLO, stream=True, stream_options={"include_usage": True}
            )
        )
    )
    equal(text_of(chunks), ANSWER)
    well_formed(chunks, usage=True)
    equal(chunks[-1].usage.total_tokens, 18, "the provider's own usage")
    equal(sent[0]["body"]["stream"], True)


@check("scripted")
def stream_torn_apart():
    messages = script(answer="grüße 🎈 ende", split=1)
    chunks = list(client().chat.completions.create(model=CHAT, messages=messages, stream=True))
    equal(text_of(chunks), "grüße 🎈 ende")


@check("scripted")
def stream_comes_as_it_is_made():
    arrived = []
    for chunk in client().chat.completions.create(model=CHAT, messages=script(words=6, delay_ms=150), stream=True):
        if chunk.choices and chunk.choices[0].delta.content:
            arrived.append(time.monotonic())
    assert arrived[-1] - arrived[0] > 0.5, f"all came within {arrived[-1] - arrived[0]:.3f} s"


@check("scripted")
def stream_by_helper():
    with client().chat.completions.stream(model=CHAT, messages=HELLO) as events:
        kinds = {event.type for event in events}
        final = events.get_final_completion()
    equal(final.choices[0].message.content, ANSWER)
    assert "content.delta" in kinds, kinds


@check("scripted")
def stream_that_breaks_is_an_error():
    messages = script(words=9, cut=4, delay_ms=20)
    got = []
    try:
        for chunk in client().chat.completions.create(model=CHAT, messages=messages, stream=True):
            got.append(chunk)
    except openai.APIError as error:
        assert got, "nothing came before the error"
        assert error.message, "no message"
        return
    raise AssertionError(f"a stream that broke off looks whole: {text_of(got)!r}")


@check("scripted")
def tools_passed_through():
    choice = {"type": "function", "function": {"name": "weather"}}
    messages = script("calc 2 + 2", tools=True)
    answer, sent = sent_since(
        lambda: client().chat.completions.create(
            model=CHAT, messages=messages, tools=[TOOL], tool_choice=choice, parallel_tool_calls=False
        )
    )
    equal(sent[0]["body"]["tools"], [TOOL], "tools")
    equal(sent[0]["body"]["tool_choice"], choice, "tool_choice")
    equal(sent[0]["body"]["parallel_tool_calls"], False, "parallel_tool_calls")
    call = answer.choices[0].message.tool_calls[0]
    equal(answer.choices[0].finish_reason, "tool_calls")
    equal((call.id, call.type, call.function.name), ("call_scripted", "function", "weather"))
    equal(json.loads(call.function.arguments), {"city": "Bern", "days": 3}, "arguments")
    loop = HELLO + [answer.choices[0].message.model_dump(exclude_none=True)]
    loop += [{"role": "tool", "tool_call_id": call.id, "content": "Rain."}]
    final, sent = sent_since(lambda: client().chat.completions.create(model=CHAT, messages=loop, tools=[TOOL]))
    equal(final.choices[0].message.content, ANSWER)
    equal(sent[0]["body"]["messages"], loop, "the tool loop's messages")


@check("scripted")
def tools_streamed():
    chunks = list(client().chat.completions.create(model=CHAT, messages=script(tools=True), tools=[TOOL], stream=True))
    equal(well_formed(chunks, usage=False), "tool_calls")
    calls = [c for chunk in chunks if chunk.choices for c in chunk.choices[0].delta.tool_calls or []]
    equal(calls[0].function.name, "weather")
    equal(json.loads("".join(c.function.arguments or "" for c in calls)), {"city": "Bern", "days": 3}, "arguments")


@check("scripted")
def response_format_passed_through():
    schema = {"name": "n", "schema": TOOL["function"]["parameters"], "strict": True}
    form = {"type": "json_schema", "json_schema": schema}
    _, sent = sent_since(lambda: client().chat.completions.create(model=CHAT, messages=HELLO, response_format=form))
    equal(sent[0]["body"]["response_format"], form)


@check("scripted", "ollama", "local")
def models():
    listed = {m.id: m for m in client().models.list()}
    assert "agent/Holly" in listed, sorted(listed)
    for model in listed.values():
        assert model.object == "model" and model.created > 0 and model.owned_by, model
        equal(client().models.retrieve(model.id).id, model.id)


@check("scripted", "ollama")
def models_of_the_provider():
    assert {CHAT, EMBED} <= {m.id for m in client().models.list()}


@check("scripted", "ollama", "local")
def unknown_model():
    raises(openai.NotFoundError, 404, lambda: client().models.retrieve("no-such-model"))
    body, _ = raises(
        openai.NotFoundError, 404, lambda: client().chat.completions.create(model="no-such-model", messages=HELLO)
    )
    equal(body["code"], "model_not_found")


@check("scripted")
def agent_by_model_name():
    answer, sent = sent_since(lambda: client().chat.completions.create(model="agent/holly", messages=HELLO))
    equal(answer.choices[0].message.content, ANSWER)
    messages = sent[0]["body"]["messages"]
    assert messages[0]["role"] == "system" and "Holly" in messages[0]["content"], messages[0]
    equal(messages[1:], HELLO, "the rest")
    equal(sent[0]["body"]["model"], CHAT, "the model asked")


@check("scripted")
def embeddings():
    # The client asks for base64 unless told otherwise, and decodes it itself.
    for options in {}, {"encoding_format": "float"}, {"encoding_format": "base64"}:
        answer, sent = sent_since(lambda: client().embeddings.create(model=EMBED, input=["one", "three"], **options))
        equal(sent[0]["body"].get("encoding_format"), options.get("encoding_format", "base64"))
        vectors = [item.embedding for item in answer.data]
        if options.get("encoding_format") == "base64":
            vectors = [list(struct.unpack("<4f", base64.b64decode(v))) for v in vectors]
        equal([list(v) for v in vectors], [[0.0, 0.5, -1.25, 3.0], [1.0, 0.5, -1.25, 5.0]], f"{options}")
        equal([item.index for item in answer.data], [0, 1])
        equal(answer.usage.total_tokens, 5)
    equal(list(client().embeddings.create(model=EMBED, input="one").data[0].embedding), [0.0, 0.5, -1.25, 3.0])


@check("embedder")
def builtin_embeddings():
    texts = ["The weather in Oslo.", "Das Wetter in Oslo.", "用户 👩‍👩‍👧", " "]
    floats = client().embeddings.create(model="builtin", input=texts, encoding_format="float")
    for options in {}, {"encoding_format": "base64"}, {"dimensions": 384}:
        answer = client().embeddings.create(model="all-minilm-l6-v2", input=texts, **options)
        equal([item.index for item in answer.data], list(range(len(texts))))
        for item, wanted in zip(answer.data, floats.data, strict=True):
            vector = item.embedding
            if options.get("encoding_format") == "base64":
                vector = struct.unpack("<384f", base64.b64decode(vector))
            # A decimal is read as a double; its float is the one that was written.
            equal(struct.pack("<384f", *vector), struct.pack("<384f", *wanted.embedding), f"{options}")
            assert abs(sum(v * v for v in vector) - 1) < 1e-5, "a vector is not of length 1"
    equal(floats.model, "all-minilm-l6-v2")
    assert 0 < floats.usage.prompt_tokens == floats.usage.total_tokens, floats.usage
    for _ in range(2):
        raw = client().embeddings.with_raw_response.create(model="builtin", input=texts[0], encoding_format="float")
        equal(raw.parse().data[0].embedding, floats.data[0].embedding, "the same text again")


@check("embedder")
def builtin_embeddings_refused():
    faults = [
        ({"input": []}, "empty_array", "input"),
        ({"input": ["a", ""]}, "empty_string", "input[1]"),
        ({"input": ["a"] * 2049}, "array_above_max_length", "input"),
        ({"input": [1, 2]}, "invalid_type", "input[0]"),
        ({"input": "a", "dimensions": 256}, "invalid_value", "dimensions"),
    ]
    for options, code, param in faults:
        body, _ = raises(
            openai.BadRequestError, 400, lambda options=options: client().embeddings.create(model="builtin", **options)
        )
        equal((body["code"], body["param"]), (code, param))


@check("scripted", "local")
def calculation():
    answer = client().chat.completions.create(
        model=default_model(), messages=[{"role": "user", "content": "calc 6 * 7"}]
    )
    assert "42" in answer.choices[0].message.content, answer
    equal(answer.model_extra["route_decision"]["tool"], "safe_calc")
    equal(answer.model_extra["tool_result"]["status"], "ok")


@check("scripted", "local")
def calculation_streamed():
    chunks = list(
        client().chat.completions.create(
            model=default_model(), messages=[{"role": "user", "content": "what is 6 * 7?"}], stream=True,
            stream_options={"include_usage": True},
        )
    )
    assert "42" in text_of(chunks), text_of(chunks)
    equal(well_formed(chunks, usage=True), "stop")


def default_model():
    return next(m.id for m in client().models.list() if "embed" not in m.id)


@check("scripted")
def bad_requests():
    wrong = {
        "messages": lambda: client().chat.completions.create(model=CHAT, messages=[]),
        "messages[0].content": lambda: client().chat.completions.create(
            model=CHAT, messages=[{"role": "user", "content": 7}]
        ),
        "messages[0].role": lambda: client().chat.completions.create(
            model=CHAT, messages=[{"role": "wizard", "content": "x"}]
        ),
        "stream": lambda: client().chat.completions.create(model=CHAT, messages=HELLO, extra_body={"stream": "yes"}),
        "input": lambda: client().embeddings.create(model=EMBED, input=None),
    }
    for parameter, call in wrong.items():
        body, _ = raises(openai.BadRequestError, 400, call)
        equal(body["type"], "invalid_request_error", parameter)
        equal(body["param"], parameter, "param")


@check("scripted")
def wrong_token():
    body, headers = raises(openai.AuthenticationError, 401, lambda: client(api_key="not-the-token").models.list())
    equal(body["type"], "authentication_error")
    equal(headers["www-authenticate"].split()[0], "Bearer")


@check("scripted")
def unknown_path():
    raises(openai.NotFoundError, 404, lambda: client().post("/no/such/path", body={}, cast_to=object))


@check("scripted")
def too_large():
    # Several times: what is still on its way when the server answers must not cost the answer.
    for size in [1_100_000] * 5 + [4_000_000] * 5 + [20_000_000] * 2:
        messages = [{"role": "user", "content": "x" * size}]
        body, _ = raises(
            openai.APIStatusError, 413, lambda: client().chat.completions.create(model=CHAT, messages=messages)
        )
        equal(body["type"], "invalid_request_error")


@check("scripted")
def provider_failures():
    # The upstream's own words are no part of what the caller gets.
    cases = [
        (500, openai.InternalServerError, 502),
        (422, openai.BadRequestError, 400),
        (429, openai.RateLimitError, 429),
    ]
    for status, kind, expected in cases:
        messages = script(status=status, message="words-of-the-upstream")
        body, _ = raises(kind, expected, lambda: client().chat.completions.create(model=CHAT, messages=messages))
        assert "words-of-the-upstream" not in json.dumps(body), body
        client().chat.completions.create(model=CHAT, messages=HELLO)


@check("scripted")
def cancelled_stream_ends_the_call():
    upstream("DELETE")
    events = client().chat.completions.create(model=CHAT, messages=script(words=2000, delay_ms=20), stream=True)
    for n, _ in enumerate(events):
        if n == 5:
            break
    events.close()
    gave_up = time.monotonic()
    while upstream()["aborted"] == 0:
        assert time.monotonic() - gave_up < 1.5, "the provider's call goes on"
        time.sleep(0.02)


@check("scripted")
def asynchronous_client():
    async def run():
        async with openai.AsyncOpenAI(base_url=URL, api_key=TOKEN, max_retries=0, timeout=60) as c:
            async def streamed(n):
                events = await c.chat.completions.create(model=CHAT, messages=script(words=n), stream=True)
                return text_of([chunk async for chunk in events])

            texts = await asyncio.gather(*(streamed(n) for n in range(1, 33)))
            equal(texts, [" ".join(f"w{k}" for k in range(n)) for n in range(1, 33)], "concurrent streams")
            whole = await asyncio.gather(*(c.chat.completions.create(model=CHAT, messages=HELLO) for _ in range(32)))
            equal({a.choices[0].message.content for a in whole}, {ANSWER})
            equal(len({a.model_extra["receipt"]["trace_id"] for a in whole}), 32, "the number of traces")
            try:
                await c.models.retrieve("no-such-model")
            except openai.NotFoundError:
                return
            raise AssertionError("no NotFoundError")

    asyncio.run(run())


# MARK: Limits and switches


@check("rate")
def too_many_requests():
    answered = [client().models.with_raw_response.list() for _ in range(3)]
    equal([a.headers["x-ratelimit-remaining-requests"] for a in answered], ["2", "1", "0"], "remaining")
    equal(answered[0].headers["x-ratelimit-limit-requests"], "3", "limit")
    body, headers = raises(openai.RateLimitError, 429, lambda: client().models.list())
    equal(body["type"], "rate_limit_error")
    assert int(headers["retry-after"]) >= 1, headers
    # The client waits as it was told to and tries again by itself.
    client(max_retries=2).models.list()


@check("network_off")
def calls_are_off():
    body, headers = raises(
        openai.InternalServerError, 503, lambda: client().chat.completions.create(model=CHAT, messages=HELLO)
    )
    equal(body["type"], "service_unavailable")
    assert "ORCH_LLM_NETWORK_ENABLED" in body["message"], body
    equal("retry-after" in headers, True, "Retry-After")


@check("api_off")
def api_is_off():
    body, _ = raises(openai.InternalServerError, 503, lambda: client().models.list())
    equal(body["type"], "service_unavailable")


# MARK: Ollama


@check("ollama")
def ollama_chat():
    answer, sent = sent_since(
        lambda: client().chat.completions.create(model=CHAT, messages=HELLO, temperature=0.5, seed=3, max_tokens=50)
    )
    equal(answer.choices[0].message.content, ANSWER)
    equal(answer.choices[0].finish_reason, "stop")
    equal((answer.usage.prompt_tokens, answer.usage.completion_tokens), (11, 7), "usage")
    asked = [r for r in sent if r["path"] == "/api/chat"]
    equal(len(asked), 1, "the number of calls")
    body = asked[0]["body"]
    equal((body["model"], body["stream"], body["messages"]), (CHAT, False, HELLO))
    equal([body["options"][n] for n in ("temperature", "seed", "num_predict")], [0.5, 3, 50], "options")
    assert body["options"]["num_ctx"] >= 2048, body


@check("ollama")
def ollama_stream():
    for split in 0, 1:
        chunks = list(
            client().chat.completions.create(
                model=CHAT, messages=script(answer="grüße 🎈 zum ende", split=split), stream=True,
                stream_options={"include_usage": True},
            )
        )
        equal(text_of(chunks), "grüße 🎈 zum ende", f"split {split}")
        equal(well_formed(chunks, usage=True), "stop")
        equal(chunks[-1].usage.total_tokens, 18, "usage")
    chunks = list(client().chat.completions.create(model=CHAT, messages=script(words=50), stream=True))
    equal(text_of(chunks), " ".join(f"w{n}" for n in range(50)))
    well_formed(chunks, usage=False)


@check("ollama")
def ollama_stream_that_breaks():
    messages = script(words=9, cut=4, delay_ms=20)
    got = []
    try:
        for chunk in client().chat.completions.create(model=CHAT, messages=messages, stream=True):
            got.append(chunk)
    except openai.APIError:
        assert got, "nothing came before the error"
        return
    raise AssertionError(f"a stream that broke off looks whole: {text_of(got)!r}")


@check("ollama")
def ollama_tools():
    for streams in False, True:
        messages = script(tools=True)
        upstream("DELETE")
        if streams:
            chunks = list(client().chat.completions.create(model=CHAT, messages=messages, tools=[TOOL], stream=True))
            equal(well_formed(chunks, usage=False), "tool_calls")
            function = [c for k in chunks if k.choices for c in k.choices[0].delta.tool_calls or []][0].function
        else:
            answer = client().chat.completions.create(model=CHAT, messages=messages, tools=[TOOL])
            equal(answer.choices[0].finish_reason, "tool_calls")
            function = answer.choices[0].message.tool_calls[0].function
        equal(function.name, "weather")
        equal(json.loads(function.arguments), {"city": "Bern", "days": 3}, "arguments")
        asked = [r for r in upstream()["requests"] if r["path"] == "/api/chat"]
        equal(asked[0]["body"]["tools"], [TOOL], "tools")
    call = {"id": "c1", "type": "function", "function": {"name": "weather", "arguments": '{"city": "Bern"}'}}
    loop = HELLO + [{"role": "assistant", "content": None, "tool_calls": [call]}]
    loop += [{"role": "tool", "tool_call_id": "c1", "content": "Rain."}]
    _, sent = sent_since(lambda: client().chat.completions.create(model=CHAT, messages=loop, tools=[TOOL]))
    messages = [r for r in sent if r["path"] == "/api/chat"][0]["body"]["messages"]
    equal(messages[1]["tool_calls"][0]["function"]["arguments"], {"city": "Bern"}, "arguments as an object")


@check("ollama")
def ollama_embeddings():
    for options in {}, {"encoding_format": "float"}:
        answer = client().embeddings.create(model=EMBED, input=["one", "three"], **options)
        equal([list(d.embedding) for d in answer.data], [[0.0, 0.5, -1.25, 3.0], [1.0, 0.5, -1.25, 5.0]], f"{options}")


@check("ollama")
def ollama_refuses_what_it_cannot_do():
    body, _ = raises(
        openai.BadRequestError, 400, lambda: client().chat.completions.create(model=CHAT, messages=HELLO, n=2)
    )
    equal(body["param"], "n")


# MARK: The real model


@check("local")
def local_chat():
    answer = client().chat.completions.create(model=default_model(), messages=HELLO, max_tokens=24, temperature=0)
    assert answer.choices[0].message.content.strip(), "an empty answer"
    assert 0 < answer.usage.completion_tokens <= 24, answer.usage
    assert answer.usage.prompt_tokens > 5, answer.usage
    assert answer.model_extra["receipt"]["trace_id"]


@check("local")
def local_stream():
    chunks = list(
        client().chat.completions.create(
            model=default_model(), messages=HELLO, max_tokens=24, temperature=0, stream=True,
            stream_options={"include_usage": True},
        )
    )
    assert text_of(chunks).strip(), "an empty answer"
    assert len(chunks) > 8, "the answer came in one piece"
    well_formed(chunks, usage=True)
    assert 0 < chunks[-1].usage.completion_tokens <= 24, chunks[-1].usage


@check("local")
def holly():
    answer = client().chat.completions.create(
        model="agent/Holly", messages=[{"role": "user", "content": "Who are you?"}], max_tokens=32, temperature=0
    )
    assert answer.choices[0].message.content.strip(), "an empty answer"
    equal(answer.model_extra["agent"], "Holly")
    # The agent's prompt is part of what the model read.
    assert answer.usage.prompt_tokens > 200, answer.usage


for one in groups[sys.argv[1]]:
    failure = None
    try:
        one()
    except Exception as error:
        at = traceback.extract_tb(error.__traceback__)
        lines = [f.lineno for f in at if f.filename == __file__]
        failure = f"{type(error).__name__}: {error} (line {lines[-1] if lines else '?'})"[:2000]
    print(json.dumps({"check": one.__name__, "failure": failure}), flush=True)
