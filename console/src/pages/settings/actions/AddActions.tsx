import { useState } from 'react';
import { useLocation } from 'wouter';
import { problemOf } from '../../../api';
import { useDesk } from '../../../context';
import type { OpenAPIOperations } from '../../../protocol';
import { type Action, added, offeredOf, requestOf, serversOf } from '../../../state/actions';
import { t } from '../../../text';
import { Button } from '../../../ui/Button';
import { Field } from '../../../ui/Field';
import { Head } from '../Head';
import { type ActionsProps, base, KindTag, Refusal } from './parts';

/** More actions: out of an OpenAPI document, or of the tools of MCP servers. */
export function AddActions({ config, setting, save }: ActionsProps) {
	const { api } = useDesk();
	const [, navigate] = useLocation();
	const [source, setSource] = useState('');
	const [read, setRead] = useState<OpenAPIOperations | null>(null);
	const [address, setAddress] = useState('');
	const [chosen, setChosen] = useState<string[]>([]);
	const [busy, setBusy] = useState(false);
	const [refused, setRefused] = useState('');
	const offered: Action[] = read ? offeredOf(read) : [];
	const tools = serversOf(setting).flatMap((s) =>
		s.tools.map(
			(tool): Action => ({
				name: tool.name,
				title: tool.title || tool.name,
				description: tool.description,
				service: `mcp:${s.server}`,
				tool: tool.name,
				parameters: tool.parameters,
				results: [{ name: 'text', label: 'Text', path: 'text' }],
				say: '{text}',
				write: !tool.read_only,
				...(!tool.read_only && { confirm: tool.title || tool.name }),
				inboxes: [],
			}),
		),
	);
	const open = async () => {
		setBusy(true);
		setRefused('');
		try {
			const got = await api.readOpenAPI(
				/^https?:\/\/\S+$/.test(source.trim()) ? { url: source.trim() } : { document: source },
			);
			setRead(got);
			setAddress(got.base);
			setChosen([]);
		} catch (thrown) {
			setRefused(problemOf(thrown).message);
		}
		setBusy(false);
	};
	const add = async () => {
		setBusy(true);
		const operations = offered.filter((a) => chosen.includes(requestOf(a)));
		let next = operations.length ? added(config, address.trim().replace(/\/$/, ''), operations) : config;
		const taken = new Set(next.actions.map((a) => a.name));
		next = {
			...next,
			actions: [...next.actions, ...tools.filter((a) => chosen.includes(requestOf(a)) && !taken.has(a.name))],
		};
		const words = await save(next);
		setBusy(false);
		setRefused(words);
		if (!words) navigate(base);
	};
	return (
		<main className="page" data-pane>
			<Head title={t('actions.add')} back={{ to: base, label: t('actions.back') }}>
				<Button kind="primary" busy={busy && chosen.length > 0} isDisabled={chosen.length === 0} onPress={add}>
					{t('actions.addChosen', { n: chosen.length })}
				</Button>
			</Head>
			<Refusal words={refused} />
			<div className="page-body">
				<div className="voice-form action-add">
					<Field
						label={t('actions.document')}
						hint={t('actions.documentHint')}
						value={source}
						onChange={setSource}
						lines
						mono
					/>
					<div>
						<Button busy={busy && chosen.length === 0} isDisabled={!source.trim()} onPress={open}>
							{t('actions.read.button')}
						</Button>
					</div>
					{read && (
						<>
							<Field
								label={t('actions.base')}
								hint={t('actions.baseHint')}
								value={address}
								onChange={setAddress}
								mono
							/>
							<Choice
								title={read.title || t('actions.operations')}
								list={offered}
								chosen={chosen}
								onChange={setChosen}
							/>
							{read.left.length > 0 && (
								<details>
									<summary>{t('actions.left', { n: read.left.length })}</summary>
									<ul className="action-left">
										{read.left.map((words) => (
											<li key={words}>{words}</li>
										))}
									</ul>
								</details>
							)}
						</>
					)}
					{tools.length > 0 && <Choice title={t('actions.tools')} list={tools} chosen={chosen} onChange={setChosen} />}
				</div>
			</div>
		</main>
	);
}

interface ChoiceProps {
	title: string;
	list: Action[];
	chosen: string[];
	onChange: (chosen: string[]) => void;
}

function Choice({ title, list, chosen, onChange }: ChoiceProps) {
	return (
		<fieldset className="action-choice">
			<legend>{title}</legend>
			{list.map((a) => {
				const key = requestOf(a);
				return (
					<label key={key}>
						<input
							type="checkbox"
							checked={chosen.includes(key)}
							onChange={(e) => onChange(e.currentTarget.checked ? [...chosen, key] : chosen.filter((k) => k !== key))}
						/>
						<span>
							{a.title}
							<small className="mono cut">{key}</small>
						</span>
						<KindTag action={a} />
					</label>
				);
			})}
		</fieldset>
	);
}
