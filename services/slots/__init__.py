"""Places with limited room: one engine for activities, venues, plots and shifts."""
