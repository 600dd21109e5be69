import { count } from '../../format';
import { fitting, labelWidth, ticks } from './charts';

export interface Stack {
	key: string;
	label: string;
	/** From the bottom up, in the order of the series. */
	values: number[];
}

export interface Series {
	name: string;
	/** What stands under the name: the whole in one number. */
	value: string;
	className: 'one' | 'two' | 'rest';
}

const top = 10;
const foot = 26;
const axis = 34;
const names = 96;

/** Bars of several parts, and at their end what the parts are. */
export function Bars({
	width,
	height,
	bars,
	series,
}: {
	width: number;
	height: number;
	bars: Stack[];
	series: Series[];
}) {
	const marks = ticks(Math.max(1, ...bars.map((bar) => bar.values.reduce((sum, n) => sum + n, 0))));
	const most = marks.at(-1) ?? 1;
	const end = width - names;
	const place = (end - axis) / Math.max(1, bars.length);
	const bar = Math.max(2, Math.min(32, place * 0.68));
	const y = (n: number) => height - foot - (n / most) * (height - foot - top);
	const shown = fitting(bars.length, end - axis, labelWidth(bars.map((each) => each.label)));
	return (
		<>
			{marks.map((mark) => (
				<g key={mark}>
					<path className="chart-grid" d={`M${axis} ${y(mark)}H${end}`} />
					<text x={axis - 8} y={y(mark) + 4} textAnchor="end">
						{count(mark)}
					</text>
				</g>
			))}
			{bars.map((stack, i) => {
				const x = axis + i * place + (place - bar) / 2;
				let below = 0;
				return (
					<g key={stack.key}>
						{stack.values.map((n, s) => {
							const from = below;
							below += n;
							// A hair of the ground between the parts.
							const size = y(from) - y(below) - (from > 0 ? 1.5 : 0);
							return (
								size > 0 && (
									<rect
										key={series[s]?.className}
										className={`chart-${series[s]?.className}`}
										x={x}
										y={y(below)}
										width={bar}
										height={size}
										rx={Math.min(2, bar / 4)}
									/>
								)
							);
						})}
						{shown(i) && (
							<text x={x + bar / 2} y={height - 8} textAnchor="middle">
								{stack.label}
							</text>
						)}
					</g>
				);
			})}
			{series.map(({ name, value, className }, i) => (
				<g key={className} className={`chart-name chart-name-${className}`}>
					<text x={end + 14} y={height - foot - 22 - i * 42}>
						{name}
					</text>
					<text x={end + 14} y={height - foot - 6 - i * 42}>
						{value}
					</text>
				</g>
			))}
		</>
	);
}
