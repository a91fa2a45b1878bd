#!/usr/bin/env bash
# Fetches the viewer of the try-it page anew: Swagger UI from npm, by the version and checksum that stand here.
# `scripts/viewer.sh --check` changes nothing and fails where the files in the project are others.
# `npm pack` runs none of the package's scripts and fetches nothing that it depends on (an install would report to its makers).
set -euo pipefail
cd "$(dirname "$0")/../src/console/viewer"

version=5.35.0
sha512=U06rpMtW9V3XPGOBeamTUSr0Z09jMX4IJuANpE/EZbAhw0G8CgwrzU4YmXkn/h0wCDNsXdGarTNNHC3sU8yVUQ==

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
npm pack --silent --pack-destination "$folder" "swagger-ui-dist@$version" >/dev/null
found=$(openssl dgst -sha512 -binary "$folder"/*.tgz | base64 -w 0)
[ "$found" = "$sha512" ] || { echo "the package's checksum is $found, expected $sha512" >&2; exit 1; }
tar -xzf "$folder"/*.tgz -C "$folder"

packed="swagger-ui-bundle.js swagger-ui.css"
plain="LICENSE NOTICE swagger-ui-bundle.js.LICENSE.txt"
if [ "${1:-}" = --check ]; then
    for name in $packed; do gzip -dc "$name.gz" | cmp - "$folder/package/$name"; done
    for name in $plain; do cmp "$name" "$folder/package/$name"; done
    echo "the viewer is Swagger UI $version as published"
else
    for name in $packed; do gzip -9nc "$folder/package/$name" >"$name.gz"; done
    for name in $plain; do cp "$folder/package/$name" "$name"; done
fi
