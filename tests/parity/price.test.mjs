// `caplat-site price` as an editor meets it: rows that line up, refusals that
// say what to do, exit statuses that scripts can trust.

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';

const here = path.dirname(fileURLToPath(import.meta.url));
const root = path.join(here, '../..');
const program = process.env.CAPLAT_SITE ?? path.join(root, 'build/caplat-site');
const card = path.join(here, 'cards/ln-2021.txt');

function price(...options) {
    const { status, stdout, stderr } = spawnSync(program,
        ['price', '--rates', card, ...options], { encoding: 'utf8' });

    return { status, stdout, stderr };
}

const jinzhou = ['--city', '210700', '--day', '2021-06-18'];

describe('a price', () => {
    it('has a row for each line and the total, in columns', () => {
        assert.deepEqual(price(...jinzhou, '--add', 'huachen,anshan,jinzhou',
            '--months', '7'), { status: 0, stderr: '', stdout: [
            '套餐                     250 元  证书有效期内只收一次',
            '鞍山市公共资源平台     29.17 元  50 元/年，按剩余 7 个月计',
            '锦州市公共资源平台         0 元  套餐内，不另收费',
            '华晨集团电子采购平台       0 元  不收费',
            '合计                  279.17 元',
            ''].join('\n') });
    });

    it('is the core\'s answer and a line feed with --json', () => {
        const { status, stdout } = price(...jinzhou, '--held', 'jinzhou',
            '--add', 'anshan', '--until', '2021-09-17', '--json');

        assert.equal(status, 0);
        assert.ok(stdout.startsWith('{"card":"ln-2021","total_fen":1250,'));
        assert.ok(stdout.endsWith(']}\n'));
    });

    it('is of today when no day is given', () => {
        assert.equal(price('--city', '210700', '--add', 'jinzhou',
            '--months', '1').status, 0);
    });
});

describe('a refusal', () => {
    const refusals = [
        ['held', 1, '已经在证书上（鞍山市公共资源平台）。请从 --add 里去掉它。',
            '--held', 'anshan', '--add', 'dalian,anshan', '--months', '1'],
        ['a slip', 1, '费率卡里没有这个平台，是不是 jinzhou？',
            '--add', 'jinzho', '--months', '1'],
        ['a maker', 1, '中孚 KEY 的厂商已停止技术服务，请先申请补办',
            '--vendor', 'zhongfu', '--add', 'jinzhou', '--months', '1'],
        ['expired', 1, '证书已经过期。请先延期，再新增平台。',
            '--add', 'jinzhou', '--until', '2021-06-17'],
        ['nothing', 1, '没有选择平台。', '--months', '1'],
        ['no number', 2, '--months 1x：不是整数',
            '--add', 'jinzhou', '--months', '1x'],
        ['no term', 2, '--months：缺少这一项', '--add', 'jinzhou'],
    ];

    for (const [name, wanted, words, ...options] of refusals) {
        it(`says what is wrong and what to do: ${name}`, () => {
            const { status, stdout, stderr } = price(...jinzhou, ...options);

            assert.equal(status, wanted);
            assert.equal(stdout, '');
            assert.ok(stderr.startsWith('caplat-site price: --'));
            assert.ok(stderr.includes(words), stderr);
        });
    }

    it('is JSON with --json, and keeps its status', () => {
        const { status, stdout } = price(...jinzhou, '--months', '1', '--json');

        assert.equal(status, 1);
        assert.equal(JSON.parse(stdout).error, 'nothing-chosen');
    });
});

describe('a mistake', () => {
    it('shows how to call it', () => {
        for (const options of [['--colour', 'red'], ['stray'], ['--add'],
            ['--questions', card, '--city', '210700']]) {
            const { status, stderr } = price(...options);

            assert.equal(status, 2);
            assert.match(stderr, /用法：caplat-site price --rates/);
        }
    });

    it('in a card is shown by file, line and column', (t) => {
        const folder = mkdtempSync(path.join(os.tmpdir(), 'caplat-price-'));
        const bad = path.join(folder, 'bad.txt');

        t.after(() => rmSync(folder, { recursive: true }));
        writeFileSync(bad, readFileSync(card, 'utf8')
            .replace('套餐\n', '套餐 \n'));

        const { status, stderr } = spawnSync(program,
            ['price', '--rates', bad], { encoding: 'utf8' });

        assert.equal(status, 1);
        assert.ok(stderr.startsWith(`${bad}:5:12: 错误: base words: `), stderr);
    });

    it('in a path is told', () => {
        const { status, stderr } = spawnSync(program,
            ['price', '--rates', '/nowhere'], { encoding: 'utf8' });

        assert.equal(status, 1);
        assert.ok(stderr.startsWith('/nowhere: '));
    });
});
