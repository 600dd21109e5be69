// Generated from the Go types by go generate ./gateway/protocol. Do not edit.

export interface AccentColours {
	accent: string;
	hover: string;
	on_accent: string;
	line: string;
	text: string;
	subtle: string;
	on_accent_contrast: number;
	text_contrast: number;
	line_contrast: number;
}

export interface Account {
	user: StaffMember;
	session: string;
	sessions: StaffSession[];
}

export interface AccountRequest {
	name: string;
}

export interface Ack {
	conversation: string;
	client_id: string;
	seq: number;
}

export interface ActionTried {
	code: number;
	text: string;
	fields: Field[];
	error: string;
	took_ms: number;
}

export interface ActionTry {
	value: unknown;
	action: string;
	args: unknown;
}

export interface ActionsSetting {
	revision: number;
	value: unknown;
	servers?: unknown;
	secrets?: string[];
}

export interface Activity {
	id: string;
	kind: ActivityKind;
	page?: Page;
	name?: string;
	properties?: Record<string, string | number | boolean | null>;
	at: string;
}

export interface ActivityList {
	data: Activity[];
}

export interface AgentDone {
	user: string;
	name: string;
	presence: PresenceState;
	open: number;
	capacity: number;
	did?: Did;
}

export interface Allowance {
	tokens: number;
	micros: number;
}

export interface Answer {
	turn: string;
	action: Action;
	reason?: string;
	confidence: number;
	citations?: Citation[];
	statements?: Statement[];
	choices?: Choice[];
	related?: Related[];
	used?: Used;
	knowledge?: number;
}

export interface Appearance {
	logo?: string;
	side?: Side;
	aside?: number;
	below?: number;
	launcher?: string;
	corners?: Corners;
	theme?: Theme;
}

export interface Article {
	id: string;
	source: string;
	external_id: string;
	version: string;
	number: number;
	title: string;
	body: string;
	url: string;
	tags: string[];
	locale: string;
	visibility: Visibility;
	status: ArticleStatus;
	questions?: string[];
	revision: number;
	created_at: string;
	updated_at: string;
}

export interface ArticleHelp {
	article: string;
	title: string;
	helpful: Share;
}

export interface ArticleList {
	data: Article[];
	next_cursor: string;
	total: number;
}

export interface ArticleName {
	id: string;
	source: string;
	external_id: string;
	title: string;
}

export interface ArticleRequest {
	title: string;
	body: string;
	url?: string;
	tags?: string[];
	locale?: string;
	visibility: Visibility;
	status: ArticleStatus;
	questions?: string[];
	version?: string;
}

export interface ArticleView {
	title: string;
	url: string;
	number: number;
	tags: string[];
	updated_at: string;
	minutes: number;
	blocks: Block[];
}

export interface AskReply {
	action: Action;
	confidence: number;
	ranked: string[];
	cited: string[];
	text: string;
	reason: string;
	ms: number;
	blocks?: Block[];
	answer?: Answer;
	explain?: Explanation;
}

export interface AskRequest {
	text: string;
	history?: Turn[];
	locale?: string;
	explain?: boolean;
	no_model?: boolean;
}

export interface AskTranscript {
	conversation: string;
	client_id: string;
	email?: string;
	zone?: string;
}

export interface AssignRequest {
	epoch: number;
	seen?: number;
	note?: string;
	agent: string;
}

export interface AssistReply {
	text?: string;
	title?: string;
	tags: string[];
	citations?: Citation[];
	by: string;
	note?: string;
}

export interface AssistRequest {
	text?: string;
	manner?: string;
	to?: string;
	tags?: string[];
}

export interface Attribute {
	name: string;
	value: string;
	by: Source;
	at: string;
}

export interface AuditAction {
	action: string;
	summary: string;
}

export interface AuditActions {
	data: AuditAction[];
}

export interface AuditActor {
	kind: AuditKind;
	id?: string;
	name: string;
}

export interface AuditEntry {
	id: string;
	at: string;
	actor: AuditActor;
	action: string;
	object: AuditObject;
	detail: Record<string, string>;
	address: string;
}

export interface AuditList {
	data: AuditEntry[];
	next_cursor: string;
}

export interface AuditObject {
	kind: string;
	id: string;
}

export interface Block {
	t: string;
	text?: string;
	n?: number;
	href?: string;
	align?: string;
	kids?: Block[];
}

export interface BrandColours {
	light: AccentColours;
	dark: AccentColours;
	sheet: string;
}

export interface Brief {
	version: number;
	goal: string;
	opener?: string;
	tried: string[];
	open: string[];
	articles: BriefArticle[];
	confidence: BriefPoint[];
	why: string;
	reason: string;
	before?: string;
	language: string;
	mood: string;
	page: Page;
	device: string;
	identity: string;
	attributes: BriefFact[];
	journey: string[];
	shop: BriefCall[];
	promised?: string;
	suggested: Suggestion | null;
	took_ms: number;
	polished?: BriefPolish;
}

