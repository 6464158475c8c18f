// The QR code: drawn of nodes and never of strings, from rows that the server has
// made.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { stage } from './stage.mjs';


describe('the picture of channels.js', () => {
    const scene = stage();

    it('draws each dark module where it is, and room around', async (t) => {
        const page = scene.page(t, '/apply/pay/');
        const { picture } = await page.load('channels');
        const svg = picture(['101', '010', '111'], '二维码');
        const [back, dots] = svg.children;

        assert.equal(svg.namespaceURI, 'http://www.w3.org/2000/svg');
        assert.equal(svg.getAttribute('role'), 'img');
        assert.equal(svg.getAttribute('aria-label'), '二维码');
        assert.equal(svg.getAttribute('viewBox'), '-4 -4 11 11');
        assert.equal(back.getAttribute('width'), '11');
        assert.equal(back.getAttribute('fill'), '#fff');
        assert.deepEqual(dots.getAttribute('d').match(/M\d \d/g),
            ['M0 0', 'M2 0', 'M1 1', 'M0 2', 'M1 2', 'M2 2']);
    });
});
