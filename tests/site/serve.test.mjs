// How nginx serves the site: addresses, headers, caching, compression, errors.

import assert from 'node:assert/strict';
import { appendFileSync, readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { after, before, describe, it } from 'node:test';
import zlib from 'node:zlib';

import { ask, build, say, scratch, serve } from './server.mjs';

const guide = '/guide/add-platform/';
const step = '/guide/add-platform/choose-certificate/';
const year = 'public, max-age=31536000, immutable';

describe('the site on nginx', () => {
    let site;
    let server;
    let get;

    const undo = [];
    const suite = { after: (task) => undo.unshift(task) };

    before(async () => {
        const folder = scratch(suite);

        site = path.join(folder, 'www');
        build(site, ['--compress', 'quick']);

        // A fault that the files cannot have: a page that is a 500.
        appendFileSync(path.join(site, '.caplat/csp.conf'),
            'location = /test-fault { return 500; }\n');

        server = await serve(suite, site, path.join(folder, 'run'));
        get = (target, options) => ask(server.port, target, options);
    });

    after(async () => {
        for (const task of undo) {
            await task();
        }
    });

    const file = (name) => readFileSync(path.join(site, name));

    const first = (folder, pattern) => {
        const name = readdirSync(path.join(site, folder))
            .find((one) => pattern.test(one));

        assert.ok(name, `${folder} has a file like ${pattern}`);

        return `/${folder}/${name}`;
    };

    describe('addresses', () => {
        const pages = { '/': 'index.html', [guide]: 'guide/add-platform.html',
            [step]: 'guide/add-platform/choose-certificate.html',
            '/guide/': 'guide.html' };

        for (const [address, name] of Object.entries(pages)) {
            it(`${address} is ${name}`, async () => {
                const answer = await get(address);

                assert.equal(answer.status, 200);
                assert.deepEqual(answer.body, file(name));
                assert.equal(answer.headers['content-type'],
                    'text/html; charset=utf-8');
            });
        }

        const moved = { '/guide/add-platform': guide,
            '/guide/add-platform.html': guide,
            '/guide/add-platform?a=1': `${guide}?a=1`,
            '//guide//add-platform': guide,
            '/guide': '/guide/', '/index.html': '/', '/index/': '/' };

        for (const [address, place] of Object.entries(moved)) {
            it(`${address} has moved to ${place}, on any host`, async () => {
                const answer = await get(address);

                assert.equal(answer.status, 301);
                assert.equal(answer.headers.location, place);
            });
        }

        const missing = ['/nothing', '/nothing/', '/nothing.html', '/guide//x/',
            '/404', '/404/', '/404.html', '/50x/', '/50x.html', '/Guide/',
            '/.caplat/manifest', '/.caplat/csp.conf', '/guide/.git/config',
            '/.well-known/.hidden', '/index.html.br', '/index.html.gz',
            '/guide/%0d%0aX-Evil:%201',
            '/guide/add-platform.html/'];

        for (const address of missing) {
            it(`${address} is a 404`, async () => {
                const answer = await get(address);

                assert.equal(answer.status, 404);
                assert.deepEqual(answer.body, file('404.html'));
                assert.equal(answer.headers['cache-control'], 'no-store');
                assert.equal(answer.headers['x-evil'], undefined);
            });
        }

        it('/.well-known/security.txt is served', async () => {
            assert.equal((await get('/.well-known/security.txt')).status, 200);
        });
    });

    describe('types', () => {
        const types = {
            '/robots.txt': 'text/plain; charset=utf-8',
            '/sitemap.xml': 'application/xml; charset=utf-8',
            '/feed.xml': 'application/atom+xml; charset=utf-8',
            '/platform.json': 'application/json; charset=utf-8',
            '/site.webmanifest': 'application/manifest+json; charset=utf-8',
            '/rates/current.txt': 'text/plain; charset=utf-8',
        };

        for (const [address, type] of Object.entries(types)) {
            it(`${address} is ${type}`, async () => {
                const answer = await get(address);

                assert.equal(answer.status, 200);
                assert.equal(answer.headers['content-type'], type);
            });
        }

        it('WebAssembly has its own, or browsers compile it late', async () => {
            const answer = await get(first('assets', /\.wasm$/));

            assert.equal(answer.headers['content-type'], 'application/wasm');
        });
    });

    describe('caching', () => {
        const kept = async (address, control) => {
            const answer = await get(address);

            assert.equal(answer.status, 200);
            assert.equal(answer.headers['cache-control'], control);
        };

        it('a page: five minutes, a day while it is fetched anew', () =>
            kept(step, 'public, max-age=300, stale-while-revalidate=86400'));
        it('an asset: for ever', () => kept(first('assets', /\.css$/), year));
        it('a rate card: for ever', () =>
            kept(first('rates', /^[0-9a-f]{64}\.txt$/), year));
        it('the current rate card: a minute', () =>
            kept('/rates/current.txt', 'public, max-age=60'));
        it('the search index: five minutes', () =>
            kept(first('search', /\.bin$/), 'public, max-age=300'));

        it('an answer to a known ETag has no body and the same headers',
            async () => {
                const full = await get(step);
                const answer = await get(step,
                    { headers: { 'If-None-Match': full.headers.etag } });

                assert.equal(answer.status, 304);
                assert.equal(answer.body.length, 0);

                for (const name of ['etag', 'cache-control',
                    'content-security-policy', 'vary']) {
                    assert.equal(answer.headers[name], full.headers[name]);
                }
            });

        it('a missing asset is not kept', async () => {
            const answer = await get('/assets/0000.css');

            assert.equal(answer.status, 404);
            assert.equal(answer.headers['cache-control'], 'no-store');
        });
    });

    describe('compression', () => {
        const open = { br: zlib.brotliDecompressSync, gzip: zlib.gunzipSync };
        const wanted = { br: 'br', gzip: 'gzip', 'gzip, deflate, br': 'br' };

        for (const [accept, coding] of Object.entries(wanted)) {
            it(`${accept} gets ${coding}`, async () => {
                const answer = await get(step,
                    { headers: { 'Accept-Encoding': accept } });

                assert.equal(answer.headers['content-encoding'], coding);
                assert.equal(answer.headers.vary, 'Accept-Encoding');
                assert.deepEqual(open[coding](answer.body),
                    file('guide/add-platform/choose-certificate.html'));
            });
        }

        it('each coding has its own ETag', async () => {
            const tags = await Promise.all(['br', 'gzip', 'identity'].map(
                async (accept) => (await get(step,
                    { headers: { 'Accept-Encoding': accept } })).headers.etag));

            assert.equal(new Set(tags).size, 3);
        });

        it('who takes none gets none, and Vary all the same', async () => {
            const answer = await get(step);

            assert.equal(answer.headers['content-encoding'], undefined);
            assert.equal(answer.headers.vary, 'Accept-Encoding');
        });

        it('gzip reaches readers behind a proxy', async () => {
            const answer = await get(step,
                { headers: { 'Accept-Encoding': 'gzip', Via: '1.1 proxy' } });

            assert.equal(answer.headers['content-encoding'], 'gzip');
        });
    });

    describe('headers and faults', () => {
        const safe = (headers) => {
            assert.match(headers['content-security-policy'],
                /frame-ancestors 'none'/);
            assert.doesNotMatch(headers['content-security-policy'],
                /unsafe-inline|unsafe-eval(?<!wasm-unsafe-eval)/);
            assert.equal(headers['x-content-type-options'], 'nosniff');
            assert.ok(headers['referrer-policy']);
            assert.ok(headers['permissions-policy']);
            assert.equal(headers['strict-transport-security'], undefined);
            assert.equal(headers.server, 'nginx');
        };

        const answers = [['/', 'GET', 200], ['/guide', 'GET', 301],
            ['/nothing', 'GET', 404], ['/', 'HEAD', 200], ['/', 'POST', 405],
            ['/', 'PUT', 405], ['/', 'OPTIONS', 405], ['/', 'TRACE', 405],
            ['/nothing', 'DELETE', 405], ['/test-fault', 'GET', 500]];

        for (const [address, method, status] of answers) {
            it(`${method} ${address} is ${status}, with all headers`,
                async () => {
                    const answer = await get(address, { method });

                    assert.equal(answer.status, status);
                    safe(answer.headers);
                    assert.equal(answer.headers.allow,
                        status === 405 ? 'GET, HEAD' : undefined);
                });
        }

        it('a fault shows the page that stands alone', async () => {
            const answer = await get('/test-fault');

            assert.deepEqual(answer.body, file('50x.html'));
            assert.equal(answer.headers['cache-control'], 'no-store');
        });

        it('a request that is none has all headers too', async () => {
            const answer = await say(server.port, 'GET / HTTP/1.1\r\n\r\n');
            const headers = Object.fromEntries(answer.split('\r\n\r\n')[0]
                .split('\r\n').slice(1).map((line) => {
                    const at = line.indexOf(':');

                    return [line.slice(0, at).toLowerCase(),
                        line.slice(at + 1).trim()];
                }));

            assert.match(answer, /^HTTP\/1\.1 400 /);
            safe(headers);
        });
    });

    describe('logs', () => {
        it('have the path that was asked for and no query', async () => {
            await get('/search/?q=secret-words', { headers: {
                Referer: 'http://127.0.0.1/?token=secret-referrer' } });
            await get('/nothing?token=secret-token');
            await get('/guide?token=secret-move');

            const access = readFileSync(path.join(server.logs, 'access.log'),
                'utf8');
            const faults = readFileSync(path.join(server.logs, 'error.log'),
                'utf8');

            assert.match(access, /"GET \/search\/ HTTP\/1\.1" 200/);
            assert.match(access, /"GET \/nothing HTTP\/1\.1" 404/);
            assert.doesNotMatch(access + faults, /secret|\?/);
        });
    });
});