export interface BriefArticle {
	article: string;
	number: number;
	title: string;
	url?: string;
	score: number;
	shown: boolean;
	internal: boolean;
}

export interface BriefCall {
	at: string;
	title: string;
	state: CallState;
	rows: Field[];
}

export interface BriefFact {
	name: string;
	value: string;
	verified: boolean;
}

export interface BriefPoint {
	at: string;
	confidence: number;
	action: Action;
}

export interface BriefPolish {
	goal: string;
	tried: string[];
	open: string[];
}

export interface Budget {
	visitor: Allowance;
	inbox: Allowance;
	workspace: Allowance;
}

export interface BudgetRequest {
	inbox?: string;
	revision: number;
	budget?: Budget;
}

export interface BudgetView {
	revision: number;
	set: boolean;
	budget: Budget;
}

export interface Call {
	id: string;
	conversation: string;
	inbox: string;
	customer: string;
	turn: string;
	epoch: number;
	action: string;
	title: string;
	write: boolean;
	args: unknown;
	rows: Field[];
	digest: string;
	key: string;
	chosen: string;
	state: CallState;
	until?: string;
	code: number;
	error: string;
	took_ms: number;
	created_at: string;
	updated_at: string;
}

export interface CallChange {
	call: string;
	action: string;
	title: string;
	state: CallState;
}

export interface CallList {
	data: Call[];
	next?: string;
}

export interface Card {
	call: string;
	title: string;
	rows: Field[];
	expires: string;
}

export interface Cause {
	code: CauseCode;
	name?: string;
	value?: string;
}

export interface Change {
	from: Owner;
	to: Owner;
	status: Status;
	epoch: number;
	reason?: string;
	agent?: string;
	name?: string;
	photo?: string;
}

export interface Choice {
	label: string;
	text: string;
}

export interface Citation {
	n: number;
	article: string;
	version: string;
	number: number;
	external_id: string;
	title: string;
	url?: string;
	score: number;
	spans: Span[];
}

export interface CloseRequest {
	epoch: number;
	seen?: number;
	note?: string;
	outcome?: string;
}

export interface Closed {
	code: number;
	reason: string;
}

export interface CodeCheck {
	inbox: string;
	visitor_token?: string;
	user_jwt?: string;
	user?: NamedUser;
	resume?: string;
	conversation: string;
	code: string;
}

export interface CodeChecked {
	level: Level;
	until: string;
}

export interface CodeRequest {
	inbox: string;
	visitor_token?: string;
	user_jwt?: string;
	user?: NamedUser;
	resume?: string;
	conversation: string;
	email: string;
}

export interface CodeSent {
	email: string;
	until: string;
	tries: number;
}

export interface Confirm {
	conversation: string;
	client_id: string;
	call: string;
	yes: boolean;
}

export interface ConsoleWelcome {
	user: User;
	node: string;
}

export interface Contact {
	email: string;
	name?: string;
}

export interface ConversationList {
	data: ConversationRow[];
	next_cursor: string;
	queue: number;
	mine: number;
	team: number;
	snoozed: number;
}

export interface ConversationRow {
	id: string;
	inbox: string;
	customer: string;
	owner: Owner;
	agent?: string;
	epoch: number;
	status: Status;
	last_seq: number;
	staff_seq: number;
	customer_seq: number;
	answered_seq: number;
	subject: string;
	last_text: string;
	last_from?: Party;
	locale: string;
	page?: Page;
	device?: string;
	reason: string;
	rating: number;
	email: string;
	promised?: string;
	waiting_since?: string;
	priority?: Priority;
	priority_why?: Cause;
	tags?: string[];
	team?: string;
	last_agent?: string;
	offered?: string;
	offered_until?: string;
	passed?: string[];
	snoozed_until?: string;
	outcome?: string;
	created_at: string;
	updated_at: string;
	customer_name: string;
	agent_name: string;
	team_name?: string;
	place?: string;
}

export interface ConversationSpend {
	currency: string;
	spent: Spent;
	today: Spent;
	bound: Allowance;
	used_up: boolean;
}

export interface ConversationSummary {
	id: string;
	subject: string;
	status: Status;
	last_seq: number;
	at: string;
}

export interface ConversationView {
	id: string;
	inbox: string;
	customer: string;
	owner: Owner;
	agent?: string;
	epoch: number;
	status: Status;
	last_seq: number;
	staff_seq: number;
	customer_seq: number;
	answered_seq: number;
	subject: string;
	last_text: string;
	last_from?: Party;
	locale: string;
	page?: Page;
	device?: string;
	reason: string;
	rating: number;
	email: string;
	promised?: string;
	waiting_since?: string;
	priority?: Priority;
	priority_why?: Cause;
	tags?: string[];
	team?: string;
	last_agent?: string;
	offered?: string;
	offered_until?: string;
	passed?: string[];
	snoozed_until?: string;
	outcome?: string;
	created_at: string;
	updated_at: string;
	customer_name: string;
	agent_name: string;
	team_name?: string;
	place?: string;
	person: Customer;
	handoff: Handoff | null;
	earlier: ConversationSummary[];
}

