import { useCallback, useEffect, useLayoutEffect, useMemo, useRef, useState } from 'react';
import type { ViewName } from '../../api';
import { useDesk, useLate, useMe, useNow } from '../../context';
import { narrowing } from '../../state/filters';
import { isUnread, type List } from '../../state/inbox';
import { useStore } from '../../state/store';
import { t } from '../../text';
import { Button } from '../../ui/Button';
import { Bone, Empty } from '../../ui/parts';
import { useWindow } from '../../ui/window';
import { Row } from './Row';
import { useFilters } from './useFilters';

// About as high as a row with tags at the usual text size, in pixels, until it is drawn and measured.
const usual = 84;
// The next page is asked for when so many rows are left below what is in sight.
const ahead = 40;

// Kept while a list is not drawn, so that going back leads to the same place.
const measured = new Map<string, ReadonlyMap<string, number>>();
const unmeasured: ReadonlyMap<string, number> = new Map();

interface RowsProps {
	view: ViewName;
	open?: string;
}

/** The rows of a list, however many: only those in sight are drawn, and more come as they are scrolled to. */
export function Rows({ view, open }: RowsProps) {
	const desk = useDesk();
	const list = useStore(desk.inbox, (inbox) => inbox.lists[view]);
	const { filters, clear } = useFilters();
	const late = useLate(list.rows === null);
	if (list.rows === null) {
		if (list.problem) {
			return (
				<div role="alert" className="lst-rows">
					<Empty
						icon="alert"
						title={t('list.failed')}
						action={<Button onPress={() => desk.lists.load()}>{t('retry')}</Button>}
					>
						{list.problem.message}
					</Empty>
				</div>
			);
		}
		return late ? <Skeleton /> : <div className="lst-rows" aria-busy="true" />;
	}
	if (list.rows.length === 0) {
		if (narrowing(filters) > 0) {
			return (
				<div className="lst-rows">
					<Empty icon="sliders" title={t('filter.empty')} action={<Button onPress={clear}>{t('filter.clear')}</Button>}>
						{t('filter.emptyWords')}
					</Empty>
				</div>
			);
		}
		return (
			<div className="lst-rows">
				<Empty icon={view === 'closed' ? 'done' : 'inbox'} title={t(`list.empty.${view}`)}>
					{t(`list.emptyWords.${view}`)}
				</Empty>
			</div>
		);
	}
	return <Long list={list} rows={list.rows} {...{ view, open }} />;
}

function Long({ list, rows, view, open }: RowsProps & { list: List; rows: NonNullable<List['rows']> }) {
	const desk = useDesk();
	const read = useStore(desk.read);
	const now = useNow();
	const { user } = useMe();
	const name = `${view}?${list.key}`;
	const [, drawAgain] = useState(0);
	const heights = measured.get(name) ?? unmeasured;
	const [focused, setFocused] = useState<string>();
	const ids = useMemo(() => rows.map((row) => row.id), [rows]);
	const heightOf = useCallback((i: number) => heights.get(ids[i] as string) ?? usual, [ids, heights]);
	const { box, start, end, before, after, reveal } = useWindow({
		ids,
		heightOf,
		name: `${view}?${list.key}`,
		keep: focused,
	});
	const items = useRef<HTMLOListElement>(null);

	// While another page is on its way nothing is asked for: its end is a reason to ask again.
	const idle = !list.loading && !list.problem;
	useEffect(() => {
		if (idle && list.cursor && end > rows.length - ahead) void desk.lists.more();
	}, [desk, idle, end, rows.length, list.cursor]);

	useLayoutEffect(() => {
		const drawn = [...(items.current?.children ?? [])];
		const changed = drawn.flatMap((item, i): [string, number][] => {
			const id = ids[start + i] as string;
			const height = item.getBoundingClientRect().height;
			return height > 0 && Math.abs(height - (heights.get(id) ?? 0)) > 0.5 ? [[id, height]] : [];
		});
		if (changed.length === 0) return;
		measured.set(name, new Map([...heights, ...changed]));
		drawAgain((n) => n + 1);
	});

	// The conversation that was opened, by J and K or from elsewhere, is in sight; the focus goes with it.
	// biome-ignore lint/correctness/useExhaustiveDependencies: only what was opened is a reason to move.
	useEffect(() => {
		if (!open) return;
		const follow = document.activeElement?.closest('.lst-rows') != null;
		reveal(ids.indexOf(open));
		if (!follow) return;
		const frame = requestAnimationFrame(() => document.getElementById(`row-${open}`)?.focus({ preventScroll: true }));
		return () => cancelAnimationFrame(frame);
	}, [open]);

	return (
		<div className="lst-rows" ref={box}>
			<ol
				ref={items}
				aria-label={t(`view.${view}`)}
				style={{ paddingBlock: `${before}px ${after}px` }}
				onFocus={(e) => setFocused(e.target.closest('a')?.id.slice('row-'.length))}
				onBlur={() => setFocused(undefined)}
			>
				{rows.slice(start, end).map((row, i) => (
					<li key={row.id} aria-posinset={start + i + 1} aria-setsize={list.cursor ? -1 : rows.length}>
						<Row
							row={row}
							view={view}
							isOpen={row.id === open}
							unread={isUnread(row, read[row.id] ?? 0)}
							now={now}
							me={user.id}
						/>
					</li>
				))}
			</ol>
			{list.cursor && <p className="lst-more">{list.loading ? t('list.loading') : ''}</p>}
		</div>
	);
}

export function Skeleton() {
	return (
		<div className="cv-bones lst-rows" role="status" aria-label={t('app.loading')}>
			{['72%', '90%', '64%', '84%', '58%', '80%'].map((width) => (
				<div key={width} className="cv">
					<span />
					<Bone width="44%" height={12} />
					<Bone width="36px" />
					<span className="cv-words">
						<Bone width={width} />
					</span>
					<span className="cv-tags">
						<Bone width="84px" height={20} />
					</span>
				</div>
			))}
		</div>
	);
}
