#!/usr/bin/env bash
# Makes this folder ready: system packages, a virtual environment in .venv, both wheels in dist and installed.
# Run it as often as you like; it does only what is missing or out of date.
set -euo pipefail
cd "$(dirname "$0")/.."

say() { printf 'setup: %s\n' "$*"; }
stop() {
    printf 'setup: %s\n' "$*" >&2
    exit 1
}

# --- system packages ------------------------------------------------------------------------------------------------
packages=(gcc g++ make llvm-22-dev liblld-22-dev libpolly-22-dev libzstd-dev zlib1g-dev libxml2-dev)
missing=()
if command -v dpkg-query >/dev/null; then
    for package in "${packages[@]}"; do
        dpkg-query --show --showformat='${db:Status-Status}' "$package" 2>/dev/null | grep -qx installed || missing+=("$package")
    done
elif [ ! -x "${LLVM_SYS_221_PREFIX:-/usr/lib/llvm-22}/bin/llvm-config" ]; then
    stop "this is not Debian: install LLVM 22 and LLD 22 with their static libraries, a C++ compiler, zlib, zstd and libxml2, and set LLVM_SYS_221_PREFIX"
fi
if [ "${#missing[@]}" -gt 0 ]; then
    [ "$(id -u)" = 0 ] || stop "these packages are missing; install them as root: apt-get install ${missing[*]}"
    say "installing ${missing[*]}"
    export DEBIAN_FRONTEND=noninteractive
    apt-get update -qq </dev/null
    apt-get install -qq -y --no-install-recommends "${missing[@]}" </dev/null >/dev/null ||
        stop "apt-get could not install ${missing[*]}; LLVM 22 is in Debian 12 with its security updates, and newer"
fi

# --- Rust -----------------------------------------------------------------------------------------------------------
command -v cargo >/dev/null || stop "cargo is missing: install Rust 1.95 or newer with rustup"

# --- Python ---------------------------------------------------------------------------------------------------------
find_python() {
    local candidate
    for candidate in "${PYTHON:-}" python3.11 python3.12 python3.13 python3.10 python3; do
        if [ -n "$candidate" ] && "$candidate" -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 10))' 2>/dev/null; then
            printf '%s' "$candidate"
            return
        fi
    done
    stop "no Python 3.10 or newer with venv was found; install one, or set PYTHON to its path"
}
if ! .venv/bin/python -c '' 2>/dev/null; then
    python=$(find_python)
    say "creating .venv with $("$python" --version)"
    rm -rf .venv
    "$python" -m venv .venv
fi

# install NAME PACKAGE...: pip, unless the very same list is installed already.
install() {
    local stamp=".venv/.stamp-$1" list="${*:2}"
    [ "$(cat "$stamp" 2>/dev/null)" = "$list" ] && return
    say "installing $list"
    .venv/bin/python -m pip install --quiet --disable-pip-version-check "${@:2}" </dev/null
    printf '%s' "$list" >"$stamp"
}
install tools maturin numpy scipy pytest hypothesis ruff mypy build packaging installer check-wheel-contents twine unearth nvidia-cuda-nvcc ipykernel
if [ "${1:-}" = bench ]; then
    install bench numba pythran
    exit
fi
if [ "${1:-}" = pypy ]; then
    if ! command -v pypy3 >/dev/null && command -v apt-get >/dev/null && [ "$(id -u)" = 0 ]; then
        say "installing pypy3"
        apt-get update -qq </dev/null
        apt-get install -qq -y --no-install-recommends pypy3 pypy3-venv </dev/null >/dev/null || stop "apt-get could not install pypy3"
    fi
    exit
fi

# --- our two wheels -------------------------------------------------------------------------------------------------
# content PATH...: a digest of all sources below, by content, so that a checkout or a touch rebuilds nothing.
content() {
    find "$@" -type f -not -path '*/__pycache__/*' -not -path '*/tests/*' -not -path '*/.*' -print0 | LC_ALL=C sort -z | xargs -0 sha256sum | sha256sum
}
# wheel NAME FOLDER PATH...: builds the project in FOLDER into dist/ and installs it, unless nothing of FOLDER and PATH changed.
wheel() {
    local name=$1 folder=$2 stamp=".venv/.stamp-$1" digest
    digest=$(content Cargo.toml Cargo.lock "${@:2}")
    local built=(dist/"${name//-/_}"-[0-9]*.whl)
    if [ -f "${built[0]}" ] && [ "$(cat "$stamp" 2>/dev/null)" = "$digest" ]; then
        return
    fi
    say "building $name (some minutes the first time)"
    rm -f dist/"${name//-/_}"-[0-9]*.whl
    mkdir -p dist
    local log=".venv/build-$name.log"
    (cd "$folder" && ../.venv/bin/maturin build --quiet --compatibility linux --auditwheel skip --interpreter ../.venv/bin/python --out ../dist </dev/null) >"$log" 2>&1 || {
        cat "$log" >&2
        stop "building $name failed"
    }
    .venv/bin/python -m pip install --quiet --disable-pip-version-check --no-index --no-deps --force-reinstall dist/"${name//-/_}"-[0-9]*.whl
    printf '%s' "$digest" >"$stamp"
}
wheel hypersonic-build pep517 build-backend codegen runtime/abi
wheel hypersonic runtime
.venv/bin/hypersonic --version
