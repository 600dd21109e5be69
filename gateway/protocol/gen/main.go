// Command gen writes what is derived from the wire format's Go types: the
// TypeScript types of widget and console, and the AsyncAPI description. Run it
// by go generate ./gateway/protocol.
package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"log"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/google/uuid"

	"frontdesk/chat"
	"frontdesk/gateway/protocol"
	"frontdesk/insight"
	"frontdesk/knowledge"
)

// outputs gives the generated files by their paths from the repository's root.
func outputs(root string) (map[string][]byte, error) {
	types := typescript()
	async, err := asyncAPI(root)
	return map[string][]byte{
		"widget/src/protocol.ts":      types,
		"console/src/protocol.ts":     types,
		"docs/protocol/asyncapi.yaml": async,
	}, err
}

// bodies are the types of the HTTP API that TypeScript code uses by name.
var bodies = []any{
	protocol.InviteRequest{}, protocol.UserLink{}, protocol.UserChangeRequest{}, protocol.LinkFound{}, protocol.LinkUse{}, protocol.Account{},
	protocol.AccountRequest{}, protocol.PasswordRequest{}, protocol.SessionsEnded{}, protocol.SignInOptions{}, protocol.StaffSettingsView{},
	protocol.AuditList{}, protocol.AuditActions{},
	protocol.ActionsSetting{}, protocol.ActionTry{}, protocol.ActionTried{}, protocol.OpenAPIRequest{}, protocol.OpenAPIOperations{}, protocol.CallList{},
	protocol.SessionRequest{}, protocol.Session{}, protocol.CodeRequest{}, protocol.CodeSent{}, protocol.CodeCheck{}, protocol.CodeChecked{},
	protocol.MailView{}, protocol.MailTest{}, protocol.MailTested{}, protocol.IdentityKeys{}, protocol.NewIdentityKey{}, protocol.MergeList{}, protocol.ArticleView{}, protocol.FileRules{}, protocol.FileLinksRequest{}, protocol.FileLinks{}, protocol.LinksEnded{}, protocol.OpenerSeen{}, protocol.OpenerList{}, protocol.PhotoRequest{}, protocol.SetupRequest{}, protocol.SetupState{},
	protocol.LoginRequest{}, protocol.Me{}, protocol.UserRequest{}, protocol.UserList{}, protocol.ConversationList{},
	protocol.ConversationView{}, protocol.EntryList{}, protocol.MoveRequest{}, protocol.CloseRequest{}, protocol.NotedRequest{},
	protocol.AssignRequest{}, protocol.TransferRequest{}, protocol.SnoozeRequest{}, protocol.TeamList{}, protocol.TeamRequest{}, protocol.ReplyRequest{}, protocol.AssistRequest{}, protocol.AssistReply{},
	protocol.ArticleRequest{}, protocol.ArticleList{}, knowledge.Article{}, protocol.ImportReport{},
	protocol.KnowledgeStatus{}, protocol.PreviewRequest{}, protocol.Preview{}, protocol.AskRequest{},
	protocol.AskReply{}, protocol.PresenceRequest{}, protocol.MacroList{}, protocol.MacroRequest{}, protocol.SavedViewList{}, protocol.SavedViewRequest{}, protocol.MentionList{}, protocol.MentionsSeen{},
	protocol.GapRequest{}, protocol.GapChange{}, protocol.GapList{}, protocol.FeedbackList{}, protocol.TranscriptRequest{}, protocol.QuestionList{}, protocol.QuestionDecision{}, protocol.QuestionsDecided{},
	chat.StyleState{}, protocol.StyleRequest{}, chat.PromptBook{}, protocol.PromptDraftRequest{}, protocol.PromptLiveRequest{}, protocol.PromptRestoreRequest{},
	protocol.InboxRequest{}, protocol.BrandColours{}, protocol.Embed{},
	protocol.VoiceHistory{}, protocol.PromptTryRequest{}, chat.PromptTrials{},
	protocol.ModelStatus{}, protocol.SpendList{}, protocol.BudgetView{}, protocol.BudgetRequest{}, protocol.ConversationSpend{}, protocol.TagList{}, protocol.TagsRequest{}, protocol.TagRequest{}, protocol.TagMergeRequest{}, protocol.SearchList{}, insight.Report{},
	protocol.RoutingView{}, protocol.RoutingRequest{}, protocol.ProfileList{}, protocol.ProfileRequest{}, protocol.OfferList{}, protocol.ActivityList{},
	protocol.PromiseText{}, protocol.PromisesFound{}, protocol.PromiseRequest{}, protocol.PromiseChangeRequest{}, protocol.PromiseList{}, protocol.ReceiptKey{}, protocol.Receipt{},
}

