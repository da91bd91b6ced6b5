"""One pure decision a verb: a function of (state, who, arguments, now) that answers events or a refusal."""
