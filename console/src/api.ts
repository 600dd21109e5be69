import type {
	Account,
	AccountRequest,
	ActionsSetting,
	ActionTried,
	ActionTry,
	ActivityList,
	Article,
	ArticleList,
	ArticleRequest,
	ArticleStatus,
	AskReply,
	AskRequest,
	AssistReply,
	AssistRequest,
	AuditActions,
	AuditList,
	BrandColours,
	BudgetRequest,
	BudgetView,
	CallList,
	ConversationList,
	ConversationRow,
	ConversationSpend,
	ConversationView,
	Embed,
	Entry,
	EntryList,
	FeedbackList,
	Gap,
	GapChange,
	GapList,
	GapRequest,
	GapState,
	ImportReport,
	Inbox,
	InboxRequest,
	InviteRequest,
	KnowledgeStatus,
	LinkFound,
	LinkUse,
	Log,
	LoginRequest,
	Macro,
	MacroList,
	MacroRequest,
	MailSettings,
	MailTested,
	MailView,
	Me,
	MentionList,
	MentionsSeen,
	Merge,
	MergeList,
	ModelStatus,
	MoveRequest,
	OfferList,
	OpenAPIOperations,
	OpenAPIRequest,
	OpenerList,
	PasswordRequest,
	PhotoRequest,
	PresenceRequest,
	Preview,
	Profile,
	ProfileList,
	ProfileRequest,
	PromiseChangeRequest,
	PromiseList,
	PromiseRequest,
	PromiseRow,
	PromisesFound,
	PromiseText,
	PromptBook,
	PromptDraftRequest,
	PromptLiveRequest,
	PromptRestoreRequest,
	PromptTrials,
	PromptTryRequest,
	ReplyRequest,
	Report,
	RoutingRequest,
	RoutingView,
	SavedView,
	SavedViewList,
	SavedViewRequest,
	SearchList,
	SessionsEnded,
	SetupRequest,
	SetupState,
	SignInOptions,
	SpendList,
	StaffMember,
	StaffSettings,
	StaffSettingsView,
	StyleRequest,
	StyleState,
	TagList,
	TagMergeRequest,
	TagRequest,
	TagsRequest,
	Team,
	TeamList,
	TeamRequest,
	TranscriptRequest,
	UserChangeRequest,
	UserLink,
	UserList,
	Visibility,
	VoiceHistory,
} from './protocol';
import { t } from './text';

/** What is done to a conversation beside writing in it. */
export type Move = 'claim' | 'decline' | 'release' | 'close' | 'assign' | 'transfer' | 'snooze' | 'wake';

export type ViewName = 'queue' | 'mine' | 'team' | 'snoozed' | 'all' | 'closed';

/** What went wrong, in words for the person in front of the screen. Status 0: the server was not reached. */
export class Problem extends Error {
	override readonly name = 'Problem';
	constructor(
		message: string,
		readonly status: number,
		readonly code: string,
		/** Milliseconds after which it is worth trying again; 0 when the server did not say. */
		readonly retryAfter = 0,
	) {
		super(message);
	}

	/** Whether the same request may work later without a change of anybody's mind. */
	get passing(): boolean {
		return this.code === 'unavailable' || this.status === 408 || this.status === 429 || this.status >= 500;
	}
}

/** Turns anything thrown into a Problem. */
export function problemOf(thrown: unknown): Problem {
	return thrown instanceof Problem ? thrown : new Problem(t('problem.own'), 0, 'internal');
}

/** Whether the request was given up by ourselves. */
export function isAbort(thrown: unknown): boolean {
	return thrown instanceof DOMException && thrown.name === 'AbortError';
}

// Longer than the server's own deadlines: it is the one to say that it was too slow.
const giveUpAfter = 60_000;

interface Options {
	body?: unknown;
	query?: Record<string, string | number | undefined>;
	signal?: AbortSignal;
}

/** The staff's HTTP API. Every method rejects with a Problem, or with an AbortError when its signal fired. */
export class Api {
	/** Called when the session has ended. */
	onSignedOut: () => void = () => {};

	constructor(
		private readonly fetch: typeof globalThis.fetch = (...args) => globalThis.fetch(...args),
		private readonly base = '/api/v1',
	) {}

	setupState = () => this.call<SetupState>('GET', '/setup');
	setup = (body: SetupRequest) => this.call<unknown>('POST', '/setup', { body });
	login = (body: LoginRequest) => this.call<unknown>('POST', '/login', { body });
	logout = () => this.call<unknown>('POST', '/logout');
	me = () => this.call<Me>('GET', '/me');

