// What the compiler makes of JSX. Preact's own runtime also tells tools where an element was written; this one does not,
// and so shares the code of h with the rest of Preact.

import { Fragment, h } from 'preact';

type Make = (type: never, props: Record<string, unknown>, key?: unknown) => unknown;

const jsx: Make = (type, props, key) => h(type, key === undefined ? props : { ...props, key });

export { Fragment, jsx, jsx as jsxs };
