// What can come in the way of an order, each by its real cause: a price that
// has changed, an order that has lapsed, a platform that is paused, a token
// that has ended, a server that is asked too often.

import assert from 'node:assert/strict';
import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, it } from 'node:test';

import { build, root, scratch } from '../site/server.mjs';
import { stage } from './stage.mjs';
import { arrive, barriers, cashier, live, next, noInvoice, orders, resume,
    signIn, state, there, toCheck, toPay, toPlatforms, total, words }
    from './way.mjs';


// The site anew, of content that has been changed.
function rebuild(t, scene, change) {
    const content = path.join(scratch(t), 'content');
    const file = path.join(content, 'catalogue.xml');

    cpSync(path.join(root, 'content'), content, { recursive: true });
    writeFileSync(file, change(readFileSync(file, 'utf8')));
    build(scene.site, ['--compress', 'quick'], undefined, content);
}

const dearer = (text) => text.replace('class="zone" price="5000"',
    'class="zone" price="6000"');


describe('what comes in the way of an order', () => {
    const scene = stage({ each: true });

    it('is a price that has changed', async (t) => {
        const page = await scene.open(t);

        await arrive(page, ['jinzhou', 'shenfu']);
        await noInvoice(page);
        assert.equal(await total(page), '25.00');

        rebuild(t, scene, dearer);
        t.after(() => rebuild(t, scene, (text) => text));
        await scene.reload();
        await next(page).click();
        await state(page, 'S10');
        assert.match(await words(page), /从 25\.00 元 变为 27\.50 元，因为沈抚示范区建设项目管理平台 60 元\/年/);
        assert.equal(await total(page), '27.50');
        assert.ok(await page.isChecked('#pay-wechat'));
        assert.equal(await page.evaluate(() =>
            document.activeElement.textContent), '价格有变化，请再看一遍');
        await page.locator('[data-place=state] button').click();
        await page.waitForURL('**/apply/pay/**');
        assert.match((await orders(page)).join(), /27\.50 元/);
    });

    it('is an order that was not paid in time', async (t) => {
        const page = await scene.open(t);

        await scene.edit('ledger.conf', (text) => text.replace(';', ' lapse=2s;'));
        await arrive(page, ['jinzhou']);
        await toPay(page);
        await page.waitForSelector('[data-place=pay] .btn');

        // The page that asks for money says what has become of it.
        await state(page, 'S13');
        assert.match(await words(page), /没有付款成功/);
        await page.goto('/order/');
        await page.waitForSelector('[data-place=order]:has-text("已过期")');

        // The certificate is free again.
        await resume(page, ['jinzhou']);
        await toPay(page);
        assert.equal((await orders(page)).length, 2);
    });

    it('is a number whose check character is wrong', async (t) => {
        const page = await scene.open(t);

        await arrive(page, ['jinzhou']);
        await page.check('#issue-yes');
        await page.check('#type-digital');
        await page.check('#title-enterprise');
        await page.fill('#tax_no', '91350211M0000XUF46');
        await page.fill('#email', 'someone@example.cn');
        await page.check('#pay-wechat');
        assert.ok(!await page.isVisible('#tax_no_confirmed'));
        await next(page).click();
        await page.check('#tax_no_confirmed');
        assert.deepEqual(await barriers(page), []);
        await next(page).click();
        await live(page, '/apply/pay/');
        assert.equal((await orders(page)).length, 1);
    });

    it('is the order that one has gone back from', async (t) => {
        const page = await scene.open(t);

        await arrive(page, ['jinzhou']);
        await toPay(page);
        await page.goBack();
        await live(page, '/apply/check/');
        await state(page, 'S11');
        assert.equal(await total(page), '12.50');

        // Further back it is said too, and nothing is lost.
        await page.click('a:has-text("修改")');
        await live(page, '/apply/platforms/');
        await state(page, 'S11');
        assert.ok(await page.isChecked('[value=jinzhou]'));
        await page.check('[value=chaoyang]');
        await toCheck(page, []);
        await state(page, 'S11');

        // To go on with it is to be where one was.
        await page.locator('[data-place=state] a').first().click();
        await live(page, '/apply/pay/');
        assert.match(await page.locator('main').innerText(), /12\.50/);

        // Or it is let go, and there is another.
        await page.goBack();
        await live(page, '/apply/check/');
        await state(page, 'S11');
        await page.locator('[data-place=state] button').click();
        await page.waitForFunction(() => !document.querySelector(
            '[data-shown]'));
        await toPay(page);
        assert.match((await orders(page)).join(),
            /25\.00 元待支付[^]*12\.50 元已取消/);
    });

    it('is a platform that is paused meanwhile', async (t) => {
        const page = await scene.open(t);

        await signIn(page, 'project-leader');
        await toPlatforms(page);
        await toCheck(page, ['jinzhou', 'shenfu']);
        await noInvoice(page);

        rebuild(t, scene, (text) => text.replace(
            /(id="shenfu"[^>]*status=)"open"/, '$1"paused"'));
        t.after(() => rebuild(t, scene, (text) => text));
        await scene.reload();
        await next(page).click();
        await state(page, 'also');
        assert.match(await words(page),
            /沈抚示范区建设项目管理平台暂停受理\s+已从这次新增里去掉/);
        assert.equal(await total(page), '12.50');
        await page.locator('[data-place=state] button').click();
        await page.waitForURL('**/apply/pay/**');

        // A page from before, as a cache keeps it, learns it of the server.
        await page.goto('/apply/platforms/');
        await page.waitForSelector(there);
        await page.check('[value=shenfu]');
        await state(page, 'also');
        assert.match(await words(page),
            /沈抚示范区建设项目管理平台暂停受理/);
        assert.ok(!await page.isChecked('[value=shenfu]'));
        await page.reload();
        await page.waitForSelector(there);
        assert.match(await page.locator('[data-platform=shenfu]').innerText(),
            /暂停受理/);
        assert.equal(await page.locator('[value=shenfu]').count(), 0);
    });

    it('is a certificate that has them all', async (t) => {
        const page = await scene.open(t);

        await scene.edit('holders.json', (text) => {
            const { holders } = JSON.parse(text);
            const plat = holders.flatMap(({ certs }) => certs).find((one) =>
                one.plat.length === 11).plat;

            holders[0].certs[0].plat = plat;

            return JSON.stringify({ holders });
        });
        await signIn(page, 'project-leader');
        await state(page, 'S07');
        assert.match(await words(page), /已有全部 11 个平台/);
    });

    it('is a token that has ended', async (t) => {
        const page = await scene.open(t);

        await scene.edit('demo.conf', (text) => text.replace('sign_in  demo',
            'sign_in  demo life=4s'));
        await signIn(page, 'project-leader');
        await toPlatforms(page);
        await page.check('[value=jinzhou]');
        await state(page, 'S04');
        assert.match(await words(page), /您选的 1 个平台已保留/);
        await page.locator('[data-place=state] button').click();
        await page.waitForSelector('[name=holder]');
        await page.locator('label:has([value="project-leader"])').click();
        await page.click('[type=submit]');
        await live(page, '/apply/platforms/');
        assert.ok(await page.isChecked('[value=jinzhou]'));
    });

    it('is a certificate of somebody else', async (t) => {
        const page = await scene.open(t);

        await scene.edit('holders.json', (text) => text.replace(
            '"hold": "刘某某"', '"hold": "李某某"'));
        await arrive(page, ['huachen']);
        await next(page).click();
        await state(page, 'S24');
        assert.match(await words(page), /这个身份不能给这张证书办理/);
    });

    it('is a channel that does not answer', async (t) => {
        const page = await scene.open(t);

        await scene.edit('demo.conf', (text) => text.replace(
            'http://127.0.0.1:$server_port', 'http://127.0.0.1:1'));
        await arrive(page, ['jinzhou']);
        await noInvoice(page);
        await next(page).click();
        await live(page, '/apply/pay/');
        await state(page, 'S22');
        assert.match(await words(page), /现在不能用微信支付付款\s+订单还在/);
        await page.locator('button:has-text("换支付方式")').click();
        await page.locator('[data-place=part] button:has-text("支付宝")')
            .click();
        await page.waitForSelector('[data-go]');
        await page.waitForFunction(() => !document.querySelector(
            '[data-shown]'));
    });

    // The order of before was let go, and is paid nevertheless.
    it('is what an earlier order has brought meanwhile', async (t) => {
        const page = await scene.open(t);

        await arrive(page, ['jinzhou']);
        await toPay(page, 'alipay');

        const [, id] = /order=(\w+)/.exec(page.url());

        await page.goBack();
        await page.locator('[data-place=state] button').click();
        await page.waitForFunction(() => !document.querySelector(
            '[data-shown]'));
        await toPay(page, 'alipay');

        const other = await page.context().newPage();

        await other.goto(`/demo/cashier/?order=${id}`
            + '&channel=alipay&amount=1250');
        await cashier(other, 'paid');
        await page.bringToFront();
        await page.reload();
        await state(page, 'S23');
        assert.match(await words(page), /订单里有平台刚刚已经开通/);
        await page.locator('[data-place=state] .btn').click();
        await page.waitForSelector('[data-place=order]:has-text("已取消")');
        assert.match((await orders(page)).join(), /已取消[^]*已开通/);
    });

    it('is a server that is asked too often', async (t) => {
        const page = await scene.open(t);

        await arrive(page, ['huachen']);

        const flood = setInterval(() => Array.from({ length: 30 }, () =>
            fetch(`${scene.origin}/v1/health`).catch(() => {})), 20);

        t.after(() => clearInterval(flood));
        await page.waitForTimeout(300);
        await next(page).click();
        await state(page, 'S14');
        assert.match(await words(page), /再按一次不会生成第二个订单/);
        clearInterval(flood);
        await page.waitForTimeout(3000);
        await page.locator('[data-place=state] button').click();
        await state(page, 'S15');
        assert.equal((await orders(page)).length, 1);
    });
});
