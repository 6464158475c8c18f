// What the generator refuses outside of the texts: folders, arguments,
// site.txt, the catalogue's words.

import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, readdirSync,
    rmSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, it } from 'node:test';

import { build, bytes, files, generator, lay, put, run } from './folder.mjs';

const text = (folder, name) =>
    readFileSync(path.join(folder, name), 'utf8');


// One change in a file of the content.
function change(folder, name, from, to) {
    const is = text(folder, path.join('content', name));

    assert.ok(is.includes(from), from);
    put(folder, name, is.replace(from, to));
}


describe('a folder to publish into', () => {
    for (const out of ['content', 'content/', 'content/www', 'site',
        'site/theme/www', '.', 'link', 'link/www'])
    {
        it(`is not among the sources: ${out}`, async (t) => {
            const folder = lay(t);

            symlinkSync('content', path.join(folder, 'link'));

            const before = files(path.join(folder, 'content'));
            const { status, said } = await build(folder, ['--out', out]);

            assert.equal(status, 64, said);
            assert.match(said, /请换一个 --out/);
            assert.deepEqual(files(path.join(folder, 'content')), before);
        });
    }

    it('may begin like the sources', async (t) => {
        const folder = lay(t);

        assert.equal((await build(folder, ['--out', 'content2'])).status, 0);
    });

    it('holds nobody else’s files', async (t) => {
        const folder = lay(t);

        mkdirSync(path.join(folder, 'out'));
        writeFileSync(path.join(folder, 'out/mine'), 'mine');

        const { status, said } = await build(folder, [], { LANG: 'en' });

        assert.equal(status, 64);
        assert.match(said, /out: this folder is not empty and no site/);
        assert.deepEqual(files(path.join(folder, 'out')), ['mine']);

        rmSync(path.join(folder, 'out/mine'));
        assert.equal((await build(folder)).status, 0);
    });

    it('is ours when a first build was cut short', async (t) => {
        const folder = lay(t);

        mkdirSync(path.join(folder, 'out/.caplat'), { recursive: true });
        writeFileSync(path.join(folder, 'out/.caplat/manifest~'), '');
        writeFileSync(path.join(folder, 'out/index.html'), 'half');
        assert.equal((await build(folder)).status, 0);
        assert.deepEqual(readdirSync(path.join(folder, 'out/.caplat'))
            .filter((name) => name.startsWith('manifest')), ['manifest']);
    });

    it('is left alone when the list of changes has no place', async (t) => {
        const folder = lay(t);
        const { status, said } = await build(folder,
            ['--changed', 'no/where']);

        assert.equal(status, 1);
        assert.match(said, /no\/where: /);
        assert.ok(!existsSync(path.join(folder, 'out')));
    });

    it('is the same as its list of changes', async (t) => {
        const folder = lay(t);

        assert.equal((await build(folder, ['--changed', 'list'])).status, 0);
        assert.deepEqual(text(folder, 'list').trim().split('\n').sort(),
            files(path.join(folder, 'out'))
                .filter((name) => name !== '.caplat/manifest').sort());

        const before = bytes(path.join(folder, 'out'));

        assert.equal((await build(folder, ['--changed', 'list'])).status, 0);
        assert.equal(text(folder, 'list'), '');
        assert.deepEqual(bytes(path.join(folder, 'out')), before);
    });
});


