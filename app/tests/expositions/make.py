"""Writes python.txt and python.openmetrics.txt: what Python's prometheus_client exposes of the same registry."""

from pathlib import Path

from prometheus_client import CollectorRegistry, Counter, Enum, Gauge, Histogram, Info, Summary, exposition
from prometheus_client.openmetrics import exposition as openmetrics

registry = CollectorRegistry()
jobs = Counter("jobs", 'Jobs done, by "queue"\nand path \\', ["queue", "path"], registry=registry)
jobs.labels("high", 'C:\\temp\\"a, b"').inc(3, {"trace_id": "a # } b"})
jobs.labels("low\nprio", "a=b{c}").inc(0.5)
Gauge("temperature", "Of something", registry=registry).set(-2.5e-7)
Gauge("nothing", "Not a number", registry=registry).set(float("nan"))
Gauge("most", "Infinite", registry=registry).set(float("inf"))
latency = Histogram("latency_seconds", "How long", ["route"], registry=registry, buckets=(0.01, 0.1, 1))
for seconds in (0.005, 0.05, 0.5, 5):
    latency.labels("/ñandú").observe(seconds, {"trace_id": f"t{seconds}"})
Summary("size_bytes", "How large", registry=registry).observe(42)
Info("build", "What it is", registry=registry).info({"version": "1.2.3"})
Enum("state", "What it does", states=["starting", "running"], registry=registry).state("running")

here = Path(__file__).parent
(here / "python.txt").write_bytes(exposition.generate_latest(registry))
(here / "python.openmetrics.txt").write_bytes(openmetrics.generate_latest(registry))
