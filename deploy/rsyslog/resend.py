#!/usr/bin/env python3
"""Send again what Elasticsearch has refused.

rsyslog repeats a request that wasn't answered. One that was answered with an error, such as 429 or 503, it only appends
to its errorFile. This program, run once a minute, sends those requests again. The IDs of the lines are the same, so that
none is stored twice.

    resend.py FILE URL COMMAND...

FILE is the errorFile, URL that of Elasticsearch, and COMMAND makes rsyslog open its files again:
systemctl kill --signal=HUP trazo-rsyslog.service. What was refused before the previous run is sent; rsyslog may still be
writing what was refused since. A line that Elasticsearch doesn't accept, whenever it is sent, is moved to FILE.rejected.
"""

import fcntl
import json
import os
import subprocess
import sys
import urllib.request


def send(url, body):
    """Send a request to the bulk API, and return the results of its items."""
    request = urllib.request.Request(f"{url}/_bulk", body.encode(), {"Content-Type": "application/x-ndjson"})
    with urllib.request.urlopen(request, timeout=60) as response:
        return [result for item in json.load(response)["items"] for result in item.values()]


def resend(path, url, reject):
    """Send the requests in the file, and leave those in it that are refused again."""
    left, failure = [], None
    with open(path, encoding="utf-8", errors="replace") as file:
        for line in file:
            try:
                body = json.loads(line)["request"]["postdata"]
            except (ValueError, KeyError):
                reject(line)
                continue
            try:
                results = send(url, body) if failure is None else []
            except (OSError, ValueError, KeyError) as error:
                failure, results = error, []
            if failure is not None:
                left.append(body)
            lines = body.split("\n")
            for number, result in enumerate(results):
                item = "\n".join(lines[2 * number : 2 * number + 2]) + "\n"
                if result["status"] == 429 or result["status"] >= 500:
                    left.append(item)
                elif result["status"] >= 400:
                    reject(item)
    with open(f"{path}.new", "w", encoding="utf-8") as file:
        file.writelines(json.dumps({"request": {"postdata": body}}) + "\n" for body in left)
    os.replace(f"{path}.new", path)
    if left:
        sys.exit(f"{path}: {len(left)} requests are left ({failure or 'refused again'})")
    os.remove(path)


def main():
    path, url, *reopen = sys.argv[1:]
    lock = open(f"{path}.lock", "w", encoding="utf-8")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return
    sending = f"{path}.sending"
    with open(f"{path}.rejected", "a", encoding="utf-8") as rejected:
        if os.path.exists(sending):
            resend(sending, url, rejected.write)
    if os.path.exists(path):
        os.rename(path, sending)
        subprocess.run(reopen, check=True)


main()
