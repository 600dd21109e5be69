package main

import (
	"fmt"
	"log/slog"
	"os"
	"strings"
	"time"

	"github.com/alecthomas/kong"
	"go.yaml.in/yaml/v3"

	"frontdesk/chat"
)

// Settings are what every subcommand may be told. Each has one flat name: flag,
// environment variable and key of the YAML file.
type Settings struct {
	Config          string        `env:"FRONTDESK_CONFIG" placeholder:"FILE" help:"YAML file with settings."`
	Data            string        `env:"FRONTDESK_DATA" default:"./data" placeholder:"FOLDER" help:"Folder of the embedded store (${default})."`
	DatabaseURL     string        `env:"DATABASE_URL" placeholder:"URL" help:"Postgres instead of the embedded store: postgres://…"`
	Listen          string        `env:"FRONTDESK_LISTEN" default:"127.0.0.1:8080" placeholder:"ADDR" help:"Address for customers and staff (${default})."`
	AdminListen     string        `env:"FRONTDESK_ADMIN_LISTEN" default:"127.0.0.1:9090" placeholder:"ADDR" help:"Address for /metrics and profiles; \"off\" for none (${default})."`
	PublicURL       string        `env:"FRONTDESK_PUBLIC_URL" placeholder:"URL" help:"Where browsers reach this server, if not at the listen address."`
	TrustedProxies  []string      `env:"FRONTDESK_TRUSTED_PROXIES" placeholder:"CIDR" help:"Proxies whose X-Forwarded-For counts."`
	NatsURL         string        `env:"FRONTDESK_NATS_URL" placeholder:"URL" help:"NATS server that carries wake-ups between nodes."`
	SMTPURL         string        `name:"smtp-url" env:"FRONTDESK_SMTP_URL" placeholder:"URL" help:"Mail server: smtp://user:password@host:587 (STARTTLS) or smtps://…:465; ?from=ADDRESS names the sender."`
	MailAfter       time.Duration `env:"FRONTDESK_MAIL_AFTER" default:"2m" placeholder:"TIME" help:"After how much quiet an agent's answers that the customer has not read go by e-mail (${default})."`
	TargetError     float64       `env:"FRONTDESK_TARGET_ERROR" default:"0.10" placeholder:"SHARE" help:"Share of answers that may be wrong (${default})."`
	VectorMemoryMax int           `env:"FRONTDESK_VECTOR_MEMORY_MAX" default:"20000" placeholder:"N" help:"Vectors searched in memory before pgvector takes over (${default})."`
	Encoder         string        `env:"FRONTDESK_ENCODER" placeholder:"FILE" help:"Weight file of another sentence encoder, made by \"frontdesk admin encoder convert\", instead of the built-in one."`
	EmbedModel      string        `env:"FRONTDESK_EMBED_MODEL" placeholder:"NAME" help:"Embedding model at the OpenAI-compatible endpoint, instead of the built-in encoder."`
	Languages       []string      `env:"FRONTDESK_LANGUAGES" default:"en" placeholder:"TAG" help:"Languages that the encoder knows, * for all; who writes in another gets a person (${default})."`
	OpenaiBaseURL   string        `env:"OPENAI_BASE_URL" placeholder:"URL" help:"OpenAI-compatible endpoint, with its /v1."`
	OpenaiAPIKey    string        `env:"OPENAI_API_KEY" placeholder:"KEY" help:"Its key."`
	// The file is read by secretsFromFiles; its path is kept, as the key in it may change.
	OpenaiAPIKeyFile   string        `env:"OPENAI_API_KEY_FILE" hidden:""`
	LlmModel           string        `env:"FRONTDESK_LLM_MODEL" placeholder:"NAME" help:"Language model at the OpenAI-compatible endpoint, to word answers with."`
	LlmEndpoints       string        `env:"FRONTDESK_LLM_ENDPOINTS" placeholder:"FILE" help:"YAML file of several endpoints of language models, instead."`
	LlmLimit           time.Duration `env:"FRONTDESK_LLM_LIMIT" default:"8s" placeholder:"TIME" help:"How long an answer may take to be worded; then it is sent as it was found (${default})."`
	LlmFirstShown      time.Duration `env:"FRONTDESK_LLM_FIRST_SHOWN" default:"2.5s" placeholder:"TIME" help:"How long a customer waits for its first sentence; then the same (${default})."`
	LlmCurrency        string        `env:"FRONTDESK_LLM_CURRENCY" default:"USD" placeholder:"CODE" help:"Currency of the endpoints' prices, as three letters (${default})."`
	NoModel            bool          `env:"FRONTDESK_NO_MODEL" help:"Leave the language model out, though one is set."`
	ActionHosts        []string      `env:"FRONTDESK_ACTION_HOSTS" placeholder:"HOST" help:"Hosts of your own network that actions of the shop may reach, such as orders.internal:8080."`
	Secrets            string        `env:"FRONTDESK_SECRETS" placeholder:"FOLDER" help:"Folder of secret files for actions (secrets in the data folder)."`
	McpServers         string        `env:"FRONTDESK_MCP_SERVERS" placeholder:"FILE" help:"YAML file that names MCP servers whose tools actions may use."`
	LogLevel           string        `env:"FRONTDESK_LOG_LEVEL" default:"info" enum:"debug,info,warn,error" help:"What is logged: debug, info, warn or error (${default})."`
	KeepTurns          int           `env:"FRONTDESK_KEEP_TURNS" default:"30" placeholder:"DAYS" help:"Days for which it is kept what each turn of the bot rested on, for frontdesk replay; 0 records nothing (${default})."`
	OidcIssuer         string        `env:"FRONTDESK_OIDC_ISSUER" placeholder:"URL" help:"Identity provider (OpenID Connect) through which staff may sign in; needs --public-url."`
	OidcClientID       string        `name:"oidc-client-id" env:"FRONTDESK_OIDC_CLIENT_ID" placeholder:"ID" help:"This server's id there."`
	OidcClientSecret   string        `env:"FRONTDESK_OIDC_CLIENT_SECRET" placeholder:"SECRET" help:"Its secret there."`
	OidcLabel          string        `env:"FRONTDESK_OIDC_LABEL" placeholder:"TEXT" help:"What the button on the sign-in page says."`
	OidcDomains        []string      `env:"FRONTDESK_OIDC_DOMAINS" placeholder:"DOMAIN" help:"E-mail domains that may sign in through it (all)."`
	OidcRole           string        `env:"FRONTDESK_OIDC_ROLE" placeholder:"ROLE" help:"Role of who signs in for the first time: admin, agent, editor or viewer. Without it only those whom somebody has added get in."`
	OidcClaim          string        `env:"FRONTDESK_OIDC_CLAIM" placeholder:"NAME" help:"Claim that names somebody's groups."`
	OidcRoles          []string      `env:"FRONTDESK_OIDC_ROLES" placeholder:"GROUP=ROLE" help:"Roles by group; the mightiest counts."`
	ModerationURL      string        `env:"FRONTDESK_MODERATION_URL" placeholder:"URL" help:"OpenAI-compatible endpoint, with its /v1, whose /moderations looks at messages before they are answered."`
	ModerationKey      string        `env:"FRONTDESK_MODERATION_KEY" placeholder:"KEY" help:"Its key."`
	ModerationModel    string        `env:"FRONTDESK_MODERATION_MODEL" placeholder:"NAME" help:"Its model (omni-moderation-latest)."`
	ModerationRequired bool          `env:"FRONTDESK_MODERATION_REQUIRED" help:"Give to a person what the endpoint could not look at."`
}

