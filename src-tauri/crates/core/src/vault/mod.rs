//! The database key, and nothing else: OS keychain, passphrase, in memory.
