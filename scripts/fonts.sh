#!/usr/bin/env bash
# Fetches the fonts that the network is trained on (7 MB) out of the pinned npm packages of scripts/fonts/package.json:
# each font's Latin letters and digits in its regular weight. Does nothing when they are there. The folder: $1, else
# FONTS_DIR, else the user's cache. LICENCES.txt there names each font's licence; all of them allow this use.
set -euo pipefail
cd "$(dirname "$0")"

folder="${1:-${FONTS_DIR:-${XDG_CACHE_HOME:-$HOME/.cache}/trazo/fonts}}"
wanted=$(cksum <fonts/package-lock.json)

if [ -f "$folder/fetched" ] && [ "$(cat "$folder/fetched")" = "$wanted" ]; then
  echo "fonts: already in $folder"
  exit 0
fi

command -v npm >/dev/null || { echo "fonts: npm is needed to fetch them (install Node)" >&2; exit 1; }
mkdir -p "$folder"
temporary="$(mktemp -d "$folder/.fetch-XXXXXX")"
trap 'rm -rf "$temporary"' EXIT

echo "fonts: fetching $(grep -c '@fontsource' fonts/package.json) packages from the npm registry (1 min)"
cp fonts/package.json fonts/package-lock.json "$temporary/"
(cd "$temporary" && npm ci --ignore-scripts --no-audit --no-fund --silent)
rm -f "$folder"/*.woff
: >"$temporary/LICENCES.txt"
for package in "$temporary"/node_modules/@fontsource/*/; do
  name=$(basename "$package")
  files=("$package/files/$name"-latin-400-normal.woff "$package/files/$name"-latin-*-normal.woff)
  for file in "${files[@]}"; do
    if [ -f "$file" ]; then
      cp "$file" "$folder/$name.woff"
      licence=$(node -p 'require(process.argv[1]).license' "$package/package.json")
      echo "$name $licence" >>"$temporary/LICENCES.txt"
      break
    fi
  done
done
mv -f "$temporary/LICENCES.txt" "$folder/LICENCES.txt"
printf '%s\n' "$wanted" >"$folder/fetched"
echo "fonts: in $folder"
