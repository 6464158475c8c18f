// Every case of the shared fixtures gets exactly the answer that it must get.
// `make fixtures CASES=FILE` does the same for any file of their form.

import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import path from 'node:path';
import { describe, it } from 'node:test';

import { root } from '../site/server.mjs';
import { judge, load } from './fixtures.mjs';
import { suite } from './server.mjs';

const shared = '../shared/fixtures/requests/cases.jsonl';
const file = path.join(root, process.env.CASES ?? shared);

suite('the fixtures', { clock: true }, () => {
    if (!existsSync(file)) {
        it('all of them', { skip: `there is no ${shared}` }, () => {});
        return;
    }

    const cases = load(file);

    describe('each on a server that has seen nothing',
        { concurrency: 2 * availableParallelism() }, () => {
            for (const item of cases.items) {
                it(item.note ? `${item.id}: ${item.note}` : item.id,
                    async () => assert.deepEqual(await judge(item, cases), []));
            }
        });
});
