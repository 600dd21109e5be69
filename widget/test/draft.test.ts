import { expect, test } from 'vitest';
import { draftBlocks } from '../src/ui/around/draft';

const text = (s: string) => ({ t: 'text', text: s });
const li = (s: string) => ({ t: 'li', kids: [text(s)] });

test('an answer in the making is drawn as it will be stored', () => {
	expect(draftBlocks('Sorry!\n1. Open it.\n2. Close it.\n- A point\n- Another\nThat is all: 5 days.\n1.5 kg')).toEqual([
		{ t: 'p', kids: [text('Sorry!')] },
		{ t: 'ol', kids: [li('Open it.'), li('Close it.')] },
		{ t: 'ul', kids: [li('A point'), li('Another')] },
		{ t: 'p', kids: [text('That is all: 5 days.')] },
		{ t: 'p', kids: [text('1.5 kg')] },
	]);
});
