import type { ReactNode } from 'react';
import { Dialog as AriaDialog } from 'react-aria-components/Dialog';
import { Heading } from 'react-aria-components/Heading';
import { Modal, ModalOverlay } from 'react-aria-components/Modal';
import { t } from '../text';
import { Button } from './Button';

interface DialogProps {
	title: string;
	isOpen: boolean;
	onClose: () => void;
	children: ReactNode;
	/** Danger or loss is at stake: read out at once. */
	alert?: boolean;
	wide?: boolean;
}

export function Dialog({ title, isOpen, onClose, children, alert, wide }: DialogProps) {
	return (
		<ModalOverlay className="scrim" isOpen={isOpen} onOpenChange={(open) => !open && onClose()} isDismissable={!alert}>
			<Modal className={`dialog${wide ? ' wide' : ''}`}>
				<AriaDialog role={alert ? 'alertdialog' : 'dialog'} className="dialog-in">
					<Heading slot="title" className="dialog-title">
						{title}
					</Heading>
					{children}
				</AriaDialog>
			</Modal>
		</ModalOverlay>
	);
}

interface ConfirmProps {
	title: string;
	children: ReactNode;
	/** The verb of the button, with its object. */
	action: string;
	danger?: boolean;
	busy?: boolean;
	isOpen: boolean;
	onConfirm: () => void;
	onClose: () => void;
}

export function Confirm({ title, children, action, danger, busy, isOpen, onConfirm, onClose }: ConfirmProps) {
	return (
		<Dialog title={title} isOpen={isOpen} onClose={onClose} alert>
			<div className="dialog-words">{children}</div>
			<div className="dialog-actions">
				<Button kind="quiet" onPress={onClose}>
					{t('dialog.cancel')}
				</Button>
				<Button kind={danger ? 'danger' : 'primary'} busy={busy} onPress={onConfirm} autoFocus>
					{action}
				</Button>
			</div>
		</Dialog>
	);
}
