import { Button } from 'react-aria-components/Button';
import { Label } from 'react-aria-components/Label';
import { ListBox, ListBoxItem } from 'react-aria-components/ListBox';
import { Popover } from 'react-aria-components/Popover';
import { Select as AriaSelect, SelectValue } from 'react-aria-components/Select';
import { Icon } from './Icon';

interface SelectProps<V extends string> {
	label: string;
	/** Without a visible label: for filters, where the value says what it is. */
	bare?: boolean;
	value: V;
	options: { value: V; label: string; hint?: string }[];
	onChange: (value: V) => void;
	isDisabled?: boolean;
}

export function Select<V extends string>({ label, bare, value, options, onChange, isDisabled }: SelectProps<V>) {
	return (
		<AriaSelect
			className={`field select${bare ? ' bare' : ''}`}
			aria-label={bare ? label : undefined}
			value={value}
			onChange={(key) => key !== null && onChange(key as V)}
			isDisabled={isDisabled}
		>
			{!bare && <Label>{label}</Label>}
			<Button className="input select-button">
				<SelectValue className="cut">{options.find((o) => o.value === value)?.label}</SelectValue>
				<Icon name="down" size={14} />
			</Button>
			<Popover className="menu" offset={4}>
				<ListBox className="menu-list">
					{options.map((option) => (
						<ListBoxItem key={option.value} id={option.value} textValue={option.label} className="menu-item">
							<span className="grow">
								{option.label}
								{option.hint && <small>{option.hint}</small>}
							</span>
							<Icon name="check" size={14} />
						</ListBoxItem>
					))}
				</ListBox>
			</Popover>
		</AriaSelect>
	);
}
