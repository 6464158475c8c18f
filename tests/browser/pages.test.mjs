// Every kind of page in a browser: for everybody, on every screen, in small
// parcels, and silent.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { axeFaults, kinds, settled, shift, sideways, stage } from './stage.mjs';

const widths = [1280, 390, 320];
const KB = 1024;

// What the network may carry for one page, headers included; each kind of
// file as it is sent. The calculator's core is a file apart.
const budget = { requests: 4, wire: 30 * KB, document: 8 * KB,
    stylesheet: 8 * KB, script: 5 * KB };

// The wizard's scripts are small modules, and the calculator has one beside it.
const wizard = { ...budget, requests: 14, wire: 36 * KB, script: 12 * KB };
const calculator = { ...budget, requests: 5 };

const budgetOf = (name) => (/^(apply|order)/.test(name) ? wizard
    : name === 'price' ? calculator : budget);

// The browser itself remarks on a page that is an error.
const remark = /^console: Failed to load resource: the server responded/;


// Sizes of all that was asked for since the call.
function watch(page) {
    const ended = [];

    page.on('requestfinished', (request) => ended.push(request));

    return () => Promise.all(ended
        .filter((request) => !request.url().startsWith('data:'))
        .map(async (request) => {
            const sizes = await request.sizes();

            return { url: request.url(), type: request.resourceType(),
                body: sizes.responseBodySize,
                wire: sizes.responseBodySize + sizes.responseHeadersSize };
        }));
}


function overBudget(files, limits) {
    const sum = (some, what) => some.reduce((all, one) => all + one[what], 0);
    const of = (type) => files.filter((file) => file.type === type);
    const spent = { requests: files.length, wire: sum(files, 'wire') };

    for (const type of ['document', 'stylesheet', 'script']) {
        spent[type] = sum(of(type), 'body');
    }

    return Object.keys(limits).filter((what) => spent[what] > limits[what])
        .map((what) => `${what}: ${spent[what]} > ${limits[what]}`);
}


describe('a page', { concurrency: 2 }, () => {
    const scene = stage();

    for (const { name, at, error } of kinds) {
        it(name, async (t) => {
            const page = await scene.open(t);
            const measure = watch(page);
            const faults = [];
            const note = (where, found) => faults.push(
                ...[].concat(found).map((one) => `${where}: ${one}`));

            for (const width of widths) {
                await page.setViewportSize({ width, height: 900 });
                await page.emulateMedia({ colorScheme: 'light' });
                await page.goto(at);
                await settled(page);

                if (width === widths[0]) {
                    note('budget', overBudget(await measure(),
                        budgetOf(name)));
                }

                let moved = await shift(page);

                // A page that moves, moves each time; a busy machine may lay
                // out a page before all of it is there. With nothing cached.
                if (moved !== 0) {
                    const anew = await scene.open(t, { width });

                    await anew.goto(at);
                    await settled(anew);
                    moved = await shift(anew);
                }

                if (moved !== 0) {
                    note(width, `layout shift ${moved}`);
                }

                note(width, await sideways(page));

                for (const colorScheme of ['light', 'dark']) {
                    await page.emulateMedia({ colorScheme });
                    note(`${width} ${colorScheme}`, await axeFaults(page));
                }

                await page.evaluate(() =>
                    document.documentElement.classList.add('big'));
                note(`${width} large type`, await sideways(page));
            }

            note('complaint', page.complaints.filter((words) =>
                !(error && remark.test(words))));
            assert.deepEqual(faults, []);
        });
    }
});