	routing = () => this.call<RoutingView>('GET', '/routing');
	saveRouting = (body: RoutingRequest) => this.call<RoutingView>('PUT', '/routing', { body });
	offers = () => this.call<OfferList>('GET', '/offers');
	profiles = () => this.call<ProfileList>('GET', '/profiles');
	saveProfile = (user: string, body: ProfileRequest) => this.call<Profile>('PUT', `/users/${user}/profile`, { body });

	users = () => this.call<UserList>('GET', '/users');
	invite = (body: InviteRequest) => this.call<UserLink>('POST', '/users/invite', { body });
	changeUser = (id: string, body: Partial<UserChangeRequest>) =>
		this.call<StaffMember>('PUT', `/users/${id}`, { body });
	linkUser = (id: string) => this.call<UserLink>('POST', `/users/${id}/link`);
	signOutUser = (id: string) => this.call<SessionsEnded>('POST', `/users/${id}/sign-out`);
	account = () => this.call<Account>('GET', '/account');
	changeAccount = (body: AccountRequest) => this.call<StaffMember>('PUT', '/account', { body });
	setPhoto = (body: PhotoRequest) => this.call<StaffMember>('PUT', '/account/photo', { body });
	changePassword = (body: PasswordRequest) => this.call<SessionsEnded>('PUT', '/account/password', { body });
	endSession = (id: string) => this.call<SessionsEnded>('DELETE', `/account/sessions/${id}`);
	endOtherSessions = () => this.call<SessionsEnded>('POST', '/account/sign-out-others');
	lookAtLink = (token: string) => this.call<LinkFound>('POST', '/links/look', { body: { token } });
	join = (body: LinkUse) => this.call<unknown>('POST', '/links/use', { body });
	signInOptions = () => this.call<SignInOptions>('GET', '/sign-in');
	staffSettings = () => this.call<StaffSettingsView>('GET', '/staff/settings');
	saveStaffSettings = (body: StaffSettings) => this.call<StaffSettingsView>('PUT', '/staff/settings', { body });
	audit = (query: { actor: string; action: string }, cursor = '') =>
		this.call<AuditList>('GET', '/audit', { query: { ...query, cursor } });
	auditActions = () => this.call<AuditActions>('GET', '/audit/actions');
	setPresence = (body: PresenceRequest) => this.call<unknown>('PUT', '/presence', { body });

	conversations = (view: ViewName, limit: number, cursor = '', filters: Record<string, string> = {}) =>
		this.call<ConversationList>('GET', '/conversations', { query: { view, limit, cursor, ...filters } });
	searchConversations = (q: string, limit: number, cursor: string, signal?: AbortSignal) =>
		this.call<SearchList>('GET', '/search/conversations', { query: { q, limit, cursor }, signal });
	tags = () => this.call<TagList>('GET', '/tags');
	renameTag = (id: string, name: string) =>
		this.call<TagList>('PUT', `/tags/${id}`, { body: { name } satisfies TagRequest });
	mergeTag = (id: string, into: string) =>
		this.call<TagList>('POST', `/tags/${id}/merge`, { body: { into } satisfies TagMergeRequest });
	dropTag = (id: string) => this.call<TagList>('DELETE', `/tags/${id}`);
	setTags = (id: string, tags: string[]) =>
		this.call<ConversationRow>('PUT', `/conversations/${id}/tags`, { body: { tags } satisfies TagsRequest });
	conversation = (id: string) => this.call<ConversationView>('GET', `/conversations/${id}`);
	entries = (id: string, log: Log, after: number, limit: number) =>
		this.call<EntryList>('GET', `/conversations/${id}/entries`, { query: { log, after, limit } });
	move = (id: string, to: Move, body: MoveRequest) =>
		this.call<ConversationRow>('POST', `/conversations/${id}/${to}`, { body });
	teams = () => this.call<TeamList>('GET', '/teams');
	saveTeam = (id: string, body: TeamRequest) => this.call<Team>('PUT', `/teams/${id}`, { body });
	dropTeam = (id: string) => this.call<unknown>('DELETE', `/teams/${id}`);
	assist = (id: string, use: string, body: AssistRequest) =>
		this.call<AssistReply>('POST', `/conversations/${id}/assist/${use}`, { body });
	activity = (customer: string) => this.call<ActivityList>('GET', `/customers/${customer}/activity`);
	merges = (customer: string) => this.call<MergeList>('GET', `/customers/${customer}/merges`);
	undoMerge = (id: string) => this.call<Merge>('POST', `/merges/${id}/undo`);
	askToVerify = (id: string) => this.call<unknown>('POST', `/conversations/${id}/verify`);
	mail = () => this.call<MailView>('GET', '/mail');
	saveMail = (body: MailSettings) => this.call<MailView>('PUT', '/mail', { body });
	testMail = (to: string) => this.call<MailTested>('POST', '/mail/test', { body: { to } });
	findPromises = (id: string, body: PromiseText) =>
		this.call<PromisesFound>('POST', `/conversations/${id}/promises/detect`, { body });
	recordPromise = (id: string, body: PromiseRequest) =>
		this.call<PromiseRow>('POST', `/conversations/${id}/promises`, { body });
	promises = (query: { state?: string; owner?: string; conversation?: string; limit?: number; cursor?: string }) =>
		this.call<PromiseList>('GET', '/promises', { query });
	changePromise = (id: string, body: PromiseChangeRequest) =>
		this.call<PromiseRow>('PATCH', `/promises/${id}`, { body });
	reply = (id: string, body: ReplyRequest) => this.call<unknown>('POST', `/conversations/${id}/reply`, { body });

