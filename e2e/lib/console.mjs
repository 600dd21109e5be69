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
		if (await fold.count()) await fold.first().click();
	}

	async times(text) {
		return this.log().getByText(text, { exact: true }).count();
	}

	/** The open conversation's public log, as the API has it. */
	async entries() {
		const id = new URL(this.page.url()).pathname.split('/').pop();
		return this.page.evaluate(async (path) => (await (await fetch(path)).json()).data, `/api/v1/conversations/${id}/entries?limit=500`);
	}
}
