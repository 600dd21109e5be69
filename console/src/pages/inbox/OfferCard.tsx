import { useState } from 'react';
import { useLocation } from 'wouter';
import { problemOf } from '../../api';
import { useCommands } from '../../commands';
import { useDesk, useNow } from '../../context';
import { customerName } from '../../format';
import type { Offer } from '../../offers';
import { useStore } from '../../state/store';
import { t, tn } from '../../text';
import { Button } from '../../ui/Button';
import { Face, Notice } from '../../ui/parts';
import { ReasonTag } from './ReasonTag';

/** The conversation that is offered to this agent, over whatever page is open. */
export function OfferCard() {
	const offer = useStore(useDesk().offers.list, (all) => all[0]);
	return (
		<div className="offer-place" aria-live="polite">
			{offer && <Card key={offer.row.id} offer={offer} />}
		</div>
	);
}

function Card({ offer: { row, until } }: { offer: Offer }) {
	const desk = useDesk();
	const [location, navigate] = useLocation();
	const [busy, setBusy] = useState(false);
	const [problem, setProblem] = useState('');
	const left = Math.max(0, Math.ceil((until - useNow(1_000)) / 1000));
	const answer = async (call: () => Promise<unknown>, then?: () => void) => {
		if (busy) return;
		setBusy(true);
		setProblem('');
		try {
			await call();
			then?.();
			desk.offers.drop(row.id);
		} catch (thrown) {
			setProblem(problemOf(thrown).message);
			setBusy(false);
		}
	};
	const accept = () =>
		answer(
			() => desk.api.move(row.id, 'claim', { epoch: row.epoch }),
			() => navigate(`/inbox/mine/${row.id}`),
		);
	const decline = () => answer(() => desk.api.move(row.id, 'decline', { epoch: row.epoch }));
	// Beside an open conversation Enter means that one.
	const besides = /^\/inbox\/\w+\/./.test(location) && !location.endsWith(row.id);
	useCommands({ accept, decline, take: besides ? undefined : accept });
	return (
		<section className="offer" aria-labelledby="offer-title">
			<div className="offer-top">
				<h2 id="offer-title">{t('offer.title')}</h2>
				{/* Not read out each second: the card itself is, once. */}
				<span className="offer-left num" aria-live="off">
					{tn('offer.left', left)}
				</span>
			</div>
			<div className="offer-who">
				<Face name={row.customer_name} />
				<div>
					<b className="cut">{customerName(row.customer_name)}</b>
					<p className="offer-words">{row.subject}</p>
				</div>
			</div>
			<div className="offer-tags">
				<ReasonTag reason={row.reason} />
			</div>
			{problem && <Notice tone="bad">{problem}</Notice>}
			<div className="offer-acts">
				<Button kind="quiet" isDisabled={busy} onPress={decline}>
					{t('offer.no')}
				</Button>
				<Button kind="primary" busy={busy} onPress={accept} hint="Enter">
					{t('offer.yes')}
				</Button>
			</div>
		</section>
	);
}