export interface Customer {
	id: string;
	name: string;
	email: string;
	locale: string;
	created_at: string;
	subject?: string;
	verification?: Verification;
	attributes?: Attribute[];
	consented_at?: string;
}

export interface CustomerPromise {
	id: string;
	number: string;
	conversation: string;
	customer?: string;
	kind: PromiseKind;
	text: string;
	by: Sender;
	owner?: string;
	due: string;
	state: PromiseState;
	reason?: string;
	moved_to?: string;
	before?: string;
	at: string;
	raised_at?: string;
	settled_at?: string;
	told_at?: string;
	signature: string;
}

export interface Deed {
	kind: DeedKind;
	team?: string;
	until?: string;
	words?: string;
}

export interface Did {
	first_reply: Times;
	closed: number;
	rating: Mean;
}

export interface DraftEnd {
	conversation: string;
	turn: string;
}

export interface DraftText {
	conversation: string;
	turn: string;
	epoch: number;
	text: string;
}

export interface Drain {
	after_ms: number;
}

export interface Ease {
	scores: Share[];
	easy: Share;
	mean: Mean;
}

export interface Embed {
	server: string;
	version: string;
	integrity: string;
}

export interface EndConversation {
	conversation: string;
	client_id: string;
}

export interface Entry {
	conversation: string;
	log: Log;
	seq: number;
	client_id: string;
	at: string;
	from: Sender;
	kind: Kind;
	text?: string;
	locale?: string;
	blocks?: Block[];
	answer?: Answer;
	sources?: Citation[];
	card?: Card;
	call?: CallChange;
	change?: Change;
	notice?: Notice;
	contact?: Contact;
	rating?: Rating;
	feedback?: Feedback;
	transcript?: Transcript;
	files?: File[];
	mentions?: string[];
	promise?: CustomerPromise;
	deed?: Deed;
}

export interface EntryList {
	data: Entry[];
}

export interface ErrorFrame {
	code: string;
	message: string;
	client_id?: string;
	retry_after_ms?: number;
}

export interface ExplainedArticle {
	id: string;
	title: string;
	internal: boolean;
	score: number;
	features: Feature[];
}

export interface ExplainedJudge {
	model: string;
	bias: number;
	features: Feature[];
	logit: number;
	probability: number;
	threshold: number;
}

export interface Explanation {
	understood: string;
	spelling: Respelling[];
	classes: string[];
	articles: ExplainedArticle[];
	judge?: ExplainedJudge;
	rule: string;
	degraded: string;
}

export interface Feature {
	name: string;
	value: number;
	weight: number;
	share: number;
}

export interface Feedback {
	seq: number;
	helpful: boolean;
	reason?: FeedbackReason;
	comment?: string;
}

export interface FeedbackList {
	data: JudgedAnswer[];
	next_cursor: string;
	total: number;
}

export interface Field {
	name: string;
	label: string;
	value: string;
}

export interface File {
	id: string;
	name: string;
	type: string;
	size: number;
	width?: number;
	height?: number;
}

export interface FileLinks {
	links: Record<string, string>;
	until: string;
}

export interface FileLinksRequest {
	files: string[];
}

export interface FileRules {
	types: string[];
	customers: boolean;
	max_bytes?: number;
	revision?: number;
}

export interface Gap {
	id: string;
	conversation: string;
	question: string;
	locale?: string;
	state: GapState;
	by?: string;
	article?: string;
	created_at: string;
	updated_at: string;
}

export interface GapChange {
	state: GapState;
	article?: string;
}

export interface GapList {
	data: Gap[];
	next_cursor: string;
	total: number;
}

export interface GapRequest {
	conversation: string;
	question: string;
}

export interface GiveFeedback {
	conversation: string;
	client_id: string;
	seq: number;
	helpful: boolean;
	reason?: FeedbackReason;
	comment?: string;
}

export interface Handoff {
	id: string;
	reason: string;
	at: string;
	brief: Brief;
}

export interface Hello {
	token: string;
	locale?: string;
	page?: Page;
	follow?: Sync[];
}

export interface Help {
	helpful: Share;
	reasons: Part[];
	articles: ArticleHelp[];
}

export interface IdentityKey {
	id: string;
	inbox: string;
	use: Proof;
	created_at: string;
}

export interface IdentityKeys {
	data: IdentityKey[];
}

export interface ImportReport {
	added: number;
	changed: number;
	unchanged: number;
	archived: number;
	problems: Problem[];
}

export interface Inbox {
	id: string;
	key: string;
	name: string;
	settings: InboxSettings;
	created_at: string;
	revision: number;
}

export interface InboxChanged {
	conversation?: string;
	conversations?: string[];
}

export interface InboxFace {
	name: string;
	brand: string;
	bot: string;
	greeting: string;
	starters: string[];
	online: boolean;
	closes_at?: string;
	opens_at?: string;
	privacy?: Privacy;
	survey?: Survey;
	transcript?: boolean;
	colour?: string;
	appearance?: Appearance;
	files?: TakenFiles;
	proactive?: ProactiveRule[];
}

