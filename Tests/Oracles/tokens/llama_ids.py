"""The ids that llama.cpp's server gives: llama_ids.py MODEL TEXTS ANSWERS, run by the Python that has xllamacpp.

Both files are as the benchmark's IdsReport has them: 32-bit little-endian words."""

import array
import http.client
import json
import os
import struct
import sys
import urllib.parse

import xllamacpp


def main():
    model, texts, answers = sys.argv[1:]
    params = xllamacpp.CommonParams()
    params.model.path = model
    params.n_ctx = 64
    params.n_parallel = 1
    params.hostnames = ["127.0.0.1"]
    params.port = 0
    params.offline = True
    params.ui = False
    params.warmup = False
    params.fit_params = False
    params.n_gpu_layers = 0
    params.verbosity = 0
    server = xllamacpp.Server(params)
    address = urllib.parse.urlsplit(server.listening_address)
    connection = http.client.HTTPConnection(address.hostname, address.port, timeout=120)
    with open(texts, "rb") as file:
        data = file.read()
    out = array.array("I")
    place = 0
    while place < len(data):
        (length,) = struct.unpack_from("<I", data, place)
        text = data[place + 4 : place + 4 + length].decode()
        place += 4 + length
        body = json.dumps({"content": text, "add_special": False, "parse_special": False})
        connection.request("POST", "/tokenize", body, {"Content-Type": "application/json"})
        response = connection.getresponse()
        value = json.loads(response.read())
        if response.status != 200:
            sys.exit(f"llama.cpp answered {response.status}: {value}")
        out.append(len(value["tokens"]))
        out.extend(value["tokens"])
    with open(answers, "wb") as file:
        out.tofile(file)
    # The server's own shutdown waits for nothing that is wanted here.
    os._exit(0)


main()
