// The staff's side.
import { patience } from './product.mjs';

export class Console {
	constructor(page, base) {
		Object.assign(this, { page, base });
	}

	/** Makes the first user with the link that the server printed. */
	async setUp(link, { name, email, password }) {
		await this.page.goto(link);
		await this.page.getByLabel('Your name').fill(name);
		await this.page.getByLabel('E-mail').fill(email);
		await this.page.getByRole('textbox', { name: 'Password' }).fill(password);
		await this.page.getByRole('button', { name: 'Create owner' }).click();
		await this.page.getByRole('navigation', { name: 'Views' }).waitFor();
	}

	async signIn({ email, password }) {
		await this.page.goto(`${this.base}/console/`);
		await this.page.getByLabel('E-mail').fill(email);
		await this.page.getByRole('textbox', { name: 'Password' }).fill(password);
		await this.page.getByRole('button', { name: 'Sign in' }).click();
		await this.page.getByRole('navigation', { name: 'Views' }).waitFor();
	}

	/** Opens the first conversation of the queue. */
	async openFirst() {
		await this.page.getByRole('list', { name: 'Queue' }).getByRole('link').first().click();
		await this.brief().waitFor();
	}

	brief() {
		return this.page.getByRole('region', { name: 'Brief' });
	}

	log() {
		return this.page.getByRole('main').getByRole('log');
	}

	async take() {
		await this.page.getByRole('button', { name: /Take it/ }).click();
		await this.page.getByRole('button', { name: /Take it/ }).waitFor({ state: 'detached' });
	}

	async reply(text) {
		const box = this.page.getByRole('textbox', { name: /reply/i });
		await box.fill(text);
		await box.press('Control+Enter');
	}

	/** Waits until the log shows text; after an outage that takes up to a reconnect's longest pause. */
	async sees(text) {
		await this.log().getByText(text).first().waitFor({ timeout: patience });
	}

	/** Unfolds what came before the brief. */
	async unfold() {
		const fold = this.page.getByRole('button', { name: /earlier entr/ });
		// The brief may be there before the entries are, which say whether there is something to fold.
		await fold.or(this.log().getByRole('article')).first().waitFor({ timeout: 10_000 }).catch(() => {});
		// A colleague who takes it meanwhile folds the brief, and all is in sight.
		if (await fold.count()) await fold.first().click({ timeout: 3000 }).catch(() => {});
	}

	async times(text) {
		return this.log().getByText(text, { exact: true }).count();
	}

	/** The open conversation's public log, as the API has it. */
	async entries() {
		return this.entriesOf(this.id());
	}

	id() {
		return new URL(this.page.url()).pathname.split('/').pop();
	}

	/** Opens what is hers to do next: what a colleague gave her, then the first of the queue. False if there is nothing. */
	async next() {
		for (const view of ['Mine', 'Queue']) {
			await this.page.getByRole('navigation', { name: 'Views' }).getByRole('link', { name: view }).click();
			const first = this.page.getByRole('list', { name: view }).getByRole('link').first();
			if (!(await first.isVisible())) continue;
			try {
				await first.click({ timeout: 2000 });
				await this.log().waitFor();
				return true;
			} catch {
				return false; // a colleague was first, and the row is gone
			}
		}
		return false;
	}

	/** Takes the open conversation, unless it is hers; false if a colleague was first. */
	async tryTake() {
		const take = this.page.getByRole('button', { name: /Take it/ });
		const hers = this.page.getByText('Yours', { exact: true });
		// A colleague or the bot has it, or it has been dealt with already.
		const taken = this.page.getByText(/has (it|this conversation now)/).or(this.page.getByRole('button', { name: 'Reopen and take it' }));
		await take.or(hers).or(taken).first().waitFor();
		if ((await take.isVisible()) && !(await taken.first().isVisible())) await take.click({ timeout: 2000 }).catch(() => {});
		await hers.or(taken).first().waitFor();
		return hers.isVisible();
	}

	/** Opens a conversation by its id, with all of its log. */
	async open(id) {
		await this.page.goto(`${this.base}/console/inbox/all/${id}`);
		await this.log().waitFor();
		await this.unfold();
	}

	/** Who said what, in order, as it is shown, without notes. */
	list() {
		return this.log().evaluate((log) => [...log.querySelectorAll('article.en:has(.en-words, .prose)')].map((el) => {
			const who = el.classList.contains('en-customer') ? 'customer' : el.querySelector('.prose') ? 'bot' : 'agent';
			return `${who}: ${el.querySelector('.en-words, .prose').textContent.replace(/[^\p{L}\d-]+/gu, ' ').trim().slice(0, who === 'bot' ? 40 : undefined)}`;
		}));
	}

	/** What the API answers. */
	get(path) {
		return this.page.evaluate(async (path) => (await fetch(path)).json(), `/api/v1/${path}`);
	}

	async entriesOf(id) {
		return (await this.get(`conversations/${id}/entries?limit=500`)).data;
	}

	/** Passes the open conversation on to a colleague. */
	async transfer(name, note) {
		await this.page.getByRole('button', { name: /Pass/ }).first().click();
		const dialog = this.page.getByRole('dialog');
		await dialog.getByRole('option', { name: new RegExp(name) }).click();
		await dialog.getByRole('textbox').fill(note);
		await dialog.getByRole('button', { name: /Pass/ }).click();
		await this.gone();
	}

	async release() {
		await this.page.getByRole('button', { name: 'Give back to the bot' }).click();
		await this.gone();
	}

	/** Ends the open conversation. */
	async close() {
		await this.page.getByRole('button', { name: /^Close/ }).first().click();
		await this.gone();
	}

	/** Waits until the open conversation is no longer hers, in the list either. */
	async gone() {
		const id = this.id();
		await this.page.getByText('Yours', { exact: true }).waitFor({ state: 'detached' });
		await this.page.getByRole('navigation', { name: 'Views' }).getByRole('link', { name: 'Mine' }).click();
		await this.page.getByRole('list', { name: 'Mine' }).locator(`a[href$="${id}"]`).waitFor({ state: 'detached' });
	}
}
