// What the oldest browser that we serve has not learnt: scripts are ES2017
// with the library of that year, and ask for nothing that came after Chromium
// 69; style sheets have what it knows, and a few things that cost nothing
// where they are not known.

import { parse } from 'acorn';

const set = (names) => new Set(names.trim().split(/\s+/));

const globals = set(`
    AggregateError CloseWatcher CompressionStream DecompressionStream
    FinalizationRegistry TextDecoderStream TextEncoderStream URLPattern
    WeakRef cookieStore globalThis navigation queueMicrotask reportError
    scheduler structuredClone trustedTypes`);

// Methods of the language since 2018, and of pages since Chromium 70.
const methods = set(`
    allSettled any at finally findLast findLastIndex flat flatMap fromEntries
    groupBy hasOwn matchAll replaceAll toReversed toSorted toSpliced trimEnd
    trimStart withResolvers
    checkVisibility getAnimations getHTML hidePopover randomUUID
    replaceChildren requestSubmit setHTMLUnsafe showPicker showPopover
    startViewTransition throwIfAborted timeout togglePopover`);

const values = set('ListFormat RelativeTimeFormat Segmenter inert submitter');

const properties = set(`
    align-items align-self animation appearance background background-color
    background-image border border-bottom border-bottom-color border-collapse
    border-color border-left border-radius border-top border-width bottom
    box-shadow box-sizing break-after break-inside clear clip color content
    counter-increment counter-reset cursor display flex flex-direction
    flex-wrap float font font-family font-size font-style
    font-variant-numeric font-weight grid-column grid-column-gap grid-gap
    grid-row grid-template-columns height justify-content justify-self left
    line-break
    line-height list-style margin margin-bottom margin-left margin-right
    margin-top max-width min-height min-width order outline outline-color
    outline-offset overflow overflow-wrap overflow-x padding padding-bottom
    padding-left padding-right padding-top pointer-events position resize
    right scroll-padding-bottom scroll-padding-top text-align text-decoration
    top transform transition vertical-align visibility white-space width
    word-break z-index`);

// Lines that are dropped where they are not known, and missed by nobody.
const silent = set(`
    color-scheme forced-color-adjust print-color-adjust text-autospace
    text-decoration-thickness text-underline-offset text-wrap`);

const words = [/:(?:is|where|has|not)\([^()]*(?:,|\()/, /:(?:is|where|has)\(/,
    /\b(?:clamp|min|max|color-mix|light-dark)\(/,
    /@(?!media|keyframes|page|supports|font-face)[a-z-]+/, /[{;}]\s*&/,
    /\d(?:d|s|l)v[hw]\b/, /\(\s*(?:width|height)\s*[<>]/];


function childrenOf(node) {
    return Object.values(node).flat().filter((one) =>
        typeof one?.type === 'string');
}


// The name of `a.name`, and of `'name' in a`.
function named(node) {
    if (node.type === 'MemberExpression' && !node.computed) {
        return node.property.name;
    }

    return node.type === 'BinaryExpression' && node.operator === 'in'
        ? node.left.value : undefined;
}


function namesIn(node) {
    return [named(node), ...childrenOf(node).flatMap(namesIn)]
        .filter(Boolean);
}


function* uses(node, parent = {}, asked = []) {
    const condition = node.test ?? (node.operator === '&&' && node.left);
    const known = condition ? [...asked, ...namesIn(condition)] : asked;
    const name = named(node);
    const called = parent.type === 'CallExpression' && parent.callee === node;
    const property = parent.type === 'MemberExpression' && !parent.computed
        && parent.property === node;

    if (!known.includes(name) && (values.has(name)
        || (called && methods.has(name))))
    {
        yield [node, `.${name}`];
    }

    if (node.type === 'Identifier' && globals.has(node.name) && !property
        && !(parent.type === 'Property' && parent.key === node))
    {
        yield [node, node.name];
    }

    for (const child of childrenOf(node)) {
        yield* uses(child, node, known);
    }
}


// old  a classic script, which any engine has to read
export function scriptFaults(text, old = false) {
    let tree;

    try {
        tree = parse(text, { ecmaVersion: old ? 5 : 2017, locations: true,
            sourceType: old ? 'script' : 'module' });
    } catch (error) {
        return [error.message];
    }

    return Array.from(uses(tree), ([{ loc }, name]) =>
        `${loc.start.line}: ${name}`);
}


export function styleFaults(text) {
    const bare = text.replace(/\/\*[^]*?\*\//g, '').replace(/"[^"\n]*"/g, '""');
    const used = Array.from(bare.matchAll(/[{;]\s*([a-z-]+)\s*:[^;{}]*(?=[;}])/g),
        ([, name]) => name);
    const selectors = Array.from(bare.matchAll(/([^{};]+)\{/g),
        ([, list]) => list).filter((list) => list.includes(':focus-visible'));

    // One selector that is not known takes the whole list along.
    const mixed = selectors.filter((list) => !list.split(',').every((one) =>
        one.includes(':focus-visible')));

    return [...words.flatMap((one) => bare.match(one)?.[0] ?? []),
        ...mixed.map((list) => list.trim()),
        ...used.filter((name) => !properties.has(name) && !silent.has(name)
            && !/^(?:--|-webkit-)/.test(name))];
}
