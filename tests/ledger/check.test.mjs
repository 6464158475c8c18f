// A log of real orders as others check it: the Go team's sumdb code, which
// agrees to all of it and to nothing that was changed.

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, readFileSync, readdirSync, writeFileSync }
    from 'node:fs';
import path from 'node:path';
import { it } from 'node:test';
import { fileURLToPath } from 'node:url';

import { scratch } from '../site/server.mjs';
import { staged, suite } from '../edge/server.mjs';
import { number, sample, tiles } from './sample.mjs';


const checker = fileURLToPath(new URL('../../build/ledger-check',
    import.meta.url));

function judge(folder) {
    const { status, stdout, stderr } = spawnSync(checker, [folder],
        { encoding: 'utf8' });

    return { status, words: stdout + stderr };
}


suite('tiles', {}, () => {
    it('have the names of c2sp.org/tlog-tiles', () => {
        assert.deepEqual([0, 999, 1000, 1234067, 123456789].map(number),
            ['000', '999', 'x001/000', 'x001/x234/067', 'x123/x456/789']);
        assert.deepEqual(tiles(257).filter((name) => !/entries/.test(name)),
            ['tile/0/000', 'tile/0/001.p/1', 'tile/1/000.p/1']);
        assert.equal(tiles(70000).filter((name) => !/entries/.test(name))
            .length, 274 + 2 + 1);
    });
});


suite('x/mod/sumdb', { clock: true }, () => {
    let whole;

    staged(async (undo) => {
        whole = scratch(undo);
        await sample(280, whole);
    });

    it('agrees to all that is published, and to each receipt', () => {
        const { status, words } = judge(whole);

        assert.equal(status, 0, words);
        assert.match(words, /^364 records, 3 tiles, 2 entry bundles, /);
        assert.match(words, / 280 receipts, \d+ signed batches\n$/);
    });

    const first = (folder, below) => path.join(below,
        readdirSync(path.join(folder, below)).sort()[0]);

    for (const [what, choose, at, said] of [
        ['a leaf', () => 'tile/0/000', 4000, /tiles have the root/],
        ['a hash of level 1', () => 'tile/1/000.p/1', 7,
            /tile\/1\/000\.p\/1 is not what its leaves make/],
        ['an entry', () => 'tile/entries/000', 9, /entry 0 is of another/],
        ['a checkpoint\'s size', () => 'checkpoint',
            (bytes) => bytes.indexOf('\n') + 1, /invalid signature/],
        ['the dash before a signature', () => 'checkpoint',
            (bytes) => bytes.indexOf('\u2014') + 2, /malformed note/],
        ['the verifier key', () => 'vkey',
            (bytes) => bytes.indexOf('+') + 1, /vkey: /],
        ['a receipt\'s record', (folder) => first(folder, 'receipts'), 300,
            /tlog-proof: /],
        ['a receipt\'s path', (folder) => first(folder, 'receipts'),
            (bytes) => bytes.indexOf('\n', bytes.indexOf('\nindex ') + 1) + 5,
            /tlog-proof: /],
        ['a record of the log', (folder) => first(folder, 'log'),
            (bytes) => bytes.indexOf('"t":') + 6,
            /record 0: its line is not the published leaf's/],
        ['a batch\'s signature', (folder) => first(folder, 'log'),
            (bytes) => bytes.indexOf('\\u000a"}') - 6,
            /record \d+: .*(invalid signature|malformed note)/],
    ]) {
        it(`finds one changed bit of ${what}`, (t) => {
            const folder = path.join(scratch(t), 'sample');

            mkdirSync(folder);
            cpSync(whole, folder, { recursive: true });

            const file = path.join(folder, choose(folder));
            const bytes = readFileSync(file);

            bytes[typeof at === 'number' ? at : at(bytes)] ^= 1;
            writeFileSync(file, bytes);

            const { status, words } = judge(folder);

            assert.equal(status, 1, words);
            assert.match(words, said);
        });
    }
});
