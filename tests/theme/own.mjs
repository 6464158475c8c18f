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
