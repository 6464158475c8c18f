// The module in other ways than `make` has it: linked into nginx's own source,
// by another compiler, with sanitizers, in a newer nginx; and what is visible
// of it from outside.

import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, it } from 'node:test';

import { root, scratch } from '../site/server.mjs';
import { Authority } from './ca.mjs';
import { byBrowser, byServer, claims, identity, pair, partner, question }
    from './people.mjs';
import { conf, edge, lay, missing, moment, once, sighted }
    from './server.mjs';
import { ask, problem } from './wire.mjs';

const made = (name) => path.join(root, 'build', name);
const loaded = made('nginx-module/ngx_http_caplat_module.so');

const builds = {
    'in nginx 1.22 by clang, with sanitizers': { folder: 'nginx-asan',
        release: 'bookworm', version: /^1\.22\./, compiler: 'clang',
        flags: /-fsanitize=address,undefined/ },
    'in a newer nginx by gcc': { folder: 'nginx-new', release: 'trixie',
        version: /^1\.(2[6-9]|[3-9]\d)\./, compiler: 'gcc', flags: /-O2/ },
};

// Why something has not been made. nginx's source comes from Debian's archive.
function without(file, release) {
    if (existsSync(file)) {
        return undefined;
    }

    const why = release === undefined
        || existsSync(made(`nginx-${release}.source`)) ? ''
        : `: Debian's archive did not give nginx's source of ${release}`;

    return `there is no ${path.relative(root, file)}${why}`;
}


// Names that others see. B, D, T and their like: what nm calls global.
function seen(file) {
    return execFileSync('nm', ['-D', '--defined-only', file],
        { encoding: 'utf8' }).trim().split('\n')
        .map((line) => line.split(' ').at(-1)).sort();
}

// A file of every kind, and a configuration with every directive.
async function everything(t) {
    const folder = scratch(t);
    const ca = new Authority(folder, { name: 'ca', subject: '/CN=Locks' });
    const server = ca.client('server', { subject: '/CN=server' });
    const issuer = await identity();
    const peer = await partner('erp-1');
    const key = await pair();

    const sign = (way) => `caplat_sign_in ${way} registry=holders.json
        key=issuer.json client=wizard life=10m;`;

    return { issuer, peer, key,
        token: await issuer.token(claims(key.thumbprint)),
        options: {
            server: `caplat_cors https://a.example.cn https://b.example.cn;
                ssl_certificate tls.crt; ssl_certificate_key tls.key;
                ssl_client_certificate ca.pem; ssl_verify_client optional;
                access_log access.log caplat;`,
            locations: { '= /v1/token': sign('certificate'),
                '= /demo/token': sign('demo'),
                '= /limited': 'internal; caplat_problem rate-limited;' },
            files: { 'jwks-issuer.json': issuer.jwks,
                'jwks-partners.json': { keys: [peer.public] },
                'issuer.json': issuer.secret, 'ca.pem': ca.certificate,
                'tls.crt': server.certificate, 'tls.key': server.key,
                'holders.json': { holders: [{ id: 'one', label: 'one',
                    subject: 'u-one', role: 'manager',
                    org: { id: '91350100M000100Y43', name: 'W',
                        city: '210100' }, certs: claims('').certs }] } },
        } };
}


