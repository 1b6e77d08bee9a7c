"""What growth.sh needs beside wrk: rows made by SQL, and medians of requests over one connection.

    growth.py fill-history ROWS | fill-users ACCOUNTS | time-history | time-users | time-sessions SESSIONS | time-image SIDE

It reads ADDRESS, TOKEN (the admin's), DATABASE (a SQLite file), JWT_SECRET_KEY and SECONDS_EACH.
"""

import base64
import hashlib
import hmac
import http.client
import json
import os
import random
import sqlite3
import statistics
import struct
import sys
import time
import zlib

# Numbers of the rows made here begin after these.
FIRST_USER = 1_000
# Accounts that the rows of history belong to; one of them is the admin, whose number is 1.
AUTHORS = 100
# Rows of one transaction.
CHUNK = 100_000
NOW = "strftime('%Y-%m-%dT%H:%M:%f+00:00', 'now', {})"


def database():
    return sqlite3.connect(os.environ["DATABASE"], timeout=60)


def numbers(first, end):
    """A table `n` of the numbers from `first` to `end`, without the latter, for an INSERT … SELECT."""
    return f"WITH RECURSIVE n(i) AS (SELECT {first} UNION ALL SELECT i + 1 FROM n WHERE i + 1 < {end})"


def chunks(first, end):
    for start in range(first, end, CHUNK):
        yield start, min(start + CHUNK, end)


def fill_history(rows):
    """Brings the history to `rows` rows: of the last 300 days, the newest last, with bytes of a
    compressed image's size, which are shown as a blank one."""
    with database() as db:
        there = db.execute("SELECT count(*) FROM predictions").fetchone()[0]
    at = NOW.format(f"'-' || ((({rows} - i) * 25920000) / {max(rows, 1)}) || ' seconds'")
    for start, end in chunks(there, rows):
        with database() as db:
            db.execute(
                f"""INSERT INTO predictions (user_id, created_at, digit, probability, model, picture)
                {numbers(start, end)} SELECT 1 + i % {AUTHORS}, {at}, i % 10, 0.99, 'digits-00000000', randomblob(180) FROM n"""
            )
    settle()


def fill_users(users):
    """Brings the accounts to `users`, beside the admin, each with its words and with a session."""
    with database() as db:
        there = db.execute(f"SELECT count(*) FROM users WHERE id >= {FIRST_USER}").fetchone()[0]
    at = NOW.format("'-' || (i % 10000000) || ' seconds'")
    for start, end in chunks(FIRST_USER + there, FIRST_USER + users):
        with database() as db:
            db.execute(
                f"""INSERT INTO users (id, username, username_key, email, email_key, password_hash, role, email_confirmed,
                disabled, language, predictions, created_at, last_login_at)
                {numbers(start, end)} SELECT i, 'mass' || i, 'mass' || i, 'mass' || i || '@example.com',
                'mass' || i || '@example.com', '', 'user', true, false, 'es', i % 100, {at}, CASE WHEN i % 3 > 0 THEN {at} END
                FROM n"""
            )
            for word in ["'mass' || i", "'example'", "'com'"]:
                db.execute(f"INSERT INTO user_words (word, user_id) {numbers(start, end)} SELECT {word}, i FROM n")
            db.execute(
                f"""INSERT INTO sessions (id, user_id, token_hash, created_at, expires_at)
                {numbers(start, end)} SELECT 'mass' || i, i, randomblob(32), {NOW.format("'0 days'")},
                {NOW.format("'30 days'")} FROM n"""
            )
            db.execute(
                "UPDATE user_counts SET users = ? WHERE role = 'user' AND email_confirmed AND NOT disabled", (end - FIRST_USER,)
            )
    settle()


def settle():
    """Moves the write-ahead log into the database, so that the measurement doesn't wait for it."""
    with database() as db:
        db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()


class Client:
    """One connection that stays open."""

    def __init__(self, token=None):
        self.connection = http.client.HTTPConnection(os.environ["ADDRESS"].removeprefix("http://"), timeout=120)
        self.token = token or os.environ["TOKEN"]

    def send(self, method, path, body=None, headers=(), token=None):
        headers = {"Authorization": f"Bearer {token or self.token}", **dict(headers)}
        self.connection.request(method, path, body, headers)
        response = self.connection.getresponse()
        text = response.read()
        assert response.status == 200, (path, response.status, text[:200])
        return text

    def get(self, path):
        return json.loads(self.send("GET", path))


