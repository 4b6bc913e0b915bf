//! This program's memory, which holds keys and tokens.

/// A crash must not leave a picture of this program's memory on the disk. A system that refuses is no
/// reason not to work; those other than Linux write none unless they are told to.
pub fn keep_off_the_disk() {
    #[cfg(target_os = "linux")]
    {
        use rustix::process::{DumpableBehavior, set_dumpable_behavior};
        set_dumpable_behavior(DumpableBehavior::NotDumpable).ok();
    }
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use rustix::process::{DumpableBehavior, dumpable_behavior, set_dumpable_behavior};

    #[test]
    fn no_picture_of_it_is_taken() {
        let before = dumpable_behavior().unwrap();
        super::keep_off_the_disk();
        assert_eq!(dumpable_behavior().unwrap(), DumpableBehavior::NotDumpable);
        set_dumpable_behavior(before).unwrap();
    }
}
