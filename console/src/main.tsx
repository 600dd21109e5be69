import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { App } from './App';
import { Api } from './api';
import { DeskContext } from './context';
import './css/index.css';
import { Desk } from './desk';
import { speakChosen } from './language';

const desk = new Desk(new Api());
window.addEventListener('online', desk.retryNow);
window.addEventListener('offline', desk.networkLost);
document.addEventListener('visibilitychange', () => {
	if (document.visibilityState === 'visible') desk.retryNow();
});
void desk.begin();

const root = document.getElementById('root');
if (root) {
	await speakChosen();
	createRoot(root).render(
		<StrictMode>
			<DeskContext value={desk}>
				<App />
			</DeskContext>
		</StrictMode>,
	);
}
