import { useEffect, useState } from 'react';
import { useDesk } from '../../../context';
import type { AccentColours, BrandColours } from '../../../protocol';
import { t } from '../../../text';
import { Field } from '../../../ui/Field';
import { isColour } from './form';

/** Frontdesk's own accent, which "" stands for. */
const own = '#2552c8';
/** A colour is looked at when the hand rests. */
const restMs = 200;

/** The brand's colour, and what it becomes in both themes. */
export function Colour({ value, onChange }: { value: string; onChange: (colour: string) => void }) {
	const fine = value === '' || isColour(value);
	const colours = useBrand(value, fine);
	return (
		<div className="widget-colour">
			<Field
				label={t('widget.colour')}
				hint={t('widget.colourHint')}
				error={fine ? undefined : t('widget.colourWrong')}
				mono
				placeholder={own}
				maxLength={7}
				value={value}
				onChange={(text) => onChange(text.trim().toLowerCase())}
				end={
					<input
						type="color"
						className="swatch"
						aria-label={t('widget.pick')}
						value={isColour(value) ? value : own}
						onChange={(event) => onChange(event.target.value)}
					/>
				}
			/>
			{colours && (
				<ul className="accents" aria-label={t('widget.computed')}>
					<Accent name={t('widget.theme.light')} theme="light" of={colours.light} />
					<Accent name={t('widget.theme.dark')} theme="dark" of={colours.dark} />
				</ul>
			)}
		</div>
	);
}

/** What a colour becomes, or undefined until the server has said so. */
function useBrand(colour: string, fine: boolean): BrandColours | undefined {
	const { api } = useDesk();
	const [colours, setColours] = useState<BrandColours>();
	useEffect(() => {
		if (!fine) return;
		const stop = new AbortController();
		const timer = setTimeout(
			() => api.brand({ colour }, stop.signal).then(setColours, () => !stop.signal.aborted && setColours(undefined)),
			restMs,
		);
		return () => {
			clearTimeout(timer);
			stop.abort();
		};
	}, [api, colour, fine]);
	return colours;
}

function Accent({ name, theme, of }: { name: string; theme: 'light' | 'dark'; of: AccentColours }) {
	return (
		<li data-theme={theme}>
			<span className="accent-drawn" aria-hidden="true">
				<Chip fore={of.on_accent} back={of.accent} />
				<Chip fore={of.text} back={of.subtle} />
			</span>
			<span className="accent-words">
				<b>{name}</b>
				<span className="num">
					{t('widget.onAccent', { colour: of.accent, rate: of.on_accent_contrast.toFixed(1) })}
				</span>
				<span className="num">{t('widget.inAccent', { colour: of.text, rate: of.text_contrast.toFixed(1) })}</span>
			</span>
		</li>
	);
}

const Chip = ({ fore, back }: { fore: string; back: string }) => (
	<svg viewBox="0 0 40 28" width="40" height="28">
		<title>Aa</title>
		<rect width="40" height="28" rx="6" fill={back} />
		<text x="20" y="19" textAnchor="middle" fill={fore} fontSize="14" fontWeight="500">
			Aa
		</text>
	</svg>
);
