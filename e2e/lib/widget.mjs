// The customer's side: a page that embeds the widget.
import { patience, until } from './product.mjs';

export class Widget {
	constructor(page) {
		this.page = page;
	}

	/** Clicks the launcher, once: a second click would close. It lies in a closed shadow root, so it is found the way a hand finds it. */
	async open() {
		await this.page.locator('frontdesk-widget').waitFor({ state: 'attached' });
		const { width, height } = this.page.viewportSize();
		await this.page.mouse.click(width - 52, height - 52);
		await this.opened();
	}

	/** Waits for the window that something else opens. */
	async opened() {
		this.frame = await until('the frame', () => this.page.frame({ url: /widget\/v1\/frame/ }));
		this.log = this.frame.getByRole('log');
		await this.frame.getByRole('textbox', { name: 'Your message' }).waitFor();
	}

	async isOpen() {
		return (await this.frame.frameElement()).isVisible();
	}

	async say(text) {
		const box = this.frame.getByRole('textbox', { name: 'Your message' });
		await box.fill(text);
		await box.press('Enter');
	}

	/** Says text and waits for an answer that cites an article; gives the titles of its sources. */
	async ask(text) {
		const lists = this.log.getByRole('list', { name: /source/ });
		const before = await lists.count();
		await this.say(text);
		await until(`an answer to "${text}"`, async () => (await lists.count()) > before);
		return lists.last().getByRole('listitem').allInnerTexts();
	}

	/** Waits until the log shows text. */
	async sees(text) {
		await this.log.getByText(text).first().waitFor({ timeout: patience });
	}

	/** How often the log shows text. */
	async times(text) {
		return this.log.getByText(text, { exact: true }).count();
	}
}
