import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

/** Declarations that name a side of the screen where they mean a side of the text. */
const physical =
	/(^|[\s;{])(left|right|(margin|padding|border|scroll-margin|scroll-padding)-(left|right)(-\w+)?|border-(top|bottom)-(left|right)-radius|inset-(left|right))\s*:|(text-align|float|clear)\s*:\s*(left|right)\b/g;

describe('style sheets', () => {
	it.each(readdirSync('src/css').filter((name) => name.endsWith('.css')))('%s reads from either side', (name) => {
		const css = readFileSync(`src/css/${name}`, 'utf8').replace(/\/\*[\s\S]*?\*\//g, '');
		// A table's column may be aligned by what its author wrote: prose.css maps that to the end of the line.
		expect([...css.matchAll(physical)].map((match) => match[0].trim())).toEqual([]);
	});
});
