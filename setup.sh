#!/usr/bin/env bash
# Makes .venv: the packages of requirements.lock, each checked by its hash, and this checkout, editable.
# Every make target that needs it calls it; when nothing has changed it returns at once.
#
#   PYTHON=python3.12 ./setup.sh    with that Python, not the first suitable one (`make clean` first, to change)
#   NO_UV=1 ./setup.sh              with pip alone
set -euo pipefail
cd "$(dirname "$0")"

uv_version=0.13.9                 # uv only makes it quick: pip installs the same files
export UV_PYTHON_DOWNLOADS=never  # the Python is the machine's own
export PIP_DISABLE_PIP_VERSION_CHECK=1

say() { printf 'setup: %s\n' "$*" >&2; }

suitable() { "$1" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] < (3, 14))' 2>/dev/null; }

install_with() { # the command that installs, without what to install
    "$@" --require-hashes -r requirements.lock && "$@" --no-deps --no-build-isolation --editable .
}

# .venv/ready says where and from what .venv was made. One whose making was cut short, or which was copied
# from another folder, is made afresh; one made from an older lock is brought up to date.
where=$PWD
what=$(cat requirements.lock pyproject.toml setup.sh | cksum)
made_where=$(sed -n 1p .venv/ready 2>/dev/null || true)
made_what=$(sed -n 2p .venv/ready 2>/dev/null || true)
if [ "$made_where" = "$where" ] && [ "$made_what" = "$what" ]; then exit 0; fi

if [ "$made_where" = "$where" ] && suitable .venv/bin/python; then
    say "bringing .venv up to date"
    rm .venv/ready
else
    candidates=${PYTHON:-python3 python3.13 python3.12 python3.11}
    base=
    for candidate in $candidates; do
        if suitable "$candidate"; then base=$candidate && break; fi
    done
    if [ -z "$base" ]; then
        say "needs Python 3.11, 3.12 or 3.13, and none of these is one: $candidates"
        say "install one, or say where it is: PYTHON=/path/to/python3.12 make setup"
        exit 1
    fi
    say "making .venv with $("$base" --version)"
    rm -rf .venv
    "$base" -m venv .venv
fi

python=.venv/bin/python
packages="$(grep -c '^[a-z]' requirements.lock) packages"
with_uv() {
    say "installing $packages (half a minute, longer when they must be downloaded)"
    "$python" -m pip install -qq "uv==$uv_version" && install_with .venv/bin/uv pip install --quiet --python "$python"
}
with_pip() {
    say "installing $packages with pip (one to three minutes)"
    install_with "$python" -m pip install -qq --no-compile
}
if [ -n "${NO_UV:-}" ] || ! with_uv; then with_pip; fi

# What a first import leaves compiled is what spares every later process some seconds, also where the environment
# asks Python to write no bytecode: this environment is ours.
unset PYTHONDONTWRITEBYTECODE
if ! "$python" -c 'import weasyprint' >/dev/null 2>&1; then
    say "PDF reports need the Pango library, which this machine lacks: run 'make system-packages' (HTML works without)"
fi
"$python" -c 'import sim.cli.commands, sim.report.results, sim.evaluate, matplotlib.pyplot, ipykernel.kernelapp, papermill' &
"$python" -c 'from sim.flow import prepare; prepare("compiled"); import sim; sim.what_if("binhai", replications=2)' || say "the model could not be compiled yet; its first use will try again"
wait
printf '%s\n' "$where" "$what" >.venv/ready
say "ready"
