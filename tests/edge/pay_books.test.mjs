// A partner that keeps the books tells of bank transfers and invoices, by its
// signature and the scope ca:admin; and pays what its own users have ordered.

import assert from 'node:assert/strict';
import { it } from 'node:test';

import { json, short, stage } from './buyers.mjs';
import { alipayNotice, directives, files, locations } from './channels.mjs';
import { byServer, partner } from './people.mjs';
import { moment, suite } from './server.mjs';
import { ask } from './wire.mjs';


suite('who keeps the books', { clock: true }, () => {
    // Orders, a buyer, and two partners: one may book, one may not.
    const office = async (t) => {
        const books = await partner('books-1');
        const other = await partner('erp-2');
        const staged = await stage(t, { locations,
            http: Object.values(directives).join('\n'), more: { ...files,
                'jwks-partners.json': { keys: [
                    { ...books.public, scope: 'ca:admin' }, other.public] } } });
        const buyer = await staged.person();
        const { id } = json(await buyer.order());
        const { server } = staged;
        const by = (peer) => async (what, body, to = id) => ask(server.port,
            await byServer(peer, { target: `/v1/orders/${to}/${what}`,
                body: JSON.stringify(body) }));

        return { ...staged, buyer, id, book: by(books), intrude: by(other),
            order: async () => json(await buyer.get(`/${id}`)),
            say: (request) => ask(server.port, request) };
    };
    const transfer = { channel: 'transfer', trade: 'B20270115-1', amount: 2500,
        paid: moment - 3600 };
    const invoice = { number: '27212000000000000001', day: '2027-01-16' };

    it('books a transfer, and knows it when it is said again', async (t) => {
        const { book, order, id } = await office(t);

        for (const outcome of ['booked', 'booked-before']) {
            const answer = await book('payment', transfer);

            assert.equal(answer.status, 200, answer.body);
            assert.deepEqual(json(answer), { order: id,
                event: 'payment.received', state: 'opened', outcome });
        }

        const { state, payment } = await order();

        assert.equal(state, 'opened');
        assert.deepEqual(payment, { channel: 'transfer', amount: 2500,
            paid: moment - 3600 });
    });

    it('learns that the money does not fit', async (t) => {
        const { book, order, say, id } = await office(t);
        const little = await book('payment', { ...transfer, amount: 2400 });

        assert.equal(short(little), '409 order-state-conflict');
        assert.equal(json(little).outcome, 'amount');
        assert.equal((await order()).state, 'created');

        await say(alipayNotice(id));

        const twice = await book('payment', transfer);

        assert.equal(short(twice), '409 order-state-conflict');
        assert.equal(json(twice).outcome, 'twice');
        assert.equal(json(twice).state, 'opened');
        assert.equal(short(await book('payment', transfer,
            'CA20270115000009')), '404 order-not-found');
    });

    it('books the invoice of what is paid, and no other one', async (t) => {
        const { book, order, id } = await office(t);

        assert.equal(short(await book('invoice', invoice)),
            '409 order-state-conflict');
        await book('payment', transfer);

        for (const outcome of ['booked', 'booked-before']) {
            assert.deepEqual(json(await book('invoice', invoice)), { order: id,
                event: 'invoice.issued', state: 'opened', outcome });
        }

        assert.equal(short(await book('invoice', { ...invoice,
            number: '9' })), '409 order-state-conflict');

        const { number, day } = (await order()).invoice;

        assert.deepEqual({ number, day }, invoice);
    });

    it('says it in words that are right', async (t) => {
        const { book } = await office(t);

        for (const [what, body] of [['payment', { ...transfer, x: 1 }],
            ['payment', { ...transfer, channel: 'alipay' }],
            ['payment', { ...transfer, amount: 25.5 }],
            ['payment', { ...transfer, trade: 'a b' }],
            ['invoice', { number: '1' }],
            ['invoice', { ...invoice, day: '2027-02-30' }]]) {
            assert.equal(short(await book(what, body)),
                '422 validation-failed', JSON.stringify(body));
        }
    });

    it('is nobody else', async (t) => {
        const { intrude, book, buyer, id, server, person } = await office(t);
        const by = async (who) => short(await ask(server.port,
            await who.request(`/v1/orders/${id}/payment`,
                { body: JSON.stringify(transfer) })));

        assert.equal(short(await intrude('payment', transfer)),
            '403 scope-insufficient');
        assert.equal(short(await intrude('invoice', invoice)),
            '403 scope-insufficient');
        assert.equal(await by(buyer), '403 scope-insufficient');
        assert.equal(await by(await person({ scope: 'ca:order ca:admin' })),
            '401 signature-missing');

        // And does nothing else: it has no scope for that.
        assert.equal(short(await book('payments', { channel: 'alipay' })),
            '403 scope-insufficient');
    });

    it('sees no order of others to pay', async (t) => {
        const { intrude } = await office(t);

        assert.equal(short(await intrude('payments', { channel: 'alipay' })),
            '404 order-not-found');
    });
});
