//! What to fetch, how to go on, what came of it.
