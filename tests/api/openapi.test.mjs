// The description of the API: lint finds nothing, and it knows the same
// problems, by name and status, as the module that sends them and the site
// that explains them; and the same states of an order.

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';

import { parse } from 'yaml';

const here = path.dirname(fileURLToPath(import.meta.url));
const root = path.join(here, '../..');
const program = path.join(here, '../node_modules/.bin/redocly');
const description = path.join(root, 'ngx_caplat_module/openapi.yaml');
const folder = mkdtempSync(path.join(os.tmpdir(), 'caplat-openapi-'));

// What the linter needs, by its package.json.
const [major, minor] = process.versions.node.split('.').map(Number);
const skip = (major === 20 && minor >= 19) || (major === 22 && minor >= 12)
    || major > 22 ? false : 'the linter needs node 20.19, 22.12 or later';

after(() => rmSync(folder, { recursive: true }));

function redocly(...options) {
    const { status, stdout, stderr } = spawnSync(program, options, {
        cwd: folder, encoding: 'utf8', env: { ...process.env, NO_COLOR: '1',
            REDOCLY_TELEMETRY: 'off', REDOCLY_SUPPRESS_UPDATE_NOTICE: 'true' },
    });

    return { status, words: stdout + stderr };
}

function read(file) {
    return readFileSync(path.join(root, file), 'utf8');
}

const described = () => parse(readFileSync(description, 'utf8'));

// { name: status } of a problem's schemas, whose types end in the name.
function problemsOf(api) {
    const problems = {};

    for (const [id, schema] of Object.entries(api.components.schemas)) {
        if (!/^Problem\d/.test(id)) {
            continue;
        }

        const { type, status } = schema.properties;

        assert.equal(id, `Problem${status.const}`);

        for (const { pattern } of type.anyOf ?? [type]) {
            for (const name of pattern.match(/\(([^)]*)\)/)[1].split('|')) {
                problems[name] = status.const;
            }
        }
    }

    return problems;
}

// { name: { status, title, detail } } of the module's table, in which a string
// may have several pieces.
function table() {
    const header = read('ngx_caplat_module/core/caplat_problem.h');
    const pieces = header.replace(/"[\s\\]*"/g, '');
    const row = new RegExp('P\\([A-Z_]+, (\\d+), "([a-z-]+)",[\\s\\\\]*'
        + '"([^"]*)",[\\s\\\\]*"([^"]*)"\\)', 'g');

    return Object.fromEntries([...pieces.matchAll(row)]
        .map(([, status, name, title, detail]) =>
            [name, { status: Number(status), title, detail }]));
}

describe('the API\'s description', () => {
    it('has nothing that lint would find', { skip }, () => {
        const { status, words } = redocly('lint', description);

        assert.equal(status, 0, words);
        assert.doesNotMatch(words, /You have \d+ (warning|error)/);
        assert.match(words, /Your API description is valid/);
    });

    it('is linted: a fault is found', { skip }, () => {
        const { status } = redocly('lint', path.join(root, 'LICENSE'));

        assert.notEqual(status, 0);
    });

    it('knows the problems that the module sends', () => {
        const statuses = Object.fromEntries(Object.entries(table())
            .map(([name, { status }]) => [name, status]));

        assert.ok(Object.keys(statuses).length > 30);
        assert.deepEqual(problemsOf(described()), statuses);
    });

    it('shows them as the module sends them', () => {
        const rows = table();

        for (const { content } of
            Object.values(described().components.responses)) {
            const { example } = content['application/problem+json'];
            const row = rows[example.type.split(/[/#]/).at(-1)];

            assert.equal(example.title, row.title);
            assert.equal(example.detail, row.detail);
            assert.equal(example.status, row.status);
        }
    });
});

// A table of core/caplat_state.h: the words between `NAME(` and `)` of each row.
function states(rows) {
    const header = read('ngx_caplat_module/core/caplat_state.h');
    const row = new RegExp(`^ {4}${rows}\\(([^)]*)\\)`, 'gm');

    return [...header.matchAll(row)].map(([, words]) => words.split(',')
        .map((word) => word.trim().replaceAll('"', '')));
}

describe('states and events of orders', () => {
    const words = states('S');
    const events = states('E');
    const { components: { schemas } } = described();

    it('are those of the table in openapi.yaml', () => {
        assert.ok(words.length > 3 && events.length > 5);
        assert.deepEqual(schemas.OrderState.enum,
            words.map(([, word]) => word));
        assert.deepEqual(schemas.OrderEvent.properties.event.enum.slice().sort(),
            events.map(([, word]) => word).sort());
    });

    // The lines of the manual's table that has these titles.
    const manual = (titles) => {
        const [, rows] = read('ngx_caplat_module/README.md').split(
            `| ${titles.join(' | ')} |\n`);

        return rows.split('\n\n')[0].split('\n').slice(1).map((line) => line
            .split('|').slice(1, -1)
            .map((cell) => cell.trim().replaceAll('`', '')));
    };

    it('are those of the table in the manual', () => {
        assert.deepEqual(manual(['state', 'means', 'finished'])
            .map(([word, , finished]) => [word, finished]),
        words.map(([, word, finished]) =>
            [word, finished === 'true' ? 'yes' : 'no']));

        const name = (list, key) => list.find(([one]) => one === key)?.[1]
            ?? '';
        const moves = states('M').map(([event, from, to]) => [name(events,
            event), name(words, from), name(words, to)]);
        const told = manual(['event', 'from', 'to']);

        assert.deepEqual(told.filter(([, , to]) => to !== ''), moves);
        assert.deepEqual([...new Set(told.map(([event]) => event))].sort(),
            events.map(([, word]) => word).sort());
    });
});

describe('the site', () => {
    it('has a page for each problem', () => {
        const row = /<problem name="([a-z-]+)" status="(\d+)">/g;
        const pages = [...read('content/ui.xml').matchAll(row)]
            .map(([, name, status]) => `${status} ${name}`);
        const rows = Object.entries(table())
            .map(([name, { status }]) => `${status} ${name}`);

        assert.deepEqual(pages.sort(), rows.sort());
    });
});
