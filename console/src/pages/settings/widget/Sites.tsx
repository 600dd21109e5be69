import { useCallback, useState } from 'react';
import { useDesk } from '../../../context';
import type { Embed } from '../../../protocol';
import { t } from '../../../text';
import { Button } from '../../../ui/Button';
import { Field } from '../../../ui/Field';
import { Group } from '../../../ui/Group';
import { Notice } from '../../../ui/parts';
import { useLoaded } from '../loading';
import type { SectionProps } from './form';

/** Where the widget may stand, and the tag that puts it there. */
export function Sites({ inbox, settings, set }: SectionProps) {
	const { api } = useDesk();
	const load = useCallback(() => api.embed(), [api]);
	const { value: embed } = useLoaded<Embed>(load);
	const sites = settings.sites ?? [];
	const wrong = sites.map((site) => site.trim()).find((site) => site !== '' && !isOrigin.test(site));
	return (
		<Group title={t('widget.sites')} words={t('widget.sitesWords')}>
			<Field
				label={t('widget.origins')}
				hint={t(sites.some((site) => site.trim()) ? 'widget.originsHint' : 'widget.originsAny')}
				error={wrong === undefined ? undefined : t('widget.originWrong', { site: wrong })}
				lines
				mono
				placeholder="https://shop.example"
				value={sites.join('\n')}
				onChange={(text) => set({ sites: text.split('\n') })}
			/>
			{embed && <Tag words={tagOf(embed.server || location.origin, inbox.key)} />}
		</Group>
	);
}

/** As the gateway has it. */
const isOrigin = /^https?:\/\/(\*\.)?[A-Za-z0-9.-]+(:[0-9]{1,5})?$/;

const tagOf = (server: string, key: string) =>
	`<script async src="${server}/widget/v1/frontdesk.js" data-inbox="${key}"></script>`;

function Tag({ words }: { words: string }) {
	const [said, setSaid] = useState<'copied' | 'failed' | ''>('');
	const copy = () =>
		navigator.clipboard
			.writeText(words)
			.then(() => setSaid('copied'))
			.catch(() => setSaid('failed'));
	return (
		<div className="field">
			<span className="field-label">{t('widget.tag')}</span>
			<code className="tag-code">{words}</code>
			<span className="hint">{t('widget.tagHint')}</span>
			<div>
				<Button onPress={copy}>{t('widget.copy')}</Button>
			</div>
			{said && <Notice tone={said === 'copied' ? 'ok' : 'warn'}>{t(`widget.${said}`)}</Notice>}
		</div>
	);
}
