// An answer in the making. It is not read aloud: the stored one is.

import type { Client } from '../../core/client';
import { BotLine } from '../Answer';
import { Blocks } from '../Blocks';
import { draftBlocks } from './draft';

export function Draft({ client, words }: { client: Client; words: string }) {
	return (
		<div class="bt" aria-hidden="true">
			<BotLine client={client} />
			<div class="page" dir="auto">
				<Blocks blocks={draftBlocks(words)} />
			</div>
		</div>
	);
}
