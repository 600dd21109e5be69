// Another tab of this browser has logged out: nothing of that customer is left in this one either. Its page may not know
// yet, and says again who the customer is when the frame begins anew; by the frame's name, which outlives that, Identity
// sees that it is old.

const told = `frontdesk:${new URLSearchParams(location.search).get('inbox')}:out`;

addEventListener('storage', ({ key, newValue }) => {
	if (key !== told || !newValue) return; // it is taken away at once
	window.name = `${Date.now()}`;
	location.reload();
});
