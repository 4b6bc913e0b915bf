//! SQLite: open, migrate, records, search, sync state. Synchronous; `&` reads, `&mut` writes.
