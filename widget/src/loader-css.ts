// The look of the launcher and the frame's place. Values are those of the design tokens. !important on the host element:
// a page's own rules win over :host otherwise.
export const css = [
	':host{all:initial!important;position:fixed!important;inset:auto 24px 24px auto!important;z-index:2147483000!important;color-scheme:light dark!important}',
	':host([hidden]),[hidden]{display:none!important}',
	'button{position:relative;width:56px;height:56px;padding:15px;border:0;border-radius:50%;background:var(--accent,#2552c8);color:var(--on,#fff);cursor:pointer;box-shadow:0 4px 16px #28241c40}',
	'button:focus-visible{outline:2px solid var(--accent,#2552c8);outline-offset:3px}',
	'svg{display:block;width:26px;fill:none;stroke:currentColor;stroke-width:1.4;stroke-linecap:round;stroke-linejoin:round}',
	'span{position:absolute;inset:-2px -2px auto auto;min-width:20px;border-radius:10px;background:#b02a20;color:#fff;font:600 11px/20px system-ui;box-shadow:0 0 0 2px Canvas}',
	'iframe{position:fixed;inset:auto 24px 92px auto;width:380px;height:min(660px,100vh - 112px);border:0;border-radius:18px;background:Canvas;box-shadow:0 0 1px #28241c80,0 18px 48px #28241c40}',
	'@keyframes a{from{opacity:0;translate:0 8px}}',
	'@media(max-width:480px){iframe{inset:0;width:100%;height:100%;border-radius:0}[aria-expanded=true]{display:none}}',
	'@media(prefers-reduced-motion:no-preference){iframe{animation:a 220ms cubic-bezier(.2,.8,.2,1)}}',
	'@media(forced-colors:active){button,iframe{border:1px solid}}',
	'@media print{:host{display:none!important}}',
].join('');
