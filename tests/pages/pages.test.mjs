// The generator from outside: a folder in, a folder out.
//
//   NAME/content   laid over base/, built with the theme of theme/
//   NAME/want      files of the site, byte for byte
//   errors/KIND-NAME.md, catalogue-NAME.xml and what is said of it in .txt
//
// How many files a site has is the theme's affair and is left out of what is
// said.
//
// UPDATE=1 writes what is there now as what is wanted: read the difference.

import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readFileSync, readdirSync, rmSync,
    statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, it } from 'node:test';

import { build, day, files, generator, here, lay, page, put, run }
    from './folder.mjs';

const update = process.env.UPDATE === '1';

const folderOf = { page: 'pages', notice: 'notices', guide: 'guides',
    faq: 'faq' };


function wanted(file, is) {
    if (update) {
        mkdirSync(path.dirname(file), { recursive: true });
        writeFileSync(file, is);
    }

    assert.equal(is, readFileSync(file, 'utf8'));
}


describe('a folder in, a folder out', () => {
    const names = readdirSync(here, { withFileTypes: true })
        .filter((entry) => existsSync(path.join(here, entry.name, 'want')))
        .map((entry) => entry.name);

    assert.ok(names.length > 0);

    for (const name of names) {
        it(name, async (t) => {
            const folder = lay(t, path.join(here, name, 'content'));
            const { status, said } = await build(folder);

            assert.equal(status, 0, said);

            for (const file of files(path.join(here, name, 'want'))) {
                wanted(path.join(here, name, 'want', file),
                    readFileSync(path.join(folder, 'out', file), 'utf8'));
            }
        });
    }
});


