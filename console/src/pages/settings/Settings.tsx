import { Suspense, useState } from 'react';
import { Link, Redirect } from 'wouter';
import { useMe, useMedia } from '../../context';
import type { Inbox } from '../../protocol';
import { can } from '../../state/inbox';
import { recall, remember } from '../../state/memory';
import { t } from '../../text';
import { ButtonLink } from '../../ui/Button';
import { Icon } from '../../ui/Icon';
import { Empty, Failure } from '../../ui/parts';
import { Select } from '../../ui/Select';
import { useTitle } from '../../ui/title';
import { type Area, areas } from './areas';

/** What admins set: a list of areas, and the page of one. On a phone the list is a page of its own. */
export default function Settings({ area: slug = '', rest = '' }: { area?: string; rest?: string }) {
	const { user, inboxes } = useMe();
	const sideBySide = useMedia('(min-width: 768px)');
	const [kept, keep] = useState(() => recall('settings.inbox', ''));
	const inbox = inboxes?.find((each) => each.id === kept) ?? inboxes?.[0];
	const allowed = areas.filter((each) => can(user.role, each.needs ?? 'admin'));
	const area = allowed.find((each) => each.slug === slug);
	useTitle(t(area ? area.name : 'nav.settings'));

	if (allowed.length === 0 || !inbox) {
		return (
			<main className="page" data-pane>
				<Failure title={t('settings.noPermission')} retry={<ButtonLink to="/inbox">{t('app.toInbox')}</ButtonLink>}>
					{t('settings.noPermissionWords')}
				</Failure>
			</main>
		);
	}
	if (slug === '' && sideBySide) return <Redirect to={`/settings/${allowed[0]?.slug}`} replace />;
	const choose = (id: string) => {
		keep(id);
		remember('settings.inbox', id);
	};
	const list = (
		<AreaList
			areas={allowed}
			slug={slug}
			inbox={inbox}
			inboxes={inboxes ?? []}
			onInbox={choose}
			heading={!area && !sideBySide}
		/>
	);
	if (slug === '') return <main className="page settings-start">{list}</main>;
	return (
		<div className="settings">
			{sideBySide && list}
			{area ? (
				<Suspense fallback={<main className="page" aria-busy="true" aria-label={t('app.loading')} />}>
					<area.Page key={area.everywhere ? '' : inbox.id} inbox={inbox} rest={rest} />
				</Suspense>
			) : (
				<main className="page">
					<Empty level={1} icon="search" title={t('app.notFound')}>
						{t('app.notFoundWords')}
					</Empty>
				</main>
			)}
		</div>
	);
}

interface ListProps {
	areas: Area[];
	slug: string;
	inbox: Inbox;
	inboxes: Inbox[];
	onInbox: (id: string) => void;
	/** The list is the whole page. */
	heading: boolean;
}

function AreaList({ areas, slug, inbox, inboxes, onInbox, heading }: ListProps) {
	const Heading = heading ? 'h1' : 'h2';
	return (
		<nav className="areas" aria-label={t('nav.settings')} data-pane>
			<Heading className="areas-title">{t('nav.settings')}</Heading>
			{inboxes.length > 1 && (
				<div className="areas-inbox">
					<Select
						label={t('settings.inbox')}
						value={inbox.id}
						options={inboxes.map((each) => ({ value: each.id, label: each.name }))}
						onChange={onInbox}
					/>
				</div>
			)}
			<ul>
				{areas.map((area) => (
					<li key={area.slug}>
						<Link to={`/settings/${area.slug}`} className="area" aria-current={area.slug === slug ? 'page' : undefined}>
							<Icon name={area.icon} />
							<span className="area-name">{t(area.name)}</span>
							<small className="area-hint">{t(area.hint)}</small>
							<Icon name="right" size={14} />
						</Link>
					</li>
				))}
			</ul>
		</nav>
	);
}
