import { useEffect, useRef, useState } from 'react';
import { useDesk } from '../../../context';
import type { Shown } from '../../../preview';
import type { BrandColours, Inbox, InboxSettings } from '../../../protocol';
import { locale, t } from '../../../text';
import { Segmented } from '../../../ui/Segmented';
import { isColour } from './form';
import { type Scene, sample } from './sample';

type Theme = 'light' | 'dark';

/** The widget as it would be, with what is not saved: the app itself, in a frame, by day or night, on a desktop or a phone. */
export function Preview({ inbox, settings }: { inbox: Inbox; settings: InboxSettings }) {
	const [scene, setScene] = useState<Scene>('home');
	const [theme, setTheme] = useState<Theme>('light');
	const [phone, setPhone] = useState(false);
	const brand = useSheet(settings);
	const look = settings.appearance ?? {};
	const colours = brand?.[look.theme || theme];
	return (
		<aside className="widget-preview" aria-label={t('widget.preview')}>
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
				{!phone && colours && (
					<Launcher
						side={look.side || 'right'}
						words={look.launcher ?? ''}
						fill={colours.accent}
						on={colours.on_accent}
					/>
				)}
			</div>
		</aside>
	);
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
			src={`/widget/v1/preview?inbox=${encodeURIComponent(inbox.key)}&lang=${locale()}#${encodeURIComponent(location.origin)}`}
		/>
	);
}

/** The launcher as the loader draws it. */
function Launcher({ side, words, fill, on }: { side: string; words: string; fill: string; on: string }) {
	return (
		<div className={`preview-launcher ${side}`} aria-hidden="true">
			<svg viewBox="0 0 56 56" width="56" height="56">
				<title>{t('widget.launcher')}</title>
				<circle cx="28" cy="28" r="28" fill={fill} />
				<path
					transform="translate(15 15) scale(1.3)"
					fill="none"
					stroke={on}
					strokeWidth="1.4"
					strokeLinecap="round"
					strokeLinejoin="round"
					d="M3 5.7A1.7 1.7 0 0 1 4.7 4h10.6A1.7 1.7 0 0 1 17 5.7v6.6a1.7 1.7 0 0 1-1.7 1.7H9.3L5.7 16.8V14h-1A1.7 1.7 0 0 1 3 12.3z"
				/>
			</svg>
			{words && <span>{words}</span>}
		</div>
	);
}
