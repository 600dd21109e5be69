import { Link } from 'wouter';
import { t } from '../../../text';

export const base = '/settings/voice';

/** The three parts of the area. */
export function Parts({ here }: { here: 'style' | 'prompts' | 'history' }) {
	return (
		<nav className="tabs" aria-label={t('voice.parts')}>
			{(['style', 'prompts', 'history'] as const).map((part) => (
				<Link
					key={part}
					to={part === 'style' ? base : `${base}/${part}`}
					aria-current={part === here ? 'page' : undefined}
				>
					{t(`voice.part.${part}`)}
				</Link>
			))}
		</nav>
	);
}
