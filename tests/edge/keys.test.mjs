// How long an Idempotency-Key is kept, and by which hash keys what was ordered
// is found again.

import assert from 'node:assert/strict';
import { randomBytes, randomUUID } from 'node:crypto';
import { it } from 'node:test';

import { certificate, form, json, short, stage } from './buyers.mjs';
import { moment, suite } from './server.mjs';


const week = 7 * 86400;
const line = () => `${randomBytes(32).toString('base64url')}\n`;


suite('a key', { clock: true }, () => {
    it('of a request is kept for seven days', async (t) => {
        const { person, clock } = await stage(t);
        const one = await person({ certs: [certificate('K1')] });
        const body = form({ certificate: 'K1' });
        const key = randomUUID();
        const first = await one.order(body, key);
        const { id } = json(first);

        assert.equal(short(first), '201');
        assert.equal(short(await one.cancel(id)), '200');
        clock(moment + week - 5);

        const again = await one.order(body, key);

        assert.deepEqual([short(again), json(again).id], ['201', id]);
        assert.equal(again.headers['idempotency-replayed'], 'true');
        clock(moment + week + 5);

        const another = await one.order(body, key);

        assert.equal(short(another), '201');
        assert.notEqual(json(another).id, id);
        assert.equal(another.headers['idempotency-replayed'], undefined);
    });

    it('of before, a second line, still finds what it has hashed',
        async (t) => {
            const [old, now] = [line(), line()];
            const { server, person } = await stage(t,
                { more: { 'hash.keys': old } });
            const one = await person();
            const key = randomUUID();
            const first = await one.order(form(), key);
            const { id } = json(first);

            assert.equal(short(first), '201');

            for (const [text, is] of [[now + old, true], [now, false]]) {
                server.put('hash.keys', text);
                await server.restart();

                const again = await one.order(form(), key);

                assert.equal(again.headers['idempotency-replayed'],
                    is ? 'true' : undefined);
                assert.equal(again.status === 201 && json(again).id === id,
                    is);
            }
        });
});
