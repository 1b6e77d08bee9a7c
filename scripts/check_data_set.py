#!/usr/bin/env python3
"""Checks that idx2numpy and Pillow read the data set of a running server as its history shows it.

Needs the packages of server/benches/peer/requirements.txt, and ADMIN_PASSWORD.
Usage: scripts/check_data_set.py http://ADDRESS
"""

import base64
import csv
import io
import json
import os
import pathlib
import sys
import tarfile
import tempfile
import urllib.request

import idx2numpy
import numpy
from PIL import Image

DIGITS = pathlib.Path(__file__).parent.parent / "server/benches/digits"
BOUNDARY = "a-boundary-of-the-form"

address = sys.argv[1]
headers = {}


def call(path, body=None, content_type="application/json"):
    """The bytes of an answer: to a POST if there is a body."""
    if body is not None and not isinstance(body, bytes):
        body = json.dumps(body).encode()
    request = urllib.request.Request(address + path, body, {**headers, "Content-Type": content_type})
    with urllib.request.urlopen(request, timeout=30) as response:
        return response.read()


def predict(file):
    head = f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="file"; filename="a.png"\r\n\r\n'
    form = head.encode() + file.read_bytes() + f"\r\n--{BOUNDARY}--\r\n".encode()
    return json.loads(call("/api/predict", form, f"multipart/form-data; boundary={BOUNDARY}"))["id"]


def pixels(png):
    return numpy.asarray(Image.open(io.BytesIO(png)))


def check(is_so, what):
    if not is_so:
        sys.exit(f"data set: {what}")


user = {"username": "admin", "password": os.environ["ADMIN_PASSWORD"]}
headers["Authorization"] = f"Bearer {json.loads(call('/api/login', user))['access_token']}"

# Nine digits and something else, each with the picture that the history shows.
labels = {}
for digit in range(10):
    number = predict(DIGITS / f"{digit}.png")
    labels[number] = str(digit) if digit else "none"
    said = {"digito": digit} if digit else {"no_es_un_digito": True}
    call(f"/api/predictions/{number}/correction", said)
call("/api/admin/review", {"ids": list(labels), "action": "agree"})
history = json.loads(call("/api/predictions?per_page=10"))["predictions"]
shown = {row["id"]: pixels(base64.b64decode(row["imagen"].split(",")[1])) for row in history}
numbers = sorted(labels)

with tempfile.TemporaryDirectory() as folder:
    for kind in ("idx", "png"):
        with tarfile.open(fileobj=io.BytesIO(call(f"/api/admin/dataset.tar?format={kind}"))) as archive:
            archive.extractall(f"{folder}/{kind}", filter="data")
    images, names, others = (
        idx2numpy.convert_from_file(f"{folder}/idx/{name}-ubyte")
        for name in ("train-images-idx3", "train-labels-idx1", "none-images-idx3")
    )
    digits = [number for number in numbers if labels[number] != "none"]
    check([str(name) for name in names] == [labels[number] for number in digits], "other labels")
    check(numpy.array_equal(images, [shown[number] for number in digits]), "other images of digits")
    check(numpy.array_equal(others, [shown[number] for number in numbers if labels[number] == "none"]), "other images")

    with open(f"{folder}/png/labels.csv", newline="") as table:
        rows = list(csv.DictReader(table))
    check([row["label"] for row in rows] == [labels[number] for number in numbers], "another table")
    for row, number in zip(rows, numbers, strict=True):
        png = pathlib.Path(folder, "png", row["file"]).read_bytes()
        check(numpy.array_equal(pixels(png), shown[number]), f"another image {number}")
    card = json.loads(pathlib.Path(folder, "png/card.json").read_text())
    check(card["digits"] == 9 and card["classes"]["none"] == 1, "another card")

print("idx2numpy and Pillow read the data set as the history shows it")
