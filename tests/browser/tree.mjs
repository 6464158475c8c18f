// What a screen reader says of a page: Chromium's accessibility tree, with what
// is no news left out; and where a page stands.

import assert from 'node:assert/strict';

// What is another on another day.
const varying = [[/CA\d{14}/g, 'ORDER'], [/\d{4}-\d\d-\d\d \d\d:\d\d/g, 'TIME'],
    [/\d{4}-\d\d-\d\d/g, 'DATE'],
    [/保留到 \d\d:\d\d/g, '保留到 CLOCK'], [/\d+\.\d\d 元/g, 'FEE 元'],
    [/剩余 \d+ 个月/g, '剩余 N 个月'], [/还有 \d+ 天/g, 'N 天']];

// What every page of the way says, which is looked at once for each.
const frame = [/^navigation "办理进度"\n(  .*\n)+/m,
    /^paragraph: 已登录：.*\nparagraph: .*\n/m];


// Playwright's text of a tree, as nodes.
function parse(text) {
    const top = { children: [] };
    const open = [top];

    for (const line of text.split('\n')) {
        const [, indent, words] = /^( *)- (.*?):?$/.exec(line);
        const node = { words, children: [] };

        open.length = indent.length / 2 + 1;
        open[open.length - 1].children.push(node);
        open.push(node);
    }

    return top.children;
}

// Addresses are not said, nor what one may choose of until it is opened, nor a
// message that is not there, nor the words of a box once more.
const isSaid = ({ words, children }, i, all) => !words.startsWith('/url')
    && !words.startsWith('option')
    && (words !== 'status' || children.length !== 0)
    && !(words.startsWith('text: ') && i > 0
        && all[i - 1].words.includes(`"${words.slice(6)}"`));

// What a part is named after is said with its name.
const isName = ({ words }, of) => words.startsWith('heading')
    && of.endsWith(/".*"/.exec(words)[0]);

// A line each; what has one child alone stands in a line with it, so do the
// parts of a sentence; a list is its items, and a row has said what its cells
// are.
function lines({ words, children }, indent = '') {
    const said = words.startsWith('row "') ? [] : children.filter(
        (one, ...more) => isSaid(one, ...more) && !isName(one, words));

    if (words === 'paragraph' && said.length > 1) {
        return [`${indent}${words}: ${said.map((one) => one.words.replace(
            'text: ', '')).join(' ')}`];
    }

    if (words === 'rowgroup' || (words === 'list' && said.length)) {
        return said.flatMap((one) => lines(one, indent));
    }

    if (said.length === 1) {
        const [first, ...more] = lines(said[0], indent);

        return [`${indent}${words}, ${first.trimStart()}`, ...more];
    }

    return [indent + words, ...said.flatMap((one) =>
        lines(one, `${indent}  `))];
}

export async function tree(page) {
    const [main] = parse(await page.locator('main').ariaSnapshot());
    const text = main.children.filter(isSaid).flatMap((one) => lines(one))
        .join('\n').replace(/term: (.*)\n *definition: /g, '$1: ');

    return [...varying, ...frame.map((part) => [part, ''])].reduce(
        (rest, [what, name]) => rest.replace(what, name), text);
}

export const plain = (text) => text.trim().replace(/^ {8}/gm, '');

export async function says(page, text) {
    assert.equal(await tree(page), plain(text));
}

// What a tree says that it did not say before.
export async function adds(page, before, text) {
    const old = before.split('\n');

    assert.equal((await tree(page)).split('\n').filter((line) =>
        !old.includes(line)).join('\n').trimStart(), plain(text));
}

// The title, one h1 and no level left out, how far it is, and the focus.
export async function stands(page, step, heading, focus = '', fault = '') {
    const steps = ['选择证书', '阅读须知', '选择平台', '核对订单', '支付'];
    const levels = await page.locator('h1, h2, h3, h4, h5, h6').evaluateAll(
        (all) => all.filter((one) => one.getClientRects().length)
            .map((one) => Number(one.nodeName[1])));

    assert.equal(await page.title(), `${fault}${heading}${step
        ? `（第 ${step} 步，共 5 步）` : ''} - 辽宁 CA 互联互通`);
    assert.equal(await page.locator('h1').innerText(), heading);
    assert.equal(levels.filter((level) => level === 1).length, 1, heading);
    assert.ok(levels.every((level, i) => level <= (levels[i - 1] ?? 1) + 1),
        `${heading}: ${levels}`);
    assert.deepEqual(await page.locator('[aria-current=step]')
        .allInnerTexts(), step ? [steps[step - 1]] : []);

    if (step) {
        assert.match(await page.locator('nav.steps').ariaSnapshot(), RegExp(
            `^- navigation "办理进度":\n  - paragraph: 第 ${step} 步，共 5 步 · `
            + `.*\n  - list:\n${steps.map((one, i) => `    - listitem: ${one}${
                i < step - 1 ? ' （已完成）' : ''}`).join('\n')}$`));
    }

    assert.equal(await focused(page), focus);
}

// The name of what has the focus; of a page that has just come, nothing.
export const focused = (page) => page.evaluate(() => {
    const { activeElement: one } = document;

    return one === document.body ? '' : one.getAttribute('aria-label')
        || (one.labels?.[0] ?? one).querySelector('b, h2')?.innerText
        || one.innerText;
});

// The words that belong to a field besides its name.
export const described = (page, place) => page.locator(place).evaluate((one) =>
    (one.getAttribute('aria-describedby') || '').split(' ').map((id) =>
        document.getElementById(id)).filter((each) => each && !each.hidden)
        .map((each) => each.textContent).join(' '));
