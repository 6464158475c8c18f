// The order as it will be: what is asked, sent once, and what may come back.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { example, idle, json, lost, problem, stage, until }
    from './stage.mjs';

const session = example('get /v1/session', { channels: [] });
const [{ certificate: serial }] = session.certificates;
const quote = (changes) => json(example('post /v1/quotes', changes));
const free = { total_fen: 0, lines: [
    { platform: 'huachen', name: '华晨', fee_fen: 0, reason: '不收费' }] };
const POST = 'POST /v1/orders';
const made = example('post /v1/orders');
const placed = json(made, 201);
const platforms = ['jinzhou', 'chaoyang', 'huachen'];


describe('apply-check.js', () => {
    const scene = stage();
    const run = (t, answers, picked = { platforms }, more = {}) => scene.run(t,
        '/apply/check/', 'apply-check', { 'GET /v1/session': json(session),
            'POST /v1/quotes': quote(), ...answers },
        { serial, picked, ...more });
    const sent = (page) => page.asked.filter(({ name }) => name === POST);

    function fillIn(page, more = []) {
        for (const id of ['issue-no', 'pay-wechat', ...more]) {
            page.check(`#${id}`);
        }
    }

    it('shows what will be ordered', async (t) => {
        const page = await run(t);

        assert.equal(page.text('[data-value=holder]'), '刘某');
        assert.equal(page.text('[data-value=certificate]'),
            'CFCA · 项目负责人锁');
        assert.equal(page.text('[data-value=until]'), '2027-04-05');
        assert.deepEqual(page.all('[data-place=lines] tr').map((row) =>
            row.lastElementChild.textContent),
        ['12.50 元', '12.50 元', '0 元']);
        assert.deepEqual(page.all('[data-total]').map((node) =>
            node.textContent), ['25.00', '25.00']);
        assert.equal(page.text('details summary'), '已有 1 个平台');
        assert.equal(page.text('[data-submit]'), '提交订单并支付');
        assert.deepEqual(page.asked[1].body,
            { certificate: serial, platforms });
        assert.equal(page.shown(), undefined);
    });

    it('goes back where nothing is left to order', async (t) => {
        for (const picked of [[], ['shenyang']]) {
            const page = await run(t, {}, { platforms: picked });

            assert.deepEqual(page.went, ['=/apply/platforms/']);
            assert.deepEqual(page.names(), ['GET /v1/session']);
        }
    });

    it('orders what is free without invoice and channel', async (t) => {
        const page = await run(t, { 'POST /v1/quotes': quote(free),
            [POST]: json({ ...made, state: 'opened' }, 201) },
        { platforms: ['huachen'] });

        assert.equal(page.shown(), 'S09');
        assert.ok(page.one('[data-invoice]').hidden);
        assert.ok(page.one('[data-channel]').hidden);
        assert.equal(page.text('[data-submit]'), '提交订单');
        page.send();
        await until(() => page.went.length);
        assert.deepEqual(page.went, [`=/order/#order=${made.id}`]);
        assert.deepEqual(sent(page)[0].body, { certificate: serial,
            platforms: ['huachen'], amount: 0,
            rates: example('post /v1/quotes').rates });
    });

    it('asks for what depends on what is ticked, and no more', async (t) => {
        const page = await run(t);
        const fields = () => page.all('[data-field]').filter((field) =>
            !field.closest('[hidden]')).map(({ dataset }) => dataset.field);

        assert.deepEqual(fields(), ['issue', 'channel']);
        page.check('#issue-yes');
        assert.deepEqual(fields(),
            ['issue', 'type', 'title_type', 'title', 'channel']);
        page.check('#type-digital');
        page.check('#title-personal');
        assert.deepEqual(fields(),
            ['issue', 'type', 'title_type', 'title', 'email', 'channel']);
        page.check('#type-paper');
        page.check('#title-enterprise');
        assert.deepEqual(fields(), ['issue', 'type', 'title_type', 'title',
            'tax_no', 'address', 'phone', 'bank', 'account', 'channel']);
        assert.ok(page.one('#type-paper').closest('.opt').classList
            .contains('on'));
    });

    // What there is to choose, and what is chosen, where these are open.
    for (const [channels, ids, ticked] of [
        [[], ['pay-alipay', 'pay-wechat'], undefined],
        [['wechat', 'transfer'], ['pay-wechat', 'pay-transfer'],
            'pay-wechat'],
        [['transfer'], ['pay-transfer'], 'pay-transfer'],
        [['alipay', 'later'], ['pay-alipay'], 'pay-alipay'],
    ]) {
        it(`offers ${ids} of the channels “${channels}”`, async (t) => {
            const page = await run(t, { 'GET /v1/session':
                json({ ...session, channels }) });
            const boxes = page.all('[name=channel]');

            assert.deepEqual(boxes.map(({ id }) => id), ids);
            assert.equal(boxes.find(({ checked }) => checked)?.id, ticked);
            assert.equal(page.one('[data-when="channel=transfer"]').hidden,
                ticked !== 'pay-transfer');
        });
    }

    it('says what a transfer means, and orders by it', async (t) => {
        const page = await run(t, { [POST]: placed, 'GET /v1/session':
            json({ ...session, channels: ['alipay', 'transfer'] }) });

        page.check('#issue-no');
        page.check('#pay-transfer');
        assert.ok(!page.one('[data-when="channel=transfer"]').hidden);
        page.send();
        await until(() => page.went.length);
        assert.equal(sent(page)[0].body.channel, 'transfer');
    });

    it('sends nothing while something is missing', async (t) => {
        const page = await run(t, { [POST]: placed });

        page.check('#issue-yes');
        page.check('#type-digital');
        page.check('#title-personal');
        page.one('#title').value = '   ';
        page.send();
        await idle();
        assert.deepEqual(page.all('[data-errors] a').map((link) =>
            link.hash), ['#title', '#email', '#pay-alipay']);
        assert.deepEqual(sent(page), []);
    });

    describe('of what was typed', () => {
        const channels = ['alipay', 'wechat'];
        const again = (t, browser, more = {}, answers = {}) => run(t,
            { 'GET /v1/session': json({ ...session, channels }), ...answers },
            { platforms }, { browser, ...more });
        const boxes = ['issue-yes', 'type-paper', 'title-enterprise',
            'pay-wechat'];
        const values = (page) => Object.fromEntries(page.all('input')
            .filter(({ name, type, value }) => name && type !== 'radio'
                && value !== '')
            .map(({ name, value }) => [name, value]));
        const ticked = (page) => page.all('input:checked').map(({ id }) => id);
        const { name, id } = session.enterprise;
        const typed = { title: name, tax_no: id, phone: '024-12345678',
            account: '12345678' };

        async function type(page) {
            boxes.forEach((one) => page.check(`#${one}`));

            for (const field of ['phone', 'account']) {
                page.one(`#${field}`).value = typed[field];
                page.send(`#${field}`, 'input');
            }

            await idle();
        }

        it('loses nothing when it is opened again', async (t) => {
            const browser = {};
            const first = await again(t, browser);

            await type(first);

            const page = await again(t, browser);

            assert.deepEqual(values(page), typed);
            assert.deepEqual(ticked(page), boxes);
            assert.ok(!page.one('[data-field=phone]').closest('[hidden]'));
            assert.ok(!JSON.stringify({ ...browser.sessionStorage })
                .includes(typed.phone));

            // What is said now goes before.
            page.check('#pay-alipay');
            page.one('#phone').value = '';
            page.send('#phone', 'input');
            await idle();

            const third = await again(t, browser);

            assert.equal(values(third).phone, undefined);
            assert.equal(values(third).account, typed.account);
            assert.ok(third.one('#pay-alipay').checked);
        });

        it('gives it to no other certificate', async (t) => {
            const browser = {};
            const [one] = session.certificates;

            await type(await again(t, browser));

            const page = await again(t, browser, { serial: 'DEMO9999' },
                { 'GET /v1/session': json({ ...session, channels,
                    certificates: [{ ...one, certificate: 'DEMO9999' }] }) });

            assert.deepEqual(values(page), {});
            assert.deepEqual(ticked(page), ['pay-alipay']);
        });

        it('ticks a channel that is open where that one is not',
            async (t) => {
                const browser = {};

                await type(await again(t, browser));

                const page = await again(t, browser, {}, { 'GET /v1/session':
                    json({ ...session, channels: ['transfer'] }) });

                assert.deepEqual(ticked(page),
                    [...boxes.slice(0, 3), 'pay-transfer']);
            });

        it('keeps what was typed before the session was there', async (t) => {
            const browser = {};

            await type(await again(t, browser));

            const page = await again(t, browser, {},
                { 'GET /v1/session': lost });

            assert.equal(page.shown(), 'S14');
            assert.deepEqual(values(page), {});
            page.check('#issue-yes');
            assert.ok(!page.one('[data-field=type]').closest('[hidden]'));
            page.one('#phone').value = '024-87654321';
            page.send('#phone', 'input');
            assert.equal(page.send(), false);
            assert.deepEqual(sent(page), []);
            await idle();
            assert.deepEqual(values(await again(t, browser)),
                { ...typed, phone: '024-87654321' });
        });

        // Whichever page is opened, by whoever uses the computer then.
        it('keeps it for a day, and not longer', async (t) => {
            const browser = {};
            const began = 1800000000;
            const day = 24 * 60 * 60;

            await type(await again(t, browser, { began }));

            const next = await again(t, browser, { began: began + day - 1 });

            assert.deepEqual(values(next), typed);
            next.one('#phone').value = '024-87654321';
            next.send('#phone', 'input');
            await idle();

            // From when something was typed last.
            const later = began + 2 * day - 2;

            assert.equal(values(await again(t, browser, { began: later }))
                .phone, '024-87654321');

            for (const now of [later + 1, began - day]) {
                await type(await again(t, browser, { began }));

                const page = await scene.run(t, '/apply/notice/',
                    'apply-notice', {}, { browser, began: now });
                const { read } = await page.load('key');

                assert.equal(await read(`typed ${serial}`), undefined,
                    `${now}`);
            }
        });

        it('keeps nothing once there is an order', async (t) => {
            const browser = {};
            const page = await again(t, browser, {}, { [POST]: placed });

            await type(page);
            page.check('#issue-no');
            page.send();
            await until(() => page.went.length);
            assert.deepEqual(values(await again(t, browser)), {});
        });
    });

    it('sends an order once, with what is asked', async (t) => {
        const page = await run(t, { [POST]: placed });

        page.one('#tax_no').value = 'NOT ASKED FOR';
        fillIn(page, ['issue-yes', 'type-digital', 'title-personal']);
        page.one('#title').value = ' 刘某 ';
        page.one('#email').value = 'someone@example.cn';
        page.send();
        page.send();
        await until(() => page.went.length);
        assert.deepEqual(page.went, [`/apply/pay/#order=${made.id}`]);
        assert.equal(sent(page).length, 1);
        assert.deepEqual(sent(page)[0].body, { certificate: serial, platforms,
            amount: 2500, rates: example('post /v1/quotes').rates,
            channel: 'wechat', invoice: { issue: true, type: 'digital_normal',
                title_type: 'personal', title: '刘某',
                email: 'someone@example.cn' } });
        assert.deepEqual(page.picks.of(serial),
            { platforms, order: made.id });
    });

    // One comes back from paying: what has become of the order?
    describe('with an order of what is picked', () => {
        const back = (t, answer, more) => run(t, {
            [`GET /v1/orders/${made.id}`]: answer, ...more },
        { platforms, order: made.id });

        it('says that it waits, and lets it go', async (t) => {
            const page = await back(t, json(made), { [POST]: placed,
                [`POST /v1/orders/${made.id}/cancel`]:
                    json(example('post /v1/orders/{id}/cancel')) });

            assert.equal(page.shown(), 'S11');
            assert.match(page.says(), /订单 CA20270115000001，25\.00 元/);
            assert.equal(page.text('[data-total]'), '25.00');
            page.act();
            await until(() => page.shown() === undefined);
            assert.equal(page.picks.of(serial).order, undefined);
            fillIn(page);
            page.send();
            await until(() => page.went.length);
            assert.match(sent(page)[0].headers.get('Idempotency-Key'),
                /^[\w-]{22}$/);
        });

        it('says so where the page itself comes back', async (t) => {
            const page = await run(t, { [POST]: placed,
                [`GET /v1/orders/${made.id}`]: json(made) });
            const event = new page.window.Event('pageshow');

            fillIn(page);
            page.send();
            await until(() => page.went.length);
            event.persisted = true;
            page.window.dispatchEvent(event);
            await until(() => page.shown() === 'S11');
        });

        it('goes to one that is paid', async (t) => {
            const page = await back(t, json({ ...made, state: 'paid' }));

            assert.deepEqual(page.went, [`=/order/#order=${made.id}`]);
        });

        for (const [words, answer] of [
            ['cancelled', json({ ...made, state: 'cancelled' })],
            ['not there', problem('order-not-found', 404)],
            ['not known', lost]]) {
            it(`goes on where it is ${words}`, async (t) => {
                const page = await back(t, answer, { [POST]: placed });

                assert.equal(page.shown(), undefined);
                fillIn(page);
                page.send();
                await until(() => page.went.length);
                assert.equal(sent(page).length, 1);
            });
        }
    });

    it('repeats a lost order by the same key', async (t) => {
        const page = await run(t, { [POST]: [lost,
            problem('idempotency-in-progress', 409), placed] });

        fillIn(page);
        page.send();
        await until(() => page.shown() === 'S14');
        page.act();
        await until(() => sent(page).length === 2
            && !page.one('[data-submit][aria-disabled]'));
        page.act();
        await until(() => page.went.length);

        const keys = sent(page).map(({ headers }) =>
            headers.get('Idempotency-Key'));

        assert.equal(keys.length, 3);
        assert.match(keys[0], /^[\w-]{22}$/);
        assert.equal(new Set(keys).size, 1);
        assert.deepEqual(sent(page)[0].body.invoice, { issue: false });
    });

    it('has the key of before after a reload', async (t) => {
        const page = await run(t, { [POST]: placed },
            { platforms, key: 'of-before' });

        fillIn(page);
        page.send();
        await until(() => page.went.length);
        assert.equal(sent(page)[0].headers.get('Idempotency-Key'),
            'of-before');
    });

    // What stands in the way, and the key of the next attempt.
    for (const [name, refusal, state, answers = {}] of [
        ['price-changed', problem('price-changed', 409, { quote: {
            ...example('post /v1/quotes'), total_fen: 3000,
            rates: 'f'.repeat(64) } }), 'S10'],
        ['idempotency-key-reused',
            problem('idempotency-key-reused', 422), 'S14'],
        ['platform-already-held', problem('platform-already-held', 422),
            'also', { 'GET /v1/session': [json(session), json({ ...session,
                certificates: [{ ...session.certificates[0], held: [
                    ...session.certificates[0].held,
                    { platform: 'huachen', name: '华晨' }] }] })] }],
        ['order-state-conflict', problem('order-state-conflict', 409,
            { order: 'CA20270115000009' }), 'S11', {
            'GET /v1/orders/CA20270115000009': json(example(
                'get /v1/orders/{id}', { id: 'CA20270115000009' })),
            'POST /v1/orders/CA20270115000009/cancel':
                json(example('post /v1/orders/{id}/cancel')) }],
    ]) {
        it(`goes on after ${name} with another key`, async (t) => {
            const page = await run(t, { [POST]: [refusal, placed],
                ...answers });

            fillIn(page);
            page.send();
            await until(() => page.shown() === state);
            assert.deepEqual(page.went, []);
            await until(() => !page.one('[data-submit][aria-disabled]'));
            page.act();

            // An order that is in the way is cancelled first.
            if (state === 'S11') {
                await until(() => page.shown() === undefined);
                page.send();
            }

            await until(() => page.went.length);

            const [first, second] = sent(page);

            assert.notEqual(first.headers.get('Idempotency-Key'),
                second.headers.get('Idempotency-Key'));
            assert.deepEqual(second.body.platforms, state === 'also'
                ? ['jinzhou', 'chaoyang'] : platforms);
            assert.equal(second.body.amount, state === 'S10' ? 3000 : 2500);
            assert.equal(second.body.rates.startsWith('ffff'),
                state === 'S10');
        });
    }

    it('says both prices, and why', async (t) => {
        const quote = example('post /v1/quotes');
        const [line, ...rest] = quote.lines;
        const page = await run(t, { [POST]: problem('price-changed', 409,
            { quote: { ...quote, total_fen: 3000,
                lines: [{ ...line, fee_fen: line.fee_fen + 500 }, ...rest] } })
        });

        fillIn(page);
        page.send();
        await until(() => page.shown() === 'S10');
        assert.match(page.says(), /从 25\.00 元 变为 30\.00 元，因为[^，]*50 元\/年，按剩余 3 个月计。/);
        assert.equal(page.text('[data-total]'), '30.00');
    });

    it('says nothing of another card with the same fees', async (t) => {
        const page = await run(t, { [POST]: [problem('price-changed', 409,
            { quote: { ...example('post /v1/quotes'),
                rates: 'f'.repeat(64) } }), placed] });

        fillIn(page);
        page.send();
        await until(() => page.went.length);
        assert.equal(page.shown(), undefined);

        const [first, second] = sent(page);

        assert.equal(second.body.rates, 'f'.repeat(64));
        assert.equal(second.body.amount, first.body.amount);
        assert.notEqual(second.headers.get('Idempotency-Key'),
            first.headers.get('Idempotency-Key'));
    });

    it('tells what was opened since it was chosen', async (t) => {
        const page = await run(t, { [POST]: placed },
            { platforms: [...platforms, 'shenyang'] });

        assert.equal(page.shown(), 'also');
        assert.match(page.says(), /沈阳.*刚刚已经开通，已从订单去掉/);
        assert.deepEqual(page.picks.of(serial).platforms, platforms);
        fillIn(page);
        page.act();
        await until(() => page.went.length);
        assert.deepEqual(sent(page)[0].body.platforms, platforms);
    });

    it('says at its field what the server found wrong', async (t) => {
        const page = await run(t, { [POST]: problem('validation-failed', 422,
            { errors: [{ pointer: '/invoice/email' }, { pointer: '/x' },
                { pointer: '/channel' }] }) });

        fillIn(page, ['issue-yes', 'type-digital', 'title-personal']);
        page.one('#title').value = '刘某';
        page.one('#email').value = 'nobody';
        page.send();
        await until(() => page.all('[data-errors] a').length === 2);
        assert.match(page.text('#email-err'), /^邮箱格式不对/);
        assert.equal(page.text('#channel-err'), '请选择支付方式');
    });

    // A company's invoice on paper, or a person's where `more` says so.
    function fillForm(page, more = []) {
        fillIn(page, ['issue-yes', 'type-paper', 'title-enterprise', ...more]);

        for (const id of ['title', 'tax_no', 'address', 'phone', 'bank',
            'account'])
        {
            page.one(`#${id}`).value ||= 'x';
        }
    }

    const flaws = (...list) => problem('validation-failed', 422, { errors:
        list.map(([field, code]) => ({ pointer: `#/invoice/${field}`,
            code })) });

    for (const [field, code, words] of [
        ['address', 'too_long', /^单位地址和电话合计太长/],
        ['address', 'not_in_gbk', /^单位地址有发票上不能用的符号/],
        ['address', 'not_words', /^单位地址有发票上不能用的符号/],
        ['bank', 'too_long', /^开户行和账号合计太长/],
        ['bank', 'not_in_gbk', /^开户行有发票上不能用的符号/],
        ['bank', 'looks_like_resident_id', /身份证号/],
        ['title', 'looks_like_resident_id', /身份证号/],
        ['title', 'not_words', /^发票抬头太长，或有不能用的符号/],
        ['account', 'not_an_account', /^银行账号应为/],
    ]) {
        it(`says of ${field} what ${code} means`, async (t) => {
            const page = await run(t, { [POST]: flaws([field, code]) });

            fillForm(page);
            page.send();
            await until(() => page.all('[data-errors] a').length === 1);
            assert.match(page.text(`#${field}-err`), words);
        });
    }

    it('says to whom special invoices go', async (t) => {
        const page = await run(t, { [POST]: flaws(['bank', 'not_allowed'],
            ['account', 'not_allowed'], ['title_type', 'enterprise_only']) });

        fillForm(page, ['title-personal']);
        page.send();
        await until(() => page.all('[data-errors] a').length);
        assert.deepEqual(page.all('[data-errors] a').map((link) =>
            link.textContent), ['专票只能开给企业，请选“企业”，或改开电子普票']);
    });

    describe('of a number whose check character is wrong', () => {
        const box = (page) => page.one('#tax_no_confirmed');
        const isSeen = (page) => box(page).closest('[hidden]') === null;
        const invoice = (page) => sent(page).pop().body.invoice;

        async function refused(t) {
            const page = await run(t, { [POST]:
                [flaws(['tax_no', 'check_character']), placed] });

            fillForm(page);
            assert.ok(!isSeen(page));
            page.send();
            await until(() => isSeen(page)
                && !page.one('[data-submit][aria-disabled]'));

            return page;
        }

        it('asks whether it is right all the same', async (t) => {
            const page = await refused(t);

            assert.ok(!('tax_no_confirmed' in invoice(page)));
            assert.match(page.text('#tax_no-err'),
                /再核对一遍.*确实没错的，请勾选“我已核对，号码无误”/);
            assert.equal(box(page).closest('label').textContent,
                '我已核对，号码无误');
            assert.ok(!box(page).checked);
            assert.ok(!box(page).hasAttribute('aria-invalid'));
            page.check('#tax_no_confirmed');
            page.send();
            await until(() => page.went.length);
            assert.equal(invoice(page).tax_no_confirmed, true);
        });

        it('confirms nothing of another number', async (t) => {
            const page = await refused(t);

            page.check('#tax_no_confirmed');
            page.one('#tax_no').value = '91210100MA00000000';
            page.send('#tax_no', 'input');
            assert.ok(!isSeen(page));
            page.send();
            await until(() => page.went.length);
            assert.ok(!('tax_no_confirmed' in invoice(page)));
        });

        it('confirms nothing for a person', async (t) => {
            const page = await refused(t);

            page.check('#tax_no_confirmed');
            page.check('#title-personal');
            page.check('#type-digital');
            page.one('#title').value = '刘某';
            page.one('#email').value = 'someone@example.cn';
            page.send();
            await until(() => page.went.length);
            assert.ok(!('tax_no_confirmed' in invoice(page)));
        });
    });

    it('names a fault of which no field knows', async (t) => {
        const page = await run(t, { [POST]: flaws(['bank', 'not_allowed']) });

        fillForm(page);
        page.send();
        await until(() => page.shown() === 'S14');
        assert.match(page.says(), /validation-failed/);
    });

    for (const [name, status] of [['validation-failed', 422],
        ['content-too-large', 413]]) {
        it(`names ${name}, of which it knows no more`, async (t) => {
            const page = await run(t, { [POST]: problem(name, status) });

            fillIn(page);
            page.send();
            await until(() => page.shown() === 'S14');
            assert.match(page.says(), new RegExp(name));
        });
    }

    // Of what may come on the way: what it is, and what can be done.
    for (const [name, status, state, words] of [
        ['certificate-expired', 422, 'S06', /^证书已过期，请先延期年检/],
        ['certificate-unsupported-hardware', 422, 'S06', /^中孚 KEY/],
        ['role-forbidden', 403, 'S24', /请换一张证书，或切换身份/],
        ['certificate-forbidden', 403, 'S24', /请换一张证书，或切换身份/],
        ['scope-insufficient', 403, 'S25', /请退出登录后重新登录/],
    ]) {
        it(`says what to do about ${name}`, async (t) => {
            const refusal = problem(name, status);
            const page = await run(t, { [POST]: refusal });

            fillIn(page);
            page.send();
            await until(() => page.shown() === state);
            assert.match(page.says(), words);
            assert.doesNotMatch(page.says(), new RegExp(name));

            // And where the price is refused already.
            assert.equal((await run(t, { 'POST /v1/quotes': refusal }))
                .shown(), state);
        });
    }

    it('asks for the price again where it did not come', async (t) => {
        const page = await run(t, { 'POST /v1/quotes': [lost, quote()],
            [POST]: placed });

        assert.equal(page.shown(), 'S14');
        page.send();
        await idle();
        assert.deepEqual(sent(page), []);
        page.act();
        await until(() => page.text('[data-total]') === '25.00');
        await until(() => page.shown() === undefined);
    });
});
