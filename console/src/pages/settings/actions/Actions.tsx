import { useCallback, useState } from 'react';
import { Link } from 'wouter';
import { problemOf } from '../../../api';
import { useDesk } from '../../../context';
import type { ActionsSetting } from '../../../protocol';
import { type Config, configOf, isOn, requestOf, serversOf, switched } from '../../../state/actions';
import { t } from '../../../text';
import { ButtonLink } from '../../../ui/Button';
import { Empty, Notice } from '../../../ui/parts';
import { Segmented } from '../../../ui/Segmented';
import type { AreaProps } from '../area';
import { Head } from '../Head';
import { Bones, LoadFailure, useLoaded } from '../loading';
import { ActionPage } from './ActionPage';
import { AddActions } from './AddActions';
import { type ActionsProps, base, KindTag } from './parts';
import { Uses } from './Uses';

/** What the bot may do in the shop: the actions, one of them, more of them, and their uses. */
export default function Actions({ inbox, rest }: AreaProps) {
	const { api } = useDesk();
	const load = useCallback(() => api.actions(), [api]);
	const { value, set, problem, late, reload } = useLoaded<ActionsSetting>(load);
	const [part = '', name = ''] = rest.split('/');
	if (part === 'uses') return <Uses />;
	if (!value)
		return (
			<main className="page" data-pane>
				<Head title={t('settings.actions')} />
				<div className="page-body">
					{problem && <LoadFailure problem={problem} retry={reload} />}
					{late && <Bones />}
				</div>
			</main>
		);
	const save = async (next: Config) => {
		try {
			set({ ...value, ...(await api.setActions({ revision: value.revision, value: next })) });
			return '';
		} catch (thrown) {
			return problemOf(thrown).message;
		}
	};
	const all: ActionsProps = { inbox, config: configOf(value), setting: value, save };
	if (part === 'add') return <AddActions {...all} />;
	const one = all.config.actions.find((a) => part === 'of' && a.name === decodeURIComponent(name));
	if (one) return <ActionPage key={one.name} action={one} {...all} />;
	return <List {...all} />;
}

function List({ inbox, config, setting, save }: ActionsProps) {
	const [refused, setRefused] = useState('');
	const put = async (next: Config) => setRefused(await save(next));
	return (
		<main className="page" data-pane>
			<Head title={t('settings.actions')}>
				<ButtonLink kind="quiet" to={`${base}/uses`}>
					{t('actions.uses')}
				</ButtonLink>
				<ButtonLink kind="primary" to={`${base}/add`}>
					{t('actions.add')}
				</ButtonLink>
			</Head>
			{refused && (
				<div className="banner">
					<Notice tone="bad">{refused}</Notice>
				</div>
			)}
			<div className="page-body">
				<p className="lead">{t('actions.words')}</p>
				{config.actions.length === 0 ? (
					<Empty icon="table" title={t('actions.none')}>
						{t('actions.noneWords')}
					</Empty>
				) : (
					<table className="table actions">
						<caption>{t('actions.caption', { inbox: inbox.name })}</caption>
						<thead>
							<tr>
								<th scope="col">{t('actions.name')}</th>
								<th scope="col">{t('actions.kind')}</th>
								<th scope="col">{t('actions.here')}</th>
							</tr>
						</thead>
						<tbody>
							{config.actions.map((a) => (
								<tr key={a.name}>
									<th scope="row">
										<Link to={`${base}/of/${encodeURIComponent(a.name)}`} className="row-link">
											{a.title}
										</Link>
										<small className="mono cut">{requestOf(a)}</small>
									</th>
									<td>
										<KindTag action={a} />
									</td>
									<td>
										<Segmented
											label={t('actions.switch', { title: a.title })}
											value={isOn(a, inbox.id) ? 'on' : 'off'}
											options={[
												{ value: 'off', label: t('actions.off') },
												{ value: 'on', label: t('actions.on') },
											]}
											onChange={(v) => put(switched(config, a.name, inbox.id, v === 'on'))}
										/>
									</td>
								</tr>
							))}
						</tbody>
					</table>
				)}
				<Services config={config} setting={setting} />
			</div>
		</main>
	);
}

/** Where actions go. */
function Services({ config, setting }: { config: Config; setting: ActionsSetting }) {
	const servers = serversOf(setting);
	if (config.services.length + servers.length === 0) return null;
	return (
		<section className="action-services">
			<h2>{t('actions.services')}</h2>
			<dl>
				{config.services.map((s) => (
					<div key={s.name}>
						<dt>{s.name}</dt>
						<dd>
							<span className="mono">{s.base}</span>
							{s.headers?.map((h) => (
								<small key={h.name}>{t('actions.secret', { header: h.name, secret: h.secret })}</small>
							))}
						</dd>
					</div>
				))}
				{servers.map((s) => (
					<div key={s.server}>
						<dt>{s.server}</dt>
						<dd>
							{t('actions.server', { n: s.tools.length })}
							{s.error && <small>{s.error}</small>}
						</dd>
					</div>
				))}
			</dl>
		</section>
	);
}