// Signed requests of both kinds, a price, and one that is refused.
async function serve(t, by) {
    const all = await everything(t);
    const server = await edge(t, { ...all.options, by,
        clock: moment - sighted });
    const say = async (request) => ask(server.port, await request);

    server.clock(moment);

    const quote = await say(byBrowser(all.key, { target: '/v1/quotes',
        token: all.token, body: question }));

    assert.equal(quote.status, 200, String(quote.body));
    assert.equal(JSON.parse(quote.body).total_fen, 2500);

    const list = await say(byServer(all.peer, { target: '/v1/prices',
        body: '{}' }));

    assert.equal(list.status, 200, String(list.body));

    const price = await say({ method: 'GET', headers: [['Host', 'x']],
        target: '/v1/prices?city=210100&held=ln-tender&add=jinzhou'
            + '&months=3&day=2027-01-15' });

    assert.equal(price.status, 200, String(price.body));

    const lock = await say({ method: 'GET', target: '/v1/token',
        headers: [['Host', 'x']] });

    assert.equal(problem(lock), 'client-certificate-required');

    const other = await pair();

    assert.equal(problem(await say(byBrowser(other, { target: '/v1/session',
        token: all.token }))), 'key-mismatch');

    await server.reload();
    assert.equal((await say(byBrowser(all.key, { target: '/v1/session',
        token: all.token }))).status, 200);
    assert.doesNotMatch(server.log(), /\[(alert|crit|emerg)\]/);
    await server.stop();
}


// nginx -t of a full configuration.
async function check(t, by, changes = {}) {
    const { options: { files, ...options } } = await everything(t);
    const { folder, put } = lay(t, files);

    put('nginx.conf', conf({ ...options, by, partners: true,
        listen: ['127.0.0.1:1 ssl'], http: '', ...changes }));

    return once(folder, ['-t'], by);
}


for (const [name, { folder, release, version, compiler, flags }]
    of Object.entries(builds)) {
    const by = { nginx: made(`${folder}/nginx`), module: '' };
    const skip = without(by.nginx, release) ?? missing({ clock: true, by });

    describe(name, { skip }, () => {
        it('says what it was made of', () => {
            const said = spawnSync(by.nginx, ['-V'], { encoding: 'utf8' })
                .stderr;

            assert.match(said.match(/nginx version: nginx\/(\S+)/)[1],
                version);
            assert.match(said, new RegExp(`built by .*${compiler}`));
            assert.match(said, flags);
            assert.match(said, /--add-module=/);
        });

        it('without a warning', () => {
            const make = readFileSync(made(`${folder}/objs/Makefile`), 'utf8');

            assert.match(make, /^CFLAGS = .*-Werror/m);
            assert.doesNotMatch(readFileSync(made(`${folder}/make.log`),
                'utf8'), /warning/i);
        });

        it('reads a full configuration', async (t) => {
            const { status, words } = await check(t, by);

            assert.equal(status, 0, words);
            assert.match(words, /test is successful/);
        });

        it('refuses a wrong one', async (t) => {
            const { status, words } = await check(t, by,
                { server: 'caplat_origin http://a.example.cn/;' });

            assert.equal(status, 1);
            assert.match(words, /\[emerg\].*"caplat_origin"/);
        });

        it('serves', (t) => serve(t, by));
    });
}


describe('as a module', () => {
    const usual = made('module/ngx_http_caplat_module.so');
    const only = ['ngx_module_names', 'ngx_module_order', 'ngx_modules'];

    it('shows what nginx looks up', { skip: without(usual) }, () => {
        assert.deepEqual(seen(usual), only);
    });

    it('is made with nginx\'s own -Werror', { skip: without(usual) }, () => {
        assert.match(readFileSync(made('nginx/objs/Makefile'), 'utf8'),
            /^CFLAGS = .*-Werror/m);
    });

    describe('of a newer nginx, by clang', { skip: without(loaded, 'trixie')
        ?? without(made('nginx-new/nginx'), 'trixie') }, () => {
        it('shows the same', () => assert.deepEqual(seen(loaded), only));

        it('without a warning', () => assert.doesNotMatch(readFileSync(
            made('nginx-module/make.log'), 'utf8'), /warning/i));

        it('is loaded by it', async (t) => {
            // It has the module linked in already, which it looks at last:
            // after the version, the signature and all names.
            const { words } = await check(t, { module: loaded,
                nginx: made('nginx-new/nginx') });

            assert.match(words,
                /module "ngx_http_caplat_module" is already loaded/);
        });
    });
});
