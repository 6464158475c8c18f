// What a log's records mean, kept as they come: an order has its states in
// their order and is there once, as is each key and each piece of money; what
// cost something is opened by its money alone, and no certificate has a
// platform opened that it has.

import assert from 'node:assert/strict';

// From which states, and to which; what stands nowhere here changes none.
const moves = {
    'order.cancelled': { from: ['created'], to: 'cancelled' },
    'order.lapsed': { from: ['created'], to: 'lapsed' },
    'payment.received': { from: ['created', 'lapsed', 'cancelled'],
        to: 'paid' },
    'platforms.opened': { from: ['created', 'paid'], to: 'opened' },
};

const whys = {
    amount: (order, { amount }) => amount !== order.amount,
    twice: (order, { amount }) => amount === order.amount && order.paid,
    refunded: (order, { channel }) => !order.paid
        && order.back[channel] >= order.amount,
    held: (order, value, held) => !order.paid
        && order.add.every((one) => held.has(one)),
};


export class Books {
    constructor() {
        this.orders = new Map();        // id: what is known of it
        this.trades = new Map();        // channel and number: its record
        this.refunds = new Map();       // the same of money that went back
        this.keys = new Set();
        this.unfinished = new Map();    // certificate: id
        this.held = new Map();          // certificate: what was opened
        this.tally = {};
        this.last = { t: 0 };
        this.record = this.record.bind(this);
    }

    record(value) {
        const { last } = this;

        assert.ok(value.t >= last.t, `record ${value.i}: its time goes back`);
        assert.ok(last.type !== 'payment.received'
            || (value.type === 'platforms.opened'
                && value.order === last.order),
        `${last.order} is paid, and ${value.type} of ${value.order} follows`);
        this.last = value;
        this.tally[value.type] = (this.tally[value.type] ?? 0) + 1;

        if (value.type === 'order.created') {
            this.created(value);
            return;
        }

        const order = this.orders.get(value.order);

        assert.ok(order, `${value.order} is nowhere, but ${value.type}`);

        if (value.type in moves) {
            this.move(order, value);
        }

        this[value.type]?.(order, value);
    }

    created({ order, cert, ca, subj, idem, amount, add }) {
        const key = `${subj}|${idem}`;
        const one = `${ca}|${cert}`;

        assert.ok(!this.orders.has(order), `${order} is there twice`);
        assert.ok(!this.keys.has(key), `${order}: a second order of its key`);
        assert.ok(!this.unfinished.has(one), `${order}: ${cert} has an `
            + `unfinished order, ${this.unfinished.get(one)}`);
        this.orders.set(order, { id: order, cert: one, amount,
            add, state: 'created', paid: false,
            back: { alipay: 0, wechat: 0 } });
        this.keys.add(key);
        this.unfinished.set(one, order);
    }

    move(order, { type }) {
        const { from, to } = moves[type];

        assert.ok(from.includes(order.state),
            `${order.id} is ${order.state}, and ${type} came`);

        // One that is paid late may find another one in its place.
        if (order.state === 'created') {
            assert.equal(this.unfinished.get(order.cert), order.id);
            this.unfinished.delete(order.cert);
        }

        order.state = to;
    }

    once(list, { channel, trade }, value) {
        const name = `${channel} ${trade}`;

        assert.ok(!list.has(name), `${name} is there twice`);
        list.set(name, value);
    }

    'payment.received'(order, value) {
        this.once(this.trades, value, value);
        assert.equal(value.amount, order.amount, order.id);
        assert.ok(!(order.back[value.channel] >= order.amount),
            `${order.id} was sent back`);
        order.paid = true;
    }

    'payment.unmatched'(order, value) {
        this.once(this.trades, value, value);
        assert.ok(whys[value.why](order, value, this.heldBy(order.cert)),
            `${order.id} is ${value.why}`);
    }

    'refund.confirmed'(order, value) {
        this.once(this.refunds, value, value);
        order.back[value.channel] += value.amount;
    }

    'platforms.opened'(order, { add }) {
        const held = this.heldBy(order.cert);

        assert.equal(order.paid, order.amount > 0,
            `${order.id} costs ${order.amount}`);

        for (const one of add) {
            assert.ok(!held.has(one), `${order.cert} has ${one} already`);
            held.add(one);
        }
    }

    heldBy(cert) {
        if (!this.held.has(cert)) {
            this.held.set(cert, new Set());
        }

        return this.held.get(cert);
    }
}
