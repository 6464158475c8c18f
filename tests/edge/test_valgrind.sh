#!/usr/bin/env bash
# Requests of every kind by nginx under valgrind, which sees what the sanitizers
# do not: bytes that are read before anything was written to them, also in the
# libraries, and what Debian's nginx with the loaded module loses.
set -u
cd "$(dirname "$0")/../.." || exit 1

nginx=/usr/sbin/nginx
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

for program in valgrind "$nginx"; do
    if ! command -v "$program" >/dev/null; then
        echo "skipped: edge under valgrind: there is no $program"
        echo "0 passed, 0 failed, 1 skipped"
        exit 0
    fi
done

cat >"$work/nginx" <<END
#!/bin/sh
exec valgrind --quiet --trace-children=yes --log-file=$work/%p.log \\
    --vgdb=no --leak-check=full --show-leak-kinds=definite \\
    --errors-for-leak-kinds=definite --num-callers=20 \\
    --suppressions=$PWD/tests/edge/valgrind.supp $nginx "\$@"
END
chmod 755 "$work" "$work/nginx"

CAPLAT_NGINX=$work/nginx node --test --test-reporter=tap \
    tests/edge/clients.test.mjs tests/edge/profile.test.mjs \
    tests/edge/http.test.mjs tests/edge/http2.test.mjs \
    tests/edge/lock.test.mjs
status=$?

if grep -h '^==' "$work"/*.log; then
    echo "valgrind has found something"
    status=1
fi

exit "$status"
