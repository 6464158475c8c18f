#!/usr/bin/env bash
# Each call that a writer of the ledger makes on its files fails, or is its last
# one. Whatever happens: what was acknowledged is in the log at its place, the
# log holds, and it goes on, or is closed until it is opened again.
set -u
cd "$(dirname "$0")/../.." || exit 1

driver=build/ledger-driver
room=$(mktemp -d build/faults-XXXXXX)
ledger=$room/ledger
key=$room/key
passed=0 failed=0

trap 'rm -rf "$room"' EXIT

if ! strace -o /dev/null -e inject=fsync:error=EIO true 2>/dev/null; then
    echo "skipped: faults of calls: strace cannot trace here"
    echo "0 passed, 0 failed, 1 skipped"
    exit 0
fi

write() {
    "$@" "$ledger" "$key" a.example/log 3 2
}

# Lines `INDEX ID` of what is in the log, and of what was acknowledged.
logged() {
    cat "$ledger"/log/*.ndjson |
        sed -n 's/^{"v":1,"i":\([0-9]*\),.*"order":"\([^"]*\)".*/\1 \2/p'
}

told() {
    awk '$1 == "ok" { print $3, $4 }' "$room/told"
}

check() {
    if [ "$1" = "$2" ]; then
        passed=$((passed + 1))
    else
        failed=$((failed + 1))
        echo "tests/ledger/test_faults.sh: $3: is $1, should be $2"
    fi
}

try() {
    local call=$1 fault=$2 number=$3 words="$1 $2 $3" status closed=no

    rm -rf "$ledger"
    write "$driver" >"$room/told"
    write timeout 20 strace -o /dev/null -e "trace=$call" \
        -e "inject=$call:$fault:when=$number" "$driver" \
        >>"$room/told" 2>/dev/null
    status=$?

    if [ -e "$ledger/closed" ]; then
        closed=yes
        check "$status" 3 "$words: a failed sync ends it"
        write "$driver" >"$room/again"
        check "$?" 3 "$words: it is closed"
        build/caplat log reopen --ledger "$ledger" --name a.example/log \
            --key "$key" >"$room/reopened" 2>&1
        check "$?" 0 "$words: it opens again"
    fi

    write "$driver" >>"$room/told"
    check "$?" 0 "$words: it goes on (closed: $closed)"
    logged >"$room/logged"
    check "$(told | grep -cvxFf "$room/logged")" 0 "$words: nothing is lost"
    check "$(sort "$room/logged" | cut -d' ' -f2 | uniq -d | wc -l)" 0 \
        "$words: nothing is there twice"
    build/caplat log verify --ledger "$ledger" --vkey "$vkey" \
        >"$room/verified" 2>&1
    check "$?" 0 "$words: it holds"
}

write "$driver" >/dev/null
vkey=$(build/caplat log vkey --name a.example/log --key "$key")

for call in fdatasync pwrite64 ftruncate openat fsync rename flock; do
    for number in 1 2 3 4 6 8; do
        for fault in error=EIO error=ENOSPC signal=SIGKILL; do
            try "$call" "$fault" "$number" 2>/dev/null
        done
    done
done

echo "$passed passed, $failed failed, 0 skipped"
[ "$failed" = 0 ]
