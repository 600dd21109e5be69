import { t } from '../../text';

// SetupRequest and UserRequest: 10 to 200 characters.
const shortest = 10;

/** Why an address cannot be right; undefined when it may be. */
export function emailFault(email: string): string | undefined {
	return /^[^\s@]+@[^\s@]+$/.test(email.trim()) ? undefined : t('fault.email');
}

/** Why a new password will not be taken. */
export function passwordFault(password: string): string | undefined {
	const missing = shortest - [...password].length;
	return missing > 0 ? t('fault.password', { shortest, missing }) : undefined;
}
