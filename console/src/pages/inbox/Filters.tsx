import { useEffect, useState } from 'react';
import { useDesk, useMe } from '../../context';
import { language } from '../../format';
import type { Tag as TagType, Team, User } from '../../protocol';
import { type FilterName, type Filters as FilterValues, filterNames } from '../../state/filters';
import { type Key, t, tn } from '../../text';
import { Button } from '../../ui/Button';
import { Icon } from '../../ui/Icon';
import { Select } from '../../ui/Select';
import { reasons, reasonWords } from './ReasonTag';
import { useFilters } from './useFilters';

interface Choices {
	tags: TagType[];
	users: User[];
	teams: Team[];
}

const none: Choices = { tags: [], users: [], teams: [] };
// Minutes that a customer may have waited.
const waits = [5, 15, 60, 240, 1440];
const languages = ['de', 'en', 'fr', 'es', 'it', 'nl', 'pl', 'pt', 'tr', 'ar'];

/** What lists can be narrowed to: their names come from the server, once for all that ask. */
function useChoices(): Choices {
	const { api } = useDesk();
	const [choices, setChoices] = useState(none);
	useEffect(() => {
		const ask = async () => {
			const [tags, users, teams] = await Promise.all([api.tags(), api.users(), api.teams()]);
			setChoices({ tags: tags.data ?? [], users: users.data ?? [], teams: teams.data ?? [] });
		};
		// Without an answer there are fewer filters, and the list tells that there is no connection.
		void ask().catch(() => undefined);
	}, [api]);
	return choices;
}

type Option = { value: string; label: string };

function optionsOf(
	name: FilterName,
	{ tags, users, teams }: Choices,
	inboxes: { id: string; name: string }[],
): Option[] {
	const named = (all: { id: string; name: string }[]) => all.map(({ id, name: label }) => ({ value: id, label }));
	switch (name) {
		case 'sort':
			return ['newest', 'oldest', 'waiting', 'priority'].map((value) => ({ value, label: t(`sort.${value}` as Key) }));
		case 'tag':
			return tags.map((tag) => ({ value: tag.id, label: tag.name }));
		case 'agent':
			return named(users);
		case 'team':
			return named(teams);
		case 'inbox':
			return inboxes.length > 1 ? named(inboxes) : [];
		case 'reason':
			return reasons.map((value) => ({ value, label: reasonWords(value) }));
		case 'priority':
			return ['urgent', 'high', 'normal'].map((value) => ({ value, label: t(`priority.${value}` as Key) }));
		case 'language':
			return languages.map((value) => ({ value, label: language(value) }));
		case 'waiting':
			return waits.map((n) => ({ value: String(n), label: waitWords(n) }));
		case 'unanswered':
			return [{ value: 'true', label: t('filter.unanswered') }];
		case 'from':
		case 'until':
			return [];
	}
}

function waitWords(n: number): string {
	return n < 60 ? tn('time.min', n) : tn('filter.hours', n / 60);
}

/** All filters, each with its choice. */
export function Filters({ onClose }: { onClose: () => void }) {
	const { filters, set, clear } = useFilters();
	const choices = useChoices();
	const { inboxes } = useMe();
	return (
		<section className="lst-filters" aria-label={t('filter.label')}>
			{filterNames.map((name) => {
				if (name === 'from' || name === 'until')
					return <Day key={name} name={name} value={filters[name] ?? ''} set={set} />;
				const options = optionsOf(name, choices, inboxes);
				if (options.length === 0) return null;
				return (
					<Select
						key={name}
						label={t(`filter.${name}`)}
						value={filters[name] ?? ''}
						options={[{ value: '', label: t(name === 'sort' ? 'sort.own' : 'filter.any') }, ...options]}
						onChange={(value) => set(name, value)}
					/>
				);
			})}
			<p className="lst-filters-end">
				<Button kind="quiet" onPress={clear}>
					{t('filter.clear')}
				</Button>
				<Button onPress={onClose}>{t('filter.done')}</Button>
			</p>
		</section>
	);
}

function Day({
	name,
	value,
	set,
}: {
	name: FilterName;
	value: string;
	set: (name: FilterName, value: string) => void;
}) {
	return (
		<label className="field">
			<span>{t(`filter.${name}`)}</span>
			<input className="input" type="date" value={value} onChange={(e) => set(name, e.target.value)} />
		</label>
	);
}

/** The filters that hold, each with a way to drop it. */
export function Chips() {
	const { filters } = useFilters();
	const set = filterNames.filter((name) => name !== 'sort' && filters[name]);
	// Names are asked for only where there is something to name.
	return set.length === 0 ? null : <Named filters={filters} set={set} />;
}

function Named({ filters, set }: { filters: FilterValues; set: FilterName[] }) {
	const { set: change } = useFilters();
	const choices = useChoices();
	const { inboxes } = useMe();
	return (
		<ul className="pills" aria-label={t('filter.label')}>
			{set.map((name) => {
				const value = filters[name] ?? '';
				const label = optionsOf(name, choices, inboxes).find((o) => o.value === value)?.label ?? value;
				const words =
					name === 'unanswered' || name === 'tag'
						? label
						: t('filter.chip', { name: t(`filter.${name}`), value: label });
				return (
					<li key={name}>
						<button
							type="button"
							className="pill"
							onClick={() => change(name, '')}
							aria-label={t('filter.drop', { words })}
						>
							<span className="cut">{words}</span>
							<Icon name="x" size={14} />
						</button>
					</li>
				);
			})}
		</ul>
	);
}
