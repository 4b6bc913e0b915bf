//! The portal: its addresses, OAuth 2, the callback listener and its certificate, the HTTP client.
