// A content and a theme of its own for a test, and what the generator makes
// of them.

import { execFile } from 'node:child_process';
import { cpSync, mkdirSync, readFileSync, readdirSync, writeFileSync }
    from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

import { root, scratch } from '../site/server.mjs';

export const here = fileURLToPath(new URL('.', import.meta.url));
export const generator = path.resolve(root,
    process.env.CAPLAT_SITE ?? 'build/caplat-site');
export const day = '2026-11-23';


// A content and a theme of its own, in a folder where nothing else is.
export function lay(t, ...layers) {
    const folder = scratch(t);
    const content = path.join(folder, 'content');
    const theme = path.join(folder, 'site/theme');

    cpSync(path.join(here, 'base'), content, { recursive: true });
    cpSync(path.join(root, 'content/ui.xml'), path.join(content, 'ui.xml'));
    cpSync(path.join(root, 'content/schema'), path.join(content, 'schema'),
        { recursive: true });
    cpSync(path.join(root, 'site/static'), path.join(folder, 'site/static'),
        { recursive: true });
    cpSync(path.join(root, 'site/theme'), theme, { recursive: true });
    cpSync(path.join(here, 'theme'), theme, { recursive: true });

    for (const layer of layers) {
        cpSync(layer, content, { recursive: true });
    }

    return folder;
}


// What it said and how it ended.
export function run(folder, verb, options = [], environment = {}) {
    const env = { PATH: process.env.PATH, ASAN_OPTIONS:
        process.env.ASAN_OPTIONS ?? '', ...environment };

    return new Promise((resolve) => execFile(generator,
        [verb, '--content', 'content', '--site', 'site', ...options],
        { cwd: folder, env, maxBuffer: 1 << 24 }, (error, stdout, stderr) =>
            resolve({ status: error === null ? 0 : error.code, stdout,
                said: stdout + stderr })));
}

export const build = (folder, options = [], environment = {}) =>
    run(folder, 'build', ['--out', 'out', '--date', day, '--threads', '2',
        ...options], environment);

export const put = (folder, name, text) => {
    const file = path.join(folder, 'content', name);

    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, text);
};

export const page = (body) =>
    `---\ntitle: 测试\nsummary: 一。\nupdated: 2026-11-20\n---\n\n${body}\n`;

export const notice = (title, from, until) => '---\n'
    + `title: ${title}\nsummary: 一。\nupdated: 2026-01-01\nfrom: ${from}\n${
        until ? `until: ${until}\n` : ''}---\n\n正文。\n`;


export function files(folder, under = '') {
    return readdirSync(path.join(folder, under), { withFileTypes: true })
        .sort((a, b) => (a.name < b.name ? -1 : 1))
        .flatMap((entry) => {
            const name = path.join(under, entry.name);

            return entry.isDirectory() ? files(folder, name) : [name];
        });
}

// All files of a site and their bytes, that two may be compared.
export const bytes = (folder) => files(folder).map((name) =>
    `${name} ${readFileSync(path.join(folder, name)).toString('base64')}`);
