// What a disk was told, write by write, as the kernel's dm-log-writes keeps it
// (Documentation/admin-guide/device-mapper/log-writes.rst), and each state that
// the disk may be in when its power goes: what was written before a flush is
// there, and of what came later any sector or none.

import { openSync, closeSync, writeSync } from 'node:fs';

const magic = 0x6a736677736872n;
const flags = { flush: 1n, fua: 2n, discard: 4n, mark: 8n };
const sector = 512;


export class Kept {
    constructor(bytes) {
        if (bytes.readBigUInt64LE(0) !== magic) {
            throw new Error('these are no kept writes');
        }

        const count = Number(bytes.readBigUInt64LE(16));
        const step = bytes.readUInt32LE(24);

        this.entries = [];

        for (let at = step, n = 0; n < count; n++) {
            const [place, length, is, data] = [0, 8, 16, 24].map((o) =>
                bytes.readBigUInt64LE(at + o));
            const has = (flag) => (is & flag) !== 0n;
            const from = at + step;
            const end = has(flags.discard) || has(flags.mark) ? from
                : from + Number(length) * sector;

            const mark = has(flags.mark) ? bytes.toString('latin1', at + 32,
                at + 32 + Number(data)) : '';

            // The target itself sets one, in words, when it ends.
            this.entries.push({ at: Number(place) * sector,
                flush: has(flags.flush), fua: has(flags.fua),
                mark: /^\d+/.test(mark) ? Number.parseInt(mark, 10)
                    : undefined,
                bytes: bytes.subarray(from, end) });
            at = end;
        }

        this.count = this.entries.length;
        this.first = this.entries.findIndex(({ mark }) => mark !== undefined);
        this.last = this.entries.findLastIndex(({ mark }) =>
            mark !== undefined);
    }

    // How many orders had been acknowledged before that entry.
    size(at) {
        return this.entries.slice(0, at).reduce((size, { mark }) =>
            mark ?? size, 0);
    }

    // Bring a disk, as it was at first, to what it may be at that entry.
    replay(file, at, below) {
        const told = this.entries.slice(0, at);
        const flushed = told.findLastIndex(({ flush }) => flush);
        const fd = openSync(file, 'r+');
        const write = (entry, from, end) => writeSync(fd, entry.bytes, from,
            end - from, entry.at + from);

        told.forEach((entry, n) => {
            if (n < flushed || entry.fua) {
                write(entry, 0, entry.bytes.length);
                return;
            }

            for (let from = 0; from < entry.bytes.length; from += sector) {
                if (below(2) === 0) {
                    write(entry, from, from + sector);
                }
            }
        });
        closeSync(fd);
    }
}
