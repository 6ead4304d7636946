//! Which loop a thread works on: what OpenMP's functions ask, and what tells that a loop is in another one.

use std::cell::Cell;

/// A thread's place among those that work on a loop.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Team {
    /// Its number, 0 for the one that started the loop.
    pub thread: usize,
    /// How many there may be.
    pub threads: usize,
}

thread_local! {
    static TEAM: Cell<Option<Team>> = const { Cell::new(None) };
}

/// The place of the current thread, if it works on a loop.
#[must_use]
pub fn team() -> Option<Team> {
    TEAM.get()
}

/// The thread is a member until this is dropped.
pub(crate) struct Member {
    before: Option<Team>,
}

pub(crate) fn enter(team: Team) -> Member {
    Member { before: TEAM.replace(Some(team)) }
}

impl Drop for Member {
    fn drop(&mut self) {
        TEAM.set(self.before);
    }
}
