import { readdirSync, readFileSync } from 'node:fs';
import type { Plugin } from 'vite';
import { defineConfig } from 'vitest/config';

// What a file of src/panes exports, and the folders under ui and core that hold it, is a pane, loaded when it is needed
// first; all else is app.js.
const partOf = (id: string) => (/\/(panes|(ui|core)\/\w+)\//.test(id) ? null : 'app');

// JSX is calls of h. At the end, so that lines keep their numbers.
const jsx: Plugin = {
	name: 'jsx',
	enforce: 'pre',
	transform: {
		filter: { id: /\.tsx$/ },
		handler: (code) => ({ code: `${code}\nimport { Fragment, h } from '${vnode}';`, map: null }),
	},
};
const vnode = new URL('src/vnode.ts', import.meta.url).pathname;

// Words go by short names in what is built: t.looking is t.aB there and in every locale-<tag>.json.
const texts = new URL('src/text/', import.meta.url);
const table = (file: string): Record<string, unknown> => JSON.parse(readFileSync(new URL(file, texts), 'utf8'));
const letters = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ';
const short = new Map(
	Object.keys(table('en.json')).map((key, i) => [key, `${letters[Math.floor(i / 52)]}${letters[i % 52]}`]),
);

/** The tables of words, as files of their own: the app loads one of them. */
const locales: Plugin = {
	name: 'locales',
	apply: 'build',
	enforce: 'pre',
	transform: {
		filter: { id: /\/src\/.*\.tsx?$/ },
		handler: (code) => ({
			code: /import \{.*\bt\b.*\} from '.*words'|export let t:/.test(code)
				? code.replace(/(?<![\w.])t\.(\w+)/g, (all, key) => (short.has(key) ? `t.${short.get(key)}` : all))
				: code,
			map: null,
		}),
	},
	generateBundle() {
		for (const file of readdirSync(texts).filter((name) => name.endsWith('.json'))) {
			const words = Object.entries(table(file)).map(([key, value]) => [short.get(key), value]);
			this.emitFile({ type: 'asset', fileName: `locale-${file}`, source: JSON.stringify(Object.fromEntries(words)) });
		}
	},
};

// The sheet that the gateway makes for each inbox replaces values of app.css, so it comes after it. It is no file of
// ours: it is put in when Vite has done with the page.
const brand: Plugin = {
	name: 'brand-sheet',
	transformIndexHtml: {
		order: 'post',
		handler: (html) =>
			html
				.replace('</head>', '<link rel="stylesheet" href="/widget/v1/brand.css"></head>')
				.replaceAll(' crossorigin', '')
				.replace(/>\s+</g, '><'),
	},
};

// Vite loads a part's style sheets before the part, with a helper of its own; our parts bring theirs along.
const noPreload: Plugin = {
	name: 'no-preload',
	enforce: 'pre',
	load: (id) => (id.includes('vite/preload-helper') ? 'export const __vitePreload = (load) => load();' : null),
	generateBundle(_, bundle) {
		for (const file of Object.values(bundle))
			if (file.type === 'chunk') file.code = file.code.replace(/\b[\w$]+\(\(\)=>(import\(`[^`]+`\)),[^)]*\)/g, '$1');
	},
};

const page = {
	rolldownOptions: {
		output: {
			// Stable names: dist is committed, and a change shows as a change of a file.
			entryFileNames: 'app.js',
			chunkFileNames: ({ name }: { name: string }) => (name === 'app' ? 'app.js' : `pane-${name}.js`),
			assetFileNames: 'app[extname]',
			codeSplitting: { groups: [{ name: partOf }] },
		},
	},
};

/** The types of the global function, for whoever embeds the widget. */
const types: Plugin = {
	name: 'types',
	generateBundle() {
		const source = readFileSync(new URL('frontdesk.d.ts', import.meta.url), 'utf8');
		this.emitFile({ type: 'asset', fileName: 'frontdesk.d.ts', source });
	},
};

// Vite cannot make a plain script beside a page: the loader and each shim are builds of their own, whose mode is "loader"
// or the shim's name.
const script = (mode: string) => ({
	emptyOutDir: false,
	lib: {
		entry: mode === 'loader' ? 'src/loader.ts' : `src/shims/${mode}.ts`,
		formats: ['iife' as const],
		name: 'frontdesk',
		fileName: () => (mode === 'loader' ? 'frontdesk.js' : `shim-${mode}.js`),
	},
});
const modes = ['loader', 'chatwoot', 'intercom', 'zendesk'];

export default defineConfig(({ mode }) => ({
	base: './', // the gateway serves the files under /assets/<hash of the build>/
	oxc: {
		jsx: { runtime: 'classic' as const, pragma: 'h', pragmaFrag: 'Fragment', development: false },
	},
	plugins: modes.includes(mode) ? [] : [brand, noPreload, jsx, locales, types],
	build: {
		target: 'es2022',
		// The first browsers with light-dark(), which the tokens are written in (2024).
		cssTarget: ['chrome123', 'firefox120', 'safari17.5'],
		modulePreload: false,
		assetsInlineLimit: 0,
		...(modes.includes(mode) ? script(mode) : page),
	},
	test: {
		environment: 'happy-dom',
		setupFiles: 'test/words.ts',
		environmentOptions: {
			happyDOM: { settings: { disableIframePageLoading: true, handleDisabledFileLoadingAsSuccess: true } },
		},
		include: ['test/**/*.test.{ts,tsx}'],
	},
}));