export interface InboxRequest {
	name: string;
	settings: InboxSettings;
	revision?: number;
}

export interface InboxSettings {
	sites: string[];
	brand: string;
	colour: string;
	greeting: string;
	starters: string[];
	locales: string[];
	timezone: string;
	hours: { open: string; close: string; }[];
	holidays: string[];
	emergency?: string;
	answering?: string;
	privacy?: Privacy;
	survey?: Survey;
	appearance?: Appearance;
	no_files?: boolean;
	proactive?: ProactiveRule[];
}

export interface InboxStanding {
	id: string;
	name: string;
	budget: Budget;
	own: boolean;
	inbox: Spent;
	workspace: Spent;
	used_up: BudgetPart;
}

export interface InviteRequest {
	name: string;
	email: string;
	role: Role;
}

export interface JudgedAnswer {
	conversation: string;
	at: string;
	seq: number;
	helpful: boolean;
	reason?: FeedbackReason;
	comment?: string;
	question: string;
	answer: string;
	article?: string;
	title?: string;
	number?: number;
	newest?: number;
}

export interface KnowledgeChanged {
	version: number;
}

export interface KnowledgeStatus {
	articles: number;
	chunks: number;
	vectors: number;
	pending: number;
	model: string;
	version: number;
}

export interface LeaveContact {
	conversation: string;
	client_id: string;
	email: string;
	name?: string;
}

export interface Likely {
	promoters: Share;
	passives: Share;
	detractors: Share;
	score: number;
	low: number;
	high: number;
}

export interface LinkFound {
	name: string;
	email: string;
	workspace: string;
	new: boolean;
}

export interface LinkUse {
	token: string;
	password: string;
}

export interface LinksEnded {
	ended: number;
}

export interface LoginRequest {
	email: string;
	password: string;
}

export interface Macro {
	id: string;
	owner?: string;
	code: string;
	name: string;
	text: string;
	actions: MacroAction[];
	revision: number;
	by?: string;
	created_at: string;
	updated_at: string;
}

export interface MacroAction {
	do: MacroVerb;
	tag?: string;
	minutes?: number;
}

export interface MacroList {
	data: Macro[];
	placeholders: string[];
}

export interface MacroRequest {
	code: string;
	name: string;
	text: string;
	actions?: MacroAction[];
	shared?: boolean;
	revision?: number;
}

export interface Mail {
	id: string;
	kind: string;
	conversation?: string;
	to: string;
	state: MailState;
	attempts: number;
	error?: string;
	seq?: number;
	created_at: string;
	updated_at: string;
}

export interface MailSettings {
	from: string;
	name: string;
	reply_to: string;
}

export interface MailTest {
	to: string;
}

export interface MailTested {
	server: string;
	tls: string;
	ms: number;
}

export interface MailView {
	server: string;
	sender: string;
	settings: MailSettings;
	recent: Mail[];
}

export interface Me {
	user: User;
	workspace: Workspace;
	inboxes: Inbox[];
	demo: boolean;
}

export interface Mean {
	n: number;
	mean: number;
}

export interface Mention {
	conversation: string;
	seq: number;
	from: Sender;
	text: string;
}

export interface MentionList {
	data: MentionRow[];
	unseen: number;
}

export interface MentionRow {
	conversation: string;
	seq: number;
	at: string;
	seen_at?: string;
	from: Sender;
	text: string;
	customer_name: string;
}

export interface MentionsSeen {
	unseen: number;
}

export interface Merge {
	id: string;
	from: string;
	into: string;
	conversations: string[];
	at: string;
	undone_at?: string;
	undone_by?: string;
}

export interface MergeList {
	data: Merge[];
}

export interface ModelEndpoint {
	name: string;
	model: string;
	up: boolean;
	fault?: string;
	at?: string;
}

export interface ModelStatus {
	connected: boolean;
	currency: string;
	endpoints: ModelEndpoint[];
	workspace: Standing;
	inboxes: InboxStanding[];
	resets_at: string;
}

export interface MoveRequest {
	epoch: number;
	seen?: number;
}

export interface NamedUser {
	id?: string;
	email?: string;
	name?: string;
	hash: string;
}

export interface NewIdentityKey {
	key: IdentityKey;
	secret: string;
}

export interface NotedRequest {
	epoch: number;
	seen?: number;
	note?: string;
}

export interface Notice {
	kind: NoticeKind;
	place?: number;
	min_minutes?: number;
	max_minutes?: number;
	promised?: string;
	ask_email?: boolean;
	email?: string;
	until?: string;
	seq?: number;
	opens_at?: string;
	was?: string;
	what?: string;
	words?: string;
	agent?: string;
}

export interface Now {
	waiting: number;
	since?: string;
	high: number;
	urgent: number;
	orphans: number;
}

export interface OffLimits {
	name: string;
	phrases: string[];
	answer: string;
}

export interface OfferList {
	data: ConversationRow[];
	now: string;
}

export interface OpenAPIOperations {
	title: string;
	base: string;
	actions: unknown;
	left: string[];
}

