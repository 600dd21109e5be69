// The look of the launcher and the frame's place. Values as in the design tokens; !important on the host element,
// because rules of the page win over :host otherwise.
export const css = `
:host{all:initial!important;position:fixed!important;inset-block-end:24px!important;inset-inline-end:24px!important;z-index:2147483000!important;color-scheme:light dark!important}
:host([hidden]){display:none!important}
[hidden]{display:none!important}
button{position:relative;display:block;width:56px;height:56px;margin:0;padding:0;border:0;border-radius:50%;background:var(--accent,#2552c8);color:var(--on,#fff);cursor:pointer;box-shadow:0 2px 6px rgb(40 36 28/.1),0 12px 32px rgb(40 36 28/.2);transition:transform 80ms}
button:active{transform:scale(.96)}
button:focus-visible{outline:2px solid var(--accent,#2552c8);outline-offset:3px}
svg{width:26px;height:26px;margin:15px;display:block;fill:none;stroke:currentColor;stroke-width:1.4;stroke-linecap:round;stroke-linejoin:round}
.x,[aria-expanded=true] .o{display:none}
[aria-expanded=true] .x{display:inline}
span{position:absolute;inset-block-start:-2px;inset-inline-end:-2px;min-width:20px;height:20px;padding:0 5px;box-sizing:border-box;border-radius:10px;background:#b02a20;color:#fff;font:600 11px/20px system-ui,sans-serif;text-align:center;box-shadow:0 0 0 2px Canvas}
iframe{position:fixed;inset-block-end:92px;inset-inline-end:24px;width:380px;max-width:calc(100vw - 48px);height:min(660px,100vh - 112px);border:0;border-radius:18px;background:light-dark(#fff,#1a1a19);box-shadow:0 0 0 1px rgb(128 124 115/.25),0 2px 6px rgb(40 36 28/.07),0 18px 48px rgb(40 36 28/.2);animation:in 220ms cubic-bezier(.2,.8,.2,1)}
@keyframes in{from{opacity:0;transform:translateY(8px)}}
@media(max-width:480px){
:host{inset-block-end:16px!important;inset-inline-end:16px!important}
iframe{inset:var(--top,0) 0 auto;width:100%;max-width:none;height:var(--height,100%);border-radius:0;box-shadow:none}
[aria-expanded=true]{display:none}
}
@media(prefers-reduced-motion:reduce){*{animation:none!important;transition:none!important}}
@media(forced-colors:active){button{border:1px solid ButtonText}iframe{border:1px solid CanvasText}}
@media print{:host{display:none!important}}
`.replace(/\n/g, '');
