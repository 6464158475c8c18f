// The log as anybody may compute it who has only its lines and its verifier
// key: commitments, leaves, roots (RFC 6962), signed notes (C2SP). Written
// without a look at the product's own code.

import { createHash, createPublicKey, verify } from 'node:crypto';
import { closeSync, openSync, readSync, readdirSync } from 'node:fs';
import path from 'node:path';

const sha256 = (...parts) => {
    const hash = createHash('sha256');

    parts.forEach((part) => hash.update(part));

    return hash.digest();
};
const leafMark = Buffer.from([0]);
const nodeMark = Buffer.from([1]);

const node = (left, right) => sha256(nodeMark, left, right);

// What the tree has of a record: its line without LF, and the salt in it.
export const commitment = (line, salt) => sha256('order-commitment/v1\n', salt,
    line);
export const leaf = (entry) => sha256(leafMark, entry);


// RFC 6962 §2.1, as it is defined there; leaf(i) gives a leaf.
export function root(from, to, leafAt) {
    const count = to - from;

    if (count === 0) {
        return sha256('');
    }

    if (count === 1) {
        return leafAt(from);
    }

    let left = 1;

    while (left * 2 < count) {
        left *= 2;
    }

    return node(root(from, from + left, leafAt), root(from + left, to, leafAt));
}


// A tree that grows: its leaves, and the roots of its whole subtrees.
export class Tree {
    constructor() {
        this.size = 0;
        this.whole = [];
        this.leaves = Buffer.alloc(1 << 20);
    }

    add(hash) {
        if (this.leaves.length < 32 * (this.size + 1)) {
            this.leaves = Buffer.concat([this.leaves,
                Buffer.alloc(this.leaves.length)]);
        }

        hash.copy(this.leaves, 32 * this.size);
        this.size++;

        let level = 0;
        let up = hash;

        for (; this.whole[level] !== undefined; level++) {
            up = node(this.whole[level], up);
            this.whole[level] = undefined;
        }

        this.whole[level] = up;
    }

    root() {
        return this.whole.reduce((right, left) => (left === undefined ? right
            : right === undefined ? left : node(left, right)), undefined)
            ?? sha256('');
    }

    // By the definition, of any size that it has had.
    rootOf(size) {
        return root(0, size, (i) => this.leaves.subarray(32 * i, 32 * i + 32));
    }
}


// NAME+ID+BASE64: what verifies a log's notes.
export function readVkey(text) {
    const [name, id, ...rest] = text.trim().split('+');
    const bytes = Buffer.from(rest.join('+'), 'base64');
    const own = sha256(`${name}\n`, bytes).subarray(0, 4);

    if (bytes.length !== 33 || bytes[0] !== 1 || own.toString('hex') !== id) {
        throw new Error(`no vkey: ${text}`);
    }

    return { name, id: own, key: createPublicKey({ format: 'jwk', key: {
        kty: 'OKP', crv: 'Ed25519', x: bytes.subarray(1)
            .toString('base64url') } }) };
}


// A checkpoint: { size, root }; throws unless its one signature holds.
export function readCheckpoint(note, { name, id, key }) {
    const [, text, origin, size, hash, signer, signature] = new RegExp(
        '^((.+)\\n(0|[1-9]\\d*)\\n([A-Za-z0-9+/]{43}=)\\n)'
        + '\\n\u2014 (\\S+) ([A-Za-z0-9+/=]+)\\n$').exec(note) ?? [];
    const bytes = Buffer.from(signature ?? '', 'base64');

    if (origin !== name || signer !== name || bytes.length !== 68
        || !bytes.subarray(0, 4).equals(id)
        || !verify(null, Buffer.from(text), key, bytes.subarray(4)))
    {
        throw new Error(`no checkpoint of ${name}: ${note}`);
    }

    return { size: Number(size), root: hash };
}


// The lines of a folder of segments, as far as whole batches go; read on when
// there are more.
//
// record(value, line)  is told of each
export class Log {
    constructor(folder, vkey, record = () => {}) {
        this.folder = folder;
        this.vkey = vkey;
        this.record = record;
        this.tree = new Tree();
        this.notes = new Map();         // size: the note
        this.segment = undefined;       // name of what is being read
        this.at = 0;                    // its bytes that have been
    }

    segments() {
        return readdirSync(this.folder).filter((name) =>
            name.endsWith('.ndjson')).sort();
    }

    // All that stands behind the last whole batch.
    rest() {
        if (this.segment === undefined) {
            return Buffer.alloc(0);
        }

        const file = openSync(path.join(this.folder, this.segment), 'r');
        const parts = [];
        let at = this.at;

        try {
            for (;;) {
                const part = Buffer.alloc(1 << 20);
                const count = readSync(file, part, 0, part.length, at);

                if (count === 0) {
                    return Buffer.concat(parts);
                }

                parts.push(part.subarray(0, count));
                at += count;
            }
        } finally {
            closeSync(file);
        }
    }

    read() {
        const all = this.segments();
        let next = this.segment === undefined ? 0 : all.indexOf(this.segment);

        for (; next < all.length; next++) {
            if (all[next] !== this.segment) {
                // A segment ends with a batch, and the next begins there.
                if (this.segment !== undefined && this.rest().length > 0) {
                    throw new Error(`${this.segment} ends within a batch`);
                }

                // A new one may be there before its first batch is.
                this.segment = all[next];
                this.at = 0;
            }

            this.batches(this.rest());
        }
    }

    batches(bytes) {
        let lines = [];
        let from = 0;

        for (;;) {
            const end = bytes.indexOf(10, from);

            if (end === -1) {
                return;
            }

            const line = bytes.subarray(from, end);

            from = end + 1;

            if (line.indexOf('{"checkpoint":') !== 0) {
                lines.push(line);
                continue;
            }

            this.at += this.batch(lines, JSON.parse(line.toString()).checkpoint)
                + line.length + 1;
            lines = [];
        }
    }

    // Bytes of a batch's records; throws unless its checkpoint is theirs.
    batch(lines, note) {
        let length = 0;

        for (const line of lines) {
            const value = JSON.parse(line.toString());

            if (value.i !== this.tree.size) {
                throw new Error(`record ${this.tree.size} is ${line}`);
            }

            this.tree.add(leaf(commitment(line, Buffer.from(value.salt,
                'base64url'))));
            this.record(value, line);
            length += line.length + 1;
        }

        const { size, root: said } = readCheckpoint(note, this.vkey);

        if (size !== this.tree.size
            || said !== this.tree.root().toString('base64'))
        {
            throw new Error(`the tree has ${this.tree.size} records and root ${
                this.tree.root().toString('base64')}, not ${note}`);
        }

        if (this.notes.has(size)) {
            throw new Error(`a second checkpoint of ${size} records`);
        }

        this.notes.set(size, note);

        return length;
    }
}