export interface OpenAPIRequest {
	document?: string;
	url?: string;
}

export interface OpenerCount {
	rule: string;
	shown: number;
	opened: number;
	answered: number;
}

export interface OpenerList {
	data: OpenerCount[];
}

export interface OpenerSeen {
	inbox: string;
	rule: string;
	what: string;
}

export interface Page {
	url?: string;
	title?: string;
}

export interface Part {
	name: string;
	n: number;
	of: number;
	low: number;
	high: number;
}

export interface PasswordRequest {
	current: string;
	password: string;
}

export interface PhotoRequest {
	picture?: string;
}

export interface Piece {
	text: string;
	marked?: boolean;
}

export interface Presence {
	user: string;
	name: string;
	photo?: string;
	state: PresenceState;
	seen_at: string;
}

export interface PresenceChanged {
	agents: Presence[];
}

export interface PresenceRequest {
	state: PresenceState;
}

export interface Preview {
	blocks: Block[];
}

export interface PreviewRequest {
	body: string;
}

export interface Privacy {
	page_views: boolean;
	consent: boolean;
}

export interface ProactiveRule {
	id: string;
	text: string;
	after: number;
	pages?: string[];
	locales?: string[];
	every_days?: number;
	closed?: boolean;
	off?: boolean;
}

export interface Problem {
	path: string;
	line?: number;
	what: string;
	do: string;
}

export interface Profile {
	user: string;
	capacity: number;
	skills: string[];
	languages: string[];
}

export interface ProfileList {
	data: Profile[];
}

export interface ProfileRequest {
	capacity: number;
	skills: string[];
	languages: string[];
}

export interface PromiseChangeRequest {
	state: PromiseState;
	due?: string;
	reason?: string;
	consent?: boolean;
	owner?: string;
}

export interface PromiseFound {
	text: string;
	start: number;
	end: number;
	due: string;
}

export interface PromiseList {
	data: PromiseRow[];
	next_cursor: string;
	stats: PromiseStats;
}

export interface PromiseRequest {
	client_id: string;
	text: string;
	due: string;
}

export interface PromiseRow {
	id: string;
	number: string;
	conversation: string;
	customer?: string;
	kind: PromiseKind;
	text: string;
	by: Sender;
	owner?: string;
	due: string;
	state: PromiseState;
	reason?: string;
	moved_to?: string;
	before?: string;
	at: string;
	raised_at?: string;
	settled_at?: string;
	told_at?: string;
	signature: string;
	soon: boolean;
	customer_name: string;
	subject: string;
	owner_name?: string;
}

export interface PromiseStats {
	kept: number;
	moved: number;
	broken: number;
	withdrawn: number;
	open: number;
	due_soon: number;
}

export interface PromiseText {
	text: string;
}

export interface PromisesFound {
	data: PromiseFound[];
}

export interface PromptBook {
	revision: number;
	prompts: PromptState[];
	by: string;
	at: string;
	model: string;
}

export interface PromptDraftRequest {
	revision: number;
	text: string;
}

export interface PromptLiveRequest {
	revision: number;
}

export interface PromptRestoreRequest {
	revision: number;
	from: number;
}

export interface PromptRun {
	sent: string;
	tokens: number;
	text: string;
	dropped: number;
	fault: string;
	ms: number;
}

export interface PromptState {
	name: string;
	default: string;
	live: PromptText | null;
	draft: PromptText | null;
	outdated: boolean;
	notes: string[];
	shown: string;
}

export interface PromptText {
	text: string;
	base: string;
}

export interface PromptTrial {
	question: string;
	action: Action;
	reason: string;
	plain: string;
	old: PromptRun;
	new: PromptRun;
}

export interface PromptTrials {
	model: string;
	trials: PromptTrial[];
}

export interface PromptTryRequest {
	text: string;
	questions: string[];
}

export interface Question {
	id: string;
	article: ArticleName;
	text: string;
	origin: Origin;
	source: string;
	external_id: string;
	status: QuestionStatus;
	match: Match;
	score: number;
	decided_by?: string;
	decided_at?: string;
	created_at: string;
}

export interface QuestionDecision {
	ids: string[];
	status: QuestionStatus;
}

export interface QuestionList {
	data: Question[];
	next_cursor: string;
	total: number;
}

export interface QuestionsDecided {
	changed: number;
}

export interface Queue {
	conversation: string;
	place: number;
	min_minutes?: number;
	max_minutes?: number;
	promised?: string;
}

export interface Rate {
	conversation: string;
	client_id: string;
	kind?: RatingKind;
	score: number;
	comment?: string;
}

export interface Rating {
	kind?: RatingKind;
	score: number;
	comment?: string;
}

export interface Ratings {
	scores: Share[];
	good: Share;
	all: Mean;
	bot: Mean;
	person: Mean;
}

export interface Read {
	conversation: string;
	seq: number;
}

export interface Receipt {
	valid: boolean;
	promise: CustomerPromise;
	signed: string;
	next?: string;
}

export interface ReceiptKey {
	algorithm: string;
	key: string;
	pem: string;
}

