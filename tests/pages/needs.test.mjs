// What the site itself needs: the pages to which templates and the interface
// lead, the home page, and an interface that fits its pages.

import assert from 'node:assert/strict';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, it } from 'node:test';

import { build, lay, page, put } from './folder.mjs';

// Replace text in a file of a laid folder, which must have it.
function edit(folder, name, from, to) {
    const file = path.join(folder, name);
    const text = readFileSync(file, 'utf8');

    assert.ok(text.includes(from), `${name} has no ${from}`);
    writeFileSync(file, text.replace(from, to));
}

const remove = (folder, name) => rmSync(path.join(folder, 'content', name));

// The place of a text in a file: "line:column" of its first character.
function place(folder, name, text) {
    const all = readFileSync(path.join(folder, name), 'utf8');
    const before = all.slice(0, all.indexOf(text)).split('\n');

    return `${before.length}:${Array.from(before.at(-1)).length + 1}`;
}

const lines = (said, code) => said.split('\n')
    .filter((line) => line.includes(` ${code}: `));


describe('what the site needs', () => {
    it('is a home page', async (t) => {
        const folder = lay(t);

        remove(folder, 'pages/home.md');

        const { status, said } = await build(folder);

        assert.equal(status, 1);
        assert.deepEqual(lines(said, 'E108'), [
            'content/pages/home.md:1:1: 错误 E108: 缺少 pages/home.md，'
                + '它是首页',
        ]);
        assert.ok(!existsSync(path.join(folder, 'out')));
    });

    it('is a page for each link of a template', async (t) => {
        const folder = lay(t);

        edit(folder, 'site/theme/404.html', '<a href="/search/">',
            '<a href="/serch/">');
        edit(folder, 'site/theme/page.html', '<c:html',
            '<a href="/"><b>甲</b></a><a href="/about/">乙</a>'
                + '<a href="/faq/#not-lister">丙</a><c:html');

        const { status, said } = await build(folder);
        const of = (name, text) =>
            `site/theme/${name}:${place(folder, `site/theme/${name}`, text)}`;

        assert.equal(status, 1);
        assert.deepEqual(lines(said, 'E201'), [
            `${of('404.html', '/serch/')}: 错误 E201: 没有这个页面：“/serch/”`,
            `${of('page.html', '/about/')}: 错误 E201: 没有这个页面：“/about/”`,
        ]);
        assert.match(said, /您是不是要写 \/search\//);
        assert.deepEqual(lines(said, 'E202'), [
            `${of('page.html', '/faq/#not')}: 错误 E202: `
                + '页面“/faq/”里没有“not-lister”这个位置',
        ]);

        put(folder, 'pages/about.md', page('甲。'));
        edit(folder, 'site/theme/404.html', '/serch/', '/search/');
        edit(folder, 'site/theme/page.html', '#not-lister', '#not-listed');
        assert.equal((await build(folder)).status, 0);
    });

    it('is a page for each action of the interface', async (t) => {
        const folder = lay(t);

        remove(folder, 'pages/services.md');
        put(folder, 'pages/services.md', page('## 申领 {#new}\n\n甲。\n\n'
            + '## 延期 {#renew}\n\n乙。'));

        const anchor = await build(folder);
        const at = place(folder, 'content/ui.xml', '/services/#replace');
        const row = place(folder, 'site/theme/apply-choose.html',
            '/services/#replace');

        assert.equal(anchor.status, 1);
        assert.deepEqual(lines(anchor.said, 'E202'), [
            `content/ui.xml:${at}: 错误 E202: `
                + '页面“/services/”里没有“replace”这个位置',
            `site/theme/apply-choose.html:${row}: 错误 E202: `
                + '页面“/services/”里没有“replace”这个位置',
        ]);

        remove(folder, 'pages/services.md');

        const { status, said } = await build(folder);

        assert.equal(status, 1);

        // Three actions of ui.xml, two links of a certificate's row.
        assert.equal(lines(said, 'E201').length, 5);
    });
});


describe('an anchor of another page', () => {
    it('is suggested when it is near', async (t) => {
        const folder = lay(t);

        put(folder, 'pages/case.md', page('[甲](/services/#renev)、'
            + '[乙](/faq/#not-listd)、[丙](/platform/#jinzou)、'
            + '[丁](/services/#nothing-at-all)。'));

        const { status, said } = await build(folder);

        assert.equal(status, 1);
        assert.equal(lines(said, 'E202').length, 4);
        assert.deepEqual(said.match(/您是不是要写 \S+/g), [
            '您是不是要写 renew？', '您是不是要写 not-listed？',
            '您是不是要写 jinzhou？',
        ]);
    });
});


describe('the interface', () => {
    it('has states on pages that there are', async (t) => {
        const folder = lay(t);

        edit(folder, 'content/ui.xml', 'pages="apply-choose">',
            'pages="apply-chose order">');

        const { status, said } = await build(folder);
        const at = place(folder, 'content/ui.xml', 'apply-chose ');

        assert.equal(status, 1);
        assert.deepEqual(lines(said, 'E512'), [
            `content/ui.xml:${at}: 错误 E512: 没有这个办理页面：“apply-chose”`,
        ]);
        assert.match(said, /您是不是要写 apply-choose/);
    });

    it('has states that stand somewhere', async (t) => {
        const folder = lay(t);

        edit(folder, 'content/ui.xml', 'pages="apply-choose">', 'pages="">');

        const { status, said } = await build(folder);

        assert.equal(status, 1);
        assert.equal(lines(said, 'E512').length, 1);
    });

    it('has each problem once, by a name that is an address', async (t) => {
        const folder = lay(t);

        edit(folder, 'content/ui.xml', '<problem name="token-missing"',
            '<problem name="request-malformed"');
        edit(folder, 'content/ui.xml', '<problem name="token-malformed"',
            '<problem name="Token_Malformed"');

        const { status, said } = await build(folder);
        const text = readFileSync(path.join(folder, 'content/ui.xml'), 'utf8')
            .split('\n');
        const row = (name) => text.findLastIndex((line) =>
            line.includes(`"${name}"`)) + 1;

        assert.equal(status, 1);
        assert.deepEqual(lines(said, 'E122'), [
            `content/ui.xml:${row('request-malformed')}:18: 错误 E122: `
                + '地址“request-malformed”用了两次',
        ]);
        assert.deepEqual(lines(said, 'E121'), [
            `content/ui.xml:${row('Token_Malformed')}:18: 错误 E121: `
                + '地址只能用小写字母、数字和连字符：“Token_Malformed”',
        ]);
    });
});


describe('a price in the text', () => {
    const question = '{price city=210700 held=ln-resource add=jinzhou}';

    it('is the same while a platform is paused', async (t) => {
        const folder = lay(t);
        const file = path.join(folder, 'out/case.html');

        put(folder, 'pages/case.md', page(`${question}。`));
        assert.equal((await build(folder)).status, 0);

        const before = readFileSync(file, 'utf8');

        edit(folder, 'content/catalogue.xml',
            /<platform id="jinzhou"[^>]*>/.exec(readFileSync(path.join(folder,
                'content/catalogue.xml'), 'utf8'))[0],
            /<platform id="jinzhou"[^>]*>/.exec(readFileSync(path.join(folder,
                'content/catalogue.xml'), 'utf8'))[0]
                .replace('status="open"', 'status="paused"'));

        const { status, said } = await build(folder);

        assert.equal(status, 0, said);
        assert.equal(readFileSync(file, 'utf8'), before);
    });

    it('is for a city that the catalogue has', async (t) => {
        const folder = lay(t);

        put(folder, 'pages/case.md', page(`${
            question.replace('210700', '210701')}。`));

        const { status, said } = await build(folder);

        assert.equal(status, 1);
        assert.deepEqual(lines(said, 'E305'), [
            'content/pages/case.md:7:13: 错误 E305: 没有这个城市：“210701”',
        ]);
        assert.match(said, /您是不是要写 \d{6}（.+）/);
    });
});


describe('a guide', () => {
    it('may have more steps than the search has numbers', async (t) => {
        const folder = lay(t);
        const steps = Array.from({ length: 130 }, (_, i) =>
            `## 第 ${i + 1} 步 {#s${i + 1}}\n\n看图。\n`);

        put(folder, 'guides/long.md', '---\ntitle: 长\nmenu: 长\n'
            + 'summary: 一。\nupdated: 2026-11-20\nwho: 人\ntime: 一天\n'
            + `fee: 无\nresult: 无\n---\n\n# 组\n\n${steps.join('\n')}`);
        put(folder, 'pages/after.md', page('[末步](/guide/long/s130/)。'));

        const { status, said } = await build(folder);

        assert.equal(status, 0, said);
        assert.ok(existsSync(path.join(folder, 'out/guide/long/s130.html')));
    });
});
