// A page of the site and the modules that it runs, without a browser: the HTML
// that the generator has made, in jsdom; fetch, IndexedDB, storage, an address
// and a clock that a test can hold in its hands. What the API answers is what
// its description gives as examples.

import '../webcrypto.mjs';

import { readFileSync } from 'node:fs';
import { register } from 'node:module';
import path from 'node:path';
import { after, before } from 'node:test';

import { IDBFactory } from 'fake-indexeddb';
import { JSDOM, VirtualConsole } from 'jsdom';
import { parse } from 'yaml';

import { build, root, scratch } from '../site/server.mjs';

register('./own.mjs', import.meta.url);

export const origin = 'https://ca.example.cn';
const PATIENCE_MS = 20000;
const later = setTimeout;
const forget = clearTimeout;
const undone = new WeakMap();
const mortals = new Map();
let pages = 0;

// What own.mjs has the modules of a page take in the place of the globals.
globalThis.mortal = (number) => mortals.get(number);

const { paths } = parse(readFileSync(
    path.join(root, 'ngx_caplat_module/openapi.yaml'), 'utf8'));

// A copy of an example, changed: example('get /v1/session', { name: '刘某' }).
export function example(of, changes = {}) {
    const [method, at] = of.split(' ');
    const { responses } = paths[at][method];
    const answer = responses[201] ?? responses[200];

    return { ...structuredClone(answer.content['application/json'].example),
        ...changes };
}

export const json = (value, status = 200, headers = {}) =>
    new Response(JSON.stringify(value), { status,
        headers: { 'Content-Type': 'application/json', ...headers } });

export const problem = (name, status, more = {}, headers = {}) =>
    json({ type: `${origin}/problems/${name}`, status, ...more }, status,
        { 'Content-Type': 'application/problem+json', ...headers });

// What a test sends never arrives, or never comes back.
export const lost = () => Promise.reject(new TypeError('Failed to fetch'));
export const silence = (_, { signal }) => new Promise((resolve, reject) => {
    signal.addEventListener('abort', () =>
        reject(new DOMException('aborted', 'AbortError')));
});

// What a browser says where the user has closed its storage.
export function closed() {
    throw new DOMException('denied', 'SecurityError');
}


export async function until(seen, words = 'nothing came') {
    for (const end = performance.now() + PATIENCE_MS; ;) {
        const value = await seen();

        if (value) {
            return value;
        }

        if (performance.now() > end) {
            throw new Error(`${words}: ${seen}`);
        }

        await new Promise((resolve) => later(resolve, 1));
    }
}

// Long enough for what is under way without a server.
export const idle = () => new Promise((resolve) => later(resolve, 30));


// What a script leaves to the browser's log, which is no fault of a test.
export function log(t) {
    const lines = [];
    const others = process.listeners('unhandledRejection');

    process.removeAllListeners('unhandledRejection');
    process.on('unhandledRejection', (fault) => lines.push(fault.name));
    t.after(() => {
        process.removeAllListeners('unhandledRejection');
        others.forEach((one) => process.on('unhandledRejection', one));
    });

    return lines;
}


// Do this once the test is over: what was done last is undone first.
function atEnd(t, task) {
    if (!undone.has(t)) {
        const tasks = [];

        undone.set(t, tasks);
        t.after(() => tasks.forEach((one) => one()));
    }

    undone.get(t).unshift(task);
}


// In the place of what node has by this name, until the test is over.
function stand(t, name, description) {
    const own = Object.getOwnPropertyDescriptor(globalThis, name);

    Object.defineProperty(globalThis, name,
        { configurable: true, ...description });
    atEnd(t, () => (own ? Object.defineProperty(globalThis, name, own)
        : Reflect.deleteProperty(globalThis, name)));
}

export const put = (t, name, value) =>
    stand(t, name, { value, writable: true });
export const close = (t, name) => stand(t, name, { get: closed });


// Where the page is, and where it has been sent since. jsdom goes nowhere.
function address(at, window) {
    const url = new URL(at, origin);
    const went = [];

    return { went, origin, get pathname() { return url.pathname; },
        get search() { return url.search; },
        get hash() { return url.hash; },
        set hash(text) {
            url.hash = text;
            window.dispatchEvent(new window.Event('hashchange'));
        },
        assign: (to) => went.push(to), replace: (to) => went.push(`=${to}`),
        reload: () => went.push('reload'),
        history: { replaceState: (state, title, to) => {
            url.href = new URL(to, url).href;
        } } };
}


// Time that passes when the test says so.
export function clock(t, seconds) {
    let now = seconds * 1000;
    let waiting = [];

    t.mock.method(Date, 'now', () => now);
    put(t, 'setTimeout', (act, ms = 0) => {
        const id = {};

        waiting.push({ id, act, at: now + ms });

        return id;
    });
    put(t, 'clearTimeout', (id) => {
        waiting = waiting.filter((one) => one.id !== id);
        forget(id);
    });

    return {
        get waiting() { return waiting.length; },

        // Whether something waits for just so long.
        has: (seconds) => waiting.some((one) =>
            one.at === now + seconds * 1000),
        pass(more) {
            const end = now + more * 1000;

            for (;;) {
                const [next] = waiting.filter(({ at }) => at <= end)
                    .sort((a, b) => a.at - b.at);

                if (next === undefined) {
                    now = end;

                    return;
                }

                waiting = waiting.filter((one) => one !== next);
                now = Math.max(now, next.at);
                next.act();
            }
        },
    };
}


