import { useState } from 'react';
import { DropZone } from 'react-aria-components/DropZone';
import { FileTrigger } from 'react-aria-components/FileTrigger';
import { useLocation } from 'wouter';
import { problemOf } from '../../api';
import { useDesk, useMe } from '../../context';
import { count, size } from '../../format';
import type { ImportReport } from '../../protocol';
import { can } from '../../state/inbox';
import { type Key, t, tn } from '../../text';
import { Button, ButtonLink, IconButton } from '../../ui/Button';
import { Icon } from '../../ui/Icon';
import { Failure, Notice } from '../../ui/parts';
import { useTitle } from '../../ui/title';
import { filesOf, isImportable, kinds, sameness } from './files';

export default function Import() {
	const { user } = useMe();
	const [, navigate] = useLocation();
	useTitle(t('import.title'));
	return (
		<main className="page" data-pane>
			<header className="page-head">
				<IconButton icon="back" label={t('article.toList')} onPress={() => navigate('/knowledge')} />
				<h1>{t('import.title')}</h1>
			</header>
			{can(user.role, 'editor') ? (
				<ImportForm />
			) : (
				<Failure
					title={t('article.noPermission')}
					retry={<ButtonLink to="/knowledge">{t('article.toList')}</ButtonLink>}
				>
					{t('article.noPermissionWords')}
				</Failure>
			)}
		</main>
	);
}

function ImportForm() {
	const desk = useDesk();
	const [files, setFiles] = useState<File[]>([]);
	const [left, setLeft] = useState<string[]>([]);
	const [report, setReport] = useState<ImportReport | null>(null);
	const [problem, setProblem] = useState<string>();
	const [busy, setBusy] = useState(false);

	const add = (more: File[]) => {
		setReport(null);
		setProblem(undefined);
		const good = more.filter((file) => isImportable(file.name));
		setFiles((before) => [...new Map([...before, ...good].map((file) => [sameness(file), file])).values()]);
		setLeft(more.filter((file) => !isImportable(file.name)).map((file) => file.name));
	};
	const run = async () => {
		setBusy(true);
		setProblem(undefined);
		try {
			setReport(await desk.api.importFiles(files));
			setFiles([]);
			setLeft([]);
		} catch (thrown) {
			setProblem(problemOf(thrown).message);
		} finally {
			setBusy(false);
		}
	};

	return (
		<div className="page-body narrow">
			<p className="lead">{t('import.words')}</p>
			<DropZone
				className="drop"
				aria-label={t('import.drop')}
				getDropOperation={() => 'copy'}
				onDrop={(event) => void filesOf(event.items).then(add)}
			>
				<Icon name="upload" size={20} />
				<p>{t('import.drop')}</p>
				<FileTrigger allowsMultiple acceptedFileTypes={kinds} onSelect={(list) => list && add([...list])}>
					<Button>{t('import.choose')}</Button>
				</FileTrigger>
				<p className="hint">{t('import.kinds')}</p>
			</DropZone>
			{left.length > 0 && (
				<Notice tone="warn">{tn('import.left', left.length, { names: left.slice(0, 5).join(', ') })}</Notice>
			)}
			{problem && (
				<Notice tone="bad" action={<Button onPress={run}>{t('retry')}</Button>}>
					{problem}
				</Notice>
			)}
			{files.length > 0 && (
				<section className="files" aria-label={t('import.files')}>
					<ul>
						{files.map((file) => (
							<li key={sameness(file)}>
								<Icon name="file" />
								<span className="cut">{file.name}</span>
								<span className="num">{size(file.size)}</span>
								<IconButton
									icon="x"
									label={t('import.remove', { name: file.name })}
									onPress={() => setFiles(files.filter((f) => f !== file))}
								/>
							</li>
						))}
					</ul>
					<Button kind="primary" busy={busy} onPress={run}>
						{tn(busy ? 'import.running' : 'import.action', files.length)}
					</Button>
				</section>
			)}
			{report && <Report report={report} />}
		</div>
	);
}

function Report({ report }: { report: ImportReport }) {
	const problems = report.problems ?? [];
	const figures = ['added', 'changed', 'unchanged', 'archived'] as const;
	return (
		<section className="report" aria-label={t('import.report')} role="status">
			<h2>{t('import.done')}</h2>
			<dl className="figures">
				{figures.map((name) => (
					<div key={name}>
						<dd className="num">{count(report[name] ?? 0)}</dd>
						<dt>{t(`import.${name}` as Key)}</dt>
					</div>
				))}
			</dl>
			{problems.length > 0 && (
				<table className="table problems">
					<caption>{tn('import.problems', problems.length)}</caption>
					<thead>
						<tr>
							<th scope="col">{t('import.where')}</th>
							<th scope="col">{t('import.what')}</th>
							<th scope="col">{t('import.do')}</th>
						</tr>
					</thead>
					<tbody>
						{problems.map((p) => (
							<tr key={`${p.path}:${p.line ?? 0}:${p.what}`}>
								<th scope="row" className="mono any">
									{p.path}
									{p.line ? `:${p.line}` : ''}
								</th>
								<td>{p.what}</td>
								<td>{p.do}</td>
							</tr>
						))}
					</tbody>
				</table>
			)}
			<div>
				<ButtonLink to="/knowledge">{t('import.toList')}</ButtonLink>
			</div>
		</section>
	);
}
