// A part that is loaded when it is first needed. When loading fails (offline, a new build), it is tried again.

import { Component, type ComponentType } from 'preact';

interface Props<P> {
	load: () => Promise<{ default: ComponentType<P> }>;
	props: P;
}

const tryAgainAfter = 3_000;

export class Lazy<P extends object> extends Component<Props<P>> {
	#part: ComponentType<P> | undefined;
	#gone = false;

	#load = () => {
		if (this.#gone) return;
		this.props.load().then(
			(part) => {
				this.#part = part.default;
				if (!this.#gone) this.forceUpdate();
			},
			() => setTimeout(this.#load, tryAgainAfter),
		);
	};

	override componentDidMount() {
		this.#load();
	}

	override componentWillUnmount() {
		this.#gone = true;
	}

	override render({ props }: Props<P>) {
		const Part = this.#part;
		return Part ? <Part {...props} /> : null;
	}
}
