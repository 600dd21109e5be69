import { useMe } from '../../context';
import { count, decimal, took } from '../../format';
import type { AgentDone } from '../../protocol';
import { t, tn } from '../../text';
import { Dot, Face } from '../../ui/parts';
import { Card } from './Card';

// More boxes than this cannot be counted at a glance.
const boxes = 8;

/** Who is on, how much each has, and what each did. */
export function People({ agents }: { agents: AgentDone[] }) {
	const { user } = useMe();
	const online = agents.filter((agent) => agent.presence === 'online').length;
	if (agents.length === 0) return <Card size="wide" title={t('insight.people.none')} />;
	const others = agents.some((agent) => agent.user !== user.id && agent.did);
	return (
		<Card
			size="wide"
			title={tn('insight.people.title', agents.length, { online: count(online) })}
			words={
				<>
					{t('insight.people.words')}.{!others && agents.length > 1 && ` ${t('insight.people.own')}`}
				</>
			}
		>
			<table className="table people-table">
				<thead>
					<tr>
						<th scope="col">{t('insight.people.agent')}</th>
						<th scope="col">{t('insight.people.presence')}</th>
						<th scope="col">{t('insight.people.open')}</th>
						<th scope="col" className="end from-m">
							{t('insight.people.reply')}
						</th>
						<th scope="col" className="end from-m">
							{t('insight.people.closed')}
						</th>
						<th scope="col" className="end from-m">
							{t('insight.people.rating')}
						</th>
					</tr>
				</thead>
				<tbody>
					{agents.map((agent) => (
						<tr key={agent.user}>
							<th scope="row">
								<span className="people-name">
									<Face name={agent.name} size="s" />
									<span className="cut">{agent.name}</span>
								</span>
							</th>
							<td>
								<span className="state">
									<Dot state={agent.presence} />
									<span className="people-state">{t(`presence.${agent.presence}`)}</span>
								</span>
							</td>
							<td>
								<Load open={agent.open} capacity={agent.capacity} />
							</td>
							<td className="end num from-m">{agent.did?.first_reply.n ? took(agent.did.first_reply.median) : '–'}</td>
							<td className="end num from-m">{agent.did ? count(agent.did.closed) : '–'}</td>
							<td className="end num from-m">{agent.did?.rating.n ? decimal(agent.did.rating.mean) : '–'}</td>
						</tr>
					))}
				</tbody>
			</table>
		</Card>
	);
}

function Load({ open, capacity }: { open: number; capacity: number }) {
	const most = Math.max(open, capacity);
	return (
		<span className="load num">
			{most <= boxes && (
				<span className="load-boxes" aria-hidden="true">
					{Array.from({ length: most }, (_, i) => (
						// biome-ignore lint/suspicious/noArrayIndexKey: boxes are alike.
						<i key={i} className={i < open ? (i < capacity ? 'on' : 'over') : ''} />
					))}
				</span>
			)}
			{capacity > 0 ? t('insight.people.load', { n: open, most: capacity }) : count(open)}
		</span>
	);
}
