import { useEffect, useState } from 'react';
import { Button as AriaButton } from 'react-aria-components/Button';
import { Header } from 'react-aria-components/Header';
import { Menu, MenuItem, MenuSection, MenuTrigger } from 'react-aria-components/Menu';
import { Popover } from 'react-aria-components/Popover';
import { Separator } from 'react-aria-components/Separator';
import { useLocation } from 'wouter';
import type { ViewName } from '../../api';
import { useCommands } from '../../commands';
import { useDesk, useMe } from '../../context';
import type { SavedView } from '../../protocol';
import { queryTextOf } from '../../state/filters';
import { can } from '../../state/inbox';
import { useStore } from '../../state/store';
import { t } from '../../text';
import { Button } from '../../ui/Button';
import { Dialog } from '../../ui/Dialog';
import { Field } from '../../ui/Field';
import { Icon } from '../../ui/Icon';
import { Notice } from '../../ui/parts';
import { useSubmit } from '../../ui/submit';
import { addressOf } from '../../views';
import { useFilters } from './useFilters';

/** The saved view that is shown now, if it is one. */
export function useSavedView(view: ViewName): SavedView | undefined {
	const { filters } = useFilters();
	const saved = useStore(useDesk().views.list);
	const query = queryTextOf(filters);
	return saved.find((each) => each.view === view && each.query === query);
}

/**
 * The views that were saved, behind one more tab; and saving what is shown. Where there is neither, there is no tab: what
 * is empty for most has none.
 */
export function SavedViewsTab({ view }: { view: ViewName }) {
	const { views } = useDesk();
	const { user } = useMe();
	const [, navigate] = useLocation();
	const { filters } = useFilters();
	const saved = useStore(views.list);
	const current = useSavedView(view);
	const [open, setOpen] = useState<boolean | 'first'>(false); // by its key: with the first one in focus
	const [editing, setEditing] = useState<SavedView | 'new'>();
	const query = queryTextOf(filters);
	const mayChange = current && (current.owner || can(user.role, 'admin'));
	const has = saved.length > 0 || query !== '';
	useEffect(() => void views.load(), [views]);
	useCommands({ views: has ? () => setOpen('first') : undefined });
	if (!has) return null;
	const parts = [
		['views.own', saved.filter((each) => each.owner)],
		['views.team', saved.filter((each) => !each.owner)],
	] as const;
	return (
		<>
			<MenuTrigger
				isOpen={open !== false}
				onOpenChange={(next) => {
					setOpen(next);
					if (next) void views.load();
				}}
			>
				<AriaButton className="tab" aria-current={current ? 'page' : undefined}>
					<span className="cut">{current?.name ?? t('views.saved')}</span>
					<Icon name="down" size={14} />
				</AriaButton>
				<Popover className="menu" placement="bottom start">
					<Menu
						className="menu-list"
						autoFocus={open || undefined}
						onAction={(key) => {
							const chosen = saved.find(({ id }) => id === key);
							if (chosen) navigate(addressOf(chosen));
							else setEditing(key === 'change' ? current : 'new');
						}}
					>
						{parts.map(
							([name, list]) =>
								list.length > 0 && (
									<MenuSection key={name} selectionMode="single" selectedKeys={current ? [current.id] : []}>
										<Header className="menu-section">{t(name)}</Header>
										{list.map((each) => (
											<MenuItem key={each.id} id={each.id} className="menu-item" textValue={each.name}>
												<span className="grow cut">{each.name}</span>
												<Icon name="check" size={14} />
											</MenuItem>
										))}
									</MenuSection>
								),
						)}
						{saved.length > 0 && <Separator className="menu-line" />}
						{current ? (
							<MenuItem key="change" id="change" className="menu-item" isDisabled={!mayChange}>
								<span className="cut">{t('views.change', { name: current.name })}</span>
							</MenuItem>
						) : (
							<MenuItem key="new" id="new" className="menu-item">
								{t('views.save')}
							</MenuItem>
						)}
					</Menu>
				</Popover>
			</MenuTrigger>
			{editing && (
				<ViewForm
					old={editing === 'new' ? undefined : editing}
					shown={{ view, query }}
					onClose={() => setEditing(undefined)}
				/>
			)}
		</>
	);
}

interface ViewFormProps {
	/** The view that is changed; none: what is shown is saved as a new one. */
	old?: SavedView;
	shown: { view: ViewName; query: string };
	onClose: () => void;
}

function ViewForm({ old, shown, onClose }: ViewFormProps) {
	const { views } = useDesk();
	const { user } = useMe();
	const [name, setName] = useState(old?.name ?? '');
	const [shared, setShared] = useState(old ? !old.owner : false);
	const save = useSubmit(async () => {
		await views.save(old?.id, { ...shown, name, shared });
		onClose();
	});
	const drop = useSubmit(async () => {
		if (old) await views.drop(old.id);
		onClose();
	});
	const problem = save.problem || drop.problem;
	return (
		<Dialog title={t(old ? 'views.changeTitle' : 'views.save')} isOpen onClose={onClose}>
			{problem && <Notice tone="bad">{problem}</Notice>}
			<form className="dialog-form" onSubmit={(event) => void save.submit(event, name.trim() !== '')}>
				<Field
					label={t('views.name')}
					hint={t('views.hint', { view: t(`view.${shown.view}`) })}
					maxLength={60}
					value={name}
					onChange={setName}
					autoFocus
				/>
				{can(user.role, 'admin') && (
					<label className="check">
						<input type="checkbox" checked={shared} onChange={(event) => setShared(event.target.checked)} />
						<span>{t('views.forAll')}</span>
					</label>
				)}
				<div className="dialog-actions">
					{old && (
						<span className="grow">
							<Button kind="danger" busy={drop.busy} onPress={() => void drop.submit(undefined, true)}>
								{t('views.remove')}
							</Button>
						</span>
					)}
					<Button kind="quiet" onPress={onClose}>
						{t('dialog.cancel')}
					</Button>
					<Button type="submit" kind="primary" busy={save.busy} isDisabled={name.trim() === ''}>
						{t('views.doSave')}
					</Button>
				</div>
			</form>
		</Dialog>
	);
}
