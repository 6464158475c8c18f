// The QR code: drawn by a library that is the package's own, of nodes and never
// of strings, and read back by another library.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, it } from 'node:test';

import jsQR from 'jsqr';

import { root } from '../site/server.mjs';
import { stage } from './stage.mjs';

const read = (name) => readFileSync(path.join(root, name), 'utf8');
const SCALE = 4;

// What a camera would see of the picture's path: RGBA, SCALE dots a module.
function seen(svg) {
    const [at, , side] = svg.getAttribute('viewBox').split(' ').map(Number);
    const width = side * SCALE;
    const dots = new Uint8ClampedArray(4 * width * width).fill(255);
    const d = svg.querySelector('path').getAttribute('d');

    for (const [, x, y] of d.matchAll(/M(\d+) (\d+)h1v1h-1z/g)) {
        for (let i = 0; i < SCALE * SCALE; i++) {
            const column = (x - at) * SCALE + i % SCALE;
            const line = (y - at) * SCALE + Math.floor(i / SCALE);

            dots.fill(0, 4 * (line * width + column),
                4 * (line * width + column) + 3);
        }
    }

    return jsQR(dots, width, width)?.data;
}


describe('picture.js', () => {
    const scene = stage();

    function place(page, text) {
        const box = page.document.createElement('div');

        Object.assign(box.dataset, { qr: text, label: '二维码' });
        page.document.body.append(box);

        return box;
    }

    it('draws with the package that is pinned', () => {
        assert.ok(read('site/theme/qr.js').includes(
            `*/\n${read('tests/node_modules/lean-qr/nano.mjs').trim()}\n`));

        const { version } = JSON.parse(
            read('tests/node_modules/lean-qr/package.json'));

        assert.match(read('site/theme/qr.js'),
            new RegExp(`^0; /\\* lean-qr ${version}, .*MIT`, 'm'));
    });

    for (const text of ['weixin://wxpay/bizpayurl?pr=CA20270115000001',
        'weixin://wxpay/bizpayurl?pr=NwY5Mz9', '汉字', 'A'.repeat(512)])
    {
        it(`draws ${text.slice(0, 40)}, to be read again`, async (t) => {
            const page = scene.page(t, '/apply/pay/');
            const box = place(page, text);

            await page.load('picture');

            const [svg] = box.children;

            assert.equal(svg.namespaceURI, 'http://www.w3.org/2000/svg');
            assert.equal(svg.getAttribute('role'), 'img');
            assert.equal(svg.getAttribute('aria-label'), '二维码');
            assert.equal(seen(svg), text);
        });
    }

    it('draws what comes later, and nothing twice', async (t) => {
        const page = scene.page(t, '/apply/pay/');
        const first = place(page, 'a');

        await page.load('picture');

        const second = place(page, 'b');

        page.document.dispatchEvent(new page.window.Event('picture'));
        assert.equal(first.children.length, 1);
        assert.equal(seen(second.firstChild), 'b');
    });
});