	macros = () => this.call<MacroList>('GET', '/macros');
	createMacro = (body: MacroRequest) => this.call<Macro>('POST', '/macros', { body });
	saveMacro = (id: string, body: MacroRequest) => this.call<Macro>('PUT', `/macros/${id}`, { body });
	savedViews = () => this.call<SavedViewList>('GET', '/views');
	createSavedView = (body: SavedViewRequest) => this.call<SavedView>('POST', '/views', { body });
	putSavedView = (id: string, body: SavedViewRequest) => this.call<SavedView>('PUT', `/views/${id}`, { body });
	dropSavedView = (id: string) => this.call<unknown>('DELETE', `/views/${id}`);
	dropMacro = (id: string) => this.call<unknown>('DELETE', `/macros/${id}`);
	mentions = () => this.call<MentionList>('GET', '/mentions');
	seeMentions = (id: string) => this.call<MentionsSeen>('POST', `/conversations/${id}/mentions/seen`);
	gaps = (state: GapState, cursor = '') => this.call<GapList>('GET', '/gaps', { query: { state, cursor } });
	unhelpful = (cursor = '') => this.call<FeedbackList>('GET', '/feedback', { query: { unhelpful: 'true', cursor } });
	sendTranscript = (id: string, body: TranscriptRequest) =>
		this.call<Entry>('POST', `/conversations/${id}/transcript`, { body });
	addGap = (body: GapRequest) => this.call<Gap>('POST', '/gaps', { body });
	setGap = (id: string, body: GapChange) => this.call<Gap>('PUT', `/gaps/${id}`, { body });

	articles = (query: ArticleFilter, limit: number, cursor = '', signal?: AbortSignal) =>
		this.call<ArticleList>('GET', '/articles', { query: { ...query, limit, cursor }, signal });
	article = (id: string) => this.call<Article>('GET', `/articles/${id}`);
	createArticle = (body: ArticleRequest) => this.call<Article>('POST', '/articles', { body });
	saveArticle = (id: string, body: ArticleRequest) => this.call<Article>('PUT', `/articles/${id}`, { body });
	knowledgeStatus = () => this.call<KnowledgeStatus>('GET', '/knowledge/status');
	preview = (body: string, signal?: AbortSignal) => this.call<Preview>('POST', '/preview', { body: { body }, signal });
	ask = (body: AskRequest, signal?: AbortSignal) => this.call<AskReply>('POST', '/ask', { body, signal });
	models = () => this.call<ModelStatus>('GET', '/models');
	insight = (days: number, inbox: string, signal?: AbortSignal) =>
		this.call<Report>('GET', '/insight', { query: { days, inbox: inbox || undefined }, signal });
	spending = (days: number) => this.call<SpendList>('GET', '/spending', { query: { days } });
	conversationSpending = (id: string) => this.call<ConversationSpend>('GET', `/conversations/${id}/spending`);
	budget = (inbox: string) => this.call<BudgetView>('GET', '/budget', { query: { inbox } });
	setBudget = (body: BudgetRequest) => this.call<BudgetView>('PUT', '/budget', { body });

