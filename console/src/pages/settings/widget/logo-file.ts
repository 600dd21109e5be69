/** gateway's maxLogo. */
export const maxLogo = 48_000;
/** What is taken in: a photo of a phone's camera is drawn small, anything beyond is no logo. */
const maxInput = 20_000_000;
/** The widget shows it at 44 pixels, which are 132 on the sharpest screens. */
const sides = [132, 88];

export class LogoProblem extends Error {
	constructor(readonly kind: 'large' | 'unreadable') {
		super(kind);
	}
}

/**
 * Draws a picture small, as the data URL of a PNG: any kind that this browser can show, so that nothing but pixels
 * leaves it. Throws a LogoProblem.
 */
export async function logoOf(file: File): Promise<string> {
	if (file.size > maxInput) throw new LogoProblem('large');
	const image = await shown(await dataURL(file));
	// A drawing may have no size of its own.
	const [width, height] = [image.naturalWidth || 132, image.naturalHeight || 132];
	for (const side of sides) {
		const scale = Math.min(1, side / Math.max(width, height));
		const canvas = document.createElement('canvas');
		canvas.width = Math.max(1, Math.round(width * scale));
		canvas.height = Math.max(1, Math.round(height * scale));
		const pen = canvas.getContext('2d');
		if (!pen) break;
		pen.imageSmoothingQuality = 'high';
		pen.drawImage(image, 0, 0, canvas.width, canvas.height);
		const url = canvas.toDataURL('image/png');
		if ((url.length * 3) / 4 <= maxLogo) return url;
	}
	throw new LogoProblem('large');
}

const dataURL = (file: File) =>
	new Promise<string>((resolve, reject) => {
		const reader = new FileReader();
		reader.onload = () => resolve(String(reader.result));
		reader.onerror = () => reject(new LogoProblem('unreadable'));
		reader.readAsDataURL(file);
	});

const shown = (url: string) =>
	new Promise<HTMLImageElement>((resolve, reject) => {
		const image = new Image();
		image.onload = () => resolve(image);
		image.onerror = () => reject(new LogoProblem('unreadable'));
		image.src = url;
	});