describe('what is wrong', () => {
    const cases = readdirSync(path.join(here, 'errors'))
        .filter((name) => !name.endsWith('.txt'));

    for (const name of cases) {
        const [kind] = name.split('-');

        it(name, async (t) => {
            const folder = lay(t);
            const target = kind === 'catalogue' ? 'catalogue.xml'
                : `${folderOf[kind]}/case.md`;

            mkdirSync(path.dirname(path.join(folder, 'content', target)),
                { recursive: true });
            cpSync(path.join(here, 'errors', name),
                path.join(folder, 'content', target));

            const { status, said } = await build(folder);

            wanted(path.join(here, 'errors', name.replace(/\.\w+$/, '.txt')),
                said.replace(/^\d+ 个文件，.*\n/, ''));
            assert.equal(status, /错误/.test(said) ? 1 : 0);
            assert.equal(existsSync(path.join(folder, 'out')), status === 0);
        });
    }

    it('is told in English, too, and to machines', async (t) => {
        const folder = lay(t);

        put(folder, 'pages/case.md', page('登陆，见 {platform jinzou}。'));

        const chinese = await build(folder);
        const english = await build(folder, [], { LANG: 'en_US.UTF-8' });
        const github = await build(folder, ['--format', 'github']);
        const json = await build(folder, ['--format', 'json']);
        const told = [chinese, english, github].map(({ said }) =>
            said.split('\n').filter((line) =>
                /E203/.test(line)).join());

        assert.deepEqual(told, [
            'content/pages/case.md:7:16: 错误 E203: 没有这个平台：“jinzou”',
            'content/pages/case.md:7:16: error E203: '
                + 'there is no platform "jinzou"',
            '::error file=content/pages/case.md,line=7,col=16,endColumn=22,'
                + 'title=E203::没有这个平台：“jinzou”%0A'
                + '您是不是要写 jinzhou（锦州市公共资源平台）？',
        ]);

        const list = JSON.parse(json.stdout);

        assert.deepEqual(list.map(({ code }) => code), ['W801', 'E203']);
        assert.deepEqual(list[1], { file: 'content/pages/case.md', line: 7,
            column: 16, endColumn: 22, level: 'error', code: 'E203',
            message: '没有这个平台：“jinzou”',
            hint: '您是不是要写 jinzhou（锦州市公共资源平台）？' });
    });

    it('is an empty list to machines when nothing is', async (t) => {
        const folder = lay(t);
        const { status, stdout } = await run(folder, 'check',
            ['--format', 'json']);

        assert.equal(status, 0);
        assert.deepEqual(JSON.parse(stdout), []);
    });

    it('is told in the order of files and places, whatever the threads',
        async (t) => {
            const folder = lay(t);

            for (let i = 0; i < 30; i++) {
                put(folder, `pages/p${i}.md`,
                    page(`{platform x}\n\n{price y}\n\n登陆 ${i}。`));
            }

            const one = await build(folder, ['--threads', '1']);
            const many = await build(folder, ['--threads', '8']);
            const places = Array.from(one.said.matchAll(
                /^content\/(\S+?):(\d+):(\d+): /gm), ([, file, line, column]) =>
                [file, Number(line), Number(column)]);

            assert.ok(places.length >= 90);
            assert.deepEqual(many, one);

            for (let i = 1; i < places.length; i++) {
                if (places[i][0] === places[i - 1][0]) {
                    assert.ok(places[i][1] >= places[i - 1][1], one.said);
                }
            }

            const order = places.map(([file]) => file)
                .filter((file, i, all) => file !== all[i - 1]);

            assert.equal(new Set(order).size, order.length);
        });

    it('touches nothing that is published', async (t) => {
        const folder = lay(t);
        const out = path.join(folder, 'out');
        const stamp = () => files(out).map((name) => {
            const { ino, mtimeNs, ctimeNs } = statSync(path.join(out, name),
                { bigint: true });

            return `${name} ${ino} ${mtimeNs} ${ctimeNs}`;
        });

        put(folder, 'pages/case.md', page('好。'));
        assert.equal((await build(folder)).status, 0);

        const before = stamp();

        put(folder, 'pages/case.md', page('{platform x}'));
        put(folder, 'pages/new.md', page('新的。'));
        assert.equal((await build(folder)).status, 1);
        assert.deepEqual(stamp(), before);
    });

    it('lets warnings pass, but not with --strict', async (t) => {
        const folder = lay(t);

        put(folder, 'pages/case.md', page('请登陆。'));

        const lax = await build(folder);

        assert.equal(lax.status, 0);
        assert.match(lax.said, /警告 W801/);
        assert.ok(existsSync(path.join(folder, 'out/case.html')));

        rmSync(path.join(folder, 'out'), { recursive: true });

        const strict = await build(folder, ['--strict']);

        assert.equal(strict.status, 1);
        assert.match(strict.said, /错误 W801/);
        assert.ok(!existsSync(path.join(folder, 'out')));
    });

    it('is the same for check, which writes nothing', async (t) => {
        const folder = lay(t);

        put(folder, 'pages/case.md', page('{platform x}'));

        const before = files(folder);
        const built = await build(folder);
        const checked = await run(folder, 'check', ['--date', day]);

        assert.equal(checked.status, 1);
        assert.equal(checked.said, built.said);
        assert.deepEqual(files(folder), before);
    });

    it('may be what is not text at all', async (t) => {
        const folder = lay(t);

        put(folder, 'pages/latin.md', Buffer.from(page('\xe9'), 'latin1'));
        put(folder, 'pages/nul.md', page('甲\0乙'));
        put(folder, 'pages/crlf.md', page('甲\n\n{platform x}')
            .replace(/\n/g, '\r\n'));
        put(folder, 'pages/Big Name.md', page('甲'));
        put(folder, 'pages/empty.md', '');

        const { status, said } = await build(folder);

        assert.equal(status, 1);
        assert.match(said, /^content\/pages\/latin\.md:\d+:\d+: 错误 E102/m);
        assert.match(said, /^content\/pages\/crlf\.md:9:11: 错误 E203/m);
        assert.match(said, /^content\/pages\/Big Name\.md:1:1: 错误 E104/m);
        assert.match(said, /^content\/pages\/empty\.md:1:1: 错误 E110/m);
    });

    it('may be a name that the program needs itself', async (t) => {
        const folder = lay(t);

        for (const name of ['404', '50x', 'apply', 'changes', 'faq', 'guide',
            'index', 'notice', 'order', 'platform', 'problems', 'search',
            'sitemap'])
        {
            put(folder, `pages/${name}.md`, page('甲'));
        }

        const { status, said } = await build(folder);

        assert.equal(status, 1);
        assert.equal(said.match(/\.md:1:1: 错误 E107/g).length, 13);
    });

    it('may be a step where the printed guide is', async (t) => {
        const folder = lay(t);
        const guide = readFileSync(path.join(here,
            'guide/content/guides/g.md'), 'utf8');

        put(folder, 'guides/g.md', guide.replaceAll('third', 'print'));

        const { status, said } = await build(folder);

        assert.equal(status, 1);
        assert.match(said, /guides\/g\.md:60:\d+: 错误 E107/);
    });

    it('may be a question in two files', async (t) => {
        const folder = lay(t);

        for (const name of ['a', 'b']) {
            put(folder, `faq/${name}.md`, '---\ntitle: 问\n'
                + 'updated: 2026-11-20\n---\n\n# 组\n\n'
                + '## 问？ {#one}\n\n答。\n');
        }

        const { status, said } = await build(folder);

        assert.equal(status, 1);
        assert.match(said, /^content\/faq\/b\.md:8:9: 错误 E122/m);
        assert.equal(said.match(/E122/g).length, 1);
    });

    for (const arguments_ of [[], ['nothing'], ['build'],
        ['build', '--content', 'x', '--site', 'y'],
        ['check', '--content', 'content', '--site', 'site', 'more'],
        ['build', '--threads', '0x1'], ['build', '--threads', '0'],
        ['build', '--date', '2026-02-30'],
        ['build', '--compress', 'much'], ['build', '--no-such-thing']])
    {
        it(`may be the arguments: ${arguments_.join(' ')}`, async (t) => {
            const folder = lay(t);
            const status = await new Promise((resolve) => execFile(generator,
                arguments_, { cwd: folder }, (error) => resolve(error?.code)));

            assert.equal(status, 64);
        });
    }
});
