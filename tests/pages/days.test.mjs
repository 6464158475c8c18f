// What depends on the day, and what must not depend on anything: threads,
// earlier builds, the clock.

import assert from 'node:assert/strict';
import { cpSync, existsSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { describe, it } from 'node:test';

import { build, bytes, files, here, lay, notice, page, put, run }
    from './folder.mjs';


describe('notices', () => {
    const set = (t) => {
        const folder = lay(t);

        put(folder, 'notices/past.md', notice('过去', '2026-01-01',
            '2026-06-30'));
        put(folder, 'notices/now.md', notice('现在', '2026-06-30',
            '2026-12-31'));
        put(folder, 'notices/open.md', notice('一直', '2026-01-01'));
        put(folder, 'notices/future.md', notice('将来', '2027-01-01'));

        return folder;
    };

    const list = async (folder, date) => {
        const { status, said } = await build(folder, ['--date', date]);

        assert.equal(status, 0, said);

        const html = readFileSync(path.join(folder, 'out/notice.html'), 'utf8');

        return Array.from(html.matchAll(/<p>([^<]*)<\/p>/g), ([, one]) => one)
            .sort();
    };

    it('are listed from their first day to their last, then as past',
        async (t) => {
            const folder = set(t);

            assert.deepEqual(await list(folder, '2026-06-29'),
                ['一直', '过去']);
            assert.deepEqual(await list(folder, '2026-06-30'),
                ['一直', '现在', '过去']);
            assert.deepEqual(await list(folder, '2026-07-01'),
                ['past: 过去', '一直', '现在']);
            assert.deepEqual(await list(folder, '2027-01-01'),
                ['past: 现在', 'past: 过去', '一直', '将来']);
        });

    it('are nowhere before their first day, not even in the feed',
        async (t) => {
            const folder = set(t);

            await list(folder, '2026-12-31');
            assert.ok(!existsSync(path.join(folder, 'out/notice/future.html')));

            for (const name of files(path.join(folder, 'out'))) {
                assert.ok(!readFileSync(path.join(folder, 'out', name), 'utf8')
                    .includes('将来'), name);
            }

            await list(folder, '2027-01-01');
            assert.ok(existsSync(path.join(folder, 'out/notice/future.html')));
        });

    it('keep their address when they are past, and say that they are',
        async (t) => {
            const folder = set(t);

            await list(folder, '2026-07-01');
            assert.match(readFileSync(path.join(folder, 'out/notice/past.html'),
                'utf8'), /2026-01-01 2026-06-30 past/);
        });

    it('may not be linked to before they are there', async (t) => {
        const folder = set(t);

        put(folder, 'pages/case.md', page('见[公告](/notice/future/)。'));

        const { status, said } = await build(folder);

        assert.equal(status, 1);
        assert.match(said, /content\/pages\/case\.md:7:\d+: 错误 E201/);
    });
});


describe('the same input', () => {
    const much = (t) => {
        const folder = lay(t);

        for (const name of ['bold', 'forms', 'tables', 'blocks', 'guide',
            'faq'])
        {
            cpSync(path.join(here, name, 'content'),
                path.join(folder, 'content'), { recursive: true });
        }

        for (let i = 0; i < 40; i++) {
            put(folder, `pages/p${i}.md`,
                page(`第 ${i} 页，{platform jinzhou link}，{price city}。`));
        }

        return folder;
    };

    it('gives the same bytes with 1 and 8 threads', async (t) => {
        const folder = much(t);

        for (const threads of ['1', '8']) {
            const { status, said } = await build(folder,
                ['--threads', threads, '--out', threads, '--compress', 'quick']);

            assert.equal(status, 0, said);
        }

        assert.deepEqual(bytes(path.join(folder, '8')),
            bytes(path.join(folder, '1')));
    });

    it('writes nothing the second time', async (t) => {
        const folder = much(t);
        const changed = path.join(folder, 'changed');

        await build(folder, ['--changed', changed]);
        assert.ok(readFileSync(changed, 'utf8').includes('p7.html'));
        await build(folder, ['--changed', changed]);
        assert.equal(readFileSync(changed, 'utf8'), '');
    });

    it('with one edit writes what differs', async (t) => {
        const folder = much(t);
        const changed = path.join(folder, 'changed');

        await build(folder);
        put(folder, 'pages/p7.md', page('第 7 页，改了。'));

        const before = new Map(bytes(path.join(folder, 'out')).map((line) =>
            line.split(' ')));

        await build(folder, ['--changed', changed]);

        const after = bytes(path.join(folder, 'out')).map((line) =>
            line.split(' '));
        const differ = after.filter(([name, text]) => before.get(name) !== text)
            .map(([name]) => name)
            .filter((name) => !name.startsWith('.caplat/'));
        const told = readFileSync(changed, 'utf8').trim().split('\n').sort();

        assert.deepEqual(told.filter((name) => !name.startsWith('search/')),
            differ.filter((name) => !name.startsWith('search/')).sort());
        assert.ok(told.includes('p7.html'));
        assert.ok(!told.includes('p8.html'));
    });

    it('takes its day from the environment, or from the content', async (t) => {
        const folder = lay(t);
        const has = async (options, environment) => {
            rmSync(path.join(folder, 'out'), { recursive: true, force: true });

            const { status, said } = await run(folder, 'build',
                ['--out', 'out', ...options], environment);

            assert.equal(status, 0, said);

            return existsSync(path.join(folder, 'out/notice/soon.html'));
        };

        put(folder, 'notices/soon.md', notice('快了', '2027-01-01'));

        // 16:00 in Greenwich is midnight in Beijing.
        const epoch = Date.UTC(2026, 11, 31, 16) / 1000;

        assert.equal(await has([], {}), false);
        assert.equal(await has([], { SOURCE_DATE: '2027-01-01' }), true);
        assert.equal(await has([], { SOURCE_DATE_EPOCH: `${epoch}` }), true);
        assert.equal(await has([], { SOURCE_DATE_EPOCH: `${epoch - 1}` }),
            false);
        assert.equal(await has(['--date', '2026-12-31'],
            { SOURCE_DATE: '2027-01-01' }), false);
    });
});
