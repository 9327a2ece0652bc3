#!/bin/sh
# Pin every requirement by hash, for every platform, into requirements/*.txt; needs uv. `--upgrade` takes newer ones.
set -eu
cd "$(dirname "$0")/.."
PATH="$PWD/.venv/bin:$PATH"

pin() { # pin FILE [uv options]
    file=requirements/$1.txt
    shift
    uv pip compile "$@" --universal --python-version 3.11 --generate-hashes --quiet \
        --no-header --no-annotate --no-emit-index-url --no-emit-find-links --output-file "$file"
}

pin dev pyproject.toml --group dev "$@"
pin run pyproject.toml --constraints requirements/dev.txt "$@"
# The peers of the benchmark want older libraries than we do, so they live apart.
pin bench --group bench "$@"
