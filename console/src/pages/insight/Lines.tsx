import { count } from '../../format';
import { fitting, labelWidth, ticks } from './charts';

export interface Point {
	hour: number;
	values: [subject: number, comparison: number];
}

const top = 18;
const foot = 26;
const axis = 34;
const names = 64;

interface LinesProps {
	width: number;
	height: number;
	/** At least one, by hour. */
	points: Point[];
	/** What the two lines are, at their end. */
	series: [string, string];
	hour: (hour: number) => string;
	/** The words of the highest point. */
	peak: (n: number) => string;
}

/** Two lines over the hours of a day, with the peak of the second written on it. Hours without figures break a line. */
export function Lines({ width, height, points, series, hour, peak: words }: LinesProps) {
	const first = points[0]?.hour ?? 0;
	const last = Math.max(first + 1, points.at(-1)?.hour ?? 0);
	const peak = points.reduce((a, b) => (b.values[1] > a.values[1] ? b : a));
	const marks = ticks(peak.values[1]);
	const most = marks.at(-1) ?? 1;
	const end = width - names;
	const x = (h: number) => axis + ((h - first) / (last - first)) * (end - axis);
	const y = (n: number) => height - foot - (n / most) * (height - foot - top);
	const hours = Array.from({ length: last - first + 1 }, (_, i) => first + i);
	const shown = fitting(hours.length, end - axis, labelWidth(hours.map(hour)));
	const final = points.at(-1);
	// Two names at one height would lie on each other.
	const apart = final ? Math.max(0, 14 - (y(final.values[0]) - y(final.values[1]))) / 2 : 0;
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
			{hours.map(
				(h, i) =>
					shown(i) && (
						<text key={h} x={x(h)} y={height - 8} textAnchor="middle">
							{hour(h)}
						</text>
					),
			)}
			{([1, 0] as const).map((s) => (
				<g key={s} className={s === 0 ? 'chart-line one' : 'chart-line rest'}>
					<path d={line(points, (p) => `${x(p.hour).toFixed(1)} ${y(p.values[s]).toFixed(1)}`)} />
					{points.map((p) => (
						<circle key={p.hour} cx={x(p.hour)} cy={y(p.values[s])} r={points.length > 1 ? 2.5 : 4} />
					))}
					{final && (
						<text x={x(final.hour) + 9} y={y(final.values[s]) + 4 + (s === 0 ? apart : -apart)}>
							{series[s]}
						</text>
					)}
				</g>
			))}
			<text
				className="chart-peak"
				x={x(peak.hour)}
				y={y(peak.values[1]) - 8}
				textAnchor={peak.hour === first ? 'start' : 'middle'}
			>
				{words(peak.values[1])}
			</text>
		</>
	);
}

/** A path through points of one hour after the other; a gap begins anew. */
function line(points: Point[], at: (point: Point) => string): string {
	return points.map((p, i) => `${i > 0 && p.hour === (points[i - 1]?.hour ?? 0) + 1 ? 'L' : 'M'}${at(p)}`).join('');
}
