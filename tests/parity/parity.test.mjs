// One list of questions, three hosts: the native program and the browser's
// wasm give the same bytes, and so does the server (server.test.mjs).
// CAPLAT_SITE and CAPLAT_WASM name others than build/'s.

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, it } from 'node:test';

import { cards, cases, native, program, root, scratch } from './list.mjs';

const wasm = process.env.CAPLAT_WASM ?? path.join(root, 'build/caplat.wasm');
const module = new WebAssembly.Module(readFileSync(wasm));

// A page's way to the core: see site/wasm/caplat_wasm.c.
class Core {
    constructor() {
        this.core = new WebAssembly.Instance(module).exports;
    }

    put(bytes) {
        new Uint8Array(this.core.memory.buffer, this.core.in(), bytes.length)
            .set(bytes);

        return bytes.length;
    }

    load(bytes) {
        return this.core.load(this.put(bytes)) !== 0;
    }

    quote(question) {
        const length = this.core.quote(this.put(Buffer.from(question)));

        return Buffer.from(this.core.memory.buffer, this.core.out(), length)
            .toString();
    }
}

describe('the calculator', () => {
    it('asks nothing of its host', () => {
        assert.deepEqual(WebAssembly.Module.imports(module), []);
    });

    it('exports four functions and its memory', () => {
        assert.deepEqual(WebAssembly.Module.exports(module)
            .map(({ name }) => name).sort(),
        ['in', 'load', 'memory', 'out', 'quote']);
    });

    it('has no answer without a card', () => {
        assert.equal(new Core().quote('city=210700'), '');
    });

    it('forgets a card when the next one is bad', () => {
        const core = new Core();

        assert.ok(core.load(readFileSync(cards.get('ln-2021'))));
        assert.ok(!core.load(Buffer.from('caplat-rates 2\n')));
        assert.equal(core.quote('city=210700'), '');
    });
});

describe('bad cards', () => {
    for (const [card, file] of cards) {
        it(`${card}, cut in the middle, is refused by both`, () => {
            const half = readFileSync(file);
            const bad = path.join(scratch, 'bad.txt');

            writeFileSync(bad, half.subarray(0, half.length / 2));
            assert.equal(spawnSync(program, ['price', '--rates', bad,
                '--city', '210700']).status, 1);
            assert.ok(!new Core().load(readFileSync(bad)));
        });
    }
});

for (const [card, file] of cards) {
    const questions = cases.filter(([name]) => name === card)
        .map(([, question]) => question);

    describe(`${card}: ${questions.length} questions`, () => {
        const core = new Core();
        const answers = native(card, questions);

        assert.ok(core.load(readFileSync(file)));
        assert.equal(answers.length, questions.length);

        questions.forEach((question, i) => {
            it(question, () => {
                const answer = core.quote(question);
                const said = JSON.parse(answer);

                assert.equal(answer, answers[i]);
                assert.equal(said.card, card);

                if (said.error === undefined) {
                    assert.equal(said.lines.reduce((sum, line) => (
                        sum + line.fee_fen), 0), said.total_fen);
                }
            });
        });
    });
}

describe('the list', () => {
    it('has cases for every card, and no others', () => {
        assert.deepEqual([...new Set(cases.map(([card]) => card))].sort(),
            [...cards.keys()]);
    });

    it('has three hundred cases or more', () => {
        assert.ok(cases.length >= 300);
    });

    it('meets every refusal of the error table', () => {
        const table = readFileSync(path.join(root,
            'ngx_caplat_module/core/caplat_err.h'), 'utf8');
        const refusals = [...table.matchAll(/E\(\w+, +422, "([^"]+)"\)/g)]
            .map(([, name]) => name);
        const met = new Set([...cards.keys()].flatMap((card) => native(card,
            cases.filter(([name]) => name === card).map(([, text]) => text))
            .map((answer) => JSON.parse(answer).error)));

        assert.ok(refusals.length >= 9);
        assert.deepEqual(refusals.filter((name) => !met.has(name)), []);
    });
});
