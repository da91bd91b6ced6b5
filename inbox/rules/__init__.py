"""When something happens, then do something: rules that explain themselves (docs/rules.md).

What they are: `reading` has the rules as the settings say them.

What they do: `running` follows the record and time, and fires each rule once for each event. `walking` tells what happened
in a conversation, event by event, as rules see it; `timing` when what comes with time comes; `preparing` finds out what is
slow to know; `matching` says whether a rule fits and which of its conditions held; `deciding` turns what it does into
decisions; `calling` does what is done after the commit. `book` is what is written down of all that, and `telling` has it in
words.

What they would have done: `replaying` goes through the record, `reliving` through one conversation of it, and `firings` is
what came of it; `proposing` makes a rule from a conversation and says what it would have matched.

What is wrong with them: `rule_file` reads a file without the rules that are refused, `checking` says what is wrong with the
others, `circles` which of them set one another off or undo one another.
"""