export interface Related {
	article: string;
	title: string;
	url?: string;
}

export interface ReplyRequest {
	client_id: string;
	text: string;
	note?: boolean;
	files?: string[];
	citations?: Citation[];
	mentions?: string[];
}

export interface Report {
	since: string;
	until: string;
	zone: string;
	now: Now;
	served: Served;
	alone: Share;
	steps: ServedAt[];
	hourly: boolean;
	handed: Part[];
	closed: Part[];
	reopened: number;
	ratings: Ratings;
	ease: Ease;
	likely: Likely;
	help: Help;
	waits: Times;
	waits_at: TimesAt[];
	first_reply: Times;
	told: Share | null;
	agents: AgentDone[];
	promises: PromiseStats | null;
}

export interface RequestPerson {
	conversation: string;
	client_id: string;
	page?: Page;
}

export interface Reset {
	conversation: string;
}

export interface Respelling {
	from: string;
	to: string;
}

export interface Routing {
	mode: RoutingMode;
	pick: Pick;
	offer_seconds: number;
	capacity: number;
	sticky: boolean;
	hours_only: boolean;
	at_risk: boolean;
	rules: RoutingRule[];
}

export interface RoutingRequest {
	revision: number;
	routing: Routing;
}

export interface RoutingRule {
	field: RuleField;
	name?: string;
	value: string;
	unverified?: boolean;
	skills: string[];
	team?: string;
	priority?: Priority;
}

export interface RoutingView {
	revision: number;
	routing: Routing;
}

export interface SSOView {
	label: string;
	issuer: string;
	client_id: string;
	redirect_uri: string;
	domains: string[];
	role: Role;
	claim: string;
	roles: Record<string, string>;
	fault: string;
}

export interface SavedView {
	id: string;
	owner?: string;
	name: string;
	view: string;
	query: string;
	created_at: string;
}

export interface SavedViewList {
	data: SavedView[];
}

export interface SavedViewRequest {
	name: string;
	view: string;
	query: string;
	shared?: boolean;
}

export interface SearchHit {
	id: string;
	inbox: string;
	customer: string;
	owner: Owner;
	agent?: string;
	epoch: number;
	status: Status;
	last_seq: number;
	staff_seq: number;
	customer_seq: number;
	answered_seq: number;
	subject: string;
	last_text: string;
	last_from?: Party;
	locale: string;
	page?: Page;
	device?: string;
	reason: string;
	rating: number;
	email: string;
	promised?: string;
	waiting_since?: string;
	priority?: Priority;
	priority_why?: Cause;
	tags?: string[];
	team?: string;
	last_agent?: string;
	offered?: string;
	offered_until?: string;
	passed?: string[];
	snoozed_until?: string;
	outcome?: string;
	created_at: string;
	updated_at: string;
	customer_name: string;
	agent_name: string;
	team_name?: string;
	place?: string;
	name: Piece[];
	excerpt: Piece[];
	log?: Log;
	seq?: number;
	at?: string;
	from?: Sender;
}

export interface SearchList {
	data: SearchHit[];
	next_cursor: string;
	behind: boolean;
}

export interface Seen {
	conversation: string;
	from: Sender;
	seq: number;
}

export interface Send {
	conversation: string;
	client_id: string;
	text: string;
	page?: Page;
	files?: string[];
	opener?: string;
}

export interface Sender {
	kind: Party;
	id?: string;
	name?: string;
	photo?: string;
}

export interface Served {
	all: number;
	bot: number;
	person: number;
}

export interface ServedAt {
	at: string;
	all: number;
	bot: number;
	person: number;
}

export interface Session {
	customer: string;
	visitor_token: string;
	socket_token: string;
	file_token: string;
	level: Level;
	until?: string;
	left?: number;
	email?: string;
	inbox: InboxFace;
	conversations: ConversationSummary[];
}

export interface SessionRequest {
	inbox: string;
	visitor_token?: string;
	user_jwt?: string;
	user?: NamedUser;
	resume?: string;
	locale?: string;
}

export interface SessionsEnded {
	ended: number;
}

export interface SetConsent {
	given: boolean;
}

export interface SetContext {
	attributes: Record<string, string | number | boolean | null>;
}

export interface SetPresence {
	state: PresenceState;
}

export interface SetupRequest {
	token: string;
	name: string;
	email: string;
	password: string;
}

export interface SetupState {
	needed: boolean;
}

export interface Share {
	n: number;
	of: number;
	low: number;
	high: number;
}

export interface SignInOptions {
	provider: string;
	passwords: PasswordsRule;
}

export interface SnoozeRequest {
	epoch: number;
	seen?: number;
	until: string;
}

export interface Span {
	start: number;
	end: number;
}

export interface Spend {
	day: string;
	inbox: string;
	customer: string;
	conversation: string;
	purpose: string;
	model: string;
	calls: number;
	prompt: number;
	completion: number;
	micros: number;
}

export interface SpendList {
	data: Spend[];
}

export interface Spent {
	calls: number;
	prompt: number;
	completion: number;
	micros: number;
}

