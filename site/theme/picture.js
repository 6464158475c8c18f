/*
 * Draws a QR code as the server has made it: a string of 0 and 1 for each row.
 */
const SVG = 'http://www.w3.org/2000/svg';

/* What a reader needs around the picture, in modules. */
const QUIET = 4;


function shape(name, attributes) {
    const node = document.createElementNS(SVG, name);

    Object.keys(attributes).forEach(each => node.setAttribute(each, attributes[each]));

    return node;
}


/* Dark on white, whatever the scheme is. label: what it is, for who does not see it. */
export function picture(rows, label) {
    const side = rows.length + 2 * QUIET;
    const svg = shape('svg', { role: 'img', 'aria-label': label, 'shape-rendering': 'crispEdges',
        viewBox: `${-QUIET} ${-QUIET} ${side} ${side}` });
    const d = rows.map((row, y) => Array.from(row, (dot, x) => dot === '1' ? `M${x} ${y}h1v1h-1z` : '').join('')).join('');

    svg.appendChild(shape('rect', { x: -QUIET, y: -QUIET, width: side, height: side, fill: '#fff' }));
    svg.appendChild(shape('path', { d, fill: '#000' }));

    return svg;
}
