#!/usr/bin/env bash
# Builds every example with pip and installs it into .venv, if it or the engine changed.
set -euo pipefail
cd "$(dirname "$0")/.."
for example in examples/*/; do
    [ -f "$example/pyproject.toml" ] || continue
    name=$(basename "$example")
    stamp=".venv/.stamp-example-$name"
    digest=$(cat .venv/.stamp-hypersonic-build <(find "$example" -type f -not -name '*.pyc' -print0 | LC_ALL=C sort -z | xargs -0 sha256sum) | sha256sum)
    [ "$(cat "$stamp" 2>/dev/null)" = "$digest" ] && continue
    printf 'examples: installing %s\n' "$name"
    .venv/bin/python -m pip install --quiet --disable-pip-version-check --no-index --no-deps --no-build-isolation --force-reinstall "./$example" </dev/null
    printf '%s' "$digest" >"$stamp"
done
