#!/usr/bin/env bash
# Drives a running server with tritonclient, a client of the Open Inference Protocol, and reads its data set with idx2numpy.
# Usage: scripts/inference.sh
set -euo pipefail
cd "$(dirname "$0")/.."
# shellcheck source=scripts/env.sh
. scripts/env.sh

export ADMIN_PASSWORD=tritonclient-admin
# shellcheck source=scripts/served.sh
. scripts/served.sh

"$TRAZO_CACHE/peer/bin/python" scripts/check_inference.py "$address"
"$TRAZO_CACHE/peer/bin/python" scripts/check_data_set.py "$address"
