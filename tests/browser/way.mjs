// The way of the wizard, for tests: what is pressed, and what is looked at.

import assert from 'node:assert/strict';

import { axeFaults, sideways } from './stage.mjs';

export const holder = (page, id) => page.locator(`label:has([value="${id}"])`);

// A page that knows who it is, and shows it.
export const there = '[data-live]:not([data-pending])';

export async function signIn(page, id) {
    await page.goto('/apply/');
    await holder(page, id).click();
    await page.click('[type=submit]');
    await page.waitForSelector('[name=certificate], [data-shown]');
}

// The only button of the form that can be seen.
export const next = (page) => page.locator('main [type=submit]:visible');

// The page itself, not one whose address says to come back to it.
export const live = (page, at) => page.waitForURL(({ pathname }) =>
    pathname === at).then(() => page.waitForSelector(there));

export async function toPlatforms(page) {
    await next(page).click();
    await live(page, '/apply/notice/');
    await next(page).click();
    await live(page, '/apply/platforms/');
}

export async function toCheck(page, platforms) {
    for (const one of platforms) {
        await page.check(`[value=${one}]`);
    }

    await next(page).click();
    await live(page, '/apply/check/');
    await page.waitForSelector('[data-submit]:visible');
}

export async function noInvoice(page) {
    await page.check('#issue-no');
    await page.check('#pay-wechat');
}

// Who goes the way, by which of the certificates: a holder's own, or that of
// somebody of the manager's enterprise.
export const people = {
    holder: { id: 'project-leader', certificate: 'DEMO0001' },
    manager: { id: 'manager', certificate: 'DEMO1001' },
};

// At the check page, with what this tab would know of the pages before: for who
// has signed in.
export async function resume(page, platforms,
    { certificate } = people.holder)
{
    if (page.url() === 'about:blank') {
        await page.goto('/404.html');
    }

    await page.evaluate(([serial, chosen]) => {
        sessionStorage.apply = JSON.stringify({ certificate: serial,
            by: { [serial]: { platforms: chosen } } });
    }, [certificate, platforms]);
    await page.goto('/apply/check/');
    await page.waitForSelector(`${there} [data-submit]:visible`);
}

export async function arrive(page, platforms, who = people.holder) {
    await signIn(page, who.id);
    await resume(page, platforms, who);
}

// From there to the page that asks for money.
export async function toPay(page, channel = 'wechat', fill = noInvoice) {
    await fill(page);
    await page.check(`#pay-${channel}`);
    await next(page).click();
    await live(page, '/apply/pay/');
    await page.waitForSelector('[data-drawn]');
}

// At the demo's cashier: press a button, and wait for so many answers.
export async function cashier(page, what, answers = 1) {
    await page.click(`[data-do=${what}]`);
    await page.waitForSelector(`[data-place=said] li:nth-child(${answers})`);
}

export const total = (page) => page.locator('.sum [data-total]').textContent();
export const shown = (page) => page.getAttribute('[data-place=state]', 'data-shown');
export const words = (page) => page.locator('[data-place=state]').innerText();

// What is wrong with a page for somebody, as it is.
export const barriers = async (page) =>
    [...await axeFaults(page), ...await sideways(page)];

// Wait for a state of ui.xml, which everybody can use: on the screen that the
// page was opened on, and on the other in the dark.
export async function state(page, code) {
    const { width, height } = page.viewportSize();

    await page.waitForSelector(`[data-shown=${code}]`);
    assert.deepEqual(await barriers(page), []);
    await page.setViewportSize({ width: width > 640 ? 390 : 1280, height });
    await page.emulateMedia({ colorScheme: 'dark' });
    assert.deepEqual(await barriers(page), []);
    await page.setViewportSize({ width, height });
    await page.emulateMedia({ colorScheme: null });
}

// The orders that the server has of whoever has signed in.
export async function orders(page) {
    await page.goto('/order/');
    await page.waitForSelector('[data-filter]');

    return page.locator('[data-place=order] .opt').allInnerTexts();
}

// Nonces are asked for in a server's first minute; Chromium complains of 401.
// And who is quick leaves a page before it has all that it asked for.
export const complaints = (page) => page.complaints.filter((one) =>
    !/\b401\b|net::ERR_ABORTED$/.test(one));
