// A receipt is checked in the browser: what is good is called good, what was
// touched anywhere is not, and what cannot be checked is called neither.

import assert from 'node:assert/strict';
import { createHash, createPrivateKey, sign } from 'node:crypto';
import { describe, it } from 'node:test';

import { axeFaults, sideways, stage, vkey } from './stage.mjs';

const origin = 'shop.example/orders';

// The example of the C2SP formats: index 2 of 5, with one cosignature.
const example = `c2sp.org/tlog-proof@v1
extra ISEhISEhISEhISEhISEhISEhISEhISEhISEhISEhISF7ImlkIjoib3JkXzIiLCJhbW91bnQiOjEwMDJ9
index 2
ddewnE3T5QknzLuUrppnaU8jx/pAmP7n1A4ZfuHahY8=
8pJeqg+pCNe7XGxRFqq70EVM/a1RJsLRhXGWcb9rDFo=
e/fru4I/lqLeoNb72oPv+9XvIQY0CUPATVvCwr+pVUU=

shop.example/orders
5
6PAhwhfU7OGB5xNQoldI7FpqWT2W5vTE1n394h55W0w=

— shop.example/orders LCsEH4Ozb+7re918XCYOfS8vJ9lPbFkB93ewnpJUSQljJqWrhvKxTFPrh1GrftvB7dkEgXWLkXZ1WDryVXPfxK//JwE=
— witness.example/w1 2aPHoAAAAABlU/EAJjK4xg24tB553oX+w2UsmLZ+YKiKy0XVciVhV3H61UMqZYwjWd9BYq20t0zba0TaqHXDl3czRh93RUtscinXBw==
`;


const sha256 = (...parts) => createHash('sha256')
    .update(Buffer.concat(parts.map((part) => Buffer.from(part)))).digest();

const leafOf = (entry) => sha256([0], entry);
const nodeOf = (left, right) => sha256([1], left, right);


// The key pair of a seed of one byte, or of the example's.
function keyOf(seed = Buffer.from([...Array(32).keys()])) {
    const pair = createPrivateKey({ format: 'der', type: 'pkcs8',
        key: Buffer.concat([
            Buffer.from('302e020100300506032b657004220420', 'hex'), seed]) });
    const { x } = pair.export({ format: 'jwk' });
    const typed = Buffer.concat([Buffer.from([1]),
        Buffer.from(x, 'base64url')]);
    const id = sha256(`${origin}\n`, typed).subarray(0, 4);

    return { pair, id, vkey: `${origin}+${id.toString('hex')}+${
        typed.toString('base64')}` };
}


// RFC 6962, 2.1: as it is defined, without a frontier.
const split = (count) => 2 ** (Math.ceil(Math.log2(count)) - 1);

function rootOf(leaves) {
    const k = split(leaves.length);

    return leaves.length === 1 ? leaves[0]
        : nodeOf(rootOf(leaves.slice(0, k)), rootOf(leaves.slice(k)));
}


function pathOf(index, leaves) {
    const k = split(leaves.length);

    if (leaves.length === 1) {
        return [];
    }

    return index < k
        ? [...pathOf(index, leaves.slice(0, k)), rootOf(leaves.slice(k))]
        : [...pathOf(index - k, leaves.slice(k)), rootOf(leaves.slice(0, k))];
}


// A receipt of a record among `size`; `change` breaks its parts before they
// are written, `resign` after the checkpoint was signed.
function receiptOf(record, { index = 5, size = 11, key = keyOf(),
    salt = Buffer.alloc(32, 7), change = () => {}, resign = () => {} } = {})
{
    const leaves = Array.from({ length: size }, (_, at) => leafOf(at === index
        ? sha256('order-commitment/v1\n', salt, record) : sha256(`${at}`)));
    const parts = { record, salt, index, size, path: pathOf(index, leaves),
        root: rootOf(leaves), origin };

    change(parts);

    const text = () => `${parts.origin}\n${parts.size}\n${
        parts.root.toString('base64')}\n`;

    parts.signature = sign(null, Buffer.from(text()), key.pair);
    parts.id = key.id;
    resign(parts);

    return `c2sp.org/tlog-proof@v1\nextra ${
        Buffer.concat([parts.salt, Buffer.from(parts.record)])
            .toString('base64')}\nindex ${parts.index}\n${parts.path.map(
        (hash) => `${hash.toString('base64')}\n`).join('')}\n${text()}\n— ${
        parts.origin} ${Buffer.concat([parts.id, parts.signature])
        .toString('base64')}\n`;
}


