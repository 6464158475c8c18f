// An order is paid in Chromium, by the demo's channels: real nginx, module and
// ledger, and notices that are signed and judged as the channels' own.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import path from 'node:path';
import { describe, it } from 'node:test';

import { scan } from '../edge/qr.mjs';
import { root } from '../site/server.mjs';
import { stage } from './stage.mjs';
import { arrive, cashier, complaints, live, people, state, toPay, toPlatforms,
    words } from './way.mjs';

const main = (page) => page.locator('main').innerText();


describe('an order', () => {
    const scene = stage({ each: true });

    // As far as the page that asks for money. lapse is how long that is waited
    // for, of the server's.
    async function open(t, channel, { who, fill,
        platforms = ['jinzhou', 'chaoyang'], lapse, ...options } = {})
    {
        const page = await scene.open(t, options);

        if (lapse) {
            await scene.edit('ledger.conf', (text) =>
                text.replace(';', ` lapse=${lapse};`));
        }

        await arrive(page, platforms, who);
        await toPay(page, channel, fill);

        return page;
    }

    const number = async (page) =>
        page.locator('[data-value=order]').first().textContent();

    async function isOpened(page, how) {
        await page.waitForURL('**/order/**');
        await state(page, 'S15');
        assert.match(await words(page), /已新增 2 个平台/);
        assert.match(await main(page), how);
        await page.waitForSelector('[data-save]');
    }

    const operator = (id, verb, ...args) => execFileSync(
        path.join(root, 'build/caplat'), ['order', verb, id, ...args,
            '--ledger', path.join(scene.conf, '../ledger'),
            '--name', `${new URL(scene.origin).host}/log`,
            '--key', path.join(scene.conf, '../keys/log.jwk')]);

    it('is paid by Alipay, which leads back', async (t) => {
        const page = await open(t, 'alipay');

        await page.click('[data-go]');
        await page.waitForURL('**/demo/cashier/**');
        assert.match(await main(page), /这是演示，不动真钱[^]*25\.00/);
        await cashier(page, 'paid');
        assert.match(await main(page), /200\s+success/);
        await page.locator('a:has-text("回付款页看结果")').click();
        await isOpened(page, /支付宝，25\.00 元/);

        // The certificate has them from now on.
        await page.goto('/apply/');
        await page.waitForSelector('[name=certificate]');
        await toPlatforms(page);
        assert.equal(await page.locator('.opt.held').count(), 8);
        assert.deepEqual(complaints(page), []);
    });

    it('is paid by WeChat, on a phone, with a code that can be read',
        async (t) => {
            const page = await open(t, 'wechat', { width: 390 });
            const id = await number(page);
            const rows = await page.evaluate(() => {
                const d = document.querySelector('[data-qr] path')
                    .getAttribute('d');
                const dots = [...d.matchAll(/M(\d+) (\d+)/g)].map((at) =>
                    [Number(at[1]), Number(at[2])]);
                const side = Math.max(...dots.map(([x]) => x)) + 1;
                const lines = Array.from({ length: side }, () =>
                    Array(side).fill('0'));

                dots.forEach(([x, y]) => { lines[y][x] = '1'; });

                return lines.map((line) => line.join(''));
            });

            assert.equal(scan(rows), `weixin://wxpay/bizpayurl?pr=${id}`);
            await page.click('[data-cashier]');
            await page.waitForURL('**/demo/cashier/**');
            await cashier(page, 'paid');
            await page.goBack();
            await isOpened(page, /微信支付，25\.00 元/);
        });

    it('waits while nothing is heard, and is opened by a late notice',
        async (t) => {
            const page = await open(t, 'alipay');

            await page.click('[data-go]');
            await page.waitForURL('**/demo/cashier/**');
            await cashier(page, 'lost');
            await page.locator('a:has-text("没有付款，返回")').click();
            await live(page, '/apply/pay/');
            await state(page, 'S12');
            assert.match(await words(page), /正在确认支付结果[^]*请不要重复付款/);

            // In another tab the channel says it at last.
            const other = await page.context().newPage();

            await other.goto(`/demo/cashier/?order=${await number(page)}`
                + '&channel=alipay&amount=2500');
            await cashier(other, 'again', 2);
            await page.bringToFront();
            await isOpened(page, /支付宝/);
        });

    it('is opened by a notice that comes after it has lapsed', async (t) => {
        const page = await open(t, 'alipay', { lapse: '4s' });
        const id = await number(page);
        const other = await page.context().newPage();

        await other.goto(`/demo/cashier/?order=${id}`
            + '&channel=alipay&amount=2500');
        await state(page, 'S13');
        assert.match(await words(page), /已过期[^]*到账后照样开通/);
        await other.fill('#late', '1');
        await cashier(other, 'late', 2);
        assert.match(await main(other), /200\s+success/);
        await page.bringToFront();
        await isOpened(page, /支付宝，25\.00 元/);
    });

    // The channel's word is recorded; the order changes when it is decided.
    it('is sent back by the channel, and then by who decides it',
        async (t) => {
            const page = await open(t, 'alipay');
            const id = await number(page);

            await page.click('[data-go]');
            await page.waitForURL('**/demo/cashier/**');
            await cashier(page, 'paid');
            await cashier(page, 'refunded', 2);
            assert.match(await page.locator('[data-place=said] li').last()
                .innerText(), /200\s+success/);
            await page.goto(`/order/#order=${id}`);
            await page.waitForSelector('[data-place=order]:has-text("已开通")');
            operator(id, 'refund', '--trade', 'R1', '--amount', '25.00',
                '--platforms', 'close');
            await page.reload();
            await page.waitForSelector('[data-place=order]:has-text("已退款")');
            assert.match(await main(page),
                /付款\s+支付宝，25\.00 元[^]*退款\s+25\.00 元[^]*已关闭：锦州市/);
        });

    it('is not paid, and paid another way', async (t) => {
        const page = await open(t, 'alipay');

        await page.locator('button:has-text("微信支付")').click();
        await page.waitForSelector('[data-qr] svg');
        await page.click('[data-cashier]');
        await page.waitForURL('**/demo/cashier/**');
        await page.locator('a:has-text("没有付款，返回")').click();
        await live(page, '/apply/pay/');
        await page.click('[data-go]');
        await page.waitForURL('**/demo/cashier/**');
        await cashier(page, 'twice', 2);
        await page.locator('a:has-text("回付款页看结果")').click();
        await isOpened(page, /支付宝/);
    });

    it('is paid by transfer when somebody books it, and refunded',
        async (t) => {
            const page = await open(t, 'transfer');
            const id = await number(page);

            assert.equal(await page.locator('[data-value=reference]')
                .textContent(), id);
            assert.match(await main(page), /订单保留到 \d{4}-\d\d-\d\d/);
            operator(id, 'paid', '--trade', 'B1', '--amount', '25.00');
            await page.goto(`/order/#order=${id}`);
            await page.waitForSelector('[data-place=order]:has-text("已开通")');
            operator(id, 'refund', '--trade', 'R1', '--amount', '25.00',
                '--platforms', 'close');
            await page.reload();
            await page.waitForSelector('[data-place=order]:has-text("已退款")');
            assert.match(await main(page), /退款\s+25\.00 元/);
        });

    const manager = { who: people.manager, platforms: ['chaoyang'] };
    const toEnterprise = (type, fill = async () => {}) => async (page) => {
        await page.check(`#type-${type}`);
        await page.check('#title-enterprise');
        await fill(page);
    };

    for (const [type, who, fill] of [
        ['digital', manager, toEnterprise('digital')],
        ['special', manager, toEnterprise('special')],
        ['paper', manager, toEnterprise('paper', async (page) => {
            await page.fill('#address', '沈阳市某某路 1 号');
            await page.fill('#phone', '024-12345678');
            await page.fill('#bank', '某某银行');
            await page.fill('#account', '12345678');
        })],
        ['personal', {}, async (page) => {
            await page.check('#type-digital');
            await page.check('#title-personal');
            assert.ok(!await page.isVisible('#tax_no'));
            await page.fill('#title', '刘某某');
        }],
    ]) {
        it(`has its invoice issued: ${type}`, async (t) => {
            const page = await open(t, 'alipay', { ...who,
                fill: async (form) => {
                    await form.check('#issue-yes');
                    await fill(form);

                    if (await form.isVisible('#email')) {
                        await form.fill('#email', 'someone@example.cn');
                    }
                } });
            const id = await number(page);

            await page.click('[data-go]');
            await page.waitForURL('**/demo/cashier/**');
            await cashier(page, 'paid');
            await page.goto(`/order/#order=${id}`);
            await page.waitForSelector('[data-place=order]:has-text("开票中")');
            operator(id, 'issued', '--number', '26212000000012345678',
                '--day', '2026-12-01');
            await page.reload();
            await page.waitForSelector(
                '[data-place=order]:has-text("26212000000012345678")');
        });
    }
});
