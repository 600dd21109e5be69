package history

import (
	"encoding/json"
	"errors"
	"strings"
)

// parsers read one record of each JSON format. The fields are those of the
// help desks' public APIs, which their exports share.
var parsers = map[Format]func(json.RawMessage) (talk, error){
	FormatJSONL:    plainTalk,
	FormatZendesk:  zendeskTalk,
	FormatIntercom: intercomTalk,
	FormatChatwoot: chatwootTalk,
}

// identifier is a string or a number.
type identifier string

func (id *identifier) UnmarshalJSON(data []byte) error {
	var s string
	if json.Unmarshal(data, &s) == nil { // also null, which is none
		*id = identifier(s)
		return nil
	}
	var n json.Number
	if json.Unmarshal(data, &n) != nil {
		return errors.New("an id is neither a text nor a number")
	}
	*id = identifier(n.String())
	return nil
}

// texts is a text or a list of them.
type texts []string

func (t *texts) UnmarshalJSON(data []byte) error {
	var one string
	if json.Unmarshal(data, &one) == nil {
		if one != "" {
			*t = texts{one}
		}
		return nil
	}
	return json.Unmarshal(data, (*[]string)(t))
}

func plainTalk(raw json.RawMessage) (talk, error) {
	var p struct {
		ID       identifier `json:"id"`
		Question string     `json:"question"`
		Answer   texts      `json:"answer"`
		Answers  texts      `json:"answers"`
		URL      texts      `json:"url"`
		URLs     texts      `json:"urls"`
		Links    texts      `json:"links"`
	}
	if err := json.Unmarshal(raw, &p); err != nil {
		return talk{}, err
	}
	t := talk{id: string(p.ID), messages: []message{{text: p.Question}}}
	if t.id == "" {
		t.id = idOf(p.Question)
	}
	for _, text := range append(p.Answer, p.Answers...) {
		t.messages = append(t.messages, message{agent: true, text: text, links: linksIn(text)})
	}
	if links := append(append(p.URL, p.URLs...), p.Links...); len(links) > 0 {
		t.messages = append(t.messages, message{agent: true, links: links})
	}
	return t, nil
}

func zendeskTalk(raw json.RawMessage) (talk, error) {
	type comment struct {
		AuthorID  identifier `json:"author_id"`
		Public    *bool      `json:"public"` // missing means public
		Body      string     `json:"body"`
		PlainBody string     `json:"plain_body"`
		HTMLBody  string     `json:"html_body"`
	}
	var z struct {
		ID          identifier `json:"id"`
		Subject     string     `json:"subject"`
		Description string     `json:"description"`
		RequesterID identifier `json:"requester_id"`
		Requester   struct {
			ID identifier `json:"id"`
		} `json:"requester"`
		Comments []comment `json:"comments"`
	}
	if err := json.Unmarshal(raw, &z); err != nil {
		return talk{}, err
	}
	requester := z.RequesterID
	if requester == "" {
		requester = z.Requester.ID
	}
	t := talk{id: string(z.ID), subject: z.Subject}
	for i, c := range z.Comments {
		if c.Public != nil && !*c.Public {
			continue
		}
		// Without a requester the first comment is the ticket's description.
		m := message{agent: c.AuthorID != requester && (requester != "" || i > 0)}
		switch {
		case c.HTMLBody != "":
			m.text, m.links = textOf(c.HTMLBody)
		case c.PlainBody != "":
			m.text, m.links = c.PlainBody, linksIn(c.PlainBody)
		default:
			m.text, m.links = c.Body, linksIn(c.Body)
		}
		t.messages = append(t.messages, m)
	}
	if len(z.Comments) == 0 {
		t.messages = []message{{text: z.Description}}
	}
	return t, nil
}

func intercomTalk(raw json.RawMessage) (talk, error) {
	type author struct {
		Type string `json:"type"`
	}
	var c struct {
		ID     identifier `json:"id"`
		Title  string     `json:"title"`
		Source struct {
			Subject string `json:"subject"`
			Body    string `json:"body"`
			Author  author `json:"author"`
		} `json:"source"`
		Parts struct {
			Parts []struct {
				PartType string  `json:"part_type"`
				Body     *string `json:"body"`
				Author   author  `json:"author"`
			} `json:"conversation_parts"`
		} `json:"conversation_parts"`
	}
	if err := json.Unmarshal(raw, &c); err != nil {
		return talk{}, err
	}
	subject, _ := textOf(c.Source.Subject)
	t := talk{id: string(c.ID), subject: subject}
	add := func(by author, html string) {
		m := message{agent: by.Type == "admin" || by.Type == "team"}
		if by.Type == "bot" || html == "" {
			return // an automatic word is nobody's answer
		}
		m.text, m.links = textOf(html)
		t.messages = append(t.messages, m)
	}
	add(c.Source.Author, c.Source.Body)
	for _, p := range c.Parts.Parts {
		// A reply may come with closing or assigning; notes are the staff's own.
		if p.Body != nil && !strings.Contains(p.PartType, "note") {
			add(p.Author, *p.Body)
		}
	}
	return t, nil
}

// Kinds of messages in Chatwoot's API, where they are numbers, and in its
// webhooks and exports, where they are words.
var (
	chatwootIncoming = map[identifier]bool{"0": true, "incoming": true}
	chatwootOutgoing = map[identifier]bool{"1": true, "outgoing": true}
)

func chatwootTalk(raw json.RawMessage) (talk, error) {
	var c struct {
		ID       identifier `json:"id"`
		Messages []struct {
			Content     string     `json:"content"`
			MessageType identifier `json:"message_type"`
			Private     bool       `json:"private"`
			SenderType  string     `json:"sender_type"`
			Sender      struct {
				Type string `json:"type"`
			} `json:"sender"`
		} `json:"messages"`
	}
	if err := json.Unmarshal(raw, &c); err != nil {
		return talk{}, err
	}
	t := talk{id: string(c.ID)}
	for _, m := range c.Messages {
		bot := strings.EqualFold(m.Sender.Type, "agent_bot") || strings.EqualFold(m.SenderType, "AgentBot")
		if m.Private || bot || !chatwootIncoming[m.MessageType] && !chatwootOutgoing[m.MessageType] {
			continue
		}
		t.messages = append(t.messages, message{agent: chatwootOutgoing[m.MessageType], text: m.Content, links: linksIn(m.Content)})
	}
	return t, nil
}
