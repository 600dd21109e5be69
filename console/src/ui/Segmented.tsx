import { ToggleButton } from 'react-aria-components/ToggleButton';
import { ToggleButtonGroup } from 'react-aria-components/ToggleButtonGroup';
import { Icon, type IconName } from './Icon';

interface SegmentedProps<V extends string> {
	label: string;
	value: V | null;
	options: { value: V; label: string; icon?: IconName }[];
	onChange: (value: V) => void;
}

/** One of a few, all in sight. */
export function Segmented<V extends string>({ label, value, options, onChange }: SegmentedProps<V>) {
	return (
		<ToggleButtonGroup
			className="seg"
			aria-label={label}
			selectionMode="single"
			disallowEmptySelection
			selectedKeys={value === null ? [] : [value]}
			onSelectionChange={(keys) => {
				const [key] = [...keys];
				if (key !== undefined) onChange(key as V);
			}}
		>
			{options.map((option) => (
				<ToggleButton key={option.value} id={option.value} className="seg-item">
					{option.icon && <Icon name={option.icon} size={14} />}
					{option.label}
				</ToggleButton>
			))}
		</ToggleButtonGroup>
	);
}
