"""The data of a page of zsc atlas: its description, and its arrays as NumPy's (doc/atlas.md)."""
import base64
import json
import os
import re

import numpy

TYPES = {"u8": "<u1", "u16": "<u2", "u32": "<u4", "f32": "<f4", "text": "<u1"}


class Page:
    def __init__(self, path):
        with open(path, encoding="utf-8") as file:
            text = file.read()
        self.text = text
        self.head = json.loads(re.search(r'<script type="application/json" id="zsc-head">(.*?)</script>', text, re.S).group(1))
        if "file" in self.head:
            with open(os.path.join(os.path.dirname(path), self.head["file"]), "rb") as file:
                self.data = file.read()
        else:
            self.data = base64.b64decode(re.search(r'id="zsc-data">([^<]*)<', text).group(1), validate=True)

    def array(self, spec):
        kind, offset, count = spec
        assert offset % 24 == 0, spec
        return numpy.frombuffer(self.data, TYPES[kind], count, offset)

    def texts(self, spec):
        return bytes(self.array(spec)).decode().split("\0")[:-1]

    def codes(self, spec):
        """Codes as signed numbers; -1: none."""
        codes = self.array(spec)
        return numpy.where(codes == numpy.iinfo(codes.dtype).max, -1, codes.astype(numpy.int64))

    def column(self, name):
        return next(c for c in self.head["columns"] if c["name"] == name)

    def xy(self, result):
        r = self.head["results"][result]
        return numpy.array(r["low"]) + r["step"] * self.array(r["xy"]).reshape(-1, 2)
