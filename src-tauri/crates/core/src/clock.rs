//! The time, as a value that is passed in.

use std::sync::Arc;

use jiff::Timestamp;

/// Tells the time. Tests give one of their own.
pub type Clock = Arc<dyn Fn() -> Timestamp + Send + Sync>;

/// This computer's clock.
pub fn system_clock() -> Clock {
    #[expect(clippy::disallowed_methods, reason = "the one place where the clock is read")]
    Arc::new(Timestamp::now)
}
