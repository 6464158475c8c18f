#!/usr/bin/env bash
# All tests of the edge once more, by an nginx whose every access to memory is
# checked (AddressSanitizer, UndefinedBehaviorSanitizer, LeakSanitizer). It is
# made by `make build/nginx-asan/nginx`; CAPLAT_NGINX names another.
set -u
cd "$(dirname "$0")/../.." || exit 1

nginx=${CAPLAT_NGINX:-$PWD/build/nginx-asan/nginx}

if [ ! -x "$nginx" ]; then
    echo "skipped: edge, sanitized: there is no build/nginx-asan/nginx"
    echo "0 passed, 0 failed, 1 skipped"
    exit 0
fi

# The module is linked in. Its tests take a port and a folder each, so two
# files may run side by side.
CAPLAT_NGINX=$nginx CAPLAT_MODULE='' node --test --test-concurrency=2 \
    --test-reporter=tap tests/edge/*.test.mjs