const order = JSON.stringify({ v: 1, i: 5, t: 1795334400123,
    type: 'order.created', order: 'CA20261122000017',
    subj: 'AAAAAAAAAAAAAAAAAAAAAA', client: 'web', add: ['jinzhou', 'anshan'],
    amount: 5000, lines: [
        { platform: null, name: '套餐', fee_fen: 0, reason: '已付' },
        { platform: 'jinzhou', name: '锦州市公共资源平台', fee_fen: 0,
            reason: '套餐内' },
        { platform: 'anshan', name: '鞍山市公共资源平台', fee_fen: 5000,
            reason: '50 元/年' },
    ], salt: Buffer.alloc(32, 7).toString('base64url') });

const flip = (bytes, at = 0) => {
    const other = Buffer.from(bytes);

    other[at] ^= 1;

    return other;
};


const good = { title: '收据有效', marks: ['通过', '通过', '通过', '通过'] };
const form = { marks: ['没有通过', '没有查', '没有查', '没有查'] };
const signature = { marks: ['通过', '通过', '没有通过', '没有查'] };
const held = { marks: ['通过', '通过', '通过', '没有通过'] };

// What is done to a receipt, which check finds it, and in which words.
const broken = [
    ['a letter of the record', held, /记录、编号或证明改过/,
        { change: (p) => { p.record = p.record.replace('5000', '1000'); } }],
    ['the salt', held, /记录、编号或证明改过/,
        { change: (p) => { p.salt = flip(p.salt, 31); } }],
    ['the index', held, /记录、编号或证明改过/,
        { change: (p) => { p.index = 4; } }],
    ['an index of another depth', held, /证明的长度不对/,
        { change: (p) => { p.index = 10; } }],
    ['an index past the tree', held, /编号超出/,
        { change: (p) => { p.index = 11; } }],
    ['a hash of the path', held, /记录、编号或证明改过/,
        { change: (p) => { p.path[3] = flip(p.path[3]); } }],
    ['a path too short', held, /证明的长度不对/,
        { change: (p) => { p.path.pop(); } }],
    ['a path too long', held, /证明的长度不对/,
        { change: (p) => { p.path.push(p.path[0]); } }],
    ['a root that was signed', held, /记录、编号或证明改过/,
        { change: (p) => { p.root = flip(p.root); } }],
    ['a root after it was signed', signature, /签名和内容对不上/,
        { resign: (p) => { p.root = flip(p.root); } }],
    ['a size after it was signed', signature, /签名和内容对不上/,
        { resign: (p) => { p.size = 12; } }],
    ['the signature', signature, /签名和内容对不上/,
        { resign: (p) => { p.signature = flip(p.signature, 40); } }],
    ['a signature cut short', signature, /签名和内容对不上/,
        { resign: (p) => { p.signature = p.signature.subarray(0, 63); } }],
    ['another key', signature, /另一把钥匙/,
        { key: keyOf(Buffer.alloc(32, 9)) }],
    ['another key under this one’s number', signature, /签名和内容对不上/,
        { key: keyOf(Buffer.alloc(32, 9)),
            resign: (p) => { p.id = keyOf().id; } }],
    ['another log', signature, /other\.example/,
        { change: (p) => { p.origin = 'other.example/log'; } }],
    ['no record', form, /记录读不出来/, { change: (p) => { p.record = ''; } }],
];

// What is done to its text.
const spelt = [
    ['cut in the path', /收据不完整/,
        (text) => text.slice(0, text.indexOf('\n\n') - 20)],
    ['cut in the signature', /签名的部分/, (text) => text.slice(0, -9)],
    ['without its last line end', /签名的部分/, (text) => text.slice(0, -1)],
    ['with a line more', /签名的部分/, (text) => `${text}\n`],
    ['with an extension line', /签名的部分/,
        (text) => text.replace(/=\n\n—/, '=\nmore\n\n—')],
    ['with CR', /第一行不是/, (text) => text.replace(/\n/g, '\r\n')],
    ['with a byte order mark', /第一行不是/, (text) => `\ufeff${text}`],
    ['of another version', /第一行不是/, (text) => text.replace('@v1', '@v2')],
    ['with a leading zero', /收据不完整/,
        (text) => text.replace('index 5', 'index 05')],
    ['with a sign', /收据不完整/, (text) => text.replace('index 5', 'index +5')],
    ['with a number past what is exact', /收据不完整/,
        (text) => text.replace('index 5', 'index 9007199254740992')],
    ['with loose bits in a hash', /收据不完整/, (text) => text.replace(
        /(index 5\n.{42})(.)=/, (_, before, last) => `${before}${
            String.fromCharCode(last.charCodeAt(0) + 1)}=`)],
    ['with a blank in the record', /收据不完整/,
        (text) => text.replace('extra ', 'extra  ')],
    ['with a record of another alphabet', /记录读不出来/,
        (text) => text.replace(/extra ..../, 'extra ____')],
    ['that is not UTF-8', /不是文字/,
        (text) => Buffer.concat([Buffer.from(text), Buffer.from([0xff])])],
    ['that is empty', /第一行不是/, () => ''],
    ['that is far too long', /文件太大/, (text) => text.repeat(200)],
];


