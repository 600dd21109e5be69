package gateway

import (
	"context"
	"crypto/sha512"
	"encoding/base64"
	"fmt"
	"html"
	"io/fs"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"frontdesk/chat"
	"frontdesk/gateway/protocol"
)

func (g *Gateway) embedOps(a huma.API) {
	op(g, a, route{http.MethodGet, "/embed", "embed", "What a site needs to embed the widget", 0}, chat.RoleViewer,
		func(context.Context, principal, *none) (protocol.Embed, error) {
			e, err := EmbedOf(g.o.Widget)
			e.Server = *g.address.Load()
			return e, err
		})
}

// EmbedOf gives what is known of a build of the widget.
func EmbedOf(widget fs.FS) (protocol.Embed, error) {
	if widget == nil {
		return protocol.Embed{}, chat.Errorf(chat.CodeNotFound, "This build has no widget.")
	}
	loader, err := fs.ReadFile(widget, "frontdesk.js")
	if err != nil {
		return protocol.Embed{}, fmt.Errorf("gateway: loader: %w", err)
	}
	sum := sha512.Sum384(loader)
	return protocol.Embed{Version: plainAsset("frontdesk.js", loader).tag, Integrity: "sha384-" + base64.StdEncoding.EncodeToString(sum[:])}, nil
}

// Tag is what a site puts into its pages for the inbox of that key. server is where browsers reach this one:
// "https://help.example".
func Tag(server, key string) string {
	return fmt.Sprintf(`<script async src="%s/widget/v1/frontdesk.js" data-inbox="%s"></script>`, html.EscapeString(server), html.EscapeString(key))
}

// PinnedTag is the tag of one build's loader: browsers run that one or none. The site changes it when an update of the
// server changes the loader.
func PinnedTag(server, key string, e protocol.Embed) string {
	return fmt.Sprintf(`<script async src="%s/widget/%s/frontdesk.js" integrity="%s" crossorigin="anonymous" data-inbox="%s"></script>`,
		html.EscapeString(server), e.Version, e.Integrity, html.EscapeString(key))
}

// SitePolicy is what the content security policy of a site has to allow beside what it does.
func SitePolicy(server string) string {
	return fmt.Sprintf("script-src %[1]s; frame-src %[1]s", server)
}
