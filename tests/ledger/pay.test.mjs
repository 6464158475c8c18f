// Orders are paid while nginx is killed again and again: a worker, all workers,
// the master, or everything; and the channels say each thing twice, late and in
// any order. No money is lost or booked twice, nothing is opened without it,
// and the bills show just the differences that were made on purpose.
//
// CAPLAT_ORDERS  how many (250); CAPLAT_SEED  of moments and ways

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { it } from 'node:test';

import { directives, files, gateway, gatewayOf, locations }
    from '../edge/channels.mjs';
import { pause, suite } from '../edge/server.mjs';
import { root as project } from '../site/server.mjs';
import { gbk, readReconciled } from './bills.mjs';
import { Cashier } from './cashier.mjs';
import { Payer } from './payers.mjs';
import { list, now, trial } from './trial.mjs';

const orders = Number(process.env.CAPLAT_ORDERS ?? 250);
const channels = ['alipay', 'wechat'];

// Of each way: how often the order's money must be received, and unmatched for
// which reasons. What goes back at once is received or refunded, as it comes; of
// two orders for the same platforms, one is.
const wanted = {
    once: [['received']],
    twice: [['received', 'twice']],
    other: [['amount', 'received']],
    wrong: [['amount']],
    part: [['received']],
    back: [['received'], ['refunded']],
    gone: [['refunded']],
    rival: [['received'], ['held']],
    never: [[]],
    free: [[]],
};

const differences = { amount: 'paid-otherwise', twice: 'paid-twice',
    refunded: 'paid-after-refund', held: 'paid-for-held' };

const sum = (all, fen) => all.reduce((total, one) => total + fen(one), 0);

const tally = (words) => words.reduce((all, word) =>
    ({ ...all, [word]: (all[word] ?? 0) + 1 }), {});


// What the log has of each order is what its way was to bring.
function checkPlans({ orders: known, trades }, plans) {
    const said = new Map([...known.keys()].map((id) => [id, []]));

    for (const { order, why } of trades.values()) {
        said.get(order).push(why ?? 'received');
    }

    assert.deepEqual([...known.keys()].sort(), [...plans.keys()].sort());

    for (const [id, way] of plans) {
        const words = said.get(id).sort().join();

        assert.ok(wanted[way].some((one) => one.join() === words),
            `${id} goes ${way}: ${words}`);
        assert.equal(known.get(id).state === 'opened',
            way === 'free' || words.includes('received'), id);
    }
}


// Each entry of the cashier's is in the log as it is, and nothing else is.
function checkMoney({ trades, refunds }, cashier) {
    for (const channel of channels) {
        const mine = (records) => [...records.values()].filter((record) =>
            record.channel === channel);
        const paid = cashier.of(channel, 'payment');
        const back = cashier.of(channel, 'refund');

        for (const { trade, order, fen, time } of paid) {
            const record = trades.get(`${channel} ${trade}`);

            assert.ok(record, `${channel} ${trade} is lost`);
            assert.deepEqual([record.order, record.amount, record.paid],
                [order, fen, time]);
        }

        for (const { number, order, fen } of back) {
            const record = refunds.get(`${channel} ${number}`);

            assert.ok(record, `${channel} ${number} is lost`);
            assert.deepEqual([record.order, record.amount], [order, fen]);
        }

        assert.equal(sum(mine(trades), ({ amount }) => amount),
            sum(paid, ({ fen }) => fen));
        assert.equal(sum(mine(refunds), ({ amount }) => amount),
            sum(back, ({ fen }) => fen));
    }
}


// What is told of bills of those rows.
function reconcile({ folder, vkey }, rows) {
    const bills = channels.map((channel) => {
        const file = path.join(folder, '..', `${channel}.csv`);
        const bill = Cashier.bill(channel, rows.filter((row) =>
            row.channel === channel));

        writeFileSync(file, channel === 'alipay' ? gbk(bill) : bill);

        return file;
    });
    const { stdout, stderr } = spawnSync('build/caplat', ['order', 'reconcile',
        ...bills, '--ledger', folder, '--vkey', vkey],
    { cwd: project, encoding: 'utf8', maxBuffer: 1 << 26 });

    assert.equal(stderr, '');

    return readReconciled(stdout);
}

