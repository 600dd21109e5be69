import { recall, remember } from '../state/memory';
import { createStore } from '../state/store';

export type Theme = 'system' | 'light' | 'dark';

export const theme = createStore<Theme>(recall<Theme>('screen.theme', 'system'));

function apply(): void {
	if (theme.get() === 'system') delete document.documentElement.dataset.theme;
	else document.documentElement.dataset.theme = theme.get();
}

apply();
theme.subscribe(() => {
	apply();
	remember('screen.theme', theme.get());
});
