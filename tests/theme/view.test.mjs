// The places of a page, filled with what stands in it.

import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { describe, it } from 'node:test';

import { root } from '../site/server.mjs';
import { stage, until } from './stage.mjs';

const theme = path.join(root, 'site/theme');
const source = (name) => readFileSync(path.join(theme, name), 'utf8')
    .replace(/\/\*[^]*?\*\//g, '');

const ways = { 'apply-choose': '/apply/', 'apply-notice': '/apply/notice/',
    'apply-platforms': '/apply/platforms/', 'apply-check': '/apply/check/',
    'apply-pay': '/apply/pay/', order: '/order/' };

// The page that the generator makes only where there is a provider.
const elsewhere = ['apply-provider'];

// A script and all that it imports.
function bundle(name, seen = new Set()) {
    seen.add(name);

    for (const [, other] of source(name).matchAll(/from '\.\/(.+)';/g)) {
        if (!seen.has(other)) {
            bundle(other, seen);
        }
    }

    return Array.from(seen, source).join('\n');
}

const words = (text, pattern) => Array.from(text.matchAll(pattern),
    (found) => found[1]);


describe('view.js', () => {
    const scene = stage();

    async function open(t, at = '/apply/check/') {
        const page = scene.page(t, at);

        return { ...page, view: await page.load('view') };
    }

    it('fills in what it is given, and no more', async (t) => {
        const { view: { fill } } = await open(t);

        assert.equal(fill('{n} 个，{amount} 元，{n}', { n: 2, amount: '7.00' }),
            '2 个，7.00 元，2');
        assert.equal(fill('{n} {other} { n }', { n: 0 }), '0 {other} { n }');
        assert.equal(fill('{n}', { n: '{m} $&', m: 1 }), '{m} $&');
    });

    it('puts text at each place of a name', async (t) => {
        const { view, one } = await open(t);

        view.put({ holder: '<b>刘</b>', nothing: 'x' });
        assert.equal(one('[data-value=holder]').innerHTML,
            '&lt;b&gt;刘&lt;/b&gt;');
        assert.ok(!one('[data-value=holder]').classList.contains('dim'));
        assert.ok(one('[data-value=serial]').classList.contains('dim'));
    });

    it('makes a row, and puts rows in the place of others', async (t) => {
        const { view, one, text } = await open(t);
        const place = one('[data-place=lines]');
        const line = (name) => view.row('line',
            { name, reason: '不收费', fee: '0 元' });

        view.replace(place, [line('锦州'), line('朝阳')]);
        view.replace(place, [line('沈阳')]);
        assert.equal(place.children.length, 1);
        assert.equal(text('[data-place=lines]'), '沈阳不收费0 元');
    });

    for (const [name, at] of Object.entries(ways)) {
        it(`has each state and word that ${at} may need`, async (t) => {
            const { view, all, shown, one } = await open(t, at);
            const text = bundle(`${name}.js`);
            const keys = words(text, /\bshow\('([^']+)'/g).concat('net');

            assert.ok(keys.includes('auth.expired'));

            // Of what is being read nothing has happened yet.
            for (const key of keys.filter((one) => one !== 'loading')) {
                view.show(key, {});
                assert.ok(shown(), key);
                assert.equal(all('[data-place=state] h2').length, 1, key);
                assert.equal(document.activeElement,
                    one('[data-place=state] .note-h'), key);
            }

            words(text, /\bwords(?:\.|\[')([a-z-]+)/g).forEach((one) =>
                assert.ok(view.words[one], `no word ${one}`));
            words(source(`${name}.js`), /\brow\('([a-z]+)'/g).forEach((one) =>
                assert.ok(view.row(one, {}), one));
        });
    }

    for (const nested of [false, true]) {
        const words = nested ? 'that is busy by itself' : 'of a state';

        it(`lets a button ${words} wait for what it does`, async (t) => {
            const page = scene.page(t, '/apply/check/');
            const view = await page.load('view');
            const done = [];
            const act = () => new Promise((resolve) => done.push(resolve));

            view.show('net', {}, [nested ? (one) => view.busy(one, act) : act]);

            const button = page.one('[data-place=state] button');

            button.click();
            button.click();
            assert.equal(done.length, 1);
            assert.equal(button.getAttribute('aria-disabled'), 'true');
            assert.equal(button.textContent, '正在提交…');
            done[0]();
            await until(() => !button.hasAttribute('aria-disabled'));
            assert.equal(button.textContent, '再试一次');
        });
    }

    it('shows a state with its numbers, and takes the focus', async (t) => {
        const { view, one, text, shown } = await open(t);

        view.show('order.open', { order: 'CA1', amount: '12.50' }, [() => {}]);
        assert.equal(shown(), 'S11');
        assert.match(text('[data-place=state]'), /订单 CA1，12\.50 元/);
        assert.equal(document.activeElement.className, 'note-h');
        assert.equal(one('[data-wizard]').dataset.pending, undefined);

        // One state at a time.
        view.show('quote.zero', {}, [], false);
        assert.equal(shown(), 'S09');
        assert.ok(!text('[data-place=state]').includes('CA1'));
        view.clear();
        assert.equal(shown(), undefined);
        assert.equal(text('[data-place=state]'), '');
    });

    it('leaves the focus where nothing has just happened', async (t) => {
        const { view, one } = await open(t);

        view.show('quote.zero', {}, [], false);
        assert.equal(document.activeElement, document.body);
        assert.equal(one('[data-wizard]').dataset.pending, '');
    });

    it('gives buttons their acts, and hides those without', async (t) => {
        const { view, all } = await open(t);
        const pressed = [];

        view.show('quote.changed', {}, [(button) => pressed.push(button)]);

        const [act, ...others] = all('[data-place=state] button');

        act.click();
        assert.deepEqual(pressed, [act]);
        assert.ok(!act.hidden && others.every((one) => one.hidden));
        view.show('quote.changed', {}, []);
        assert.ok(all('[data-place=state] button').every((one) => one.hidden));
    });

    it('leaves a page as it is where a state is not known', async (t) => {
        const { view, shown } = await open(t);

        view.show('quote.zero');
        assert.throws(() => view.show('quote'), TypeError);
        assert.throws(() => view.show('S09'), TypeError);
        assert.equal(shown(), 'S09');
    });

    it('presses a button once while it is busy', async (t) => {
        const { view, one } = await open(t);
        const button = one('[data-submit]');
        const before = button.textContent;
        let runs = 0;
        let release;
        const task = () => new Promise((resolve) => {
            runs++;
            release = resolve;
        });
        const first = view.busy(button, task);

        assert.equal(button.textContent, button.dataset.busy);
        assert.equal(button.getAttribute('aria-disabled'), 'true');
        assert.ok(!button.disabled);
        await view.busy(button, task);
        assert.equal(runs, 1);
        release();
        await first;
        assert.equal(button.textContent, before);
        assert.equal(button.getAttribute('aria-disabled'), null);

        await assert.rejects(view.busy(button, async () => {
            throw new Error('lost');
        }), /lost/);
        assert.equal(button.textContent, before);
        assert.equal(button.getAttribute('aria-disabled'), null);

        await view.busy(button, () => { button.textContent = '下一步'; });
        assert.equal(button.textContent, '下一步');
    });

    it('says faults at their fields, in the summary and the title',
        async (t) => {
            const { view, one, all, text } = await open(t);
            const { title } = document;
            const [issue, channel] = ['issue', 'channel'].map((name) =>
                one(`[data-field=${name}]`));
            const bad = (field) => [field.classList.contains('bad-field'),
                !one(`#${field.dataset.field}-err`).hidden,
                one(`[name=${field.dataset.field}]`)
                    .getAttribute('aria-invalid')];

            view.faults([{ field: 'issue', words: '请选择' },
                { field: 'channel', words: '请付款' }]);
            view.faults([{ field: 'channel', words: '请付款' }]);
            assert.equal(document.title, `错误：${title}`);
            assert.equal(document.activeElement, one('[data-errors]'));
            assert.deepEqual(bad(channel), [true, true, 'true']);
            assert.deepEqual(bad(issue), [false, false, null]);
            assert.equal(text('#channel-err'), '请付款');

            const [link, ...more] = all('[data-errors] a');

            assert.equal(more.length, 0);
            assert.equal(link.textContent, '请付款');
            assert.equal(link.hash, '#pay-alipay');
            link.click();
            assert.equal(document.activeElement.id, 'pay-alipay');

            view.faults([]);
            assert.equal(document.title, title);
            assert.ok(one('[data-errors]').hidden);
            assert.deepEqual(bad(channel), [false, false, null]);
        });

    it('is filled by every script that has a page', () => {
        const scripts = readdirSync(theme).filter((name) =>
            /^(?:apply-.*|order)\.js$/.test(name));

        assert.deepEqual(scripts.map((name) => name.slice(0, -3)).sort(),
            Object.keys(ways).concat(elsewhere).sort());
    });
});