// Bills that are true differ where a human must look; others where they lie.
function checkBills(stand, { book }, plans) {
    const unmatched = [...stand.books.trades.values()]
        .filter(({ why }) => why !== undefined)
        .map(({ why, channel, trade, order, amount }) => [differences[why],
            channel, 'payment', trade, order, String(amount), order,
            String(amount)]);
    const look = (rows) => {
        const { lines, total } = reconcile(stand, rows);

        return { lines: lines.map((line) => line.slice(0, 8)).sort(), total };
    };
    const payments = (of) => of.filter(({ kind }) => kind === 'payment');
    const { lines, total } = look(book);

    assert.deepEqual(lines, unmatched.sort());
    assert.equal(total.bill_paid_fen, sum(payments(book), ({ fen }) => fen));
    assert.equal(total.ledger_paid_fen, total.bill_paid_fen);

    const [missing, less] = payments(book).filter(({ order }) =>
        plans.get(order) === 'once');
    const [id] = [...plans].find(([, way]) => way === 'never');
    const more = { ...missing, order: id, trade: '2099' };
    const amount = String(less.fen);
    const lie = [...book.filter((row) => row !== missing && row !== less),
        { ...less, fen: less.fen - 100 }, more];

    assert.deepEqual(look(lie).lines, [...unmatched,
        ['only-in-bill', more.channel, 'payment', '2099', id,
            String(more.fen), '-', '-'],
        ['only-in-ledger', missing.channel, 'payment', missing.trade, '-', '-',
            missing.order, String(missing.fen)],
        ['other-amount', less.channel, 'payment', less.trade, less.order,
            String(less.fen - 100), less.order, amount]].sort());
}


// What the server says of each order is what the log says.
async function checkStates({ orders: known }, clients) {
    for (const states of await Promise.all(clients.map((one) =>
        one.states()))) {
        for (const [id, state] of states) {
            const own = known.get(id).state;

            assert.ok(state === own || (own === 'created'
                && state === 'lapsed'), `${id}: ${state}, in the log ${own}`);
        }
    }
}


suite('a server that is paid, and killed', {}, () => {
    it(`books each payment of ${orders} orders once`, async (t) => {
        let cashier;
        const front = await gateway(t, (asked) => cashier.native(asked));
        const stand = await trial(t, { ledger: 'segment=4m lapse=12s', files,
            http: directives.alipay + directives.wechat,
            locations: { ...locations, ...gatewayOf(front.port) } });
        const { books, roll, server } = stand;
        const plans = new Map();

        cashier = new Cashier({ port: server.port, roll, now,
            isKnown: ({ channel, trade }) =>
                books.trades.has(`${channel} ${trade}`) });

        const clients = await stand.crowd({ kind: Payer,
            more: { cashier, plans, work: { left: orders } } });

        t.after(() => clients.close());

        while (clients.working()) {
            await pause(20 + 1000 * roll() ** 3);
            await stand.round();
            assert.ifError(clients.fault());
        }

        await clients.end();
        stand.check();
        await checkStates(books, clients.clients);
        await stand.end(t);
        t.diagnostic(`cashier: ${list(cashier.counts)}`);
        t.diagnostic(`orders: ${list(tally([...plans.values()]))}`);
        checkPlans(books, plans);
        checkMoney(books, cashier);
        checkBills(stand, cashier, plans);

        // Each is told that a human must look at, and nothing else is as bad.
        for (const line of server.log().split('\n')) {
            assert.ok(!/\[(crit|emerg)\]/.test(line)
                || line.includes('money that a human must look at'), line);
        }
    });
});
