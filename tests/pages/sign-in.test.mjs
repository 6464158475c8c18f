// A site whose people sign in at somebody else's: which pages know of it, and
// which may ask there.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, it } from 'node:test';

import { build, lay, put } from './folder.mjs';

const pages = ['apply', 'apply/notice', 'apply/platforms', 'apply/check',
    'apply/pay', 'order'];


// What the generator makes of further lines in site.txt.
async function made(t, lines) {
    const folder = lay(t);
    const read = (name) => readFileSync(path.join(folder, name), 'utf8');

    put(folder, 'site.txt', read('content/site.txt') + lines);

    const { status, said } = await build(folder);

    assert.equal(status, 0, said);

    return (name) => read(path.join('out', name));
}


describe('who signs in', () => {
    it('does so here, unless told', async (t) => {
        const read = await made(t, '');
        const policy = read('.caplat/csp.conf');

        assert.match(policy, /connect-src 'self'; /);
        assert.ok(!policy.includes('$uri'), policy);

        for (const page of pages) {
            assert.doesNotMatch(read(`${page}.html`), /data-issuer/);
        }
    });

    it('asks there from one page, without the path', async (t) => {
        const read = await made(t,
            'sign-in: https://id.example.cn:8443/realms/ca/\n');
        const policy = read('.caplat/csp.conf');

        assert.ok(policy.includes(`set $caplat_connect "'self'";
if ($uri = /apply/) {
    set $caplat_connect "'self' https://id.example.cn:8443";
}
`), policy);
        assert.match(policy, /connect-src \$caplat_connect; /);

        for (const page of pages) {
            assert.match(read(`${page}.html`), new RegExp('data-issuer="'
                + 'https://id\\.example\\.cn:8443/realms/ca/" '
                + 'data-client="wizard"'));
        }

        assert.doesNotMatch(read('price.html'), /id\.example\.cn/);
    });
});
