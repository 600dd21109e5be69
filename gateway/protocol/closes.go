package protocol

// CloseCode is a code with which the server closes a websocket.
type CloseCode struct {
	Code  int
	Name  string
	Means string
	// Then is what a client does: "reconnect", "reconnect with a new token", or
	// "stop", after which only a person's action may begin anew.
	Then string
}

// What clients do after a close.
const (
	thenReconnect = "reconnect"
	thenNewToken  = "reconnect with a new token"
	thenStop      = "stop"
)

// CloseCodes lists all that the server sends; a code that is not here is
// treated by its range: below 4500 reconnect, from 4500 on stop.
var CloseCodes = []CloseCode{
	{1000, "normal", "answers the client's own close", thenStop},
	{1007, "invalid data", "a text message was not valid UTF-8", thenReconnect},
	{1009, "too big", "a message had more bytes than MaxFrame", thenReconnect},
	{1011, "internal error", "a fault on the server's side; nothing acknowledged was lost", thenReconnect},
	{1013, "try again later", "the store could not be asked whether the token is good", thenNewToken},
	{CloseDrain, "drain", "the node goes away; wait a random part of the drain frame's after_ms", thenNewToken},
	{CloseTokenExpired, "token expired", "the socket token was used or is older than 60 s, or no hello came in time", thenNewToken},
	{CloseSlow, "too slow", "the client did not read what was sent; it resumes from the last number it saw", thenNewToken},
	{CloseRateLimited, "rate limited", "far too many frames; back off before coming back", thenNewToken},
	{CloseBadProtocol, "bad protocol", "a binary message, or a first frame that is no hello", thenStop},
	{CloseAuthRefused, "refused", "the token is not the server's; on the console, the session is over", thenStop},
	{CloseInboxClosed, "inbox closed", "the inbox takes no conversations; reserved, not sent yet", thenStop},
	{CloseReplaced, "replaced", "the customer has too many connections, and this was the oldest", thenStop},
}
