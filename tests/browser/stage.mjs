// The site in a real browser: built, served by nginx, opened by Chromium.

import { appendFileSync, cpSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { after, before } from 'node:test';

import { chromium } from 'playwright-core';

import { until } from '../edge/server.mjs';
import { build, freePort, root, scratch, serve } from '../site/server.mjs';

const axe = readFileSync(
    createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

// Chromium without windows, which cost two thirds of its work and show nothing.
export const executablePath = process.env.CHROMIUM
    ?? '/usr/bin/chromium-headless-shell';
export const flags = ['--disable-gpu', '--disable-background-networking',
    '--disable-component-update', '--disable-sync', '--no-first-run',
    ...(process.getuid() === 0 ? ['--no-sandbox'] : [])];

// nginx answers it with the page of a broken server.
export const fault = '/test-fault';

// The key of the log that the stage's receipts are of; the example of the
// C2SP formats, its seed 00 01 02 … 1f. nginx answers /log/vkey with it.
export const vkey = 'shop.example/orders+2c2b041f'
    + '+AQOhB7/zzhC+HXDdGOdLwJln5NYwm6UNXx3chmQSVTG4';

// One page of every kind. Those of `error` are answers to a failed request.
export const kinds = [
    { name: 'home', at: '/' },
    { name: 'guides', at: '/guide/' },
    { name: 'guide', at: '/guide/add-platform/' },
    { name: 'step', at: '/guide/add-platform/choose-certificate/' },
    { name: 'print', at: '/guide/add-platform/print/' },
    { name: 'platforms', at: '/platform/' },
    { name: 'platform', at: '/platform/jinzhou/' },
    { name: 'price', at: '/price/' },
    { name: 'notices', at: '/notice/' },
    { name: 'notice', at: '/notice/zhongfu-key/' },
    { name: 'faq', at: '/faq/' },
    { name: 'search', at: '/search/' },
    { name: 'services', at: '/services/' },
    { name: 'receipt', at: '/receipt/' },
    { name: 'about', at: '/about/' },
    { name: 'accessibility', at: '/accessibility/' },
    { name: 'privacy', at: '/privacy/' },
    { name: 'changes', at: '/changes/' },
    { name: 'sitemap', at: '/sitemap/' },
    { name: 'problems', at: '/problems/' },
    { name: 'problem', at: '/problems/token-expired/' },
    { name: 'cashier', at: '/demo/cashier/?order=CA20270115000001'
        + '&channel=wechat&amount=2500' },
    { name: 'apply', at: '/apply/' },
    { name: 'apply-notice', at: '/apply/notice/' },
    { name: 'apply-platforms', at: '/apply/platforms/' },
    { name: 'apply-check', at: '/apply/check/' },
    { name: 'apply-pay', at: '/apply/pay/' },
    { name: 'order', at: '/order/' },
    { name: '404', at: '/nothing/', error: true },
    { name: '50x', at: fault, error: true },
];


// The content of a site whose people sign in at an identity site, and what its
// server is told; of one that has none, what is usual.
function signInAt(identity, folder) {
    if (identity === undefined) {
        return {};
    }

    const content = path.join(folder, 'content');
    const jwks = path.join(folder, 'identity.jwks');

    cpSync(path.join(root, 'content'), content, { recursive: true });
    appendFileSync(path.join(content, 'site.txt'),
        `\nsign-in: ${identity.address}\n`);
    writeFileSync(jwks, JSON.stringify(identity.jwks));

    return { content, env: { CAPLAT_ISSUER: identity.address,
        CAPLAT_ISSUER_KEYS: jwks } };
}


// RSA keys of payments, which take most of a server's start to make: those of
// the suite's first.
function lend(keys, other) {
    if (keys !== undefined) {
        cpSync(keys, other, { recursive: true, filter: (name) =>
            name === keys || name.endsWith('.pem') });
    }
}


// Have nginx read its files again, and wait until nobody works by those of
// before: a browser's connection may be with one who does. One that the browser
// has opened ahead and asks nothing by would keep its worker for a minute
// (client_header_timeout): who is there after two seconds is ended.
async function reload(master) {
    const workers = () => readFileSync(
        `/proc/${master}/task/${master}/children`, 'utf8').trim().split(' ');
    const old = workers();
    const left = () => workers().filter((one) => old.includes(one));

    process.kill(master, 'SIGHUP');
    await until('new workers', () => left().length < workers().length);
    await until('the end of the old', () => left().length === 0, 2000)
        .catch(() => left().forEach((one) => process.kill(one, 'SIGTERM')));
    await until('the end of the old', () => left().length === 0);
}


// The stage of a suite, called within describe(), or of a file: what it returns
// is filled before the first test. `site` is the folder, `open` a page of its
// own.
//
// each      every page has a server of its own, with an empty ledger and the key
//           that is the ledger's
// identity  makes an identity site that people sign in at, of provider()
// changed   is told of each server before a page is opened, and may edit and
//           reload it
export function stage({ each = false, identity, changed } = {}) {
    const undo = [];
    const self = {};

    before(async () => {
        const suite = { after: (task) => undo.unshift(task) };
        const folder = scratch(suite);

        self.site = path.join(folder, 'www');
        self.identity = identity && await identity(suite);

        const { content, env } = signInAt(self.identity, folder);

        build(self.site, ['--compress', 'quick'], undefined, content);
        appendFileSync(path.join(self.site, '.caplat/csp.conf'),
            `location = ${fault} { return 500; }\n`
            + (each ? '' : 'location = /log/vkey { default_type text/plain; '
            + `return 200 "${vkey}\\n"; }\n`));

        // One of the server's files while it runs.
        self.edit = (name, change) => {
            const file = path.join(self.conf, name);

            writeFileSync(file, change(readFileSync(file, 'utf8')));

            return self.reload();
        };

        const begin = async (t) => {
            const port = await freePort();
            const run = path.join(folder, 'run');

            lend(self.keys, path.join(run, String(port), 'keys'));

            const { logs } = await serve(t, self.site, run, [], env, port);

            self.logs = logs;
            self.keys = path.join(logs, '../keys');
            self.conf = path.join(logs, '../conf');
            self.reload = () => reload(Number(readFileSync(
                path.join(logs, '../nginx.pid'), 'utf8')));
            self.origin = `http://127.0.0.1:${port}`;
            await changed?.(self);
        };

        if (!each) {
            await begin(suite);
        }

        self.browser = await chromium.launch({ executablePath, args: flags });
        suite.after(() => self.browser.close());
        self.open = async (t, options) => {
            if (each) {
                await begin(t);
            }

            return open(self, t, typeof options === 'function' ? await options()
                : options);
        };
    });

    after(async () => {
        for (const task of undo) {
            await task();
        }
    });

    return self;
}


// A page with a storage, a cache and a list of complaints of its own: console
// errors, uncaught exceptions, refusals of the content security policy, failed
// and foreign requests. Without motion, for a colour on its way to another is
// not one of ours. conf is where its server's configuration is, though another
// may be started meanwhile.
async function open({ browser, conf, origin }, t,
    { width = 1280, height = 900, ...options } = {})
{
    const context = await browser.newContext({ baseURL: origin,
        viewport: { width, height }, locale: 'zh-CN',
        timezoneId: 'Asia/Shanghai', reducedMotion: 'reduce', ...options });
    const page = await context.newPage();
    const complaints = [];

    t.after(() => context.close());

    page.on('console', (message) => {
        if (['error', 'warning'].includes(message.type())) {
            complaints.push(`console: ${message.text()}`);
        }
    });
    page.on('pageerror', (error) => complaints.push(`script: ${error}`));
    page.on('requestfailed', (request) => complaints.push(
        `failed: ${request.url()}: ${request.failure().errorText}`));
    page.on('request', (request) => {
        if (!/^(data|blob):/.test(request.url())
            && new URL(request.url()).origin !== origin)
        {
            complaints.push(`foreign: ${request.url()}`);
        }
    });
    page.on('response', (response) => {
        if (response.status() >= 400 && !response.request()
            .isNavigationRequest())
        {
            complaints.push(`${response.status()}: ${response.url()}`);
        }
    });

    return Object.assign(page, { complaints, conf });
}


// How much the page has moved by itself since it was loaded. The observer
// tells what was before it; a frame later it has.
export function shift(page) {
    return page.evaluate(() => new Promise((resolve) => {
        let sum = 0;

        new PerformanceObserver((list) => {
            sum = list.getEntries().reduce((all, one) => all + one.value, sum);
        }).observe({ type: 'layout-shift', buffered: true });

        requestAnimationFrame(() => setTimeout(() => resolve(sum), 50));
    }));
}


// What sticks out to the right, where the page scrolls sideways.
export function sideways(page) {
    return page.evaluate(() => {
        const root = document.documentElement;

        if (root.scrollWidth <= root.clientWidth) {
            return [];
        }

        return Array.from(document.body.querySelectorAll('*'))
            .filter((one) => one.getBoundingClientRect().right
                > root.clientWidth + 0.5)
            .map((one) => `${one.nodeName}.${one.className}`);
    });
}


// What axe finds, a line for each rule and place.
export async function axeFaults(page) {
    if (!await page.evaluate(() => 'axe' in window)) {
        await page.evaluate(axe);
    }

    return page.evaluate(async () => {
        const { violations } = await window.axe.run(document,
            { preload: false, resultTypes: ['violations'] });

        return violations.flatMap(({ id, nodes }) => nodes.map((node) =>
            `${id}: ${node.target.join(' ')}: ${node.failureSummary
                .replace(/\s+/g, ' ')}`));
    });
}


// Until nothing of the page is under way: scripts have run, files are there.
export async function settled(page) {
    await page.waitForLoadState('networkidle');
    await page.evaluate(() => document.fonts.ready);
}
