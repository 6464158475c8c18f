// The site is a function of its input: not of the hour, the number of threads
// or what stood there before.

import assert from 'node:assert/strict';
import { cpSync, readFileSync, readdirSync, statSync, writeFileSync }
    from 'node:fs';
import path from 'node:path';
import { describe, it } from 'node:test';

import { ask, build, root, scratch, serve } from './server.mjs';

const manifest = '.caplat/manifest';

// Every file's bytes and time by its name.
function read(folder, under = '') {
    return readdirSync(path.join(folder, under), { withFileTypes: true })
        .sort((a, b) => (a.name < b.name ? -1 : 1))
        .flatMap((entry) => {
            const name = path.join(under, entry.name);

            return entry.isDirectory() ? read(folder, name)
                : [[name, readFileSync(path.join(folder, name)),
                    statSync(path.join(folder, name)).mtimeMs]];
        });
}

const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

describe('two builds', () => {
    for (const threads of ['1', '2', '7']) {
        it(`are equal, times and all, with ${threads} threads`, async (t) => {
            const folder = scratch(t);

            build(path.join(folder, 'one'), ['--compress', 'quick']);
            await pause(1100);
            build(path.join(folder, 'two'),
                ['--compress', 'quick', '--threads', threads]);

            assert.deepEqual(read(path.join(folder, 'two')),
                read(path.join(folder, 'one')));
        });
    }

    const sanitizers = { addresses: 'build/asan/caplat-site',
        threads: 'build/tsan/caplat-site' };

    for (const [words, generator] of Object.entries(sanitizers)) {
        it(`are equal when one is watched for faults of ${words}`, (t) => {
            const folder = scratch(t);

            build(path.join(folder, 'one'), ['--compress', 'quick']);
            build(path.join(folder, 'two'),
                ['--compress', 'quick', '--threads', '4'], generator);

            assert.deepEqual(read(path.join(folder, 'two')),
                read(path.join(folder, 'one')));
        });
    }

    it('have the same ETags', async (t) => {
        const folder = scratch(t);
        const tags = [];

        for (const name of ['one', 'two']) {
            build(path.join(folder, name), ['--compress', 'quick']);

            const server = await serve(t, path.join(folder, name),
                path.join(folder, `run-${name}`));

            for (const coding of ['br', 'gzip', 'identity']) {
                for (const page of ['/', '/guide/add-platform/', '/feed.xml']) {
                    const answer = await ask(server.port, page,
                        { headers: { 'Accept-Encoding': coding } });

                    assert.equal(answer.status, 200);
                    tags.push(`${name} ${answer.headers.etag}`);
                }
            }

            await pause(1100);
        }

        const of = (name) => tags.filter((tag) => tag.startsWith(name))
            .map((tag) => tag.slice(name.length));

        assert.deepEqual(of('two'), of('one'));
    });
});

describe('a build over another', () => {
    it('changes nothing when nothing has changed', (t) => {
        const folder = scratch(t);
        const out = path.join(folder, 'www');

        build(out, ['--compress', 'quick']);

        // The manifest is away while a build writes, so it is always new.
        const inodes = read(out).filter(([name]) => name !== manifest)
            .map(([name]) => [name, statSync(path.join(out, name)).ino,
                statSync(path.join(out, name)).ctimeMs]);

        build(out, ['--compress', 'quick']);

        for (const [name, inode, time] of inodes) {
            const now = statSync(path.join(out, name));

            assert.equal(now.ino, inode, name);
            assert.equal(now.ctimeMs, time, name);
        }
    });

    // nginx makes an ETag of a file's time and length. A page that changes
    // and keeps its length must not keep its ETag.
    it('gives a changed page of the same length another time', (t) => {
        const folder = scratch(t);
        const content = path.join(folder, 'content');
        const source = path.join(content, 'pages/about.md');
        const out = path.join(folder, 'www');
        const about = path.join(out, 'about.html');

        cpSync(path.join(root, 'content'), content, { recursive: true });

        const text = readFileSync(source, 'utf8');

        writeFileSync(source, `${text}\n第一种写法。\n`);
        build(out, ['--content', content]);
        const before = statSync(about);

        writeFileSync(source, `${text}\n第二种写法。\n`);
        build(out, ['--content', content]);
        const after = statSync(about);

        assert.equal(after.size, before.size);
        assert.notEqual(Math.floor(after.mtimeMs / 1000),
            Math.floor(before.mtimeMs / 1000));
    });

    it('removes what is no longer made and goes back to the same bytes',
        (t) => {
            const folder = scratch(t);
            const content = path.join(folder, 'content');
            const out = path.join(folder, 'www');

            cpSync(path.join(root, 'content'), content, { recursive: true });
            build(out, ['--content', content]);

            const before = read(out);

            writeFileSync(path.join(content, 'notices/for-a-test.md'),
                '---\ntitle: 测试公告\nsummary: 只在测试里出现。\n'
                + 'updated: 2021-06-18\nfrom: 2021-06-18\n---\n\n正文。\n');
            build(out, ['--content', content]);
            assert.ok(read(out).some(([name]) =>
                name === 'notice/for-a-test.html'));

            cpSync(path.join(root, 'content'), path.join(folder, 'again'),
                { recursive: true });
            build(out, ['--content', path.join(folder, 'again')]);
            assert.deepEqual(read(out), before);
        });
});
