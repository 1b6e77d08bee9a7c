#!/usr/bin/env python3
"""Checks that tritonclient, a client of the Open Inference Protocol, drives a running server.

It reads MNIST's test digits, of whose answers the model card has the SHA-256, and tries each call and form of tensors.
Needs the packages of server/benches/peer/requirements.txt, and ADMIN_PASSWORD.
Usage: scripts/check_inference.py http://ADDRESS [folder of MNIST]
"""

import hashlib
import json
import os
import pathlib
import subprocess
import sys
import urllib.request

import numpy
from tritonclient.http import InferenceServerClient, InferInput, InferRequestedOutput
from tritonclient.utils import InferenceServerException

ROOT = pathlib.Path(__file__).parent.parent
DIGITS = 10_000
PIXELS = 28 * 28
LARGEST_REQUEST = 64
MODEL = "digits"

address = sys.argv[1]
folder = pathlib.Path(sys.argv[2] if len(sys.argv) > 2 else os.environ["MNIST_DIR"])
card = json.loads((ROOT / "classifier/weights/model_card.json").read_text())
version = (ROOT / "classifier/weights/version.txt").read_text()
pixels = numpy.frombuffer((folder / "t10k-images-idx3-ubyte").read_bytes()[-DIGITS * PIXELS :], dtype=numpy.uint8)
pixels = pixels.reshape(DIGITS, 1, 28, 28)
images = pixels.astype(numpy.float32) / 255


def sign_in():
    """The access token of a user."""
    user = json.dumps({"username": "admin", "password": os.environ["ADMIN_PASSWORD"]}).encode()
    request = urllib.request.Request(f"{address}/api/login", user, {"Content-Type": "application/json"})
    with urllib.request.urlopen(request, timeout=30) as response:
        return json.load(response)["access_token"]


def tensor(values, binary=True):
    found = InferInput("image", list(values.shape), "UINT8" if values.dtype == numpy.uint8 else "FP32")
    found.set_data_from_numpy(values, binary_data=binary)
    return [found]


def check(is_so, what):
    if not is_so:
        sys.exit(f"tritonclient: {what}")


def infer(values, binary=True, sent=None, call="infer", **options):
    # A copy, because the client adds the headers of a request to the dictionary.
    return getattr(client, call)(MODEL, tensor(values, binary), headers=dict(headers if sent is None else sent), **options)


token = sign_in()
headers = {"Authorization": f"Bearer {token}"}
server = address.removeprefix("http://")
client = InferenceServerClient(server)

check(client.is_server_live() and client.is_server_ready(), "the server isn't ready")
check("binary_tensor_data" in client.get_server_metadata()["extensions"], "the server takes no binary tensors")
for model_version in ("", version):
    check(client.is_model_ready(MODEL, model_version), "the model isn't ready")
    metadata = client.get_model_metadata(MODEL, model_version)
    check(metadata["versions"] == [version], "the model has another version")
    check(metadata["inputs"] == [{"name": "image", "datatype": "FP32", "shape": [-1, 1, 28, 28]}], "other inputs")
check(not client.is_model_ready("other"), "there is another model")

# As clients do it by default: binary tensors, all outputs.
digits = []
for start in range(0, DIGITS, LARGEST_REQUEST):
    result = infer(images[start : start + LARGEST_REQUEST])
    digits.append(result.as_numpy("probabilities").argmax(axis=1).astype(numpy.uint8))
found = hashlib.sha256(numpy.concatenate(digits).tobytes()).hexdigest()
check(found == card["test_digits_sha256"], "some test digits are read differently")

# The other forms give the same.
few = slice(0, 5)
wanted = infer(images[few]).as_numpy("probabilities")
for values in (images[few], pixels[few]):
    for binary_input in (True, False):
        for binary_output in (True, False):
            result = infer(
                values,
                binary_input,
                model_version=version,
                outputs=[
                    InferRequestedOutput("is_digit", binary_data=binary_output),
                    InferRequestedOutput("probabilities", binary_data=binary_output),
                ],
                request_id="42",
                response_compression_algorithm="gzip",
            )
            check(result.get_response()["id"] == "42", "the response has another id")
            check(numpy.allclose(result.as_numpy("probabilities"), wanted, atol=1e-6), "the form changes the outputs")
            check((result.as_numpy("is_digit") > 0.5).all() and result.as_numpy("is_digit").shape == (5,), "no digits")
pending = [infer(images[few], call="async_infer") for _ in range(4)]
check(all(numpy.allclose(one.get_result().as_numpy("probabilities"), wanted) for one in pending), "async_infer")

# Errors are the protocol's.
for values, sent, status in (
    (images[few], {}, "401"),
    (images[: LARGEST_REQUEST + 1], headers, "413"),
    (images[few] * 255, headers, "400"),
):
    try:
        infer(values, sent=sent)
        check(False, f"no error {status}")
    except InferenceServerException as error:
        check(error.status() == status and "exception occurred" not in error.message(), f"{error} is no {status}")

# The sample of the documentation.
sample = (ROOT / "docs/api.md").read_text().split("\n```py\n")[1].split("\n```")[0]
environment = {**os.environ, "SERVER": server, "TOKEN": token}
printed = subprocess.run([sys.executable, "-c", sample], env=environment, capture_output=True, text=True, check=True)
check(printed.stdout == "[1 1]\n", f"the sample of docs/api.md prints {printed.stdout}")

print(f"tritonclient reads {DIGITS} test digits as the classifier does")
