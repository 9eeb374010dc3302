//! 店簿 Dianbu.
