// What a camera would read of a QR code's rows.

import jsQR from 'jsqr';

const SCALE = 4;                        // dots a module
const QUIET = 4;                        // modules around it

export function scan(rows) {
    const width = (rows.length + 2 * QUIET) * SCALE;
    const dots = new Uint8ClampedArray(4 * width * width).fill(255);

    rows.forEach((row, y) => [...row].forEach((module, x) => {
        for (let i = 0; module === '1' && i < SCALE * SCALE; i++) {
            const column = (x + QUIET) * SCALE + i % SCALE;
            const line = (y + QUIET) * SCALE + Math.floor(i / SCALE);

            dots.fill(0, 4 * (line * width + column),
                4 * (line * width + column) + 3);
        }
    }));

    return jsQR(dots, width, width)?.data;
}
