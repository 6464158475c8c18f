// The theme needs nothing that Chromium 69 lacks.

import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { describe, it } from 'node:test';

import { root } from '../site/server.mjs';
import { scriptFaults, styleFaults } from './floor.mjs';

const theme = path.join(root, 'site/theme');
const read = (name) => readFileSync(path.join(theme, name), 'utf8');

// These run in any engine, for what they do; the others are modules.
const old = (name) => /^(?:boot|site)\.js$/.test(name);


describe('the floor', () => {
    for (const name of readdirSync(theme)) {
        if (name.endsWith('.js')) {
            it(`bears ${name}`, () =>
                assert.deepEqual(scriptFaults(read(name), old(name)), []));
        } else if (name.endsWith('.css')) {
            it(`bears ${name}`, () =>
                assert.deepEqual(styleFaults(read(name)), []));
        }
    }

    for (const text of ['a?.b', 'a ?? b', 'a = { ...b }', 'a ||= b',
        'try { a(); } catch { b(); }', '/(?<=a)b/', '/a/s', '1_000', '1n',
        'for await (const a of b) c();', 'class A { a = 1; }', 'import("a")',
        'structuredClone(a)', 'a.at(-1)', 'a.replaceAll("b", c)',
        'Object.fromEntries(a)', 'Promise.allSettled(a)', 'p.finally(a)',
        'queueMicrotask(a)', 'globalThis.a', 'a(globalThis)',
        'node.replaceChildren()', 'AbortSignal.timeout(9)', 'node.inert = 1',
        'form.requestSubmit()', 'new Intl.ListFormat("zh")', 'a.flat()',
        'a.requestSubmit ? b.replaceChildren() : c'])
    {
        it(`does not bear ${text}`, () =>
            assert.equal(scriptFaults(text).length, 1));
    }

    for (const text of ['a.at = hit.at; timeout = a.timeout;',
        'form.requestSubmit ? form.requestSubmit() : button.click();',
        'if ("inert" in a) { a.inert = true; }',
        'a.replaceChildren && a.replaceChildren();',
        'async () => { await a(); };', 'a = { navigation: 1 };'])
    {
        it(`bears ${text}`, () => assert.deepEqual(scriptFaults(text), []));
    }

    it('bears no arrow in a classic script', () => {
        assert.equal(scriptFaults('a = () => 1;', true).length, 1);
        assert.deepEqual(scriptFaults('a = function () {};', true), []);
    });

    for (const text of ['a { gap: 1rem; }', 'a { inset: 0 }',
        '.x > a { color: red; row-gap: 0; }', 'a { aspect-ratio: 1; }',
        'a { margin-inline: 0; }', 'a { accent-color: red; }',
        'a { width: min(1rem, 2vw); }', 'a { height: 1dvh; }',
        ':is(a, b) { color: red; }', 'a:has(b) { color: red; }',
        'a:not(b, c) { color: red; }', 'a { & b { color: red; } }',
        '@layer a { a { color: red; } }', '@container a { a { top: 0; } }',
        '@media (width > 9rem) { a { top: 0; } }',
        'a:hover, a:focus-visible { top: 0; }'])
    {
        it(`does not bear ${text}`, () =>
            assert.notDeepEqual(styleFaults(text), []));
    }

    for (const text of ['/* no gap: 1 */ a { grid-gap: 0; top: 1px }',
        'a:focus:not(:focus-visible) { outline: 0; }',
        'a { width: minmax(0, 1fr); text-wrap: balance; --own: 1; }',
        '@media (min-width: 9rem) { a:hover { top: 0; } }',
        'a { background: url("data:gap: 1;inset: 0;"); }'])
    {
        it(`bears ${text}`, () => assert.deepEqual(styleFaults(text), []));
    }
});
