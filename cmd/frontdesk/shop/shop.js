// The shop's own code, the way an integrator writes it: open the widget, with a question if there is one.
window.Frontdesk ??= (...args) => (window.Frontdesk.q ??= []).push(args);
for (const button of document.querySelectorAll('[data-ask]')) {
	button.addEventListener('click', () => {
		if (button.dataset.ask) Frontdesk('message', button.dataset.ask);
		else Frontdesk('open');
	});
}
