//! DSTU2 JSON as it comes, read tolerantly: a value and a list of problems, never a failure of the whole.
