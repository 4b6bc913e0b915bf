//! A stand-in portal for the tests of this module.