// finish applies what platforms expect: PORT=n listens on :n.
func (s *Settings) finish(getenv func(string) string) {
	if port := getenv("PORT"); port != "" && getenv("FRONTDESK_LISTEN") == "" && s.Listen == "127.0.0.1:8080" {
		s.Listen = ":" + port
	}
}

func (s *Settings) level() slog.Level {
	var l slog.Level
	if err := l.UnmarshalText([]byte(s.LogLevel)); err != nil { // kong checks the enum
		return slog.LevelInfo
	}
	return l
}

// secrets are the variables that may be given as a file's path, in NAME_FILE.
var secrets = []string{"DATABASE_URL", "OPENAI_API_KEY", "FRONTDESK_NATS_URL", "FRONTDESK_MODERATION_KEY", "FRONTDESK_SMTP_URL", "FRONTDESK_OIDC_CLIENT_SECRET"}

// secretsFromFiles sets each secret from the file that its …_FILE names.
func secretsFromFiles(lookup func(string) (string, bool), set func(key, value string) error) error {
	for _, name := range secrets {
		path, ok := lookup(name + "_FILE")
		if !ok || path == "" {
			continue
		}
		if value, ok := lookup(name); ok && value != "" {
			return chat.Errorf(chat.CodeInvalid, "both %s and %s_FILE are set: keep one", name, name)
		}
		data, err := os.ReadFile(path)
		if err != nil {
			return chat.Errorf(chat.CodeInvalid, "%s_FILE: %w", name, err)
		}
		if err := set(name, strings.TrimSpace(string(data))); err != nil {
			return err
		}
	}
	return nil
}

// fileResolver reads the YAML file that --config or FRONTDESK_CONFIG names. A
// flag or a variable counts more than the file; a key that is no setting is an error.
func fileResolver(args []string, getenv func(string) string) kong.Resolver {
	path := getenv("FRONTDESK_CONFIG")
	for i, a := range args {
		if v, ok := strings.CutPrefix(a, "--config="); ok {
			path = v
		} else if a == "--config" && i+1 < len(args) {
			path = args[i+1]
		}
	}
	f := &settingsFile{path: path}
	if path == "" {
		return f
	}
	data, err := os.ReadFile(path)
	if err == nil {
		err = yaml.Unmarshal(data, &f.values)
	}
	if err != nil {
		f.err = fmt.Errorf("settings file %s: %w", path, err)
	}
	return f
}

type settingsFile struct {
	path   string
	values map[string]any
	err    error
}

// Validate finds keys that are no setting.
func (f *settingsFile) Validate(app *kong.Application) error {
	if f.err != nil {
		return f.err
	}
	known := map[string]bool{}
	for _, flag := range app.Flags {
		known[flag.Name] = true
	}
	for key := range f.values {
		if !known[key] {
			return fmt.Errorf("settings file %s: there is no setting %q; \"frontdesk help settings\" lists them", f.path, key)
		}
	}
	return nil
}

// Resolve gives the file's value of a flag, unless its variable is set.
func (f *settingsFile) Resolve(_ *kong.Context, _ *kong.Path, flag *kong.Flag) (any, error) {
	for _, env := range flag.Envs {
		if _, set := os.LookupEnv(env); set {
			return nil, nil
		}
	}
	v, ok := f.values[flag.Name]
	if !ok || v == nil {
		return nil, nil
	}
	if list, ok := v.([]any); ok {
		parts := make([]string, len(list))
		for i, x := range list {
			parts[i] = fmt.Sprint(x)
		}
		return strings.Join(parts, ","), nil
	}
	return fmt.Sprint(v), nil
}
