#!/usr/bin/env python3
"""Checks that onnxruntime reads MNIST's test digits from the exported network as the classifier does.

The model card has the SHA-256 of the classifier's 10,000 answers. Needs the packages of
server/benches/peer/requirements.txt. Usage: scripts/check_onnx.py digits.onnx [folder of MNIST]
"""

import hashlib
import json
import os
import pathlib
import sys

import numpy
import onnxruntime

ROOT = pathlib.Path(__file__).parent.parent
DIGITS = 10_000
PIXELS = 28 * 28

folder = pathlib.Path(sys.argv[2] if len(sys.argv) > 2 else os.environ["MNIST_DIR"])
images = numpy.frombuffer((folder / "t10k-images-idx3-ubyte").read_bytes()[-DIGITS * PIXELS :], dtype=numpy.uint8)
images = images.reshape(DIGITS, 1, 28, 28).astype(numpy.float32) / 255
session = onnxruntime.InferenceSession(sys.argv[1], providers=["CPUExecutionProvider"])
(logits,) = session.run(None, {"image": images})
found = hashlib.sha256(logits[:, :10].argmax(axis=1).astype(numpy.uint8).tobytes()).hexdigest()
card = json.loads((ROOT / "classifier/weights/model_card.json").read_text())
if found != card["test_digits_sha256"]:
    sys.exit("onnxruntime and the classifier read some test digits differently")
print(f"onnxruntime reads {DIGITS} test digits as the classifier does")
