// Who has signed in, for how long, and what a page does when nobody has.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { clock, example, idle, json, log, lost, problem, put, stage, until }
    from './stage.mjs';

const NOW = 1800000000;
const holders = { 'GET /v1/token': json(example('get /v1/token')) };
const mine = { 'GET /v1/session': json(example('get /v1/session')) };
const [certificate] = example('get /v1/session').certificates;
const serial = certificate.certificate;
const token = (left = 900) => ({ text: 'abc', until: NOW + left,
    holder: 'demo-manager' });


describe('session.js', () => {
    const scene = stage();

    // left: of the token, in seconds; none where it is not given
    async function open(t, at, answers, { left, browser } = {}) {
        const page = scene.page(t, at, answers, browser);
        const key = await page.load('key');

        page.time = clock(t, NOW);

        if (left !== undefined) {
            await key.write('token', token(left));
        }

        // What a page names by itself comes behind what the session names.
        return Object.assign(page, { key, picks: await page.load('picks'),
            view: await page.load('view'),
            session: await page.load('session') });
    }

    const button = (page) => page.one('[data-place=state] button');

    for (const [hash, wanted] of [
        ['#to=/order/', '/order/'],
        ['#to=/apply/check/', '/apply/check/'],
        ['#platform=jinzhou&to=/apply/platforms/', '/apply/platforms/'],
        ['#to=/apply/pay/&x=1', '/apply/pay/'],
        ['#sign-in&to=/apply/pay/#order=CA20270115000001',
            '/apply/pay/#order=CA20270115000001'],
        ['#to=/apply/pay/#order=CA20270115000001&left',
            '/apply/pay/#order=CA20270115000001&left'],
        ['#to=/order/#invoices', '/order/#invoices'],
        ['', undefined],
        ['#to=/order/#order=CA1', undefined],
        ['#to=/order/#order=CA20270115000001/', undefined],
        ['#to=/order/#x', undefined],
        ['#to=/order/#//example.org', undefined],
        ['#to=/about/', undefined],
        ['#to=//apply/example.org/', undefined],
        ['#to=https://example.org/apply/', undefined],
        ['#to=/apply/../about/', undefined],
        ['#to=/apply/%2e%2e/about/', undefined],
        ['#to=/order/?x=1', undefined],
        ['#to=/order', undefined],
        ['#goto=/order/', undefined],
        ['#to=javascript:alert(1)', undefined],
    ]) {
        it(`signs in, and goes on from “${hash}”`, async (t) => {
            const page = await open(t, `/apply/${hash}`,
                { 'POST /v1/token': json(example('post /v1/token')) });

            assert.equal(await page.session.signIn('demo-manager'), wanted);
            assert.deepEqual(page.asked[0].body, { holder: 'demo-manager' });
            assert.equal(page.asked[0].headers.get('Authorization'), null);
            assert.deepEqual(await page.key.read('token'), {
                text: example('post /v1/token').access_token,
                until: NOW + 900, holder: 'demo-manager' });
        });
    }

    it('has no session without a token, or with one of before', async (t) => {
        for (const left of [undefined, 0, -1]) {
            const page = await open(t, '/order/', mine, { left });

            assert.equal(await page.session.open(), undefined);
            assert.deepEqual(page.names(), []);
            assert.ok(!page.one('[data-wait]').hidden);
        }
    });

    it('asks the server who it is, and tells', async (t) => {
        const page = await open(t, '/order/', mine, { left: 900 });
        const session = await page.session.open();

        assert.deepEqual(session, example('get /v1/session'));
        assert.equal(page.asked[0].headers.get('Authorization'), 'DPoP abc');
        assert.ok(page.one('[data-wait]').hidden);
        assert.ok(!page.one('[data-who]').hidden);
        assert.match(page.text('[data-who]'),
            /刘某（.+）\s*辽宁某某建设工程有限公司/);
    });

    it('knows the certificate that is being dealt with', async (t) => {
        const page = await open(t, '/order/');
        const { certificates } = example('get /v1/session');

        assert.equal(page.session.chosen({ certificates }), undefined);
        page.picks.choose(serial);
        assert.deepEqual(page.session.chosen({ certificates }),
            certificates[0]);
        page.picks.choose('DEMO9999');
        assert.equal(page.session.chosen({ certificates }), undefined);
    });

    it('lets in who has signed in', async (t) => {
        const page = await open(t, '/apply/check/', mine, { left: 900 });
        const given = [];

        page.picks.choose(serial);
        await page.session.enter(async (...what) => given.push(...what));
        assert.deepEqual(given, [example('get /v1/session'), certificate]);
        assert.equal(page.one('[data-wizard]').dataset.live, '');
        assert.equal(page.one('[data-wizard]').dataset.pending, undefined);
        assert.equal(page.shown(), undefined);
    });

    it('sends others to the sign-in, and from there back', async (t) => {
        const page = await open(t, '/apply/check/', holders);

        await page.session.enter(() => assert.fail('is let in'));
        assert.equal(page.shown(), 'S02');
        assert.ok(page.one('[data-wait]').hidden);
        assert.ok(page.all('[data-place=state] a').some((link) =>
            link.getAttribute('href') === '/apply/#sign-in&to=/apply/check/'));
        assert.equal(page.one('[data-wizard]').dataset.pending, undefined);
        assert.equal(page.one('[data-wizard]').dataset.live, undefined);
    });

    it('leaves the note where nobody can sign in', async (t) => {
        const page = await open(t, '/apply/check/',
            { 'GET /v1/token': problem('not-found', 404) });

        await page.session.enter(() => assert.fail('is let in'));
        assert.equal(page.shown(), undefined);
        assert.ok(!page.one('[data-wait]').hidden);
        assert.equal(page.one('[data-wizard]').dataset.pending, undefined);
    });

    it('says where it could not ask who may', async (t) => {
        const page = await open(t, '/apply/check/', { 'GET /v1/token': lost });

        await page.session.enter(() => assert.fail('is let in'));
        assert.equal(page.shown(), 'S14');
    });

    it('says where it could not ask, and tries again', async (t) => {
        const page = await open(t, '/apply/check/',
            { 'GET /v1/session': lost }, { left: 900 });

        await page.session.enter(() => assert.fail('is let in'));
        assert.equal(page.shown(), 'S14');
        assert.ok(page.one('[data-wait]').hidden);
        assert.equal(page.one('[data-wizard]').dataset.pending, undefined);
        button(page).click();
        assert.deepEqual(page.went, ['reload']);
    });

    it('asks to sign in again where a token is refused', async (t) => {
        const page = await open(t, '/apply/check/', { ...mine,
            'POST /v1/quotes': problem('token-expired', 401) },
        { left: 900 });

        page.picks.choose(serial);
        page.picks.put(serial, { platforms: ['jinzhou', 'anshan'] });
        await page.session.open();
        await assert.rejects(page.session.ask('POST', '/v1/quotes'),
            { name: 'token-expired' });
        assert.equal(page.shown(), 'S04');
        assert.match(page.text('[data-place=state]'), /您选的 2 个平台/);
        assert.equal(await page.key.read('token'), undefined);
        assert.ok(await page.key.read('key'));
        button(page).click();
        assert.deepEqual(page.went, ['/apply/#sign-in&to=/apply/check/']);
    });

    for (const [at, to] of [
        ['/apply/pay/#order=CA20270115000001'],
        ['/apply/pay/#order=CA20270115000001&left'],
        ['/order/#order=CA20270115000001'],
        ['/order/#invoices'],
        ['/order/#order=x', '/order/'],
        ['/order/?x=1#x', '/order/'],
    ]) {
        it(`comes back to ${at}`, async (t) => {
            const page = await open(t, at, holders);

            await page.session.enter(() => assert.fail('is let in'));
            assert.ok(page.all('[data-place=state] a').some((link) =>
                link.getAttribute('href') === `/apply/#sign-in&to=${to ?? at}`),
            page.one('[data-place=state]').innerHTML);
        });
    }

    it('signs in again at the sign-in itself', async (t) => {
        const page = await open(t, '/apply/#platform=jinzhou',
            { 'GET /v1/session': problem('token-invalid', 401) },
            { left: 900 });

        await assert.rejects(page.session.open());
        assert.match(page.text('[data-place=state]'), /登录后接着办/);
        button(page).click();
        assert.deepEqual(page.went, ['/apply/#sign-in', 'reload']);
    });

    // What has been ordered is no choice any more.
    for (const picked of [undefined, { platforms: [] },
        { platforms: ['jinzhou'], order: 'CA20270115000001' }]) {
        it(`tells of no platforms of ${JSON.stringify(picked)}`, async (t) => {
            const page = await open(t, '/apply/pay/',
                { 'GET /v1/session': problem('token-expired', 401) },
                { left: 900 });

            if (picked) {
                page.picks.choose(serial);
                page.picks.put(serial, picked);
            }

            await assert.rejects(page.session.open());
            assert.equal(page.shown(), 'S04');
            assert.match(page.text('[data-place=state]'),
                /登录已过期。登录后接着办。/);
            button(page).click();
            assert.deepEqual(page.went, ['/apply/#sign-in&to=/apply/pay/']);
        });
    }

    it('keeps the token where something else is refused', async (t) => {
        const page = await open(t, '/apply/check/', { ...mine,
            'POST /v1/quotes': problem('validation-failed', 422) },
        { left: 900 });

        await page.session.open();
        await assert.rejects(page.session.ask('POST', '/v1/quotes'),
            { name: 'validation-failed' });
        assert.equal(page.shown(), undefined);
        assert.ok(await page.key.read('token'));
    });

    for (const name of ['proof-missing', 'proof-invalid', 'proof-replayed',
        'dpop-nonce-required']) {
        it(`keeps the token where it says ${name}`, async (t) => {
            const page = await open(t, '/apply/check/', { ...mine,
                'POST /v1/quotes': problem(name, 401) }, { left: 900 });

            await page.session.open();
            await page.session.attempt(() =>
                page.session.ask('POST', '/v1/quotes'))();
            assert.equal(page.shown(), 'S14');
            assert.match(page.text('[data-place=state]'), new RegExp(name));
            assert.ok(await page.key.read('token'));
        });
    }

    it('names what is not likely to pass', async (t) => {
        const page = await open(t, '/apply/check/');
        const { Problem } = await page.load('api');

        page.session.failed(new Problem('method-not-allowed', 405, {}));
        assert.equal(page.shown(), 'S14');
        assert.match(page.text('[data-place=state] p'), /method-not-allowed/);
        page.session.failed(new Problem('internal-error', 500, {}));
        assert.ok(!page.text('[data-place=state]').includes('internal'));
    });

    it('says our own faults, and does not hide them', async (t) => {
        const page = await open(t, '/apply/check/');

        assert.throws(() => page.session.failed(new RangeError('ours')),
            RangeError);
        assert.equal(page.shown(), 'S14');
        assert.match(page.text('[data-place=state]'), /RangeError/);
    });

    it('says why signing in is refused', async (t) => {
        const page = await open(t, '/apply/check/',
            { 'POST /v1/token': problem('proof-invalid', 401) });

        await page.session.attempt(() => page.session.signIn('demo'))();
        assert.equal(page.shown(), 'S14');
        assert.match(page.text('[data-place=state]'), /proof-invalid/);
    });

    it('takes a failure back when it has passed', async (t) => {
        const page = await open(t, '/apply/check/', { ...mine,
            'POST /v1/quotes': [lost, lost, json({ total_fen: 0 })] },
        { left: 900 });
        const done = [];

        await page.session.open();
        await page.session.attempt(async () => done.push(
            await page.session.ask('POST', '/v1/quotes')))();
        assert.equal(page.shown(), 'S14');

        const [first] = page.all('[data-place=state] button');

        first.click();
        await until(() => page.shown() === 'S14' && button(page) !== first);
        button(page).click();
        await until(() => done.length === 1);
        await idle();
        assert.equal(page.shown(), undefined);
    });

    it('leaves what is said while it is tried again', async (t) => {
        const page = await open(t, '/apply/check/', { ...mine,
            'POST /v1/quotes': [lost, json({ total_fen: 0 })] },
        { left: 900 });

        await page.session.open();
        await page.session.attempt(async () => {
            await page.session.ask('POST', '/v1/quotes');
            page.view.show('quote.zero', {}, [], false);
        })();
        button(page).click();
        await until(() => page.shown() === 'S09');
        await idle();
        assert.equal(page.shown(), 'S09');
    });

    it('says five minutes before the end, and at the end', async (t) => {
        const page = await open(t, '/order/', mine, { left: 900 });

        await page.session.open();
        page.time.pass(599);
        assert.equal(page.shown(), undefined);
        page.time.pass(1);
        await until(() => page.shown() === 'S03');
        assert.match(page.text('[data-place=state]'), /还有 5 分钟/);
        assert.equal(document.activeElement, document.body);
        await until(() => page.time.waiting === 1);
        page.time.pass(299);
        assert.equal(page.shown(), 'S03');
        page.time.pass(1);
        await until(() => page.shown() === 'S04');
        page.time.pass(9000);
        assert.equal(page.time.waiting, 0);
    });

    it('says at once what is near already', async (t) => {
        const page = await open(t, '/apply/notice/', mine, { left: 61 });

        await page.session.open();
        page.time.pass(0);
        await until(() => page.shown() === 'S03');
        assert.match(page.text('[data-place=state]'), /还有 2 分钟/);
    });

    it('does not talk over what the page has to say', async (t) => {
        const page = await open(t, '/apply/check/', mine, { left: 900 });

        await page.session.open();
        page.view.show('quote.zero');
        page.time.pass(700);
        await until(() => page.time.waiting === 1);
        assert.equal(page.shown(), 'S09');
        page.time.pass(200);
        await until(() => page.shown() === 'S04');
    });

    it('lengthens the session for the same holder', async (t) => {
        const page = await open(t, '/apply/check/', { ...mine,
            'POST /v1/token': json(example('post /v1/token')) },
        { left: 900 });

        await page.session.open();
        page.time.pass(660);
        await until(() => page.shown() === 'S03');
        button(page).click();
        await until(() => page.shown() === undefined);
        assert.deepEqual(page.asked[1].body, { holder: 'demo-manager' });
        assert.equal((await page.key.read('token')).until, NOW + 1560);
        assert.equal(page.time.waiting, 1);

        // The next request has the new one, and its end is the new one's.
        await page.session.ask('GET', '/v1/session');
        assert.equal(page.asked[2].headers.get('Authorization'),
            `DPoP ${example('post /v1/token').access_token}`);
        page.time.pass(599);
        assert.equal(page.shown(), undefined);
        page.time.pass(1);
        await until(() => page.shown() === 'S03');
    });

    // What another tab has in the place of this one's token.
    const elsewhere = (page, changes) => page.key.write('token',
        { ...token(1800), text: 'theirs', ...changes });
    const sent = (page) => page.asked.map(({ headers }) =>
        headers.get('Authorization'));

    it('goes on with the token of another tab at its end', async (t) => {
        const page = await open(t, '/order/', mine, { left: 900 });

        await page.session.open();
        page.time.pass(600);
        await until(() => page.shown() === 'S03');
        await elsewhere(page);
        page.time.pass(300);
        await until(() => page.shown() === undefined);
        await page.session.ask('GET', '/v1/session');
        assert.deepEqual(sent(page), ['DPoP abc', 'DPoP theirs']);

        // Its end is announced as one's own would be.
        page.time.pass(600);
        await until(() => page.shown() === 'S03');
    });

    it('says nothing of an end that another tab has put off', async (t) => {
        const page = await open(t, '/order/', mine, { left: 900 });

        await page.session.open();
        await elsewhere(page);
        page.time.pass(600);
        await idle();
        assert.equal(page.shown(), undefined);
    });

    it('goes on with the token of another tab when refused', async (t) => {
        const late = [];
        const page = await open(t, '/order/', { ...mine, 'POST /v1/quotes':
            (_, { headers }) => (headers.Authorization === 'DPoP abc'
                ? new Promise((resolve) => late.push(() =>
                    resolve(problem('token-expired', 401))))
                : json({ total_fen: 0 })) }, { left: 900 });

        await page.session.open();

        // Two of them: what one has taken, the other does not destroy.
        const both = [1, 2].map(() => page.session.ask('POST', '/v1/quotes',
            { key: 'once' }));

        await until(() => late.length === 2);
        await elsewhere(page);
        late.forEach((answer) => answer());
        assert.deepEqual(await Promise.all(both),
            [{ total_fen: 0 }, { total_fen: 0 }]);
        assert.deepEqual(page.asked.slice(1).map(({ headers }) =>
            headers.get('Idempotency-Key')), Array(4).fill('once'));
        assert.equal(page.shown(), undefined);
        assert.equal((await page.key.read('token')).text, 'theirs');
    });

    for (const [words, changes] of [
        ['that has ended too', { until: NOW }],
        ['of somebody else', { holder: 'demo-other' }],
    ]) {
        it(`does not take a token ${words}`, async (t) => {
            const page = await open(t, '/order/', { ...mine,
                'POST /v1/quotes': problem('token-expired', 401) },
            { left: 900 });

            await page.session.open();
            await elsewhere(page, changes);
            await assert.rejects(page.session.ask('POST', '/v1/quotes'));
            assert.equal(page.shown(), 'S04');
            assert.equal((await page.key.read('token')).text, 'theirs');
        });
    }

    it('signs out: neither key nor token nor choice is left', async (t) => {
        const page = await open(t, '/order/', mine, { left: 900 });

        await page.session.open();
        page.picks.choose(serial);
        page.one('[data-sign-out]').click();
        await until(() => page.went.length === 1);
        assert.deepEqual(page.went, ['/apply/#sign-out']);
        assert.equal(await page.key.read('token'), undefined);
        assert.equal(await page.key.read('key'), undefined);
        assert.equal(page.picks.certificate(), undefined);
    });

    it('says that it could not sign out', async (t) => {
        const page = await open(t, '/order/', mine, { left: 900 });
        const { indexedDB } = globalThis;
        const lines = log(t);
        const out = page.one('[data-sign-out]');

        await page.session.open();
        put(t, 'indexedDB', { open() { throw new DOMException('x', 'Y'); } });
        out.click();
        assert.equal(out.getAttribute('aria-disabled'), 'true');
        await until(() => page.shown() === 'S14');
        await until(() => lines.length === 1);
        assert.deepEqual(page.went, []);
        put(t, 'indexedDB', indexedDB);
        button(page).click();
        await until(() => page.went.length === 1);
        assert.equal(await page.key.read('token'), undefined);
    });
});
