/*
 * Draws QR codes: <div data-qr="what it says" data-label="what it is">. It comes
 * with the part of a page that has one; of further ones it is told by an event.
 */
import { correction, generate } from './qr.js';

const SVG = 'http://www.w3.org/2000/svg';

/* What a reader needs around the picture, in modules. */
const QUIET = 4;


function shape(name, attributes) {
    const node = document.createElementNS(SVG, name);

    Object.keys(attributes).forEach(each => node.setAttribute(each, attributes[each]));

    return node;
}


/* Dark on white, whatever the scheme is. */
function picture(text, label) {
    const code = generate(text, { minCorrectionLevel: correction.M });
    const side = code.size + 2 * QUIET;
    const svg = shape('svg', { role: 'img', 'aria-label': label, 'shape-rendering': 'crispEdges',
        viewBox: `${-QUIET} ${-QUIET} ${side} ${side}` });
    let d = '';

    for (let y = 0; y < code.size; y++) {
        for (let x = 0; x < code.size; x++) {
            d += code.get(x, y) ? `M${x} ${y}h1v1h-1z` : '';
        }
    }

    svg.appendChild(shape('rect', { x: -QUIET, y: -QUIET, width: side, height: side, fill: '#fff' }));
    svg.appendChild(shape('path', { d, fill: '#000' }));

    return svg;
}


function draw() {
    Array.from(document.querySelectorAll('[data-qr]')).forEach(place => {
        if (!place.firstChild) {
            place.appendChild(picture(place.dataset.qr, place.dataset.label));
        }
    });
}

document.addEventListener('picture', draw);
draw();
