import { type ReactNode, useLayoutEffect, useRef, useState } from 'react';
import { t } from '../../text';

interface ChartProps {
	/** What the chart shows, in words: it is the picture's name. */
	label: string;
	height: number;
	draw: (width: number) => ReactNode;
	/** The same figures, for who would rather read them. */
	table: { head: string[]; rows: [string, ...string[]][] };
}

/** A picture as wide as its place, with letters of the page's size, and its figures behind a button. */
export function Chart({ label, height, draw, table }: ChartProps) {
	const box = useRef<HTMLDivElement>(null);
	const [width, setWidth] = useState(0);
	useLayoutEffect(() => {
		const element = box.current;
		if (!element) return;
		const measure = () => setWidth(Math.floor(element.clientWidth));
		measure();
		const watch = new ResizeObserver(measure);
		watch.observe(element);
		return () => watch.disconnect();
	}, []);
	return (
		<>
			<div className="chart" ref={box} style={{ blockSize: height }}>
				{width > 0 && (
					<svg width={width} height={height} viewBox={`0 0 ${width} ${height}`} role="img" aria-label={label}>
						{draw(width)}
					</svg>
				)}
			</div>
			<Figures label={label} {...table} />
		</>
	);
}

/** A table behind a button. */
export function Figures({ label, head, rows }: { label: string; head: string[]; rows: [string, ...string[]][] }) {
	return (
		<details className="more">
			<summary>{t('insight.table')}</summary>
			{/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard. */}
			<section className="figures-scroll" tabIndex={0} aria-label={label}>
				<table className="table figures-table">
					<caption className="sr">{label}</caption>
					<thead>
						<tr>
							{head.map((name, i) => (
								<th key={name} scope="col" className={i > 0 ? 'end' : undefined}>
									{name}
								</th>
							))}
						</tr>
					</thead>
					<tbody>
						{rows.map(([name, ...values]) => (
							<tr key={name}>
								<th scope="row">{name}</th>
								{values.map((value, i) => (
									// biome-ignore lint/suspicious/noArrayIndexKey: columns do not move.
									<td key={i} className="end num">
										{value}
									</td>
								))}
							</tr>
						))}
					</tbody>
				</table>
			</section>
		</details>
	);
}
