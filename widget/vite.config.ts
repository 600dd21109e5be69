import type { Plugin } from 'vite';
import { defineConfig } from 'vitest/config';

// The sheet that the gateway makes for each inbox. It is no file of ours, and it comes after app.css, whose values it
// replaces, so it is put in when Vite has done with the page.
const brand: Plugin = {
	name: 'brand-sheet',
	transformIndexHtml: {
		order: 'post',
		handler: (html) =>
			html.replace('</head>', '<link rel="stylesheet" href="/widget/v1/brand.css">\n</head>').replace(/>\s+</g, '><').concat('\n').replace(/\n+$/, '\n'),
	},
};

// Vite cannot make an IIFE beside a page: the loader is a build of its own ("--mode loader").
const loader = {
	emptyOutDir: false,
	lib: { entry: 'src/loader.ts', formats: ['iife' as const], name: 'frontdeskLoader', fileName: () => 'frontdesk.js' },
};

export default defineConfig(({ mode }) => ({
	base: './', // the gateway serves the files under /assets/<hash of the build>/
	oxc: { jsx: { runtime: 'automatic' as const, importSource: 'preact' } },
	plugins: mode === 'loader' ? [] : [brand],
	build: {
		target: 'es2022',
		modulePreload: false,
		cssCodeSplit: false,
		assetsInlineLimit: 0,
		assetsDir: '',
		...(mode === 'loader'
			? loader
			: {
					rolldownOptions: {
						output: { entryFileNames: 'app.js', chunkFileNames: '[name].js', assetFileNames: 'app[extname]' },
					},
				}),
	},
	test: { environment: 'happy-dom', include: ['test/**/*.test.{ts,tsx}'] },
}));
