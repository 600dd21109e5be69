/** Larger than the server keeps, so that it has something to average; small enough to go up a slow line. */
const side = 640;

/**
 * Draws a picture small, as a JPEG in base64: any kind that this browser can show, upright, and nothing of what the
 * camera wrote beside it. Throws where it cannot be read.
 */
export async function photoOf(file: Blob): Promise<string> {
	const picture = await createImageBitmap(file);
	const scale = Math.min(1, side / Math.min(picture.width, picture.height));
	const canvas = document.createElement('canvas');
	canvas.width = Math.max(1, Math.round(picture.width * scale));
	canvas.height = Math.max(1, Math.round(picture.height * scale));
	const pen = canvas.getContext('2d');
	if (!pen) throw new Error('no canvas');
	pen.fillStyle = '#fff'; // under what is clear
	pen.fillRect(0, 0, canvas.width, canvas.height);
	pen.imageSmoothingQuality = 'high';
	pen.drawImage(picture, 0, 0, canvas.width, canvas.height);
	picture.close();
	return canvas.toDataURL('image/jpeg', 0.92).split(',')[1] ?? '';
}
