// The list of questions that all hosts answer alike, and the native program's
// answers.

import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync }
    from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after } from 'node:test';
import { fileURLToPath } from 'node:url';

const here = path.dirname(fileURLToPath(import.meta.url));

export const root = path.join(here, '../..');
export const program = process.env.CAPLAT_SITE
    ?? path.join(root, 'build/caplat-site');
export const scratch = mkdtempSync(path.join(os.tmpdir(), 'caplat-parity-'));

after(() => rmSync(scratch, { recursive: true }));

export const cards = new Map(readdirSync(path.join(here, 'cards')).sort()
    .map((file) => [path.basename(file, '.txt'),
        path.join(here, 'cards', file)]));

// [card, question] for each case.
export const cases = readFileSync(path.join(here, 'cases.txt'), 'utf8')
    .split('\n').filter((line) => line !== '' && !line.startsWith('#'))
    .map((line) => {
        const [, card, question] = line.match(/^(\S+) ?(.*)$/);

        return [card, question];
    });


export function native(card, questions) {
    const file = path.join(scratch, 'questions');

    writeFileSync(file, questions.map((question) => `${question}\n`).join(''));

    return execFileSync(program,
        ['price', '--rates', cards.get(card), '--questions', file])
        .toString().split('\n').slice(0, -1);
}
