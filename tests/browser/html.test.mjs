// What the files of the site say, without a browser's mercy: markup, links
// and data.

import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { describe, it } from 'node:test';
import { promisify } from 'node:util';

import vnu from 'vnu-jar';

import { stage } from './stage.mjs';

const run = promisify(execFile);
const TITLE_MAX = 60;

// Pages that stand outside: they are shown in place of others.
const alone = ['404.html', '50x.html'];

// Of no use to who comes from a search engine.
const notToBeFound = /^(?:apply|demo|order|problems\/)|\/print\.html$/;


function filesBelow(folder, under = '') {
    return readdirSync(path.join(folder, under), { withFileTypes: true })
        .flatMap((entry) => {
            const name = path.join(under, entry.name);

            return entry.isDirectory() ? filesBelow(folder, name) : [name];
        });
}


const entities = { amp: '&', lt: '<', gt: '>', quot: '"', '#39': "'" };

function plain(text) {
    return text.replace(/&(amp|lt|gt|quot|#39);/g, (_, name) => entities[name]);
}


// The values of an attribute, wherever it stands in a tag. Scripts are left
// out: they hold no markup.
function attributes(html, names) {
    const tags = html.replace(/<script\b[^>]*>[\s\S]*?<\/script>/g,
        (script) => script.slice(0, script.indexOf('>') + 1));
    const pattern = new RegExp(`\\s(?:${names})="([^"]*)"`, 'g');

    return Array.from(tags.matchAll(/<[a-z][^>]*>/g)).flatMap(([tag]) =>
        Array.from(tag.matchAll(pattern), (match) => plain(match[1])));
}


function textOf(html, pattern) {
    return Array.from(html.matchAll(pattern), (match) => plain(match[1]));
}


// The file that nginx answers an address with.
function fileOf(address) {
    const [page] = address.split(/[?#]/);

    if (page === '/') {
        return 'index.html';
    }

    return decodeURIComponent(page).replace(/^\//, '').replace(/\/$/, '.html');
}


function addressOf(file) {
    return file === 'index.html' ? '/'
        : `/${file.replace(/\.html$/, '/')}`;
}


describe('the files', () => {
    const scene = stage();
    const read = (name) => readFileSync(path.join(scene.site, name), 'utf8');
    const pages = () => filesBelow(scene.site)
        .filter((name) => name.endsWith('.html'));
    const origin = () => read('sitemap.xml').match(/<loc>(https:\/\/[^/]+)/)[1];
    const isPage = (url) => url.startsWith(`${origin()}/`)
        && existsSync(path.join(scene.site, fileOf(url.slice(origin().length))));

    // The Nu HTML checker: errors and warnings, markup and inlined styles.
    it('are valid HTML', async () => {
        const { stdout, stderr } = await run('java', ['-jar', String(vnu),
            '--stdout', '--exit-zero-always', '--format', 'gnu',
            ...pages().map((name) => path.join(scene.site, name))]);

        assert.equal(stdout + stderr, '');
    });

    it('have links and anchors that lead somewhere', () => {
        const ids = new Map(pages().map((name) =>
            [name, new Set(attributes(read(name), 'id'))]));
        const broken = [];
        let count = 0;

        const check = (name, address) => {
            // What the ledger answers is not among the files.
            if (/^(?:https?:|mailto:|tel:|data:|\/log\/)/.test(address)) {
                return;
            }

            const file = address.startsWith('#') ? name : fileOf(address);

            // What has a = is said to a script: /apply/#platform=jinzhou.
            const anchor = address.match(/#([^=]+)$/)?.[1];

            count++;

            if (!/^[/#]/.test(address)
                || !existsSync(path.join(scene.site, file))
                || (anchor && !ids.get(file)?.has(decodeURIComponent(anchor))))
            {
                broken.push(`${name}: ${address}`);
            }
        };

        for (const name of pages()) {
            attributes(read(name), 'href|src|action|data-wasm')
                .forEach((address) => check(name, address));
        }

        assert.deepEqual(broken, []);
        assert.ok(count > 1000, `${count} links were looked at`);
    });

    it('use an id once, and refer to ids that are there', () => {
        const faults = [];

        for (const name of pages()) {
            const html = read(name);
            const ids = attributes(html, 'id');
            const refs = attributes(html,
                'for|aria-labelledby|aria-describedby|aria-controls|list');

            faults.push(...ids.filter((id, at) => ids.indexOf(id) !== at)
                .map((id) => `${name}: ${id} twice`));
            faults.push(...refs.flatMap((ref) => ref.split(' '))
                .filter((id) => !ids.includes(id))
                .map((id) => `${name}: no ${id}`));
        }

        assert.deepEqual(faults, []);
    });

    it('call themselves by one short title of their own and one h1', () => {
        const titles = new Map();
        const faults = [];

        for (const name of pages()) {
            const html = read(name);
            const [title, ...more] = textOf(html, /<title>([^<]*)<\/title>/g);
            const h1 = html.replace(/<template\b[\s\S]*?<\/template>/g, '')
                .match(/<h1\b/g) ?? [];

            if (!title || more.length || Array.from(title).length > TITLE_MAX) {
                faults.push(`${name}: title “${title}”`);
            }

            if (titles.has(title)) {
                faults.push(`${name}: titled like ${titles.get(title)}`);
            }

            if (h1.length !== 1) {
                faults.push(`${name}: ${h1.length} h1`);
            }

            titles.set(title, name);
        }

        assert.deepEqual(faults, []);
    });

    it('tell search engines and other sites what they are', () => {
        const faults = [];

        for (const name of pages().filter((one) => !alone.includes(one))) {
            const html = read(name);
            const meta = Object.fromEntries(Array.from(html.matchAll(
                /<meta (?:name|property)="([^"]+)" content="([^"]*)"/g),
            (match) => [match[1], plain(match[2])]));
            const canonical = textOf(html,
                /<link rel="canonical" href="([^"]*)"/g);
            const hidden = meta.robots === 'noindex';
            const self = origin() + addressOf(name);

            for (const need of ['description', 'og:title', 'og:description',
                'og:type', 'og:image', 'og:site_name', 'renderer', 'viewport',
                'theme-color'])
            {
                if (!meta[need]) {
                    faults.push(`${name}: no ${need}`);
                }
            }

            if (canonical.join() !== self || meta['og:url'] !== self) {
                faults.push(`${name}: canonical ${canonical}`);
            }

            if (!isPage(meta['og:image'])) {
                faults.push(`${name}: no file ${meta['og:image']}`);
            }

            if (hidden !== notToBeFound.test(name)) {
                faults.push(`${name}: noindex is ${hidden}`);
            }
        }

        assert.deepEqual(faults, []);
    });

    it('hold data that machines can read', () => {
        const types = new Map();

        for (const name of pages()) {
            for (const text of textOf(read(name),
                /<script type="application\/ld\+json">([\s\S]*?)<\/script>/g))
            {
                const data = JSON.parse(text);

                assert.equal(data['@context'], 'https://schema.org', name);
                types.set(data['@type'], [...types.get(data['@type']) ?? [],
                    { name, data }]);
            }

            textOf(read(name),
                /<script type="application\/json"[^>]*>([\s\S]*?)<\/script>/g)
                .forEach((text) => JSON.parse(text));
        }

        for (const { name, data } of types.get('BreadcrumbList')) {
            data.itemListElement.forEach((item, at) => {
                assert.equal(item.position, at + 1, name);
                assert.ok(item.name, name);
                assert.ok(isPage(item.item), `${name}: ${item.item}`);
            });
        }

        assert.deepEqual(types.get('WebSite').map(({ name }) => name),
            ['index.html']);

        for (const { name, data } of types.get('Product')) {
            assert.match(name, /^platform\//);
            assert.equal(data.offers['@type'], 'Offer');
            assert.match(data.offers.price, /^\d+\.\d\d$/);
            assert.equal(data.offers.priceCurrency, 'CNY');
        }

        assert.equal(types.get('Product').length,
            pages().filter((name) => name.startsWith('platform/')).length);
    });

    it('are listed in the site map, each once, and nothing else is', () => {
        const listed = textOf(read('sitemap.xml'), /<loc>([^<]*)<\/loc>/g);
        const indexed = pages().filter((name) => !alone.includes(name)
            && !read(name).includes('content="noindex"'));

        assert.deepEqual(listed.slice().sort(),
            indexed.map((name) => origin() + addressOf(name)).sort());

        for (const day of textOf(read('sitemap.xml'),
            /<lastmod>([^<]*)<\/lastmod>/g))
        {
            assert.match(day, /^\d{4}-\d\d-\d\d$/);
        }
    });

    it('are XML where they say so', async (t) => {
        const page = await scene.open(t);

        for (const name of ['sitemap.xml', 'feed.xml', 'favicon.svg']) {
            const fault = await page.evaluate((text) => new DOMParser()
                .parseFromString(text, 'application/xml')
                .querySelector('parsererror')?.textContent ?? '', read(name));

            assert.equal(fault, '', name);
        }
    });

    it('have a feed of things that exist', () => {
        const feed = read('feed.xml');
        const ids = textOf(feed, /<id>([^<]*)<\/id>/g);

        assert.equal(new Set(ids).size, ids.length);
        assert.ok(ids.length > 2);

        for (const url of [...ids, ...attributes(feed, 'href')]) {
            assert.ok(isPage(url.replace(/#.*/, '')), url);
        }

        for (const at of textOf(feed, /<updated>([^<]*)<\/updated>/g)) {
            assert.ok(!Number.isNaN(Date.parse(at)), at);
        }
    });

    it('have a catalogue, a manifest and a rate card that agree', () => {
        const { rates, classes, platforms } = JSON.parse(read('platform.json'));
        const manifest = JSON.parse(read('site.webmanifest'));

        assert.equal(rates, read('rates/current.txt').trim());
        assert.ok(existsSync(path.join(scene.site, `rates/${rates}.txt`)));

        for (const platform of platforms) {
            assert.ok(existsSync(path.join(scene.site, fileOf(platform.url))));
            assert.ok(classes.some(({ id }) => id === platform.class));
            assert.match(platform.status, /^(?:open|paused|closed)$/);
        }

        for (const { src } of manifest.icons) {
            assert.ok(existsSync(path.join(scene.site, fileOf(src))), src);
        }
    });

    it('hold no styles or scripts that the policy would refuse', () => {
        const faults = [];

        for (const name of pages()) {
            const html = read(name);

            if (/<[^>]*\s(?:style|on[a-z]+)=/.test(
                html.replace(/<script\b[\s\S]*?<\/script>/g, '')))
            {
                faults.push(name);
            }
        }

        assert.deepEqual(faults, []);
    });
});
