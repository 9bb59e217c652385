"""What the README tells learners to do where Anki leaves no other way."""

UPDATE = "Import it once more with Update notes: Always."
OWN_WORDS = "Keep words of your own in notes of your own."
FLAGS = "Use flags: an update leaves them, and replaces tags."
DECKS = "Move them, or give the deck its old name before the import."
MOVED = "Move the card, if you study by chapters."
STYLE = "Keep a copy of your style, and put it back."
SUSPEND = "Suspend what you do not want: what you delete comes back."
RETIRED_CARDS = "Search tag:retired, and delete what you find."
FIELDS = "Import each version once more with Merge note types and Update notes: Always."

ADVICE = (DECKS, UPDATE, OWN_WORDS, FLAGS, MOVED, STYLE, SUSPEND, RETIRED_CARDS, FIELDS)