export interface StaffMember {
	id: string;
	email: string;
	name: string;
	role: Role;
	disabled_at?: string;
	photo?: string;
	created_at: string;
	password: boolean;
	provider: boolean;
	link_ends?: string;
}

export interface StaffSession {
	id: string;
	way: SignInWay;
	address: string;
	device: string;
	created_at: string;
	used_at: string;
	expires_at: string;
}

export interface StaffSettings {
	passwords: PasswordsRule;
	audit_days: number;
}

export interface StaffSettingsView {
	settings: StaffSettings;
	provider: SSOView;
}

export interface Standing {
	budget: Budget;
	own: boolean;
	inbox: Spent;
	workspace: Spent;
	used_up: BudgetPart;
}

export interface Statement {
	text: string;
	citation: number;
	span: Span;
}

export interface Style {
	name: string;
	tone: Tone;
	address: Address;
	languages: string[];
	length: Length;
	emoji: Emoji;
	sign_off: string;
	off_limits: OffLimits[];
}

export interface StyleRequest {
	revision: number;
	style: Style;
}

export interface StyleState {
	revision: number;
	style: Style;
	by: string;
	at: string;
}

export interface Subscribe {
	conversation: string;
	after: number;
	staff_after: number;
}

export interface Suggestion {
	text: string;
	citations: Citation[];
}

export interface Survey {
	off?: boolean;
	kind?: RatingKind;
	question?: string;
	low?: string;
	high?: string;
}

export interface Sync {
	conversation: string;
	after: number;
}

export interface Tag {
	id: string;
	name: string;
	conversations: number;
}

export interface TagList {
	data: Tag[];
}

export interface TagMergeRequest {
	into: string;
}

export interface TagRequest {
	name: string;
}

export interface TagsRequest {
	tags: string[];
}

export interface TakenFiles {
	types: string[];
	max_bytes: number;
	most: number;
}

export interface Team {
	id: string;
	name: string;
	members: string[];
	created_at: string;
}

export interface TeamList {
	data: Team[];
}

export interface TeamRequest {
	name: string;
	members: string[];
}

export interface Times {
	n: number;
	median: number;
	p90: number;
}

export interface TimesAt {
	hour: number;
	n: number;
	median: number;
	p90: number;
}

export interface TrackEvent {
	name: string;
	properties?: Record<string, string | number | boolean | null>;
}

export interface TrackVisit {
	page: Page;
}

export interface Transcript {
	email: string;
	zone?: string;
}

export interface TranscriptRequest {
	client_id: string;
	email?: string;
}

export interface TransferRequest {
	epoch: number;
	seen?: number;
	note?: string;
	agent?: string;
	team?: string;
}

export interface Turn {
	role: string;
	text: string;
}

export interface Typing {
	conversation: string;
	from: Sender;
}

export interface TypingOn {
	conversation: string;
}

export interface Unsubscribe {
	conversation: string;
}

export interface Used {
	action: string;
	title: string;
	call?: string;
	args?: Field[];
	fields?: Field[];
	missing?: string;
}

export interface User {
	id: string;
	email: string;
	name: string;
	role: Role;
	disabled_at?: string;
	photo?: string;
	created_at: string;
}

export interface UserChangeRequest {
	name?: string;
	role?: Role;
	disabled?: boolean;
	untie?: boolean;
}

export interface UserLink {
	user: StaffMember;
	sent: boolean;
	link?: string;
	fault?: string;
	ends: string;
}

export interface UserList {
	data: StaffMember[];
	presence: Presence[];
}

export interface UserRequest {
	name: string;
	email: string;
	password: string;
	role: Role;
}

export interface Verification {
	by: Proof;
	until: string;
	email: boolean;
}

export interface VoiceChange {
	revision: number;
	by: string;
	at: string;
	style: Style | null;
	prompt: string;
	what: string;
	text: PromptText | null;
}

export interface VoiceHistory {
	data: VoiceChange[];
}

export interface Watch {
	conversation: string;
	on: boolean;
}

export interface Watcher {
	id: string;
	name: string;
	writing?: boolean;
}

export interface Watchers {
	conversation: string;
	agents: Watcher[];
}

export interface Welcome {
	customer: string;
	node: string;
	online: boolean;
	key?: string;
}

export interface Workspace {
	id: string;
	name: string;
	created_at: string;
}

export type Action = "answer" | "clarify" | "handoff" | "refuse" | "smalltalk";

export type ActivityKind = "visit" | "event";

export type Address = "" | "formal" | "informal";

export type ArticleStatus = "draft" | "published" | "archived";

export type AuditKind = "user" | "operator" | "nobody";

export type BudgetPart = "" | "visitor" | "inbox" | "workspace";

export type CallState = "proposed" | "confirmed" | "declined" | "expired" | "running" | "done" | "failed" | "unknown";

export type CauseCode = "reason" | "attribute" | "rule" | "at_risk";

