import { readdirSync, readFileSync } from 'node:fs';
import type { Plugin } from 'vite';
import { defineConfig } from 'vitest/config';
import { shortMembers } from './scripts/short-members.mjs';

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

// So are the design tokens: var(--text-1) is var(--a) or the like. Those that an inbox can replace keep the names that the
// gateway knows (gateway/brand.go).
const replaced = /^(accent|on-accent|focus|radius)/;
const sheet = readFileSync(new URL('src/styles.css', import.meta.url), 'utf8');
const tokens = [...new Set([...sheet.matchAll(/--([\w-]+):/g)].map(([, name = '']) => name))].filter(
	(name) => !replaced.test(name),
);
const shortTokens: Plugin = {
	name: 'short-tokens',
	apply: 'build',
	enforce: 'pre',
	transform: {
		filter: { id: /\.css(\?|$)/ },
		handler: (code) => ({
			code: code.replace(/--([\w-]+)/g, (all, name) =>
				tokens.includes(name) ? `--${letters[tokens.indexOf(name)]}` : all,
			),
			map: null,
		}),
	},
};

/** See there. */
const members: Plugin = {
	name: 'short-members',
	apply: 'build',
	enforce: 'pre',
	buildStart() {
		renamed = shortMembers(new URL('.', import.meta.url).pathname.replace(/\/$/, ''));
	},
	load: (id) => renamed.get(id),
};
let renamed = new Map<string, string>();

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
				// What a browser puts there by itself, and what the gateway says in a header.
				.replace(/<\/?(head|body)>|<\/html>|<meta charset[^>]*>/g, '')
				.replace(/>\s+/g, '>'),
	},
};

// Vite loads a part's style sheets before the part, with a helper of its own; our parts bring theirs along. The helper is
// put into a file of its own, and that file is not written.
const isHelper = (id: string) => id.includes('vite/preload-helper');
const helper = 'pane-preload.js';
const noPreload: Plugin = {
	name: 'no-preload',
	enforce: 'pre',
	load: (id) => (isHelper(id) ? 'export const __vitePreload = (load) => load();' : null),
	generateBundle(_, bundle) {
		delete bundle[helper];
		for (const file of Object.values(bundle)) {
			if (file.type !== 'chunk') continue;
			file.code = file.code
				.replace(/\b[\w$]+\(\(\)=>(import\(`[^`]+`\)),[^)]*\)/g, '$1')
				.replace(/\bimport\{[^}]*\}from"\.\/pane-preload\.js";/, '');
			if (/__VITE_PRELOAD__|pane-preload/.test(file.code)) this.error(`${file.fileName} waits for what it loads`);
		}
	},
};

// A field of a class that begins without a value: one that is not there is undefined too.
const noBareFields: Plugin = {
	name: 'no-bare-fields',
	generateBundle(_, bundle) {
		for (const file of Object.values(bundle))
			if (file.type === 'chunk') file.code = file.code.replace(/(?<=[{};])[a-zA-Z]{1,2};/g, '');
	},
};

// What app.js exports goes by the names that it has there; the bundler gives it others, for the way.
const ownNames: Plugin = {
	name: 'own-names',
	generateBundle(_, bundle) {
		const chunks = Object.values(bundle).filter((file) => file.type === 'chunk');
		const app = chunks.find((chunk) => chunk.fileName === 'app.js');
		const [all = '', list = ''] = /export\{([^}]*)\};?\s*$/.exec(app?.code ?? '') ?? [];
		const own = new Map<string, string>();
		for (const [name = '', as = name] of list.split(',').map((one) => one.split(' as '))) own.set(as, name);
		if (app) app.code = app.code.replace(all, `export{${[...own.values()]}};`);
		const ofApp = /(?<=import\{)[^}]*(?=\}from"\.\/app\.js")/;
		for (const chunk of chunks)
			chunk.code = chunk.code.replace(ofApp, (names) =>
				names.replace(/([\w$]+)( as [\w$]+)?/g, (_all, name, as = ` as ${name}`) => {
					return (own.get(name) ?? this.error(`app.js exports no ${name}`)) + as;
				}),
			);
	},
};

const page = {
	rolldownOptions: {
		output: {
			// Stable names: dist is committed, and a change shows as a change of a file.
			entryFileNames: 'app.js',
			chunkFileNames: ({ name }: { name: string }) => (name === 'app' ? 'app.js' : `pane-${name}.js`),
			assetFileNames: 'app[extname]',
			codeSplitting: { groups: [{ name: 'preload', test: isHelper, priority: 1 }, { name: partOf }] },
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
/** The function around a plain script, as short as can be. */
const arrow: Plugin = {
	name: 'arrow',
	generateBundle(_, bundle) {
		for (const file of Object.values(bundle))
			if (file.type === 'chunk') file.code = file.code.replace(/^\(function\(\)\{/, '(()=>{');
	},
};
const modes = ['loader', 'chatwoot', 'intercom', 'zendesk'];

export default defineConfig(({ mode }) => ({
	base: './', // the gateway serves the files under /assets/<hash of the build>/
	oxc: {
		jsx: { runtime: 'classic' as const, pragma: 'h', pragmaFrag: 'Fragment', development: false },
	},
	plugins: modes.includes(mode)
		? [arrow]
		: [members, brand, noPreload, noBareFields, ownNames, jsx, locales, shortTokens, types],
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
		testTimeout: 30_000, // ends what hangs; a property test takes what a busy machine lets it take
		setupFiles: 'test/words.ts',
		environmentOptions: {
			happyDOM: { settings: { disableIframePageLoading: true, handleDisabledFileLoadingAsSuccess: true } },
		},
		include: ['test/**/*.test.{ts,tsx}'],
	},
}));
