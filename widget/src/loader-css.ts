// The look of the launcher before the frame has said more (face.ts). Values are those of the design tokens. !important
// on the host element: a page's own rules win over :host otherwise. The drawing is white on the colour, or black, by
// its lightness: 50 is where either holds 4.5:1 (WCAG 2.2, 1.4.3). A browser that cannot tell takes the host's white:
// what has a var() in it is invalid too late for a second declaration. Browsers cut z-index down to their highest; nines
// compress.
export const css = ({ colour = '#2552c8', position }: DOMStringMap) =>
	`:host{all:initial!important;position:fixed!important;inset:auto ${position === 'left' ? 'auto 24px 24px' : '24px 24px auto'}!important;z-index:9999999999!important;color:#fff!important;--c:${colour}}` +
	'button{height:56px;padding:0 16px;border:1px solid#0000;border-radius:28px;background:var(--c);color:lab(from var(--c) calc((50 - l)*99) 0 0);font:15px system-ui;cursor:pointer;box-shadow:0 4px 16px#28241c40}' +
	'button:before{content:"";display:inline-block;width:18px;height:18px;border:2px solid;border-radius:11px 11px 11px 0}' +
	'@media print{:host{display:none!important}}';