def median(request):
    """Milliseconds of a request: the median of those that fit into SECONDS_EACH, at most 2,000 and at least 3."""
    request(0)
    end = time.monotonic() + float(os.environ["SECONDS_EACH"])
    times = []
    while len(times) < 3 or (time.monotonic() < end and len(times) < 2_000):
        start = time.perf_counter()
        request(len(times) + 1)
        times.append((time.perf_counter() - start) * 1000)
    return statistics.median(times)


def shown(times):
    print(*(f"{each:.2f} ms" for each in times), sep=" | ", end=" |\n")


def pages(client, path, total):
    """The paths of the page in the middle: by its cursor, and by its number."""
    middle = max(total // 40, 1)
    next_page = client.get(f"{path}page={middle}").get("next")
    by_cursor = f"{path}cursor={next_page}" if next_page else f"{path}page=1"
    return by_cursor, f"{path}page={middle + 1}"


def time_history():
    client = Client()
    path = "/api/predictions?"
    by_cursor, by_number = pages(client, path, client.get(path)["total"])
    shown(median(lambda _, page=page: client.send("GET", page)) for page in [path, by_cursor, by_number])


def time_users():
    client = Client()
    path = "/api/admin/users?"
    total = client.get(path)["total"]
    by_cursor, by_number = pages(client, path, total)
    by_login, _ = pages(client, f"{path}sort=last_login_at&order=desc&", total)
    role = f"{path}role=user&sort=username"
    search = f"{path}search=mass{FIRST_USER + 7}"
    asked = [path, by_cursor, by_number, by_login, role, search]
    shown(median(lambda _, page=page: client.send("GET", page)) for page in asked)


def access_token(number):
    """A token of the session made for an account by `fill_users`."""
    now = int(time.time())
    user = str(FIRST_USER + number)
    claims = {"iss": "trazo", "aud": "trazo", "sub": user, "sid": f"mass{user}", "iat": now, "exp": now + 900}
    parts = [{"alg": "HS256", "typ": "JWT"}, claims]
    signed = b".".join(base64.urlsafe_b64encode(json.dumps(part).encode()).rstrip(b"=") for part in parts)
    signature = hmac.digest(os.environ["JWT_SECRET_KEY"].encode(), signed, hashlib.sha256)
    return (signed + b"." + base64.urlsafe_b64encode(signature).rstrip(b"=")).decode()


def time_sessions(sessions):
    client = Client()
    chance = random.Random(1)
    tokens = [access_token(chance.randrange(sessions)) for _ in range(2_001)]
    shown([median(lambda number: client.send("GET", "/api/me", token=tokens[number]))])


def png(side):
    """A square with a thick vertical stroke, dark on light, in grey."""
    stroke = range(side * 13 // 28, side * 15 // 28)
    drawn = bytes(30 if column in stroke else 250 for column in range(side))
    rows = b"".join(
        b"\0" + (drawn if side // 6 < row < side - side // 6 else b"\xfa" * side) for row in range(side)
    )

    def part(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", side, side, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + part(b"IHDR", header) + part(b"IDAT", zlib.compress(rows)) + part(b"IEND", b"")


def time_image(side):
    client = Client()
    image = png(side)
    head = b'--growth\r\nContent-Disposition: form-data; name="file"; filename="one.png"\r\n\r\n'
    headers = {"Content-Type": "multipart/form-data; boundary=growth"}

    def predict(number):
        # Bytes after the end of a PNG are ignored: the same image with another hash.
        body = head + image + f"{time.time_ns()} {number}".encode() + b"\r\n--growth--\r\n"
        client.send("POST", "/predict", body, headers)

    took = median(predict)
    print(f"{took:.2f} ms | {took * 1e6 / side**2:,.0f} |")


def main():
    command, *arguments = sys.argv[1:]
    commands = {
        "fill-history": fill_history,
        "fill-users": fill_users,
        "time-history": time_history,
        "time-users": time_users,
        "time-sessions": time_sessions,
        "time-image": time_image,
    }
    commands[command](*map(int, arguments))


if __name__ == "__main__":
    main()
