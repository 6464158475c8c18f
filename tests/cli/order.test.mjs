// The commands that book an order's money and invoice.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { created, id, ledger, missing } from '../ledger/scribe.mjs';


describe('an order', { skip: missing() }, () => {
    const make = (t) => {
        const all = ledger(t);
        const where = ['--ledger', all.at('ledger'), ...all.key];

        all.write(created(1), created(2, { inv: null }));

        return { ...all,
            order: (verb, n, ...args) => all.run('order', verb, id(n), ...args,
                ...where),
            shown: (n) => all.done('log', 'show', id(n), ...all.log) };
    };

    it('is paid by transfer, and opened', (t) => {
        const { order, shown, done, log } = make(t);
        const pay = ['paid', 1, '--trade', 'B-1', '--amount', '25.00',
            '--paid', '2026-11-26'];

        assert.deepEqual(order(...pay), { status: 0, stderr: '',
            stdout: `${id(1)} is opened (booked).\n` });
        assert.match(shown(1), /payment\.received[^]*platforms\.opened/);
        assert.equal(order(...pay).stdout,
            `${id(1)} is opened (booked-before).\n`);
        assert.equal(JSON.parse(order(...pay, '--json').stdout).outcome,
            'booked-before');
        done('log', 'verify', ...log);
    });

    for (const [what, change, status, said] of [
        ['another amount', ['--amount', '24.99'], 1,
            /recorded, but it is not the order's amount/],
        ['no amount', ['--amount', '25,00'], 2, /--amount .*as in 25.00/],
        ['nothing', ['--amount', '0'], 2, /--amount/],
        ['no number', ['--trade', 'a b'], 2, /--trade .*1 to 64/],
        ['no day', ['--paid', '2026-02-30'], 2, /--paid .*a day/],
    ]) {
        it(`is not paid by ${what}`, (t) => {
            const { order, shown } = make(t);
            const options = { '--trade': 'B1', '--amount': '25',
                [change[0]]: change[1] };
            const got = order('paid', 1, ...Object.entries(options).flat());

            assert.equal(got.status, status, got.stderr);
            assert.match(got.stderr, said);
            assert.doesNotMatch(shown(1), /payment\.received/);
        });
    }

    it('that is none is told so', (t) => {
        const { order } = make(t);
        const got = order('paid', 7, '--trade', 'B1', '--amount', '25');

        assert.equal(got.status, 1);
        assert.match(got.stderr, /no such order/);
    });

    it('is refunded, in parts, and closed', (t) => {
        const { order, shown, done, log } = make(t);
        const back = (trade, amount, platforms) => order('refund', 1,
            '--trade', trade, '--amount', amount, '--platforms', platforms);

        assert.match(back('R0', '1', 'keep').stderr, /state/);
        order('paid', 1, '--trade', 'B1', '--amount', '25');
        assert.match(back('R1', '10', 'some').stderr, /keep or close/);
        assert.equal(back('R1', '10', 'keep').stdout,
            `${id(1)} is refunded (booked).\n`);
        assert.match(back('R2', '15.01', 'close').stderr, /more than is left/);
        assert.equal(back('R2', '15', 'close').status, 0);
        assert.match(shown(1), /"closed":\[\][^]*"closed":\["jinzhou"\]/);
        done('log', 'verify', ...log);
    });

    it('is not touched when other money goes back', (t) => {
        const { order, shown, done, log } = make(t);
        const back = (...args) => order('refund', 1, '--platforms', 'keep',
            ...args);

        order('paid', 1, '--trade', 'X1', '--amount', '30');
        assert.match(back('--trade', 'R1', '--amount', '30').stderr, /--of/);
        assert.match(back('--trade', 'R1', '--amount', '30', '--of', 'X2')
            .stderr, /no such payment/);
        assert.match(order('refund', 1, '--platforms', 'close', '--trade',
            'R1', '--amount', '30', '--of', 'X1').stderr, /opened nothing/);
        assert.match(back('--trade', 'R1', '--amount', '30.01', '--of', 'X1')
            .stderr, /more than is left/);
        assert.equal(back('--trade', 'R1', '--amount', '30', '--of', 'X1')
            .stdout, `${id(1)} is created (booked).\n`);
        assert.match(shown(1),
            /payment\.returned[^]*"trade":"R1","of":"X1","amount":3000/);
        order('paid', 1, '--trade', 'B1', '--amount', '25');
        assert.equal(back('--trade', 'R2', '--amount', '5', '--of', 'B1')
            .stdout, `${id(1)} is refunded (booked).\n`);
        assert.equal(back('--trade', 'a b', '--amount', '5', '--of', 'B1')
            .status, 2);
        assert.equal(back('--trade', 'R3', '--amount', '5', '--of', 'a b')
            .status, 2);
        done('log', 'verify', ...log);
    });

    it('has its invoice issued once, if it wants one', (t) => {
        const { order } = make(t);
        const issue = (n, number, day = '2026-12-01') => order('issued', n,
            '--number', number, '--day', day);

        assert.match(issue(1, 'N1').stderr, /state/);
        order('paid', 1, '--trade', 'B1', '--amount', '25');
        order('paid', 2, '--trade', 'B2', '--amount', '25');
        assert.equal(issue(1, 'N1').stdout, `${id(1)} is opened (booked).\n`);
        assert.match(issue(1, 'N1').stdout, /booked-before/);
        assert.match(issue(1, 'N2').stderr, /another number/);
        assert.match(issue(2, 'N3').stderr, /wants no invoice/);
        assert.equal(issue(1, 'N 4').status, 2);
        assert.equal(issue(1, 'N4', '1.12.2026').status, 2);
    });
});
