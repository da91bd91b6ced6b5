"""When something happens, then do something: rules that explain themselves (docs/rules.md).

`reading` has the rules as the settings say them; `walking` tells what happened in a conversation, event by event, as
rules see it; `matching` says whether a rule fits and which of its conditions held; `deciding` turns what it does into
decisions; `running` follows the record and time, and fires each rule once for each event; `book` is what is written down of
that; `calling` does what is done after the commit.
"""