	actions = () => this.call<ActionsSetting>('GET', '/actions');
	setActions = (body: ActionsSetting) => this.call<ActionsSetting>('PUT', '/actions', { body });
	readOpenAPI = (body: OpenAPIRequest) => this.call<OpenAPIOperations>('POST', '/actions/openapi', { body });
	tryAction = (body: ActionTry) => this.call<ActionTried>('POST', '/actions/try', { body });
	calls = (before = '') => this.call<CallList>('GET', '/calls', { query: before ? { before } : {} });
	openerCounts = (inbox: string) => this.call<OpenerList>('GET', `/inboxes/${inbox}/proactive`);
	setInbox = (id: string, body: InboxRequest) => this.call<Inbox>('PUT', `/inboxes/${id}`, { body });
	brand = (query: { colour: string; corners?: string; theme?: string }, signal?: AbortSignal) =>
		this.call<BrandColours>('GET', '/brand', { query, signal });
	embed = () => this.call<Embed>('GET', '/embed');
	style = (inbox: string) => this.call<StyleState>('GET', `/inboxes/${inbox}/style`);
	setStyle = (inbox: string, body: StyleRequest) => this.call<StyleState>('PUT', `/inboxes/${inbox}/style`, { body });
	prompts = (inbox: string) => this.call<PromptBook>('GET', `/inboxes/${inbox}/prompts`);
	setPromptDraft = (inbox: string, name: string, body: PromptDraftRequest) =>
		this.call<PromptBook>('PUT', `/inboxes/${inbox}/prompts/${name}/draft`, { body });
	promptLive = (inbox: string, name: string, body: PromptLiveRequest) =>
		this.call<PromptBook>('POST', `/inboxes/${inbox}/prompts/${name}/live`, { body });
	restorePrompt = (inbox: string, name: string, body: PromptRestoreRequest) =>
		this.call<PromptBook>('POST', `/inboxes/${inbox}/prompts/${name}/restore`, { body });
	tryPrompt = (inbox: string, name: string, body: PromptTryRequest) =>
		this.call<PromptTrials>('POST', `/inboxes/${inbox}/prompts/${name}/try`, { body });
	voiceHistory = (inbox: string) => this.call<VoiceHistory>('GET', `/inboxes/${inbox}/voice/history`);
	importFiles = (files: File[]) => {
		const body = new FormData();
		for (const file of files) body.append('files', file, file.name);
		return this.call<ImportReport>('POST', '/import/files', { body });
	};

	private async call<T>(method: string, path: string, { body, query, signal }: Options = {}): Promise<T> {
		let response: Response;
		try {
			response = await this.fetch(this.base + path + search(query), {
				method,
				credentials: 'same-origin',
				signal: signal ? AbortSignal.any([signal, AbortSignal.timeout(giveUpAfter)]) : AbortSignal.timeout(giveUpAfter),
				...(body instanceof FormData ? { body } : body === undefined ? {} : json(body)),
			});
		} catch (thrown) {
			if (signal?.aborted) throw thrown;
			throw new Problem(t('problem.unreachable'), 0, 'unavailable');
		}
		if (!response.ok) {
			const problem = await readProblem(response);
			if (problem.status === 401 && path !== '/login' && path !== '/setup') this.onSignedOut();
			throw problem;
		}
		if (response.status === 204 || response.headers.get('Content-Length') === '0') return undefined as T;
		const text = await response.text();
		if (text === '') return undefined as T;
		try {
			return JSON.parse(text) as T;
		} catch {
			throw new Problem(t('problem.notJson'), response.status, 'internal');
		}
	}
}

export interface ArticleFilter {
	q?: string;
	status?: ArticleStatus | '';
	visibility?: Visibility | '';
}

function json(body: unknown): RequestInit {
	return { body: JSON.stringify(body), headers: { 'Content-Type': 'application/json' } };
}

function search(query: Options['query']): string {
	const params = new URLSearchParams();
	for (const [key, value] of Object.entries(query ?? {})) {
		if (value !== undefined && value !== '') params.set(key, String(value));
	}
	const text = params.toString();
	return text && `?${text}`;
}

async function readProblem(response: Response): Promise<Problem> {
	const retryAfter = Number(response.headers.get('Retry-After') ?? 0) * 1000 || 0;
	let body: { detail?: unknown; title?: unknown; code?: unknown } = {};
	try {
		body = ((await response.json()) as typeof body) ?? {};
	} catch {
		// A proxy's page, not ours: the status has to do.
	}
	const said = [body.detail, body.title].find((words) => typeof words === 'string' && words !== '') as
		| string
		| undefined;
	const code = typeof body.code === 'string' && body.code !== '' ? body.code : codeOf(response.status);
	return new Problem(said ?? t('problem.status', { status: response.status }), response.status, code, retryAfter);
}

function codeOf(status: number): string {
	const codes: Record<number, string> = {
		400: 'invalid',
		401: 'unauthorized',
		403: 'forbidden',
		404: 'not_found',
		409: 'conflict',
		413: 'too_large',
		422: 'invalid',
		429: 'rate_limited',
	};
	return codes[status] ?? (status >= 500 ? 'unavailable' : 'invalid');
}
