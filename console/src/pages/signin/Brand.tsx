import { Mark } from '../../ui/Mark';

export function Brand() {
	return (
		<div className="brand">
			<Mark />
			<span>Frontdesk</span>
		</div>
	);
}
