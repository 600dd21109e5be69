import { useEffect, useRef, useState } from 'react';
import { useDesk } from '../../../context';
import type { Shown } from '../../../preview';
import type { Appearance, BrandColours, Inbox, InboxSettings } from '../../../protocol';
import { locale, t } from '../../../text';
import { Button } from '../../../ui/Button';
import { Segmented } from '../../../ui/Segmented';
import { isColour } from './form';
import { type Scene, sample } from './sample';

type Theme = 'light' | 'dark';

/**
 * The widget as it would be, with what is not saved: the app itself, in a frame, by day or night, on a desktop or a phone.
 * Where there is no room beside the form, a button brings it above the form, and goes back to the place left.
 */
export function Preview({ inbox, settings }: { inbox: Inbox; settings: InboxSettings }) {
	const [scene, setScene] = useState<Scene>('home');
	const [theme, setTheme] = useState<Theme>('light');
	const [phone, setPhone] = useState(false);
	const body = useRef<HTMLDivElement>(null);
	const [left, setLeft] = useState<number>();
	const open = left !== undefined;
	useEffect(() => {
		const view = scrolling(body.current);
		if (open) view?.scrollTo({ top: 0 });
	}, [open]);
	const toggle = () => {
		const view = scrolling(body.current);
		if (open) requestAnimationFrame(() => view?.scrollTo({ top: left }));
		setLeft(open ? undefined : (view?.scrollTop ?? 0));
	};
	const brand = useSheet(settings);
	const look = settings.appearance ?? {};
	const colours = brand?.[look.theme || theme];
	return (
		<aside className="widget-preview" aria-label={t('widget.preview')}>
			<div className={open ? 'preview-body open' : 'preview-body'} ref={body}>
				<div className="preview-ways">
					<Segmented
						label={t('widget.scene')}
						value={scene}
						options={(['home', 'talk'] as const).map((value) => ({ value, label: t(`widget.scene.${value}`) }))}
						onChange={setScene}
					/>
					<Segmented
						label={t('widget.theme')}
						value={look.theme || theme}
						options={(['light', 'dark'] as const)
							.filter((value) => !look.theme || value === look.theme)
							.map((value) => ({ value, label: t(`widget.theme.${value}`) }))}
						onChange={setTheme}
					/>
					<Segmented
						label={t('widget.screen')}
						value={phone ? 'phone' : 'desktop'}
						options={(['desktop', 'phone'] as const).map((value) => ({ value, label: t(`widget.screen.${value}`) }))}
						onChange={(value) => setPhone(value === 'phone')}
					/>
				</div>
				<div className={`preview-stage${phone ? ' phone' : ''}`} data-theme={look.theme || theme}>
					{brand && (
						<Frame
							key={`${inbox.id} ${scene}`}
							inbox={inbox}
							shown={{
								...sample(scene, inbox, settings),
								sheet: brand.sheet + logoRule(look.logo),
								theme: look.theme || theme,
							}}
							corners={look.corners || 'round'}
						/>
					)}
					{!phone && colours && <Launcher look={look} fill={colours.accent} on={colours.on_accent} />}
				</div>
			</div>
			<div className="preview-toggle">
				<Button aria-expanded={open} icon={open ? 'x' : 'eye'} onPress={toggle}>
					{t('widget.preview')}
				</Button>
			</div>
		</aside>
	);
}

/** What scrolls around an element. */
function scrolling(from: Element | null): Element | null {
	for (let at = from?.parentElement ?? null; at; at = at.parentElement)
		if (/auto|scroll/.test(getComputedStyle(at).overflowY)) return at;
	return document.scrollingElement;
}

/** The gateway's rules for a logo, with the picture itself: it has no address before it is saved. */
const logoRule = (logo = '') =>
	/^data:image\/png;base64,[A-Za-z0-9+/=]+$/.test(logo)
		? `.face:not(.agent){background:url("${logo}") center/contain no-repeat}.face:not(.agent)>*{display:none}`
		: '';

/** The style sheet of the settings; the last one while a colour is being typed. */
function useSheet({ colour, appearance = {} }: InboxSettings): BrandColours | undefined {
	const { api } = useDesk();
	const [brand, setBrand] = useState<BrandColours>();
	const { corners, theme } = appearance;
	useEffect(() => {
		if (colour !== '' && !isColour(colour)) return;
		const stop = new AbortController();
		// A second request for the same colour is the price of two parts that know nothing of each other.
		api
			.brand({ colour, corners: corners || undefined, theme: theme || undefined }, stop.signal)
			.then(setBrand, () => {});
		return () => stop.abort();
	}, [api, colour, corners, theme]);
	return brand;
}

function Frame({ inbox, shown, corners }: { inbox: Inbox; shown: Shown; corners: string }) {
	const frame = useRef<HTMLIFrameElement>(null);
	const [ready, setReady] = useState(false);
	useEffect(() => {
		const listen = (event: MessageEvent) => {
			if (event.source === frame.current?.contentWindow && event.origin === location.origin && event.data?.preview)
				setReady(true);
		};
		addEventListener('message', listen);
		return () => removeEventListener('message', listen);
	}, []);
	const words = JSON.stringify(shown);
	useEffect(() => {
		if (ready) frame.current?.contentWindow?.postMessage({ preview: JSON.parse(words) }, location.origin);
	}, [ready, words]);
	return (
		<iframe
			ref={frame}
			className={`preview-frame ${corners}`}
			title={t('widget.preview')}
			src={`/widget/v1/preview?inbox=${encodeURIComponent(inbox.key)}&lang=${locale()}#${location.origin}`}
		/>
	);
}

/** The launcher as the loader draws it. */
function Launcher({ look, fill, on }: { look: Appearance; fill: string; on: string }) {
	return (
		<div
			className={`preview-launcher ${look.side || 'right'} ${look.corners || 'round'}`}
			style={{ background: fill, color: on }}
			aria-hidden="true"
		>
			{look.launcher}
		</div>
	);
}
