import { type ReactNode, useState } from 'react';
import { FieldError } from 'react-aria-components/FieldError';
import { Input } from 'react-aria-components/Input';
import { Label } from 'react-aria-components/Label';
import { Text } from 'react-aria-components/Text';
import { TextArea } from 'react-aria-components/TextArea';
import { TextField, type TextFieldProps } from 'react-aria-components/TextField';
import { t } from '../text';
import { IconButton } from './Button';

interface FieldProps extends Omit<TextFieldProps, 'children' | 'className'> {
	label: string;
	hint?: string;
	/** Why it cannot stay as it is: stands where the hint was. */
	error?: string;
	/** The hint asks for something. It never stands in the way. */
	urgent?: boolean;
	/** Holds several lines, and grows with them. */
	lines?: boolean;
	mono?: boolean;
	placeholder?: string;
	/** A control at the field's end. */
	end?: ReactNode;
}

export function Field({ label, hint, error, urgent, lines, mono, placeholder, end, ...rest }: FieldProps) {
	const look = `input${lines ? ' lines' : ''}${mono ? ' mono' : ''}${end ? ' with-end' : ''}`;
	return (
		<TextField {...rest} className="field" isInvalid={error !== undefined} validationBehavior="aria">
			<Label>{label}</Label>
			<div className="field-box">
				{lines ? (
					<TextArea className={look} placeholder={placeholder} rows={3} dir="auto" />
				) : (
					<Input className={look} placeholder={placeholder} />
				)}
				{end}
			</div>
			{error === undefined ? (
				hint && (
					<Text slot="description" className={urgent ? 'hint urgent' : 'hint'}>
						{hint}
					</Text>
				)
			) : (
				<FieldError className="hint">{error}</FieldError>
			)}
		</TextField>
	);
}

/** A password that can be looked at while it is typed. */
export function PasswordField(props: Omit<FieldProps, 'type' | 'end'>) {
	const [shown, setShown] = useState(false);
	return (
		<Field
			{...props}
			type={shown ? 'text' : 'password'}
			end={
				<IconButton
					icon="eye"
					label={t(shown ? 'field.hidePassword' : 'field.showPassword')}
					pressed={shown}
					onPress={() => setShown(!shown)}
				/>
			}
		/>
	);
}
