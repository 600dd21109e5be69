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

	/** Waits for the window that something else opens; a frame that does not load is made again. */
	async opened() {
		await until('the window', async () => {
			this.frame = this.page.frame({ url: /widget\/v1\/frame/ });
			return this.frame?.locator('.wc textarea').isVisible();
		}, patience);
		this.log = this.frame.getByRole('log');
	}

	async isOpen() {
		return (await this.frame.frameElement()).isVisible();
	}

	async say(text) {
		const box = this.frame.locator('.wc textarea');
		await box.fill(text);
		await box.press('Enter');
	}

	/** Says text and waits for an answer that cites an article; gives the titles of its sources. */
	async ask(text, ms = 15_000) {
		const lists = this.log.getByRole('list', { name: /source/ });
		const before = await lists.count();
		await this.say(text);
		await until(`an answer to "${text}"`, async () => (await lists.count()) > before, ms);
		return lists.last().getByRole('listitem').allInnerTexts();
	}

	/** Waits until the log shows text. */
	async sees(text, ms = patience) {
		await this.log.getByText(text).first().waitFor({ timeout: ms });
	}

	/** How often the log shows text. */
	async times(text) {
		return this.log.getByText(text, { exact: true }).count();
	}

	/** Asks for a person with the button, as soon as it is there, unless one comes beside those who have come before. */
	async askForPerson(before = 0) {
		const button = this.frame.getByRole('button', { name: 'Talk to a person' });
		await until('the way to a person', async () => {
			if (await button.isVisible()) return button.click({ timeout: 1000 }).then(() => true, () => false);
			return (await this.joined()) > before || this.frame.getByText(/in line/).first().isVisible();
		}, patience);
	}

	/** How often somebody has joined. */
	async joined() {
		return this.frame.getByText(/ joined$/).count();
	}

	async ended() {
		return (await this.frame.getByText(/closed the chat|Chat ended/).count()) > 0;
	}

	/** Who said what, in order, as it is shown. */
	list() {
		return this.log.evaluate((log) => [...log.querySelectorAll('.me > .b, .ag > .b, .bt > .page')].map((el) => {
			const who = { me: 'customer', ag: 'agent', bt: 'bot' }[el.parentElement.classList[0]];
			return `${who}: ${el.textContent.replace(/[^\p{L}\d-]+/gu, ' ').trim().slice(0, who === 'bot' ? 40 : undefined)}`;
		}));
	}
}
