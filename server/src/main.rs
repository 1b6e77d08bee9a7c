//! Settings, telemetry, serve.

fn main() {}