// unions are the string types whose values are a closed list.
var unions = map[reflect.Type][]string{
	reflect.TypeFor[chat.GapState]():  strs(chat.GapOpen, chat.GapDone, chat.GapDismissed),
	reflect.TypeFor[chat.MacroVerb](): strs(chat.MacroTag, chat.MacroSnooze, chat.MacroClose),
	reflect.TypeFor[chat.Owner]():     strs(chat.OwnerBot, chat.OwnerQueue, chat.OwnerAgent),
	reflect.TypeFor[chat.Status]():    strs(chat.StatusOpen, chat.StatusClosed),
	reflect.TypeFor[chat.Party]():     strs(chat.PartyCustomer, chat.PartyBot, chat.PartyAgent, chat.PartySystem),
	reflect.TypeFor[chat.Log]():       strs(chat.LogPublic, chat.LogStaff),
	reflect.TypeFor[chat.Kind](): strs(chat.KindMessage, chat.KindOwner, chat.KindNotice, chat.KindContact, chat.KindRating, chat.KindCall, chat.KindPromise, chat.KindNote,
		chat.KindFeedback, chat.KindTranscript),
	reflect.TypeFor[chat.FeedbackReason](): strs(chat.FeedbackWrong, chat.FeedbackUnclear, chat.FeedbackOutdated, chat.FeedbackOffTopic, chat.FeedbackOther),
	reflect.TypeFor[chat.RatingKind]():     strs(chat.RatingCSAT, chat.RatingCES, chat.RatingNPS),
	reflect.TypeFor[chat.PromiseKind]():    strs(chat.PromiseAnswer, chat.PromiseOther),
	reflect.TypeFor[chat.PromiseState]():   strs(chat.PromiseOpen, chat.PromiseKept, chat.PromiseMoved, chat.PromiseBroken, chat.PromiseWithdrawn),
	reflect.TypeFor[chat.NoticeKind](): strs(chat.NoticeQueued, chat.NoticeOffline, chat.NoticePromise, chat.NoticeOverdue, chat.NoticeVerify, chat.NoticeVerified, chat.NoticeMailed, chat.NoticeOpener,
		chat.NoticeTranscript, chat.NoticeUndelivered),
	reflect.TypeFor[chat.Level]():     strs(chat.LevelAnonymous, chat.LevelGiven, chat.LevelVouched, chat.LevelVerified),
	reflect.TypeFor[chat.Proof]():     strs(chat.ProofToken, chat.ProofCode, chat.ProofHash),
	reflect.TypeFor[chat.MailState](): strs(chat.MailQueued, chat.MailSent, chat.MailFailed),
	reflect.TypeFor[chat.CallState](): strs(chat.CallProposed, chat.CallConfirmed, chat.CallDeclined, chat.CallExpired, chat.CallRunning,
		chat.CallDone, chat.CallFailed, chat.CallUnknown),
	reflect.TypeFor[chat.Action]():              strs(chat.ActionAnswer, chat.ActionClarify, chat.ActionHandoff, chat.ActionRefuse, chat.ActionSmallTalk),
	reflect.TypeFor[chat.Role]():                strs(chat.RoleOwner, chat.RoleAdmin, chat.RoleAgent, chat.RoleEditor, chat.RoleViewer),
	reflect.TypeFor[chat.SignInWay]():           strs(chat.SignInPassword, chat.SignInProvider, chat.SignInLink),
	reflect.TypeFor[chat.PasswordsRule]():       strs(chat.PasswordsEverybody, chat.PasswordsOwners),
	reflect.TypeFor[chat.AuditKind]():           strs(chat.AuditUser, chat.AuditOperator, chat.AuditNobody),
	reflect.TypeFor[chat.PresenceState]():       strs(chat.PresenceOnline, chat.PresenceAway, chat.PresenceOffline),
	reflect.TypeFor[chat.Tone]():                strs("", chat.TonePlain, chat.ToneWarm, chat.ToneFormal, chat.ToneBrisk),
	reflect.TypeFor[chat.Address]():             strs("", chat.AddressFormal, chat.AddressInformal),
	reflect.TypeFor[chat.Length]():              strs("", chat.LengthShort, chat.LengthMedium, chat.LengthLong),
	reflect.TypeFor[chat.Emoji]():               strs("", chat.EmojiNever, chat.EmojiRarely),
	reflect.TypeFor[knowledge.Visibility]():     strs(knowledge.Public, knowledge.Internal),
	reflect.TypeFor[knowledge.Status]():         strs(knowledge.StatusDraft, knowledge.StatusPublished, knowledge.StatusArchived),
	reflect.TypeFor[knowledge.Origin]():         strs(knowledge.OriginHistory, knowledge.OriginVerdict, knowledge.OriginEditor),
	reflect.TypeFor[knowledge.QuestionStatus](): strs(knowledge.QuestionProposed, knowledge.QuestionAccepted, knowledge.QuestionRejected),
	reflect.TypeFor[chat.BudgetPart]():          strs("", chat.BudgetVisitor, chat.BudgetInbox, chat.BudgetWorkspace),
	reflect.TypeFor[chat.Priority]():            strs(chat.PriorityNormal, chat.PriorityHigh, chat.PriorityUrgent),
	reflect.TypeFor[chat.RoutingMode]():         strs(chat.RoutingManual, chat.RoutingOffer, chat.RoutingAssign),
	reflect.TypeFor[chat.Pick]():                strs(chat.PickLeastLoaded, chat.PickRoundRobin),
	reflect.TypeFor[chat.RuleField]():           strs(chat.RuleInbox, chat.RuleReason, chat.RuleLanguage, chat.RulePage, chat.RuleWords, chat.RuleAttribute),
	reflect.TypeFor[chat.Side]():                strs("", chat.SideRight, chat.SideLeft),
	reflect.TypeFor[chat.Corners]():             strs("", chat.CornersRound, chat.CornersSoft, chat.CornersSquare),
	reflect.TypeFor[chat.Theme]():               strs("", chat.ThemeLight, chat.ThemeDark),
	reflect.TypeFor[chat.CauseCode]():           strs(chat.CauseReason, chat.CauseAttribute, chat.CauseRule, chat.CauseAtRisk),
	reflect.TypeFor[chat.DeedKind]():            strs(chat.DeedDeclined, chat.DeedPassed, chat.DeedSnoozed),
	reflect.TypeFor[chat.Source]():              strs(chat.SourcePage, chat.SourceToken),
	reflect.TypeFor[chat.ActivityKind]():        strs(chat.ActivityVisit, chat.ActivityEvent),
	reflect.TypeFor[knowledge.Match]():          strs("", knowledge.MatchLink, knowledge.MatchNearness),
}

