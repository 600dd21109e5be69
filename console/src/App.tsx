import { lazy, Suspense, useEffect } from 'react';
import { I18nProvider } from 'react-aria-components/I18nProvider';
import { Redirect, Route, Router, Switch, useLocation } from 'wouter';
import { useDesk } from './context';
import { shownLanguage } from './language';
import { useStore } from './state/store';
import { locale, t } from './text';
import { Button, ButtonLink } from './ui/Button';
import { Empty, Failure } from './ui/parts';
import { Shell } from './ui/Shell';
import './ui/theme';

const SignIn = lazy(() => import('./pages/signin/SignIn'));
const Join = lazy(() => import('./pages/signin/Join'));
const Setup = lazy(() => import('./pages/signin/Setup'));
const Inbox = lazy(() => import('./pages/inbox/Inbox'));
const Articles = lazy(() => import('./pages/knowledge/Articles'));
const Editor = lazy(() => import('./pages/knowledge/Editor'));
const Gaps = lazy(() => import('./pages/knowledge/Gaps'));
const Import = lazy(() => import('./pages/knowledge/Import'));
const Insight = lazy(() => import('./pages/insight/Insight'));
const Promises = lazy(() => import('./pages/promises/Promises'));
const Settings = lazy(() => import('./pages/settings/Settings'));
const Team = lazy(() => import('./pages/team/Team'));
const Account = lazy(() => import('./pages/account/Account'));

export function App() {
	// Nothing below keeps words: another language draws everything again, and leaves it where it is.
	useStore(shownLanguage);
	return (
		<I18nProvider locale={locale()}>
			<Router base="/console">
				<Gate />
			</Router>
		</I18nProvider>
	);
}

/** The session decides what is shown; the address stays, so that a sign-in leads to where one wanted to go. */
function Gate() {
	const desk = useDesk();
	const session = useStore(desk.session);
	const [location] = useLocation();
	if (location === '/join')
		return (
			<Suspense>
				<Join />
			</Suspense>
		);
	switch (session.phase) {
		case 'asking':
			return <main className="fill" aria-busy="true" aria-label={t('app.loading')} />;
		case 'failed':
			return (
				<main className="fill">
					<Failure
						title={t('app.unreachable')}
						retry={
							<Button kind="primary" onPress={() => desk.begin()}>
								{t('retry')}
							</Button>
						}
					>
						{session.problem.message}
					</Failure>
				</main>
			);
		case 'setup':
			return (
				<Suspense>
					<Setup />
				</Suspense>
			);
		case 'signin':
			return (
				<Suspense>
					<SignIn ended={session.ended} />
				</Suspense>
			);
		case 'in':
			return <Pages />;
	}
}

function Pages() {
	const [location, navigate] = useLocation();
	const bare = /^\/inbox\/\w+\/./.test(location);
	// Where the sign-in or setup was asked for by its own address, there is nothing any more.
	useEffect(() => {
		if (location === '/' || location === '/setup' || location === '/signin')
			navigate('/inbox/queue', { replace: true });
	}, [location, navigate]);
	return (
		<Shell bare={bare}>
			<Suspense fallback={<main className="fill" aria-busy="true" aria-label={t('app.loading')} />}>
				<Switch>
					<Route path="/inbox/:view/:id?">{(params) => <Inbox view={params.view} id={params.id} />}</Route>
					<Route path="/inbox">
						<Redirect to="/inbox/queue" replace />
					</Route>
					<Route path="/knowledge">
						<Articles />
					</Route>
					<Route path="/knowledge/gaps">
						<Gaps />
					</Route>
					<Route path="/knowledge/import">
						<Import />
					</Route>
					<Route path="/knowledge/:id">{(params) => <Editor key={params.id} id={params.id} />}</Route>
					<Route path="/insight">
						<Insight />
					</Route>
					<Route path="/promises">
						<Promises />
					</Route>
					<Route path="/team">
						<Team />
					</Route>
					<Route path="/account">
						<Account />
					</Route>
					<Route path="/settings/:area?/*?">{(params) => <Settings area={params.area} rest={params['*']} />}</Route>
					<Route>
						<main className="fill">
							<Empty
								level={1}
								icon="search"
								title={t('app.notFound')}
								action={<ButtonLink to="/inbox">{t('app.toInbox')}</ButtonLink>}
							>
								{t('app.notFoundWords')}
							</Empty>
						</main>
					</Route>
				</Switch>
			</Suspense>
		</Shell>
	);
}
