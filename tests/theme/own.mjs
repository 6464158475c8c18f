// Each page has modules of its own, as in a browser: `key.js?2` is imported by
// `api.js?2`. That they are modules is said here, for want of a package.json.

export async function resolve(name, context, next) {
    const found = await next(name, context);

    if (!/\/site\/theme\/[a-z-]+\.js\b/.test(found.url)) {
        return found;
    }

    const [page] = /\?\d+$/.exec(context.parentURL) ?? [''];

    return { ...found, format: 'module', url: found.url + page };
}

// Nor do they share what is the browser's and goes on after a test.
export async function load(url, context, next) {
    const found = await next(url, context);
    const [, page] = /\/site\/theme\/[a-z-]+\.js\?(\d+)$/.exec(url) ?? [];

    return page === undefined ? found : { ...found, source:
        `const { fetch, setTimeout } = mortal(${page}); ${found.source}` };
}
