#!/usr/bin/env bash
# Each call that a writer of the ledger makes, while it opens one and commits,
# recovers what a crash has left, or opens one again that was closed, is its
# last one, or fails. Whatever happens: what was acknowledged is in the log at
# its place, the log holds, and it goes on, or is closed until it is opened
# again.
set -u
cd "$(dirname "$0")/../.." || exit 1

driver=build/ledger-driver
caplat=build/caplat
name=a.example/log
segment=1500                            # of one batch, so that each begins one
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
    "$driver" "$ledger" "$key" "$name" "$1" 2 "$segment"
}

reopen() {
    "$caplat" log reopen --ledger "$ledger" --name "$name" --key "$key"
}

# Lines `INDEX ID` of what is in the log, and of what was acknowledged.
logged() {
    cat "$ledger"/log/*.ndjson |
        sed -n 's/^{"v":1,"i":\([0-9]*\),.*"order":"\([^"]*\)".*/\1 \2/p'
}

told() {
    awk '$1 == "ok" { print $3, $4 }' "$room/told"
}

reopened() {
    cat "$ledger"/log/*.ndjson | grep -c ledger.reopened
}

check() {
    if [ "$1" = "$2" ]; then
        passed=$((passed + 1))
    else
        failed=$((failed + 1))
        echo "tests/ledger/test_faults.sh: $3: is $1, should be $2"
    fi
}

# What must be so after all, whatever went before.
check_end() {
    local words=$1

    if [ -e "$ledger/closed" ]; then
        write 1 >"$room/again"
        check "$?" 3 "$words: it is closed"
        reopen >"$room/reopened" 2>&1
        check "$?" 0 "$words: it opens again"
    fi

    write 1 >>"$room/told"
    check "$?" 0 "$words: it goes on"
    logged >"$room/logged"
    check "$(told | grep -cvxFf "$room/logged")" 0 "$words: nothing is lost"
    check "$(cut -d' ' -f2 "$room/logged" | sort | uniq -d | wc -l)" 0 \
        "$words: nothing is there twice"
    "$caplat" log verify --ledger "$ledger" --vkey "$vkey" \
        >"$room/verified" 2>&1
    check "$?" 0 "$words: it holds"
}

# The ledger, and what was told of it, as they were kept.
lay() {
    rm -rf "$ledger"
    cp -a "$room/$1" "$ledger"
    cp "$room/$1.told" "$room/told"
}

# sweep BASE FAULT CALLS AFTER COMMAND...: what the command does from its first
# look at the ledger on, on a copy of BASE, with a fault at each of the calls;
# then AFTER looks at its exit status, with what the call was.
sweep() {
    local base=$1 fault=$2 calls=$3 after=$4 line call words status tried=0
    local begun=no
    local -A count=()

    shift 4
    lay "$base"
    strace -y -o "$room/trace" "$@" >"$room/out" 2>/dev/null

    while IFS= read -r line <&3; do
        call=${line%%(*}
        count[$call]=$((${count[$call]:-0} + 1))

        case $line in
        *index/lock*) begun=yes ;;
        exit_group*) break ;;
        esac

        if [ $begun = no ] || [[ ! $call =~ ^($calls)$ ]]; then
            continue
        fi

        words="$base $fault ${count[$call]} ${line:0:90}"
        tried=$((tried + 1))
        lay "$base"
        timeout 20 strace -o "$room/injected" -e "trace=$call" \
            -e "inject=$call:$fault:when=${count[$call]}" "$@" \
            >>"$room/told" 2>/dev/null
        status=$?
        check "$(grep -q 'INJECTED\|killed by' "$room/injected"; echo $?)" 0 \
            "$words: it has happened"
        "$after" "$status" "$words" "$line"
        check_end "$words"
    done 3<"$room/trace"

    check $((tried > 5)) 1 "$base $fault: calls that were tried: $tried"
}

# A sync of the log or its folder that fails closes it; no other fault does.
after_commit() {
    local closed=no

    [ -e "$ledger/closed" ] && closed=yes

    if [[ $2 = *error=* && $3 =~ ^(fdatasync|fsync|sync_file_range) ]]; then
        check "$1 $closed" '3 yes' "$2: a failed sync ends it"
    else
        check "$closed" no "$2: is it closed"
    fi
}

after_recovery() {
    :
}

# Open, and said so in the log; or closed as before.
after_reopen() {
    if [ "$(reopened)" = 0 ]; then
        check "$(test -e "$ledger/closed" && echo yes)" yes \
            "$2: it is closed as long as the log does not say it is open"
    fi
}


# A ledger of two segments; one with a tail, and no index; one that is closed.
write 2 >"$room/base.told" || exit 1
mv "$ledger" "$room/base"
vkey=$("$caplat" log vkey --name "$name" --key "$key")

lay base
head -c 700 "$ledger/log/0000000000.ndjson" >>"$ledger/log/0000000002.ndjson"
rm "$ledger"/index/*
mv "$ledger" "$room/torn"
cp "$room/base.told" "$room/torn.told"

lay base
echo why >"$ledger/closed"
mv "$ledger" "$room/closed"
cp "$room/base.told" "$room/closed.told"

commit=("$driver" "$ledger" "$key" "$name" 2 2 "$segment")
recover=("$driver" "$ledger" "$key" "$name" 1 2 "$segment")
again=("$caplat" log reopen --ledger "$ledger" --name "$name" --key "$key")

all='[a-z0-9_]+'
writes='pwrite64|writev|fallocate|ftruncate|rename'
changes="$writes|sync_file_range|fdatasync|fsync|flock|unlink"
reads='openat|read|pread64|newfstatat|fstatfs|getdents64'

# Each segment that is written has its folder synced: how many are both.
lay base
strace -y -o "$room/trace" "${commit[@]}" >/dev/null
check "$(grep -c 'openat(.*ndjson", O_RDWR|O_CREAT' "$room/trace")" 2 \
    'segments that are begun'
check "$(grep -c '^fsync(.*/log>) *= 0' "$room/trace")" 3 'folder syncs'

# Where the kernel does not let us begin with a batch, the sync does all.
lay base
strace -o "$room/trace" -e trace=sync_file_range \
    -e inject=sync_file_range:error=EPERM "${commit[@]}" >>"$room/told"
check "$? $(grep -c INJECTED "$room/trace")" '0 2' 'not let, twice'
check "$(test -e "$ledger/closed"; echo $?)" 1 'not let: it is not closed'
check_end 'not let'

# Who opens it again asks the disk, not the page cache.
lay closed
strace -o "$room/trace" "${again[@]}" >/dev/null
check "$(grep -c '^fadvise64(.*POSIX_FADV_DONTNEED) *= 0' "$room/trace")" 2 \
    'segments that are not believed'

sweep base signal=SIGKILL "$all" after_commit "${commit[@]}"
sweep base error=EIO "$changes|$reads" after_commit "${commit[@]}"
sweep base error=ENOSPC "$writes" after_commit "${commit[@]}"
sweep torn signal=SIGKILL "$changes" after_recovery "${recover[@]}"
sweep torn error=EIO "$changes" after_recovery "${recover[@]}"
sweep closed signal=SIGKILL "$changes" after_reopen "${again[@]}"
sweep closed error=EIO "$changes" after_reopen "${again[@]}"
sweep closed error=ENOSPC "$writes" after_reopen "${again[@]}"

echo "$passed passed, $failed failed, 0 skipped"
[ "$failed" = 0 ]
