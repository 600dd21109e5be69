// The style sheet of a part that is loaded later, brought along as text. A constructed sheet needs no permission of the
// page's policy, which allows no inline style.

export function adopt(css: string): void {
	const sheet = new CSSStyleSheet();
	sheet.replaceSync(css);
	document.adoptedStyleSheets.push(sheet);
}
