// The whole way in Chromium, on real nginx with its module and ledger: sign in,
// choose, order, and see the order; and what happens when something is in the
// way. Each fault has a real cause: a server that is gone, a second tab, a
// clock, an answer that is lost.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, it } from 'node:test';

import { stage } from './stage.mjs';
import { arrive, complaints, holder, live, next, noInvoice, orders, resume,
    shown, signIn, state, there, toCheck, toPay, toPlatforms, total, words }
    from './way.mjs';


// Another key than the token's: the server refuses what it signs.
const loseKey = (page) => page.evaluate(() => new Promise((resolve) => {
    indexedDB.open('caplat').onsuccess = ({ target: { result: db } }) => {
        db.transaction('own', 'readwrite').objectStore('own').delete('key')
            .onsuccess = () => {
                db.close();
                resolve();
            };
    };
}));


describe('the wizard', () => {
    // Each test has a ledger of its own: a holder has one open order at most.
    const scene = stage({ each: true });

    it('orders what costs nothing, and saves the receipt', async (t) => {
        const page = await scene.open(t);

        await signIn(page, 'project-leader');
        await toPlatforms(page);
        assert.match(await page.locator('[data-place=certificate]')
            .innerText(), /刘某某.*DEMO0001.*20\d\d-\d\d-\d\d/);
        assert.equal(await page.locator('.opt.held').count(), 6);
        await toCheck(page, ['huachen']);
        await state(page, 'S09');
        assert.ok(await page.isHidden('[data-invoice]'));
        assert.ok(await page.isHidden('[data-channel]'));
        await next(page).click();
        await live(page, '/order/');
        await page.waitForSelector('[data-save]');
        assert.equal(await shown(page), 'S15');
        assert.match(await words(page), /已新增 1 个平台/);

        const [file] = await Promise.all([page.waitForEvent('download'),
            page.click('[data-save]')]);
        const receipt = readFileSync(await file.path(), 'utf8');

        assert.match(receipt, /^c2sp\.org\/tlog-proof@v1\nextra /);
        assert.match(file.suggestedFilename(), /^CA\d{14}\.tlog-proof$/);

        // And the site's own page says that it holds.
        await page.goto('/receipt/');
        await page.fill('#paste', receipt);
        await page.click('[type=submit]');
        await page.waitForSelector('[data-status]:has-text("收据有效")');

        // The certificate has it from now on.
        await page.goto('/apply/');
        await page.waitForSelector('[name=certificate]');
        await toPlatforms(page);
        assert.equal(await page.locator('.opt.held').count(), 7);
        assert.deepEqual(complaints(page), []);
    });

    it('orders what is to be paid, and cancels it', async (t) => {
        const page = await scene.open(t, { width: 390 });

        await arrive(page, ['jinzhou', 'chaoyang', 'huachen']);
        assert.equal(await total(page), '25.00');

        // What is missing is said at its place, and nothing is sent.
        await next(page).click();
        assert.match(await page.locator('[data-errors]').innerText(),
            /请选择是否开具发票/);
        assert.equal(await page.evaluate(() =>
            document.activeElement.hasAttribute('data-errors')), true);
        assert.match(await page.title(), /^错误：/);

        await page.check('#issue-yes');
        await page.check('#type-digital');
        await page.check('#title-enterprise');

        // It is made out to the enterprise, unless another is written.
        assert.deepEqual([await page.inputValue('#title'),
            await page.inputValue('#tax_no')],
        ['辽宁某某建设工程有限公司', '91210100XX0000019C']);
        await page.check('#title-personal');
        assert.equal(await page.inputValue('#title'), '');
        await page.fill('#title', '刘某某');
        await page.check('#title-enterprise');
        assert.equal(await page.inputValue('#title'), '刘某某');
        await page.fill('#title', '辽宁某某建设工程有限公司');
        await page.fill('#email', 'not an address');
        await page.check('#pay-alipay');
        await next(page).click();
        await page.waitForSelector('#email-err:visible');
        assert.match(await page.locator('#email-err').innerText(),
            /邮箱格式不对/);
        assert.equal(await page.inputValue('#title'),
            '辽宁某某建设工程有限公司');
        await page.fill('#email', 'someone@example.cn');
        await next(page).click();
        await live(page, '/apply/pay/');
        await page.waitForSelector('[data-place=pay] .btn');
        assert.match(await page.locator('[data-place=pay]').innerText(),
            /付款 25\.00 元[^]*去支付宝付款/);
        await page.goto('/order/');
        await page.locator('[data-place=order] .opt a').click();
        await page.waitForSelector('[data-cancel]:visible');
        assert.match(await page.locator('[data-place=order]').innerText(),
            /待支付[^]*s\*\*\*@e\*\*\*\.cn/);
        await page.click('[data-cancel]');
        await page.waitForSelector('[data-place=order]:has-text("已取消")');
        assert.equal((await orders(page)).length, 1);
        assert.deepEqual(complaints(page).filter((one) =>
            !/\b422\b/.test(one)), []);
    });

    it('lets a manager order for others, and says for whom', async (t) => {
        const page = await scene.open(t);

        await signIn(page, 'manager');

        const rows = await page.locator('[data-place=certificates] .opt')
            .allInnerTexts();
        const usable = await page.locator('[name=certificate]').count();

        assert.equal(rows.length, 5);
        assert.ok(usable > 1 && usable < 5, `${usable}`);

        // Those that cannot be used are there, with the reason.
        assert.match(rows.join('\n'), /中孚 KEY，请先申请补办|已过期/);

        const box = page.locator('[name=certificate]').nth(1);
        const serial = await box.getAttribute('value');

        await box.check();
        await toPlatforms(page);
        assert.ok((await page.locator('[data-place=certificate]').innerText())
            .includes(serial));
        await toCheck(page, ['huachen']);
        assert.ok((await page.locator('main').innerText()).includes(serial));
        await next(page).click();
        await page.waitForURL('**/order/**');
        await page.waitForSelector('[data-save]');
        assert.ok((await page.locator('[data-place=order]').innerText())
            .includes(serial));
    });

    it('keeps a wish and the choice: link, Back, reload', async (t) => {
        const page = await scene.open(t);

        await page.goto('/apply/#platform=chaoyang');
        await holder(page, 'project-leader').click();
        await page.click('[type=submit]');
        await page.waitForSelector('[name=certificate]');
        await toPlatforms(page);
        assert.ok(await page.isChecked('[value=chaoyang]'));
        await page.check('[value=jinzhou]');
        await page.reload();
        await page.waitForSelector(there);
        assert.ok(await page.isChecked('[value=jinzhou]'));
        await next(page).click();
        await live(page, '/apply/check/');
        await page.goBack();
        await page.waitForSelector(there);
        assert.ok(await page.isChecked('[value=chaoyang]'));
        assert.equal(await page.textContent('[data-count]'), '2');

        // None at all is said, and goes nowhere.
        await page.uncheck('[value=chaoyang]');
        await page.uncheck('[value=jinzhou]');
        await next(page).click();
        assert.match(await page.locator('[data-errors]').innerText(),
            /请至少选择 1 个平台/);
    });

    it('makes one order of a lost answer, and of a double click', async (t) => {
        const page = await scene.open(t);

        await arrive(page, ['jinzhou']);
        await noInvoice(page);

        // The server gets it, and its answer never arrives.
        let sent = 0;

        await page.route('/v1/orders', async (route) => {
            if (sent++ === 0) {
                await route.fetch();
                await route.abort();
            } else {
                await route.continue();
            }
        });
        await page.locator('[data-submit]').dblclick();
        await state(page, 'S14');
        assert.equal(sent, 1);
        assert.match(await words(page), /再按一次不会生成第二个订单/);
        await page.locator('[data-place=state] .btn').click();
        await page.waitForURL('**/apply/pay/**');
        await page.unroute('/v1/orders');
        assert.equal((await orders(page)).length, 1);
    });

    it('finds the order of another tab', async (t) => {
        const page = await scene.open(t);

        await arrive(page, ['jinzhou']);

        const second = await page.context().newPage();

        await resume(second, ['chaoyang', 'jinzhou']);
        await toPay(second);
        await page.bringToFront();

        await noInvoice(page);
        await next(page).click();
        await state(page, 'S11');
        assert.match(await words(page), /订单 CA\d{14}，25\.00 元/);
        await page.locator('[data-place=state] button').click();
        await page.waitForFunction(() => !document.querySelector(
            '[data-shown]'));
        await next(page).click();
        await page.waitForURL('**/apply/pay/**');

        const all = await orders(page);

        assert.equal(all.length, 2);
        assert.match(all.join(' '), /待支付[^]*已取消/);
        await page.selectOption('[data-filter]', 'cancelled');
        await page.waitForFunction(() => document.querySelectorAll(
            '[data-place=order] .opt').length === 1);
        await page.selectOption('[data-filter]', 'refunded');
        await page.waitForSelector('[data-none]:visible');
    });

    it('takes from the order what is held meanwhile', async (t) => {
        const page = await scene.open(t);

        await arrive(page, ['jinzhou', 'huachen']);

        const second = await page.context().newPage();

        await resume(second, ['huachen']);
        await next(second).click();
        await second.waitForURL('**/order/**');
        await page.bringToFront();

        await noInvoice(page);
        await next(page).click();
        await state(page, 'also');
        assert.match(await words(page), /华晨集团电子采购平台刚刚已经开通/);
        assert.equal(await page.textContent('[data-count]'), '1');
        assert.equal(await total(page), '12.50');
        assert.ok(await page.isChecked('#pay-wechat'));
        await page.locator('[data-place=state] button').click();
        await page.waitForURL('**/apply/pay/**');
        assert.equal((await orders(page)).length, 2);
    });

    it('asks to sign in again, and goes on where it was', async (t) => {
        const page = await scene.open(t);

        await signIn(page, 'project-leader');
        await toPlatforms(page);
        await page.check('[value=jinzhou]');

        await loseKey(page);
        await next(page).click();
        await page.waitForURL('**/apply/check/');
        await state(page, 'S04');
        assert.match(await words(page), /您选的 1 个平台已保留/);
        await page.locator('[data-place=state] .btn').click();
        await holder(page, 'project-leader').click();
        await page.click('[type=submit]');
        await live(page, '/apply/check/');
        await page.waitForSelector('[data-submit]:visible');
        assert.equal(await total(page), '12.50');
    });

    it('comes back to the order that it was about', async (t) => {
        const page = await scene.open(t);
        const about = (number) => page.waitForFunction((one) =>
            document.querySelector('[data-value=order]:not(.dim)')
                ?.textContent === one, number);
        const all = [];

        await signIn(page, 'manager');

        for (const certificate of ['DEMO1002', 'DEMO1001']) {
            await resume(page, ['shenyang'], { certificate });
            await toPay(page);
            all.push(/order=(\w+)/.exec(page.url())[1]);
        }

        // The first, though the second is what this tab dealt with last, and
        // is shown.
        for (const at of ['/apply/pay/', '/order/']) {
            await page.goto(`${at}#order=${all[0]}`);
            await about(all[0]);
            await loseKey(page);
            await page.reload();
            await state(page, 'S04');
            await page.locator('[data-place=state] .btn').click();
            await holder(page, 'manager').click();
            await page.click('[type=submit]');
            await live(page, at);
            await about(all[0]);
            assert.match(page.url(), new RegExp(`#order=${all[0]}$`));
        }
    });

    it('loses nothing of what was typed', async (t) => {
        const page = await scene.open(t);
        const said = { address: '某路 1 号', phone: '024-12345678',
            bank: '某某银行', account: '12345678' };
        const boxes = ['issue-yes', 'type-paper', 'title-enterprise',
            'pay-wechat'];
        const there = async (words) => {
            await page.waitForSelector('[data-submit]:visible');

            for (const [id, value] of Object.entries(said)) {
                assert.equal(await page.inputValue(`#${id}`), value, words);
            }

            for (const id of boxes) {
                assert.ok(await page.isChecked(`#${id}`), `${words}: ${id}`);
            }
        };

        await arrive(page, ['jinzhou']);

        for (const id of boxes) {
            await page.check(`#${id}`);
        }

        for (const [id, value] of Object.entries(said)) {
            await page.fill(`#${id}`, value);
        }

        // The platforms are changed.
        await page.click('a:has-text("修改")');
        await live(page, '/apply/platforms/');
        await toCheck(page, ['chaoyang']);
        await there('platforms');
        await page.reload();
        await there('reload');

        const kept = await page.evaluate(() => JSON.stringify(
            [{ ...localStorage }, { ...sessionStorage }, document.cookie]));

        assert.ok(!kept.includes(said.phone), kept);

        // The session ends on the way.
        await loseKey(page);
        await next(page).click();
        await state(page, 'S04');
        await page.locator('[data-place=state] .btn').click();
        await holder(page, 'project-leader').click();
        await page.click('[type=submit]');
        await live(page, '/apply/check/');
        await there('signed in again');
        await next(page).click();
        await live(page, '/apply/pay/');
    });

    it('lengthens a session that is about to end', async (t) => {
        const page = await scene.open(t);
        const until = (change) => page.evaluate((seconds) => new Promise(
            (resolve) => {
                indexedDB.open('caplat').onsuccess = ({ target }) => {
                    const own = target.result.transaction('own', 'readwrite')
                        .objectStore('own');

                    own.get('token').onsuccess = ({ target: { result } }) => {
                        const value = seconds === undefined ? result
                            : { ...result, until: Date.now() / 1000 + seconds };

                        own.put(value, 'token').onsuccess = () => resolve(
                            value.until - Date.now() / 1000);
                    };
                };
            }), change);

        await signIn(page, 'project-leader');
        await until(120);
        await page.reload();
        await state(page, 'S03');
        assert.match(await words(page), /还有 2 分钟要重新登录/);
        await page.locator('[data-place=state] button').click();
        await page.waitForFunction(() => !document.querySelector(
            '[data-shown]'));
        assert.ok(await until() > 300);
        await next(page).click();
        await live(page, '/apply/notice/');
    });

    it('says what it can do without a server', async (t) => {
        const page = await scene.open(t);

        await arrive(page, ['jinzhou']);
        await noInvoice(page);
        await page.context().setOffline(true);
        await next(page).click();
        await state(page, 'S14');
        await page.context().setOffline(false);
        await page.locator('[data-place=state] .btn').click();
        await page.waitForURL('**/apply/pay/**');
        assert.equal((await orders(page)).length, 1);
    });

    it('shows each why a certificate is of no use', async (t) => {
        const page = await scene.open(t);
        const ids = await page.goto('/apply/').then(() =>
            page.waitForSelector('[name=holder]')).then(() =>
            page.locator('[name=holder]').evaluateAll((all) =>
                all.map(({ value }) => value)));
        const said = {};

        for (const id of ids) {
            await page.goto('/apply/');
            await page.waitForSelector(
                '[name=holder], [data-who]:not([hidden])');

            if (await page.isVisible('[data-sign-out]')) {
                await page.click('[data-sign-out]');
                await page.waitForSelector('[name=holder]');
            }

            await signIn(page, id);

            const code = await shown(page);

            if (code) {
                await state(page, code);
            }

            said[id] = code ? (await words(page)).split('\n')[0] : 'usable';
        }

        assert.ok(Object.values(said).includes('证书已过期，请先延期年检'),
            JSON.stringify(said));
        assert.ok(Object.values(said).some((one) => /^中孚 KEY/.test(one)),
            JSON.stringify(said));
    });

    it('destroys key and token by signing out, and shows neither',
        async (t) => {
            const page = await scene.open(t);
            const urls = [];

            page.on('request', (request) => urls.push(request.url()));
            await signIn(page, 'project-leader');

            const token = await page.evaluate(() => new Promise((resolve) => {
                indexedDB.open('caplat').onsuccess = ({ target }) => {
                    const own = target.result.transaction('own')
                        .objectStore('own');

                    own.get('key').onsuccess = (event) => {
                        const { secret } = event.target.result;

                        own.get('token').onsuccess = (got) => resolve(
                            [secret.extractable, got.target.result.text]);
                    };
                };
            }));

            assert.equal(token[0], false);

            const kept = await page.evaluate(() => JSON.stringify(
                [{ ...localStorage }, { ...sessionStorage }, document.cookie,
                    location.href]));

            assert.ok(!kept.includes(token[1].slice(0, 20)), kept);
            assert.ok(!urls.some((url) => url.includes('eyJ')));
            assert.ok(!readFileSync(path.join(scene.logs, 'api.log'), 'utf8')
                .includes('eyJ'));

            await page.click('[data-sign-out]');
            await page.waitForSelector('[name=holder]');
            assert.equal(await page.evaluate(() => new Promise((resolve) => {
                indexedDB.open('caplat').onsuccess = ({ target }) => {
                    target.result.transaction('own').objectStore('own')
                        .count().onsuccess = (event) =>
                        resolve(event.target.result);
                };
            })), 0);
        });
});
