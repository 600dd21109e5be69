import { useEffect, useState } from 'react';
import { Link } from 'wouter';
import { problemOf } from '../../../api';
import { useDesk, useMe } from '../../../context';
import type { Macro } from '../../../protocol';
import { can } from '../../../state/inbox';
import { actionWords } from '../../../state/macros';
import { useStore } from '../../../state/store';
import { t } from '../../../text';
import { Button, ButtonLink } from '../../../ui/Button';
import { Bone, Failure, Tag } from '../../../ui/parts';
import type { AreaProps } from '../area';
import { Head } from '../Head';
import { MacroForm } from './MacroForm';

/** The canned replies: everybody's and one's own, and the page of one. */
export default function Macros({ rest }: AreaProps) {
	const { talk } = useDesk();
	const macros = useStore(talk.macros);
	const [problem, setProblem] = useState('');
	const load = () => {
		setProblem('');
		talk.loadMacros().catch((thrown) => setProblem(problemOf(thrown).message));
	};
	// biome-ignore lint/correctness/useExhaustiveDependencies: the newest, each time the page is opened.
	useEffect(load, []);
	if (!macros && problem) {
		return (
			<main className="page" data-pane>
				<Head title={t('settings.macros')} />
				<Failure title={t('macros.failed')} retry={<Button onPress={load}>{t('retry')}</Button>}>
					{problem}
				</Failure>
			</main>
		);
	}
	if (!macros) {
		return (
			<main className="page" data-pane aria-busy="true">
				<Head title={t('settings.macros')} />
				<div className="page-body">
					<Bone width="40%" />
				</div>
			</main>
		);
	}
	const one = macros.find((each) => each.id === rest);
	if (rest === 'new' || one) return <MacroForm key={rest} macro={one} />;
	return <Lists macros={macros} />;
}

function Lists({ macros }: { macros: Macro[] }) {
	const { user } = useMe();
	return (
		<main className="page" data-pane>
			<Head title={t('settings.macros')}>
				<ButtonLink to="/settings/macros/new" kind="primary" icon="plus">
					{t('macros.new')}
				</ButtonLink>
			</Head>
			<div className="page-body macros">
				<p className="quiet">{t('macros.words')}</p>
				<Group
					title={t('macros.shared')}
					none={t('macros.noneShared')}
					macros={macros.filter((each) => !each.owner)}
					locked={!can(user.role, 'admin')}
				/>
				<Group title={t('macros.own')} none={t('macros.noneOwn')} macros={macros.filter((each) => each.owner)} />
			</div>
		</main>
	);
}

function Group({ title, none, macros, locked }: { title: string; none: string; macros: Macro[]; locked?: boolean }) {
	return (
		<section className="macro-group" aria-label={title}>
			<h2>{title}</h2>
			{locked && <p className="quiet">{t('macros.readOnly')}</p>}
			{macros.length === 0 ? (
				<p className="quiet">{none}</p>
			) : (
				<ul>
					{macros.map((each) => (
						<li key={each.id}>
							<Link to={`/settings/macros/${each.id}`} className="macro-row">
								<code>/{each.code}</code>
								<span className="macro-words">
									<b className="cut">{each.name}</b>
									<span className="cut">{each.text}</span>
								</span>
								{(each.actions ?? []).length > 0 && <Tag>{each.actions?.map(actionWords).join(', ')}</Tag>}
							</Link>
						</li>
					))}
				</ul>
			)}
		</section>
	);
}