describe('a content', () => {
    it('has no pipes', async (t) => {
        const folder = lay(t);

        execFileSync('mkfifo', [path.join(folder, 'content/pages/p.md')]);

        const { status, said } = await build(folder);

        assert.equal(status, 1);
        assert.match(said, /pages\/p\.md:1:1: 错误 E101/);
    });

    for (const [key, value] of [['phone-link', 'javascript:x()'],
        ['phone-link', '+8602400000000'], ['phone-link', 'tel:+'],
        ['phone-link', 'tel:+86 24'], ['phone-link', 'tel:+1234567890123456'],
        ['email', 'nobody'], ['email', '@a.cn'], ['email', 'a@'],
        ['email', 'a b@c.cn'], ['email', 'a@b@c'],
        ['origin', 'https://a.cn/'], ['origin', 'http://a.cn'],
        ['origin', 'https://'], ['origin', 'https://a.cn"x']])
    {
        it(`has no ${key}: ${value}`, async (t) => {
            const folder = lay(t);

            put(folder, 'site.txt', text(folder, 'content/site.txt')
                .replace(new RegExp(`^${key}: .*`, 'm'), `${key}: ${value}`));

            const { status, said } = await build(folder);

            assert.equal(status, 1);
            assert.match(said, new RegExp(
                `site\\.txt:\\d+:\\d+: 错误 E114: “${key}”的值不对`));
        });
    }

    for (const [what, from, to, code] of [
        ['two platforms of a name', '<name>锦州市公共资源平台',
            '<name>沈阳市公共资源平台', 'E605'],
        ['an alias that is a class', '<alias>锦州公共资源平台',
            '<alias>市级平台', 'E605'],
        ['an alias that is the base', '<alias>锦州公共资源平台',
            '<alias>套餐', 'E605'],
        ['a form that is none', 'reason="{price} 元/年"',
            'reason="{prise} 元/年"', 'E606'],
        ['a form twice', 'reason="{price} 元/年"',
            'reason="{price} 元/{price}"', 'E606'],
        ['a form of the wrong place', '剩余 {n} 个月', '剩余 {price} 个月',
            'E606'],
        ['a doctype', '<catalogue ', '<!DOCTYPE catalogue>\n<catalogue ',
            'E601']])
    {
        it(`has no catalogue with ${what}`, async (t) => {
            const folder = lay(t);

            change(folder, 'catalogue.xml', from, to);

            const { status, said } = await build(folder);

            assert.equal(status, 1);
            assert.match(said, new RegExp(
                `catalogue\\.xml:\\d+:\\d+: 错误 ${code}`));
        });
    }

    it('says why a price is none on a day', async (t) => {
        const folder = lay(t);

        put(folder, 'pages/case.md', '---\ntitle: 一\nsummary: 一。\n'
            + 'updated: 2026-11-20\n---\n\n{price city}\n');

        const { said } = await build(folder, ['--date', '2020-01-01']);

        assert.match(said, /case\.md:7:8: 错误 E303: 算不出价格：.*这一天没有/);
        assert.doesNotMatch(said, /E304/);
    });
});


describe('platforms for machines', () => {
    it('are on sale when they are open', async (t) => {
        const folder = lay(t);

        change(folder, 'catalogue.xml', 'region="210700" status="open"',
            'region="210700" status="paused"');
        writeFileSync(path.join(folder, 'site/theme/platform.html'),
            '<c:page xmlns:c="urn:caplat:theme"><c:fill name="main">'
            + '<p>{platform.availability}</p></c:fill></c:page>');
        assert.equal((await build(folder)).status, 0);

        const offer = (id) => text(folder, `out/platform/${id}.html`)
            .match(/<p>(https:\/\/schema\.org\/\w+)<\/p>/)?.[1];

        assert.equal(offer('jinzhou'), 'https://schema.org/OutOfStock');
        assert.equal(offer('shenyang'), 'https://schema.org/InStock');
    });

    it('are kept under the name of their hash', async (t) => {
        const folder = lay(t);

        assert.equal((await build(folder)).status, 0);

        const [json] = readdirSync(path.join(folder, 'out/assets'))
            .filter((name) => name.endsWith('.json'));

        assert.match(json, /^[0-9a-f]{20}\.json$/);
        assert.equal(text(folder, `out/assets/${json}`),
            text(folder, 'out/platform.json'));
    });
});


describe('arguments', () => {
    it('are refused by the program’s name', async (t) => {
        const folder = lay(t);
        const { status, said } = await run(folder, 'check', ['--bogus']);

        assert.equal(status, 64);
        assert.match(said, /^caplat-site: unrecognized option/);
    });

    it('make no page that the program makes', (t) => {
        const cwd = lay(t);
        const make = (...words) => spawnSync(generator, ['new', ...words],
            { cwd, encoding: 'utf8' });
        const taken = make('page', 'guide');

        assert.equal(taken.status, 64);
        assert.match(taken.stderr, /"guide"/);
        assert.ok(!existsSync(path.join(cwd, 'content/pages/guide.md')));
        assert.equal(make('page', 'other').status, 0);
    });

    it('are told of a city that the card has not', async (t) => {
        const cwd = lay(t);

        assert.equal((await build(cwd)).status, 0);

        const rates = `out/rates/${text(cwd, 'out/rates/current.txt').trim()
        }.txt`;
        const { status, stdout, stderr } = spawnSync(generator, ['price',
            '--rates', rates, '--city', '999999', '--add', 'jinzhou',
            '--months', '3'], { cwd, encoding: 'utf8' });

        assert.equal(status, 0);
        assert.match(stdout, /262\.50 元/);
        assert.match(stderr, /999999：费率卡里没有这个地区.*210700 锦州市/);
    });
});
