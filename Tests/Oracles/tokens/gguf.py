"""Changes the tokenizer's metadata of a GGUF file: one small model then shows llama.cpp's other patterns too."""

import struct

SIZES = {0: 1, 1: 1, 2: 2, 3: 2, 4: 4, 5: 4, 6: 4, 7: 1, 10: 8, 11: 8, 12: 8}


class Reader:
    def __init__(self, data):
        self.data = data
        self.place = 0

    def unpack(self, layout):
        values = struct.unpack_from("<" + layout, self.data, self.place)
        self.place += struct.calcsize("<" + layout)
        return values

    def string(self):
        (length,) = self.unpack("Q")
        self.place += length
        return bytes(self.data[self.place - length : self.place])

    def skip(self, kind):
        if kind == 8:
            self.string()
        elif kind == 9:
            element, count = self.unpack("IQ")
            if element == 8:
                for _ in range(count):
                    self.string()
            else:
                self.place += SIZES[element] * count
        else:
            self.place += SIZES[kind]


def variant(source, target, pre, user_defined=()):
    """Copies a model with another pattern, and with some of its control tokens made USER_DEFINED."""
    with open(source, "rb") as file:
        data = file.read()
    reader = Reader(memoryview(data))
    magic, version, tensors, keys = reader.unpack("4sIQQ")
    head = bytearray(struct.pack("<4sIQQ", magic, version, tensors, keys))
    for _ in range(keys):
        start = reader.place
        key = reader.string()
        (kind,) = reader.unpack("I")
        value = reader.place
        reader.skip(kind)
        if key == b"tokenizer.ggml.pre":
            head += data[start:value] + struct.pack("<Q", len(pre)) + pre.encode()
        elif key == b"tokenizer.ggml.token_type":
            part = bytearray(data[start : reader.place])
            for token in user_defined:
                struct.pack_into("<i", part, value - start + 12 + 4 * token, 4)
            head += part
        else:
            head += data[start : reader.place]
    infos = reader.place
    for _ in range(tensors):
        reader.string()
        (dimensions,) = reader.unpack("I")
        reader.place += 8 * dimensions + 4 + 8
    head += data[infos : reader.place]
    body = (reader.place + 31) // 32 * 32
    head += bytes(-len(head) % 32)
    with open(target, "wb") as file:
        file.write(head)
        file.write(data[body:])