export type ChatClientFrame =
	| { t: "confirm"; id?: string; d: Confirm }
	| { t: "consent"; id?: string; d: SetConsent }
	| { t: "contact"; id?: string; d: LeaveContact }
	| { t: "context"; id?: string; d: SetContext }
	| { t: "end"; id?: string; d: EndConversation }
	| { t: "event"; id?: string; d: TrackEvent }
	| { t: "feedback"; id?: string; d: GiveFeedback }
	| { t: "hello"; id?: string; d: Hello }
	| { t: "rate"; id?: string; d: Rate }
	| { t: "read"; id?: string; d: Read }
	| { t: "request_person"; id?: string; d: RequestPerson }
	| { t: "send"; id?: string; d: Send }
	| { t: "sync"; id?: string; d: Sync }
	| { t: "transcript"; id?: string; d: AskTranscript }
	| { t: "typing"; id?: string; d: TypingOn }
	| { t: "visit"; id?: string; d: TrackVisit };

export type ChatServerFrame =
	| { t: "ack"; id?: string; d: Ack }
	| { t: "close"; id?: string; d: Closed }
	| { t: "draft"; id?: string; d: DraftText }
	| { t: "draft_end"; id?: string; d: DraftEnd }
	| { t: "drain"; id?: string; d: Drain }
	| { t: "entry"; id?: string; d: Entry }
	| { t: "error"; id?: string; d: ErrorFrame }
	| { t: "queue"; id?: string; d: Queue }
	| { t: "read"; id?: string; d: Seen }
	| { t: "reset"; id?: string; d: Reset }
	| { t: "typing"; id?: string; d: Typing }
	| { t: "welcome"; id?: string; d: Welcome };

export type ConsoleClientFrame =
	| { t: "presence"; id?: string; d: SetPresence }
	| { t: "read"; id?: string; d: Read }
	| { t: "subscribe"; id?: string; d: Subscribe }
	| { t: "typing"; id?: string; d: TypingOn }
	| { t: "unsubscribe"; id?: string; d: Unsubscribe }
	| { t: "watch"; id?: string; d: Watch };

export type ConsoleServerFrame =
	| { t: "draft"; id?: string; d: DraftText }
	| { t: "draft_end"; id?: string; d: DraftEnd }
	| { t: "drain"; id?: string; d: Drain }
	| { t: "entry"; id?: string; d: Entry }
	| { t: "error"; id?: string; d: ErrorFrame }
	| { t: "inbox"; id?: string; d: InboxChanged }
	| { t: "knowledge"; id?: string; d: KnowledgeChanged }
	| { t: "mention"; id?: string; d: Mention }
	| { t: "presence"; id?: string; d: PresenceChanged }
	| { t: "read"; id?: string; d: Seen }
	| { t: "reset"; id?: string; d: Reset }
	| { t: "typing"; id?: string; d: Typing }
	| { t: "watchers"; id?: string; d: Watchers }
	| { t: "welcome"; id?: string; d: ConsoleWelcome };

export type Corners = "" | "round" | "soft" | "square";

export type DeedKind = "declined" | "passed" | "snoozed";

export type Emoji = "" | "never" | "rarely";

export type FeedbackReason = "wrong" | "unclear" | "outdated" | "not_what_i_asked" | "other";

export type GapState = "open" | "done" | "dismissed";

export type Kind = "message" | "owner" | "notice" | "contact" | "rating" | "call" | "promise" | "note" | "feedback" | "transcript";

export type Length = "" | "short" | "medium" | "long";

export type Level = "anonymous" | "e-mail given" | "vouched" | "verified";

export type Log = "public" | "staff";

export type MacroVerb = "tag" | "snooze" | "close";

export type MailState = "queued" | "sent" | "failed";

export type Match = "" | "link" | "nearness";

export type NoticeKind = "queued" | "offline" | "promise" | "overdue" | "verify" | "verified" | "mailed" | "opener" | "transcript" | "undelivered";

export type Origin = "history" | "verdict" | "editor";

export type Owner = "bot" | "queue" | "agent";

export type Party = "customer" | "bot" | "agent" | "system";

export type PasswordsRule = "everybody" | "owners";

export type Pick = "least_loaded" | "round_robin";

export type PresenceState = "online" | "away" | "offline";

export type Priority = "" | "high" | "urgent";

export type PromiseKind = "answer" | "other";

export type PromiseState = "open" | "kept" | "moved" | "broken" | "withdrawn";

export type Proof = "token" | "code" | "hash";

export type QuestionStatus = "proposed" | "accepted" | "rejected";

export type RatingKind = "csat" | "ces" | "nps";

export type Role = "owner" | "admin" | "agent" | "editor" | "viewer";

export type RoutingMode = "manual" | "offer" | "assign";

export type RuleField = "inbox" | "reason" | "language" | "page" | "words" | "attribute";

export type Side = "" | "right" | "left";

export type SignInWay = "password" | "provider" | "link";

export type Source = "page" | "token";

export type Status = "open" | "closed";

export type Theme = "" | "light" | "dark";

export type Tone = "" | "plain" | "warm" | "formal" | "brisk";

export type Visibility = "public" | "internal";

