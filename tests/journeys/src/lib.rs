//! Journeys through the whole of Onhand: the sandbox portal and the core, over real TLS on
//! loopback. The journeys themselves are in `tests/it`.
