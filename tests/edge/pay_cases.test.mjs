// Every notice of the shared fixtures gets exactly the answer that it must get,
// and does to the order what it must. `make fixtures-pay CASES=FILE` does the
// same for any file of their form.

import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import path from 'node:path';
import { describe, it } from 'node:test';

import { root } from '../site/server.mjs';
import { judge, load } from './pay_cases.mjs';
import { suite } from './server.mjs';

const shared = '../shared/fixtures/pay/cases.jsonl';
const file = path.join(root, shared);

suite('the notices of the fixtures', { clock: true }, () => {
    if (!existsSync(file)) {
        it('all of them', { skip: `there is no ${shared}` }, () => {});
        return;
    }

    const { items, keys } = load(file);

    describe('each on a server with one order',
        { concurrency: 2 * availableParallelism() }, () => {
            for (const item of items) {
                it(item.note ? `${item.id}: ${item.note}` : item.id,
                    async () => assert.deepEqual(await judge(item, keys), []));
            }
        });
});
