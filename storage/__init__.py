"""Truth on disk: the SQLite store, raw mail, drafts and presence, and the small team documents."""
