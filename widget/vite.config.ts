import type { Plugin } from 'vite';
import { defineConfig } from 'vitest/config';

// What comes after the first load: it is kept out of app.js, and what all of it shares goes with the conversation.
const later = /\/ui\/\w+\/|\/text\/(?!window)|\/core\/(article|state)|preact\/hooks/;
const ownFile = /\/(cards|article|confirm|files|promise)\/|\/(person|article|confirm|promise)\.ts/;

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
};

const page = {
	rolldownOptions: {
		output: {
			// Stable names: dist is committed, and a change shows as a change of a file.
			entryFileNames: 'app.js',
			chunkFileNames: '[name].js',
			assetFileNames: 'app[extname]',
			codeSplitting: {
				groups: [
					{ name: 'app', test: (id: string) => !later.test(id) },
					{ name: 'pane-chat', test: (id: string) => !ownFile.test(id) },
				],
			},
		},
	},
};

// Vite cannot make a plain script beside a page: the loader is a build of its own ("--mode loader").
const loader = {
	emptyOutDir: false,
	lib: { entry: 'src/loader.ts', formats: ['iife' as const], name: 'frontdeskLoader', fileName: () => 'frontdesk.js' },
};

export default defineConfig(({ mode }) => ({
	base: './', // the gateway serves the files under /assets/<hash of the build>/
	resolve: { alias: { 'preact/jsx-runtime': new URL('src/jsx-runtime.ts', import.meta.url).pathname } },
	oxc: { jsx: { runtime: 'automatic' as const, importSource: 'preact' } },
	plugins: mode === 'loader' ? [] : [brand, noPreload],
	build: {
		target: 'es2022',
		// The first browsers with light-dark(), which the tokens are written in (2024).
		cssTarget: ['chrome123', 'firefox120', 'safari17.5'],
		modulePreload: false,
		assetsInlineLimit: 0,
		...(mode === 'loader' ? loader : page),
	},
	test: {
		environment: 'happy-dom',
		environmentOptions: {
			happyDOM: { settings: { disableIframePageLoading: true, handleDisabledFileLoadingAsSuccess: true } },
		},
		include: ['test/**/*.test.{ts,tsx}'],
	},
}));