// Of a body that is one.
function object(text) {
    try {
        return JSON.parse(text);
    } catch {
        return undefined;
    }
}


// What answers fetch: a table of `GET /v1/session`, in which a function is
// asked, and of several answers the last one stays.
function server(t, answers) {
    const asked = [];

    put(t, 'fetch', async (at, init = {}) => {
        const method = init.method ?? 'GET';
        const name = `${method} ${at}`;
        const list = [answers[name] ?? answers[name.replace(/\?.*/, '')]]
            .flat();

        asked.push({ ...init, name, headers: new Headers(init.headers),
            body: object(init.body), text: init.body });

        if (Array.isArray(answers[name]) && list.length > 1) {
            answers[name].shift();
        }

        const [answer] = list;

        if (answer === undefined) {
            return problem('not-found', 404);
        }

        return typeof answer === 'function' ? answer(at, init)
            : answer.clone();
    });

    return { asked, answers, names: () => asked.map(({ name }) => name) };
}


// A page asks and waits as long as its test: of what is under way then nothing
// comes, lest it go on with the server and the clock of the next test.
function mortal(t, number) {
    const never = new Promise(() => {});
    let isOver = false;

    const held = (promise) => promise.then((value) => (isOver ? never
        : value), (fault) => (isOver ? never : Promise.reject(fault)));

    t.after(() => { isOver = true; });
    mortals.set(number, {
        async fetch(...what) {
            const answer = await (isOver ? never
                : held(globalThis.fetch(...what)));

            answer.text = () => held(Response.prototype.text.call(answer));

            return answer;
        },
        setTimeout: (...what) => (isOver ? undefined
            : globalThis.setTimeout(...what)),
    });
}


// Called within describe(). `page` makes the globals of a page; its `load` is
// an import: load('key') twice is one module, of two pages two.
export function stage() {
    const undo = [];
    const self = {};

    before(() => {
        self.site = scratch({ after: (task) => undo.push(task) });
        build(self.site);
    });
    after(() => undo.forEach((task) => task()));

    // at       its address, `/apply/#platform=jinzhou`
    // answers  of the server
    // browser  what stays from page to page: { indexedDB, sessionStorage }
    self.page = (t, at, answers = {}, browser = {}) => {
        const file = at.replace(/[?#].*/, '').replace(/\/$/, '.html');
        const { window } = new JSDOM(
            readFileSync(path.join(self.site, file), 'utf8'),
            { url: origin + at, pretendToBeVisual: true,
                virtualConsole: new VirtualConsole() });
        const { document } = window;
        const number = ++pages;
        const url = (name) => new URL(
            `../../site/theme/${name}.js?${number}`, import.meta.url);
        const page = { window, document, address: address(at, window),
            ...server(t, answers) };

        mortal(t, number);
        t.after(() => window.close());
        browser.indexedDB ??= new IDBFactory();
        browser.sessionStorage ??= window.sessionStorage;
        put(t, 'indexedDB', browser.indexedDB);
        put(t, 'sessionStorage', browser.sessionStorage);
        put(t, 'document', document);
        put(t, 'location', page.address);
        put(t, 'history', page.address.history);
        put(t, 'Event', window.Event);
        put(t, 'NodeFilter', window.NodeFilter);
        put(t, 'setTimeout', (...what) => {
            const timer = later(...what).unref();

            t.after(() => forget(timer));

            return timer;
        });
        put(t, 'addEventListener', window.addEventListener.bind(window));

        page.load = (name) => import(url(name));
        page.one = (selector) => document.querySelector(selector);
        page.all = (selector) => Array.from(
            document.querySelectorAll(selector));
        page.text = (selector) => page.one(selector).textContent
            .replace(/\s+/g, ' ').trim();
        page.shown = () => page.one('[data-place=state]').dataset.shown;
        page.says = () => page.text('[data-place=state]');
        page.act = () => page.one('[data-place=state] button').click();
        page.check = (selector, checked = true) => {
            page.one(selector).checked = checked;
            page.send(selector, 'change');
        };
        page.went = page.address.went;
        page.send = (selector = 'form[data-form]', type = 'submit') =>
            page.one(selector).dispatchEvent(new window.Event(type,
                { bubbles: true, cancelable: true }));

        return page;
    };

    // A page as its script runs it, for somebody who has signed in.
    //
    // serial   the certificate that was chosen
    // picked   what has been chosen for it
    // began    when it was opened, in seconds, for a `time` that stands still
    // browser  what stays from page to page
    self.run = async (t, at, script, answers,
        { serial, picked, began, browser } = {}) => {
        const page = self.page(t, at, { 'GET /v1/session':
            json(example('get /v1/session')), ...answers }, browser);
        const { write } = await page.load('key');

        page.time = began && clock(t, began);
        page.picks = await page.load('picks');
        await write('token', { text: 'abc', until: Date.now() / 1000 + 900,
            holder: 'demo-manager' });

        if (serial) {
            page.picks.choose(serial);
            page.picks.put(serial, picked);
        }

        await page.load(script);
        await until(() => page.one('[data-wizard]').dataset.pending
            === undefined, 'the page is not ready');

        return page;
    };

    return self;
}