// renamed are types whose bare name another package's type has too.
var renamed = map[reflect.Type]string{
	reflect.TypeFor[knowledge.Status](): "ArticleStatus",
	reflect.TypeFor[protocol.Error]():   "ErrorFrame",
	reflect.TypeFor[chat.Promise]():     "CustomerPromise", // JavaScript has one of its own
}

func main() {
	log.SetFlags(0)
	const root = "../.." // from the protocol package's folder, where go generate runs
	files, err := outputs(root)
	if err != nil {
		log.Fatalf("gen: %v", err)
	}
	for path, data := range files {
		if err := os.WriteFile(filepath.Join(root, path), data, 0o644); err != nil {
			log.Fatalf("gen: %v", err)
		}
	}
}

// directions are the frames' directions in the order of the files.
var directions = []protocol.Direction{protocol.FromCustomer, protocol.ToCustomer, protocol.FromConsole, protocol.ToConsole}

func typescript() []byte {
	g := &generator{done: map[reflect.Type]bool{}}
	for _, b := range bodies {
		g.ref(reflect.TypeOf(b))
	}
	for _, dir := range directions {
		g.frames(string(dir), protocol.Frames[dir])
	}
	slices.Sort(g.decls)
	var out bytes.Buffer
	out.WriteString("// Generated from the Go types by go generate ./gateway/protocol. Do not edit.\n\n")
	for _, d := range g.decls {
		out.WriteString(d + "\n")
	}
	return out.Bytes()
}

