import { defineConfig } from 'vitest/config';

// Where `npm run dev` finds a gateway.
const gateway = process.env.FRONTDESK_GATEWAY ?? 'http://127.0.0.1:8080';

export default defineConfig({
	// The gateway serves the files under /assets/<hash of the build>/, so every address is relative.
	base: './',
	build: {
		target: 'es2022',
		// One small style sheet: a page that comes later never waits for its own.
		cssCodeSplit: false,
		modulePreload: { polyfill: false },
		assetsDir: '',
		assetsInlineLimit: 0,
		license: { fileName: 'licences.md' },
		rolldownOptions: {
			// The widget's preview runs on a page of its own, which the gateway makes of the widget's.
			input: { console: 'index.html', preview: 'src/preview.ts' },
			output: {
				// Stable names: dist is committed, and a change shows as a change of a file.
				entryFileNames: '[name].js',
				chunkFileNames: '[name].js',
				assetFileNames: 'console[extname]',
				codeSplitting: {
					groups: [
						// What several pages share: one file instead of many tiny ones.
						{
							name: 'kit',
							priority: 0,
							test: /src\/(ui\/|format|pages\/(inbox\/ReasonTag|signin\/(Brand|faults)|knowledge\/StatusTag))/,
						},
						{ name: 'react', priority: 2, test: /node_modules\/(react|react-dom|scheduler)\// },
						{
							name: 'aria',
							priority: 1,
							test: /node_modules\/(react-aria|react-stately|react-aria-components|@internationalized)\//,
						},
					],
				},
			},
		},
	},
	server: {
		proxy: {
			'/api': gateway,
			'/console/socket': { target: gateway, ws: true },
		},
	},
	// The time limit ends what hangs; how long a test takes is up to what else the machine does.
	test: { environment: 'happy-dom', include: ['test/**/*.test.{ts,tsx}'], testTimeout: 30_000 },
});
