// `caplat-site price` as an editor meets it: rows that line up, refusals that
// say what to do, exit statuses that scripts can trust.

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync }
    from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';

const here = path.dirname(fileURLToPath(import.meta.url));
const root = path.join(here, '../..');
const program = process.env.CAPLAT_SITE ?? path.join(root, 'build/caplat-site');
const card = path.join(here, 'cards/ln-2021.txt');

function priceBy(id, ...options) {
    const { status, stdout, stderr } = spawnSync(program,
        ['price', '--rates', path.join(here, `cards/${id}.txt`), ...options],
        { encoding: 'utf8' });

    return { status, stdout, stderr };
}

function price(...options) {
    return priceBy('ln-2021', ...options);
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
        ['twice', 2, '--held jinzhou：给了两次',
            '--held', 'ln-tender', '--held', 'jinzhou', '--add', 'anshan'],
        ['too many months', 1, '--months 1201：证书的有效期太长。请检查到期日。',
            '--add', 'jinzhou', '--months', '1201'],
        ['as long', 1, '--until 2121-07-17：证书的有效期太长。请检查到期日。',
            '--add', 'jinzhou', '--until', '2121-07-17'],
        ['too many', 1, '--add：平台太多。', '--months', '1',
            '--add', 'anshan,'.repeat(32)],
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

    it('blames no platform for the total', () => {
        const { status, stderr } = priceBy('whole-months', '--city', '110000',
            '--day', '2021-06-18', '--add', 'p1,p2', '--months', '12');

        assert.equal(status, 1);
        assert.ok(stderr.includes('--add：合计超过上限。'), stderr);
    });

    it('does not promise that a closed platform comes back', () => {
        const { status, stderr } = priceBy('kinds', '--city', '210100',
            '--day', '2021-06-18', '--add', 'b1,b3', '--months', '12');

        assert.equal(status, 1);
        assert.ok(stderr.includes('--add b3：已停止受理'), stderr);
        assert.ok(!stderr.includes('恢复'), stderr);
    });

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

    it('in a value does not reach another option', () => {
        for (const options of [
            ['--city', '210700&months=3', '--add', 'anshan&base=paid'],
            ['--city', '210700', '--add', 'anshan&months=3'],
            ['--city', '210700', '--months', '3', '--add', 'anshan=dalian'],
            ['--city', '210700', '--add', 'anshan', '--day',
                '2021-06-18&months=3']]) {
            const { status, stdout, stderr } = price(...options);

            assert.equal(status, 2);
            assert.equal(stdout, '');
            assert.match(stderr, /^caplat-site price: --\w+ \S+：值里不能有/);
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

    it('of the disk is told', () => {
        const questions = ['--questions', path.join(here, 'cases.txt')];
        const full = openSync('/dev/full', 'w');

        for (const options of [
            [...jinzhou, '--add', 'anshan', '--months', '3'],
            [...jinzhou, '--add', 'anshan', '--months', '3', '--json'],
            questions, ['--help']]) {
            const { status, stderr } = spawnSync(program,
                ['price', '--rates', card, ...options],
                { encoding: 'utf8', stdio: ['ignore', full, 'pipe'] });

            assert.equal(status, 1);
            assert.match(stderr, /^caplat-site price: 标准输出: /);
        }

        closeSync(full);
    });

    it('in the size of a file of questions is told', (t) => {
        const folder = mkdtempSync(path.join(os.tmpdir(), 'caplat-price-'));
        const file = path.join(folder, 'questions.txt');
        const line = `add=${'anshan,'.repeat(20)}&city=210700\n`;
        const most = 16 * 1024 * 1024;

        t.after(() => rmSync(folder, { recursive: true }));

        writeFileSync(file, line.repeat(1000));
        assert.equal(price('--questions', file).stdout.split('\n').length,
            1001);

        writeFileSync(file, Buffer.alloc(most + 1, 'a'));
        assert.deepEqual(price('--questions', file),
            { status: 1, stdout: '', stderr: `${file}: 文件太大\n` });
        writeFileSync(file, Buffer.alloc(most, 'a'));
        assert.equal(price('--questions', file).status, 0);
        assert.match(price('--help').stdout, /16 MB/);
    });

    it('in a path is told', () => {
        const { status, stderr } = spawnSync(program,
            ['price', '--rates', '/nowhere'], { encoding: 'utf8' });

        assert.equal(status, 1);
        assert.ok(stderr.startsWith('/nowhere: '));
    });
});