type generator struct {
	done  map[reflect.Type]bool
	decls []string
}

// ref gives the TypeScript name of t, declaring it first if need be.
func (g *generator) ref(t reflect.Type) string {
	switch t {
	case reflect.TypeFor[uuid.UUID](), reflect.TypeFor[time.Time]():
		return "string"
	case reflect.TypeFor[json.RawMessage]():
		return "unknown"
	case reflect.TypeFor[chat.Scalar]():
		return "string | number | boolean | null"
	case reflect.TypeFor[[]byte]():
		return "string" // base64
	}
	if values, ok := unions[t]; ok {
		g.declare(t, func() string {
			quoted := make([]string, len(values))
			for i, v := range values {
				quoted[i] = strconv.Quote(v)
			}
			return fmt.Sprintf("export type %s = %s;", name(t), strings.Join(quoted, " | "))
		})
		return name(t)
	}
	switch t.Kind() {
	case reflect.Pointer:
		return g.ref(t.Elem()) + " | null"
	case reflect.Slice, reflect.Array:
		return g.ref(t.Elem()) + "[]"
	case reflect.Map:
		return "Record<string, " + g.ref(t.Elem()) + ">"
	case reflect.Struct:
		if t.Name() == "" {
			return "{ " + strings.Join(g.fields(t), " ") + " }"
		}
		g.declare(t, func() string {
			return fmt.Sprintf("export interface %s {\n\t%s\n}", name(t), strings.Join(g.fields(t), "\n\t"))
		})
		return name(t)
	case reflect.String:
		return "string"
	case reflect.Bool:
		return "boolean"
	default:
		return "number"
	}
}

func (g *generator) declare(t reflect.Type, decl func() string) {
	if !g.done[t] {
		g.done[t] = true
		g.decls = append(g.decls, decl()+"\n")
	}
}

// fields gives one line a JSON field, those of embedded structs in place.
func (g *generator) fields(t reflect.Type) []string {
	var out []string
	for f := range t.Fields() {
		tag := f.Tag.Get("json")
		key, opts, _ := strings.Cut(tag, ",")
		switch {
		case tag == "-" || !f.IsExported() && !f.Anonymous:
		case f.Anonymous && key == "":
			out = append(out, g.fields(f.Type)...)
		default:
			optional := ""
			if strings.Contains(opts, "omitempty") || strings.Contains(opts, "omitzero") {
				optional = "?"
			}
			typ := g.ref(f.Type)
			if optional != "" {
				typ = strings.TrimSuffix(typ, " | null")
			}
			out = append(out, fmt.Sprintf("%s%s: %s;", key, optional, typ))
		}
	}
	return out
}

func (g *generator) frames(union string, table map[string]any) {
	var arms []string
	for t, d := range table {
		arms = append(arms, fmt.Sprintf("{ t: %q; id?: string; d: %s }", t, g.ref(reflect.TypeOf(d))))
	}
	slices.Sort(arms)
	g.decls = append(g.decls, fmt.Sprintf("export type %s =\n\t| %s;\n", union, strings.Join(arms, "\n\t| ")))
}

func name(t reflect.Type) string {
	if n, ok := renamed[t]; ok {
		return n
	}
	return t.Name()
}

func strs[T ~string](values ...T) []string {
	out := make([]string, len(values))
	for i, v := range values {
		out[i] = string(v)
	}
	return out
}
