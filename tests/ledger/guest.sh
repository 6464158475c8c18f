#!/bin/sh
# The first process of a machine of its own (machine.mjs), whose disks are files
# and whose power can be cut: guest.sh WHAT WORD...
#
# It sees all files of this machine, to read, has the disk ubda at /mnt/disk, and
# may write to OUT, which is /mnt/out. What it has done ends with `done`.
set -u
export PATH=/usr/sbin:/usr/bin:/sbin:/bin
here=$(dirname "$0")/../..
driver=$here/build/ledger-driver
disk=/mnt/disk
ledger="$disk/ledger $KEY $NAME"

mount -t proc none /proc
mount -t tmpfs none /mnt
mkdir "$disk" /mnt/out /mnt/small
mount -t hostfs none /mnt/out -o "$OUT"

# A module of this kernel, by where it stands: insert drivers/md/dm-mod
insert() {
    insmod "/usr/lib/uml/modules/$(uname -r)/kernel/$1.ko"
}

# The ledger as the disk has it, to be looked at from outside.
show() {
    cp -r "$disk/ledger" "/mnt/out/$1"
    sync
}

# Orders from two processes, until the power is cut: write BATCH SEGMENT [LIE]
write() {
    mount -t ext4 /dev/ubda "$disk"

    for _ in 1 2; do
        # shellcheck disable=SC2086
        LD_PRELOAD=${3:-} "$driver" $ledger 0 "$1" "$2" &
    done

    wait
}

# What is left of them: one order more, by who finds it as it is.
look() {
    mount -t ext4 /dev/ubda "$disk"
    # shellcheck disable=SC2086
    "$driver" $ledger 1 1
    show ledger
    umount "$disk"
}

# The same of one that does not open by itself, by the checkpoint OUT/since.
reopen() {
    mount -t ext4 /dev/ubda "$disk"
    "$here/build/caplat" log reopen --ledger "$disk/ledger" --name "$NAME" \
        --key "$KEY" --since /mnt/out/since 2>&1
    # shellcheck disable=SC2086
    "$driver" $ledger 1 1
    show ledger
    umount "$disk"
}

# Orders on a disk whose writes are kept on ubdb, each in its turn, with a mark
# for each batch that was acknowledged: record BATCHES [LIE]
record() {
    insert drivers/md/dm-mod
    insert drivers/md/dm-log-writes
    dmsetup create --noudevsync kept --table \
        "0 $(blockdev --getsz /dev/ubda) log-writes /dev/ubda /dev/ubdb"
    mount -t ext4 "/dev/dm-0" "$disk"

    for n in $(seq "$1"); do
        # shellcheck disable=SC2086
        LD_PRELOAD=${2:-} "$driver" $ledger 1 $((n * 7 % 40 + 1)) 65536 \
            >/mnt/said
        cat /mnt/said
        size=$(tail -n 1 /mnt/said | cut -d' ' -f2)
        dmsetup message kept 0 mark "$size"
        cp "$disk/ledger/checkpoint" "/mnt/out/checkpoint-$size"
    done

    sync
    umount "$disk"
    dmsetup remove --noudevsync kept
}

# A shop that sells until the power is cut, with all that it has on the disk.
sell() {
    mount -t ext4 /dev/ubda "$disk"
    mkdir -p /dev/shm
    ip link set lo up
    cd "$here" || exit
    TMPDIR=$disk HOME=/mnt node tests/ledger/shop.mjs sell
}

# What is left of it, once it has opened again.
again() {
    mount -t ext4 /dev/ubda "$disk"
    ip link set lo up
    cd "$here" || exit
    node tests/ledger/shop.mjs again "$(echo "$disk"/caplat-*/nginx.conf |
        xargs dirname)"
    cp -r "$disk"/caplat-*/ledger /mnt/out/ledger
    sync
    umount "$disk"
}

# A disk that is larger than what it lies on, so that writes fail below the file
# system: outgrow
outgrow() {
    insert drivers/block/loop
    mount -t tmpfs -o size=6m none /mnt/small
    truncate -s 64M /mnt/small/image
    mkfs.ext4 -q -O ^has_journal -E lazy_itable_init=1 /mnt/small/image
    losetup /dev/loop0 /mnt/small/image
    mount -t ext4 -o errors=continue /dev/loop0 "$disk"

    # shellcheck disable=SC2086
    "$driver" $ledger 0 20
    echo 'again'
    # shellcheck disable=SC2086
    "$driver" $ledger 1 1
    echo 3 >/proc/sys/vm/drop_caches
    show closed
    mount -o remount,size=60m /mnt/small
    echo 'reopen'
    "$here/build/caplat" log reopen --ledger "$disk/ledger" --name "$NAME" \
        --key "$KEY" 2>&1
    # shellcheck disable=SC2086
    "$driver" $ledger 3 20
    show ledger
}

what=$1
shift
"$what" "$@"
echo 'done'
exec sleep 1000
