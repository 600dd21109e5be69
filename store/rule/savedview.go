package rule

import "frontdesk/chat"

// CheckSavedView says what is wrong with a view that is to be saved. CodeInvalid.
func CheckSavedView(v chat.SavedView) error {
	if !storable(v.Name) || !storable(v.Query) {
		return invalid("the name or what the view is narrowed to is not UTF-8, or holds the character U+0000")
	}
	return v.Check()
}

// ViewTaken is the error of a name that another view of the same owner has. CodeConflict.
func ViewTaken(name string) error {
	return chat.Errorf(chat.CodeConflict, "There is a view %q already.", name)
}

// ErrNoView is the error of a saved view that is not there. CodeNotFound.
func ErrNoView() error { return chat.Errorf(chat.CodeNotFound, "This view is no longer there.") }
