import {
	type KeyboardEvent,
	type ReactNode,
	type RefObject,
	useEffect,
	useLayoutEffect,
	useRef,
	useState,
} from 'react';
import { useDesk, useMe } from '../../context';
import type { Macro, User } from '../../protocol';
import { fillIn, matching, spliced, triggerAt, valuesOf } from '../../state/macros';
import type { Draft } from '../../state/memory';
import { useStore } from '../../state/store';
import type { Thread } from '../../state/thread';
import type { Put } from '../../talk';
import { t } from '../../text';
import { Face, Tag } from '../../ui/parts';
import { type Choice, useCompletion } from './Completion';

interface TypedProps {
	thread: Thread;
	area: RefObject<HTMLTextAreaElement | null>;
	draft: Draft;
	change: (next: Draft) => void;
	note: boolean;
}

interface Typed {
	field: ReturnType<typeof useCompletion>['field'];
	onKey: (event: KeyboardEvent) => boolean;
	list: ReactNode;
	/** The caret may have moved. */
	moved: () => void;
	/** The field has lost the focus. */
	left: () => void;
	/** Types a sign that opens a list. */
	open: (sign: '/' | '@') => void;
	/** Puts something in at the caret. */
	put: (what: Put) => void;
}

// Lists are short: who types on finds the rest.
const most = 8;

/** What typing "/" and "@" opens over the text, and what is put into the text: canned replies, names, articles. */
export function useTyped({ thread, area, draft, change, note }: TypedProps): Typed {
	const { talk } = useDesk();
	const me = useMe();
	const macros = useStore(talk.macros);
	const people = useStore(talk.people);
	const placeholders = useStore(talk.placeholders);
	const [caret, setCaret] = useState(-1); // nowhere: the field has not the focus
	const select = useRef<[number, number]>(undefined);
	const trigger = caret < 0 ? undefined : triggerAt(draft.text, caret, note);
	const asks = trigger?.kind;
	useEffect(() => {
		if (asks === 'person') void talk.loadPeople().catch(() => undefined);
		if (asks === 'macro') talk.refreshMacros();
	}, [talk, asks]);
	// The caret goes to what was put in, once the text is drawn.
	useLayoutEffect(() => {
		if (!select.current || !area.current) return;
		area.current.focus();
		area.current.setSelectionRange(...select.current);
		setCaret(select.current[1]);
		select.current = undefined;
	});

	/** The draft with text in the place of what stands between two points, and the caret behind it or at its first gap. */
	const splice = (from: number, to: number, text: string, more: Partial<Draft>) => {
		const next = spliced(draft.text, from, to, text, placeholders);
		select.current = next.select;
		change({ ...draft, ...more, text: next.text });
	};
	const putMacro = (macro: Macro, from: number, to: number) => {
		const text = fillIn(macro.text, valuesOf(thread.view, me, Date.now()));
		splice(from, to, text, { after: merged(draft.after, macro) });
	};
	const putName = (user: User, from: number, to: number) => {
		const known = (draft.named ?? []).filter((each) => each.id !== user.id);
		splice(from, to, `@${user.name} `, { note: true, named: [...known, { id: user.id, name: user.name }] });
	};
	const choices: Choice[] = !trigger
		? []
		: trigger.kind === 'macro'
			? matching(macros ?? [], trigger.query)
					.slice(0, most)
					.map((macro) => ({
						key: macro.id,
						lead: <code>/{macro.code}</code>,
						words: macro.text,
						aside: macro.owner ? <Tag>{t('composer.own')}</Tag> : undefined,
						choose: () => putMacro(macro, trigger.start, caret),
					}))
			: (people ?? [])
					.filter((user) => user.id !== me.user.id && named(user, trigger.query))
					.slice(0, most)
					.map((user) => ({
						key: user.id,
						lead: <Face name={user.name} size="s" />,
						words: user.name,
						aside: <span className="quiet">{t(`role.${user.role}`)}</span>,
						choose: () => putName(user, trigger.start, caret),
					}));
	const label = t(trigger?.kind === 'person' ? 'composer.people' : 'composer.macros');
	const { field, onKey, list } = useCompletion(label, trigger && `${trigger.kind}${trigger.start}`, choices);
	return {
		field,
		onKey,
		list,
		left: () => setCaret(-1),
		moved: () => setCaret(area.current?.selectionEnd ?? 0),
		open: (sign) => {
			const at = area.current?.selectionEnd ?? draft.text.length;
			const spaced = /\S$/.test(draft.text.slice(0, at)) ? ` ${sign}` : sign;
			splice(at, at, spaced, sign === '@' ? { note: true } : {});
		},
		put: (what) => {
			const from = area.current?.selectionStart ?? draft.text.length;
			const to = area.current?.selectionEnd ?? from;
			if (what.macro) return putMacro(what.macro, from, to);
			if (what.mention) return putName(what.mention, from, to);
			const gap = /\S$/.test(draft.text.slice(0, from)) ? '\n\n' : '';
			const used = what.citations
				? [...(draft.used ?? []), { text: what.text, citations: what.citations }]
				: draft.used;
			splice(from, to, gap + what.text, { used, note: false });
		},
	};
}

/** Whether a word of somebody's name begins so. */
function named(user: User, query: string): boolean {
	const q = query.toLowerCase();
	return user.name
		.toLowerCase()
		.split(/\s+/)
		.some((word) => word.startsWith(q));
}

/** What is done after sending, with what another macro does: one of each kind, and each tag once. */
function merged(before: Draft['after'], macro: Macro): Draft['after'] {
	const all = [...(before ?? [])];
	for (const action of macro.actions ?? []) {
		const same = all.findIndex((each) => each.do === action.do && each.tag === action.tag);
		if (same >= 0) all.splice(same, 1);
		all.push(action);
	}
	return all;
}
