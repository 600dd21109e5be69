import { clock, probability } from '../../format';
import type { BriefPoint } from '../../protocol';
import { t } from '../../text';

// The picture's own units. It is drawn at the width of its column.
const width = 280;
const height = 82;
const top = 18;
const bottom = 62;
const left = 24;
const right = 214;

interface Dot {
	x: number;
	y: number;
	point: BriefPoint;
	handed: boolean;
}

/** Where the points of a trail lie: evenly by turn, 1 at the top, 0 at the bottom. */
export function trailDots(points: BriefPoint[]): Dot[] {
	const step = points.length > 1 ? (right - left) / (points.length - 1) : 0;
	return points.map((point, i) => ({
		x: points.length > 1 ? left + i * step : (left + right) / 2,
		y: bottom - Math.min(1, Math.max(0, point.confidence)) * (bottom - top),
		point,
		handed: point.action === 'handoff',
	}));
}

/** The bot's confidence, turn by turn, up to the turn that handed over. */
export function Trail({ points }: { points: BriefPoint[] }) {
	const dots = trailDots(points);
	const handed = dots.findLast((dot) => dot.handed);
	// The words go where the line is not.
	const words = handed && handed.y < (top + bottom) / 2 ? bottom - 16 : top - 1;
	const said = points.map((p) => `${clock(p.at)} ${probability(p.confidence)}`).join(', ');
	return (
		<svg
			className="trail"
			viewBox={`0 0 ${width} ${height}`}
			role="img"
			aria-label={t(handed ? 'trail.handed' : 'trail.label', { points: said, time: clock(handed?.point.at ?? 0) })}
		>
			<path className="trail-grid" d={`M0 ${bottom}H${width}`} />
			{handed && (
				<>
					<path className="trail-line" d={`M${handed.x} ${top - 8}V${bottom}`} />
					<text x={handed.x + 10} y={words}>
						{t('trail.over1')}
					</text>
					<text x={handed.x + 10} y={words + 13}>
						{t('trail.over2')}
					</text>
				</>
			)}
			<path className="trail-path" d={`M${dots.map((dot) => `${dot.x} ${dot.y}`).join(' L')}`} />
			{dots.map((dot, i) => (
				<g key={`${dot.x}`} className={dot.handed ? 'handed' : undefined}>
					<circle cx={dot.x} cy={dot.y} r={dot.handed ? 4 : 3.5} />
					<text
						className="trail-value"
						x={dot.handed ? dot.x + 10 : dot.x}
						y={dot.handed ? Math.min(dot.y + 4, bottom - 5) : dot.y - 8}
						textAnchor={dot.handed ? 'start' : 'middle'}
					>
						{probability(dot.point.confidence)}
					</text>
					{(i === 0 || clock(dot.point.at) !== clock(dots[i - 1]?.point.at ?? 0)) && (
						<text x={dot.x} y={height - 5} textAnchor="middle">
							{clock(dot.point.at)}
						</text>
					)}
				</g>
			))}
		</svg>
	);
}
