#!/usr/bin/env bash
# The quick round while working on the engine or the runtime: builds without optimisation and puts the result into .venv,
# in the place of what scripts/setup.sh installed, which the next `make setup` puts back. Needs one run of scripts/setup.sh before.
set -euo pipefail
cd "$(dirname "$0")/.."
packages=$(.venv/bin/python -c 'import sysconfig; print(sysconfig.get_path("platlib"))')
[ -d "$packages/hypersonic" ] || {
    printf 'develop: run scripts/setup.sh once\n' >&2
    exit 1
}
cargo build --package hypersonic-build --package hypersonic-dispatch "$@"
rm -f .venv/.stamp-hypersonic .venv/.stamp-hypersonic-build
# Put in place whole, so that processes that use the old ones go on.
place() {
    cp "$1" "$2.new"
    mv "$2.new" "$2"
}
place target/debug/hypersonic .venv/bin/hypersonic
for module in "$packages"/hypersonic/*.so; do
    place target/debug/lib_dispatch.so "$module"
done
cp -r pep517/hypersonic_build runtime/hypersonic "$packages"
# As pip does: an interpreter that writes none would compile them at every import.
.venv/bin/python -m compileall -q "$packages/hypersonic" "$packages/hypersonic_build"
