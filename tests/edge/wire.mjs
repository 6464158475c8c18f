// HTTP/1.1 as bytes: what is sent is what is written here, in the order, the
// case and the number in which it is written.

import net from 'node:net';

// A request as bytes. headers is a list of [name, value].
export function render({ method, target, headers, body = '' }) {
    const head = [`${method} ${target} HTTP/1.1`,
        ...headers.map(([name, value]) => `${name}: ${value}`), '', '']
        .join('\r\n');

    // A character is a byte, unless there are some that are none.
    return Buffer.concat([
        Buffer.from(head, /[^\0-\xff]/.test(head) ? 'utf8' : 'latin1'),
        Buffer.from(body)]);
}


// A problem's name: the last part of its type, or IANA's.
export function problem(answer) {
    if (!/^application\/problem\+json\b/.test(answer.headers['content-type'])) {
        return undefined;
    }

    const { type } = JSON.parse(answer.body);

    return type.replace(/\/$/, '').split(/[/#]/).at(-1);
}


// The fields of an answer: joined by name, and the lines as they came.
function fields(lines) {
    const all = lines.map((line) => {
        const at = line.indexOf(':');

        return [line.slice(0, at), line.slice(at + 1).trim()];
    });
    const headers = {};

    for (const [name, value] of all) {
        const low = name.toLowerCase();

        headers[low] = low in headers ? `${headers[low]}, ${value}` : value;
    }

    return { headers, lines: all };
}


// The content of an answer that came in chunks: [content, bytes read], or
// undefined while it is not whole.
function chunks(bytes, from) {
    const parts = [];
    let at = from;

    for (;;) {
        const end = bytes.indexOf('\r\n', at);

        if (end === -1) {
            return undefined;
        }

        const size = parseInt(bytes.toString('latin1', at, end), 16);

        if (bytes.length < end + 2 + size + 2) {
            return undefined;
        }

        parts.push(bytes.subarray(end + 2, end + 2 + size));
        at = end + 2 + size + 2;

        if (size === 0) {
            return [Buffer.concat(parts), at];
        }
    }
}


// One answer at the start of bytes: { answer, length }, or undefined while it
// is not whole. over: the other side has closed.
function parse(bytes, method, over) {
    const end = bytes.indexOf('\r\n\r\n');

    if (end === -1) {
        return undefined;
    }

    const [first, ...lines] = bytes.toString('latin1', 0, end).split('\r\n');
    const status = Number(first.split(' ')[1]);
    const answer = { status, ...fields(lines) };
    const from = end + 4;
    const said = answer.headers['content-length'];
    let body = Buffer.alloc(0);
    let length = from;

    if (method === 'HEAD' || status === 204 || status === 304 || status < 200) {
        // They have none.
    } else if (answer.headers['transfer-encoding'] === 'chunked') {
        const whole = chunks(bytes, from);

        if (whole === undefined) {
            return undefined;
        }

        [body, length] = whole;
    } else if (said !== undefined) {
        length = from + Number(said);

        if (bytes.length < length) {
            return undefined;
        }

        body = bytes.subarray(from, length);
    } else if (over) {
        body = bytes.subarray(from);
        length = bytes.length;
    } else {
        return undefined;
    }

    answer.body = Buffer.from(body);

    return { answer, length };
}


// A connection that stays. Answers come in the order of the questions, which
// may be sent before the answers are there. One that was closed is opened
// again for the next question.
export class Wire {
    constructor(port, from) {
        this.port = port;
        this.from = from;
        this.waiting = [];
        this.socket = undefined;
    }

    open() {
        if (this.socket !== undefined) {
            return;
        }

        const socket = net.connect({ port: this.port,
            host: '127.0.0.1', localAddress: this.from });

        this.socket = socket;
        this.bytes = Buffer.alloc(0);
        socket.setNoDelay(true);
        socket.on('data', (part) => {
            this.bytes = Buffer.concat([this.bytes, part]);
            this.take(socket, false);
        });
        socket.on('end', () => this.over(socket));
        socket.on('error', (error) => this.over(socket, error));
        socket.on('close', () => this.over(socket));
    }

    // The answers that have come whole.
    take(socket, over) {
        while (this.socket === socket && this.waiting.length > 0) {
            const found = parse(this.bytes, this.waiting[0].method, over);

            if (found === undefined) {
                return;
            }

            this.bytes = this.bytes.subarray(found.length);

            if (found.answer.status < 200) {
                this.waiting[0].early.push(found.answer);
                continue;
            }

            const { resolve, early } = this.waiting.shift();

            if (found.answer.headers.connection === 'close') {
                this.over(socket);
            }

            resolve({ ...found.answer, early });
        }
    }

    over(socket, error = new Error('closed without an answer')) {
        if (this.socket !== socket) {
            return;
        }

        this.take(socket, true);
        this.socket = undefined;
        socket.destroy();

        for (const { reject } of this.waiting.splice(0)) {
            reject(error);
        }
    }

    // Bytes to the server; the answer of the request that they are.
    send(bytes, method = 'GET') {
        this.open();

        const { socket } = this;

        return new Promise((resolve, reject) => {
            this.waiting.push({ resolve, reject, method, early: [] });
            socket.write(bytes);
        });
    }

    ask(request) {
        return this.send(render(request), request.method);
    }

    close() {
        this.socket?.destroy();
        this.socket = undefined;
    }
}


// One request on a connection of its own.
export async function ask(port, request, from) {
    const wire = new Wire(port, from);

    try {
        return await wire.ask(request);
    } finally {
        wire.close();
    }
}
