// One Chromium for a test file; every page's errors are collected, since a
// page that throws or breaks its security policy has failed whatever it shows.
import { chromium } from 'playwright-core';

export async function browser(t) {
	const b = await chromium.launch({
		executablePath: process.env.FRONTDESK_CHROMIUM ?? '/usr/bin/chromium',
		args: ['--no-sandbox', '--disable-gpu'],
	});
	t.after(() => b.close());
	return b;
}

/** A page in a context of its own. page.faults lists uncaught errors and policy violations. */
export async function newPage(b, options = {}) {
	const context = await b.newContext({ viewport: { width: 1280, height: 860 }, locale: 'en-GB', ...options });
	const page = await context.newPage();
	page.faults = [];
	page.on('pageerror', (e) => page.faults.push(e.stack || e.message));
	page.on('console', (m) => {
		if (/Content.Security.Policy|TrustedHTML|Refused to/i.test(m.text())) page.faults.push(m.text());
	});
	return page;
}