async function ready(page) {
    await page.goto('/receipt/');
    await page.waitForFunction(() => document.querySelector('#key').value);
}


async function give(page, text) {
    await page.setInputFiles('#file', { name: 'CA20261122000017.tlog-proof',
        mimeType: 'application/octet-stream', buffer: Buffer.from(text) });
}


// What the page says when it has come to an end.
async function verdict(page) {
    await page.waitForSelector('[data-status] .note');

    return page.evaluate(() => {
        const text = (selector) => Array.from(
            document.querySelectorAll(selector), (node) => node.textContent);
        const facts = document.querySelector('[data-facts]');

        return { title: text('[data-status] .note-h')[0],
            why: text('[data-status] .note p + p')[0],
            tone: document.querySelector('[data-status] .note').className,
            marks: document.querySelector('[data-checks]').hidden ? []
                : text('[data-check]'),
            facts: facts.hidden ? null : Object.fromEntries(
                Array.from(facts.querySelectorAll('[data-value]'))
                    .filter((node) => node.tagName === 'PRE'
                        || node.offsetParent !== null)
                    .map((node) => [node.dataset.value, node.textContent])) };
    });
}


describe('the check of receipts', () => {
    const scene = stage();

    it('knows the key of the stage', () => assert.equal(keyOf().vkey, vkey));

    it('finds the example of the formats good', async (t) => {
        const page = await scene.open(t);

        await ready(page);
        assert.equal(await page.inputValue('#key'), vkey);
        await give(page, example);

        const { title, tone, marks, facts } = await verdict(page);

        assert.deepEqual({ title, marks }, good);
        assert.equal(tone, 'note note-good');
        assert.deepEqual(facts, { origin, index: '2', size: '5',
            record: '{"id":"ord_2","amount":1002}' });
        assert.ok(await page.isVisible('[data-value=record]'), 'unfolded');
        assert.deepEqual(page.complaints, []);
    });

    it('tells what an order’s receipt says', async (t) => {
        const page = await scene.open(t);

        await ready(page);
        await give(page, receiptOf(order));

        const { title, marks, facts } = await verdict(page);

        assert.deepEqual({ title, marks }, good);
        assert.deepEqual(facts, { order: 'CA20261122000017',
            time: '2026-11-22 16:00:00（北京时间）', amount: '50.00 元',
            platforms: '锦州市公共资源平台、鞍山市公共资源平台', origin,
            index: '5', size: '11', record: order });
        assert.ok(await page.isHidden('[data-value=record]'), 'folded');
        assert.deepEqual(page.complaints, []);
    });

    it('knows every place in trees of 1 to 9, and one past 2^32', async (t) => {
        const page = await scene.open(t);

        await ready(page);

        for (let size = 1; size < 10; size++) {
            for (let index = 0; index < size; index++) {
                await give(page, receiptOf(order, { size, index }));
                assert.equal((await verdict(page)).title, good.title,
                    `${index} of ${size}`);
            }
        }

        // The leaf alone right of a full tree of 2^40 leaves.
        await give(page, receiptOf(order, { size: 2, index: 1, change(p) {
            p.size = 2 ** 40 + 1;
            p.index = 2 ** 40;
        } }));
        assert.equal((await verdict(page)).title, good.title);
    });

    it('shows other records as they are', async (t) => {
        const page = await scene.open(t);

        await ready(page);

        for (const record of ['null', '<b>&amp;</b>', '{"v":1', JSON.stringify({
            ...JSON.parse(order), amount: 0.5 }), JSON.stringify({
            ...JSON.parse(order), type: 'order.cancelled' })])
        {
            await give(page, receiptOf(record));

            const { title, facts } = await verdict(page);

            assert.equal(title, good.title);
            assert.deepEqual(facts, { origin, index: '5', size: '11', record });
        }

        assert.deepEqual(page.complaints, []);
    });

    it('finds whatever was touched', async (t) => {
        const page = await scene.open(t);

        await ready(page);

        for (const [name, want, words, options] of broken) {
            await give(page, receiptOf(order, options));

            const { title, why, tone, marks, facts } = await verdict(page);

            assert.equal(title, '收据没有通过核对', name);
            assert.equal(tone, 'note note-bad', name);
            assert.match(why, words, name);
            assert.deepEqual(marks, want.marks, name);
            assert.equal(facts, null, name);
        }

        for (const [name, words, change] of spelt) {
            await give(page, change(receiptOf(order)));

            const { title, why, marks, facts } = await verdict(page);

            assert.equal(title, '收据没有通过核对', name);
            assert.match(why, words, name);
            assert.deepEqual(marks, form.marks, name);
            assert.equal(facts, null, name);
        }

        await give(page, receiptOf(order));
        assert.equal((await verdict(page)).title, good.title, 'and again');
        assert.deepEqual(page.complaints, []);
    });

    it('finds any one letter of the example', async (t) => {
        const page = await scene.open(t);

        await ready(page);

        // The cosignature is somebody else's, and no part of the proof.
        const end = Buffer.from(example.slice(0, example.indexOf('— witness')))
            .length;

        for (let at = 0; at < end; at += 7) {
            await give(page, flip(example, at));
            assert.equal((await verdict(page)).title, '收据没有通过核对',
                `byte ${at}`);
        }
    });

    it('takes pasted text, by keyboard alone', async (t) => {
        const page = await scene.open(t);

        await ready(page);
        await page.focus('#file');
        await page.keyboard.press('Tab');
        assert.equal(await page.evaluate(() => document.activeElement.id),
            'paste');
        await page.keyboard.insertText(example.trimEnd());
        await page.keyboard.press('Tab');
        assert.equal(await page.evaluate(() => document.activeElement.id),
            'key');
        await page.keyboard.press('Tab');
        await page.keyboard.press('Enter');
        assert.equal((await verdict(page)).title, good.title);
        assert.equal(await page.getAttribute('[data-status]', 'role'),
            'status');

        // One of the two at a time: a file takes the place of the text.
        await give(page, receiptOf(order));
        assert.equal((await verdict(page)).facts.index, '5');
        assert.equal(await page.inputValue('#paste'), '');
        await page.fill('#paste', example);
        await page.click('[type=submit]');
        await page.waitForFunction(() => document.querySelector(
            '[data-value=index]').textContent === '2');
        assert.deepEqual(page.complaints, []);
    });

    it('asks for a receipt when there is none', async (t) => {
        const page = await scene.open(t);

        await ready(page);
        await page.click('[type=submit]');
        assert.equal(await page.textContent('#file-err'),
            '请先选收据文件，或粘贴收据的文字');
        assert.equal(await page.getAttribute('#file', 'aria-invalid'), 'true');
        assert.equal(await page.evaluate(() => document.activeElement.id),
            'file');
        assert.deepEqual(await axeFaults(page), []);

        await give(page, example);
        assert.equal((await verdict(page)).title, good.title);
        assert.ok(await page.isHidden('#file-err'));
    });

    it('takes a key that was kept', async (t) => {
        const page = await scene.open(t);
        const key = keyOf(Buffer.alloc(32, 9));
        const id = key.id.toString('hex');

        await ready(page);
        await page.fill('#key', ` ${key.vkey}\n`);
        await give(page, receiptOf(order, { key }));
        assert.equal((await verdict(page)).title, good.title);

        // A key that cannot be read says nothing about the receipt.
        for (const [line, words] of [
            [key.vkey.replace(id, '00000000'), /编号和钥匙对不上/],
            [key.vkey.replace('shop', 'shoq'), /编号和钥匙对不上/],
            [key.vkey.replace(id, id.toUpperCase() + ' '), /公钥读不出来/],
            [key.vkey.slice(0, -1), /公钥读不出来/],
            [key.vkey.replace(/\+A(?=[^+]*$)/, '+B'), /公钥读不出来/],
            ['<html>', /公钥读不出来/],
        ]) {
            await page.fill('#key', line);
            await page.click('[type=submit]');
            await page.waitForFunction((source) => new RegExp(source).test(
                document.querySelector('[data-status]').textContent),
            words.source);

            const { title, marks, facts } = await verdict(page);

            assert.equal(title, '没有核对完，不能说收据有效', line);
            assert.deepEqual(marks, ['通过', '没有通过', '没有查', '没有查']);
            assert.equal(facts, null);
        }
    });

    it('calls nothing good without Ed25519', async (t) => {
        const page = await scene.open(t);

        await page.addInitScript(() => {
            SubtleCrypto.prototype.importKey = () => Promise.reject(
                new DOMException('unknown', 'NotSupportedError'));
        });
        await ready(page);
        await give(page, receiptOf(order));

        const { title, why, tone, marks, facts } = await verdict(page);

        assert.equal(title, '没有核对完，不能说收据有效');
        assert.match(why, /不能核对 Ed25519 签名/);
        assert.equal(tone, 'note note-warn');
        assert.deepEqual(marks, ['通过', '通过', '没法查', '通过']);
        assert.equal(facts, null);
        assert.deepEqual(await axeFaults(page), []);

        // What can be seen to be wrong is wrong all the same.
        await give(page, receiptOf(order, broken[0][3]));
        assert.equal((await verdict(page)).title, '收据没有通过核对');
        assert.deepEqual(page.complaints, []);
    });

    it('says so where there is no cryptography', async (t) => {
        const page = await scene.open(t);

        await page.addInitScript(() => Object.defineProperty(Crypto.prototype,
            'subtle', { get: () => undefined }));
        await ready(page);
        assert.match((await verdict(page)).why, /https/);
        await give(page, example);

        const { title, why, marks, facts } = await verdict(page);

        assert.equal(title, '没有核对完，不能说收据有效');
        assert.match(why, /https/);
        assert.deepEqual(marks, []);
        assert.equal(facts, null);
        assert.deepEqual(page.complaints, []);
    });

    it('goes without the log’s key, or with one that is given', async (t) => {
        const page = await scene.open(t);

        await page.route('/log/vkey', (route) => route.fulfill({ status: 404,
            contentType: 'text/html', body: '<!doctype html>' }));
        await page.goto('/receipt/');
        await page.waitForFunction(() => document.querySelector('#key-hint')
            .textContent.startsWith('没有取到'));
        assert.equal(await page.inputValue('#key'), '');
        await give(page, example);

        const { title, why, facts } = await verdict(page);

        assert.equal(title, '没有核对完，不能说收据有效');
        assert.match(why, /没有取到流水的公钥/);
        assert.equal(facts, null);
        assert.deepEqual(await axeFaults(page), []);

        await page.fill('#key', vkey);
        await page.click('[type=submit]');
        await page.waitForSelector('[data-status] .note-good');
    });

    it('sends nothing of the receipt anywhere', async (t) => {
        const page = await scene.open(t);
        const asked = [];

        await ready(page);
        page.on('request', (request) => asked.push(request.url()));
        await give(page, example);
        await verdict(page);
        await page.click('[type=submit]');
        await verdict(page);
        assert.deepEqual(asked, []);
        assert.equal(page.url(), `${scene.origin}/receipt/`);
    });

    it('brings what it found into sight', async (t) => {
        const page = await scene.open(t, { width: 390, height: 600 });

        await ready(page);
        await give(page, receiptOf(order));
        await verdict(page);

        const { y, height } = await page.locator('[data-status]').boundingBox();

        assert.ok(y >= 0 && y + height <= 600, `${y} + ${height}`);
    });

    it('is for everybody, on every screen', async (t) => {
        const page = await scene.open(t);

        await ready(page);

        for (const text of [receiptOf(order), receiptOf(order, broken[0][3]),
            example])
        {
            await give(page, text);
            await verdict(page);

            for (const width of [1280, 390, 320]) {
                await page.setViewportSize({ width, height: 900 });
                assert.deepEqual(await sideways(page), [], `${width}`);

                for (const colorScheme of ['light', 'dark']) {
                    await page.emulateMedia({ colorScheme });
                    assert.deepEqual(await axeFaults(page), []);
                }
            }
        }
    });

    it('has the key for those without scripts', async (t) => {
        const page = await scene.open(t, { javaScriptEnabled: false });

        await page.goto('/receipt/');
        assert.ok(await page.isHidden('form'));
        assert.ok(await page.isVisible('noscript a[href="/log/vkey"]'));
        assert.match(await page.innerText('main'), /收据能证明什么/);
    });
});
