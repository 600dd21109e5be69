// What axe finds on a page. It runs inside the frame that is looked at: the
// widget's lies in a closed shadow root, and its own policy stays on.
import assert from 'node:assert/strict';
import axe from 'axe-core';

const norms = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];
const sizes = [{ width: 360, height: 740 }, { width: 1280, height: 860 }];

/** Fails unless axe finds nothing in frame, on a phone and a desktop, light and dark. The page is left as it was. */
export async function clean(page, frame, what) {
	const found = await looks(page, frame);
	assert.deepEqual(found.flatMap(({ how, lines }) => lines.map((line) => `${what}, ${how}: ${line}`)), []);
}

/** How often axe looked at frame, and how much it found in all. */
export async function count(page, frame) {
	const found = await looks(page, frame);
	return { looks: found.length, findings: found.reduce((n, { lines }) => n + lines.length, 0) };
}

async function looks(page, frame) {
	const was = page.viewportSize();
	const found = [];
	for (const size of sizes) {
		await page.setViewportSize(size);
		for (const colorScheme of ['light', 'dark']) {
			await page.emulateMedia({ colorScheme });
			found.push({ how: `${size.width} px, ${colorScheme}`, lines: await findings(frame) });
		}
	}
	await page.setViewportSize(was);
	await page.emulateMedia({ colorScheme: 'light' });
	return found;
}

/** What axe finds in frame as it is. */
export async function findings(frame) {
	if (!(await frame.evaluate(() => 'axe' in window))) await frame.evaluate(axe.source);
	const violations = await frame.evaluate(async (norms) => {
		// What fades in has less contrast for a moment, and a change of size is drawn with the next frame.
		await new Promise((r) => requestAnimationFrame(() => requestAnimationFrame(r)));
		// One that lasts long only takes away what was seen.
		await Promise.allSettled(document.getAnimations().filter((a) => a.effect?.getTiming().iterations !== Infinity && a.effect.getComputedTiming().endTime < 3000).map((a) => a.finished));
		// The region in which react-aria announces holds a sentence for a moment, then a node whose label is gone.
		const context = { include: [document], exclude: [['[data-live-announcer]']] };
		const result = await window.axe.run(context, { runOnly: norms, resultTypes: ['violations'] });
		return result.violations;
	}, norms);
	return violations.flatMap((v) => v.nodes.map((n) => `${v.id}: ${n.target.join(' ')} (${n.failureSummary.split('\n').slice(1).join(' ').trim()})`));
}
