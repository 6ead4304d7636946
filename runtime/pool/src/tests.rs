//! Loops as the runtime runs them: from several threads, in each other, with failures.

use crate::{Team, run, team};
use std::collections::BTreeSet;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Barrier, Mutex};
use std::thread;

fn counts(chunks: u64, threads: usize) -> Vec<u64> {
    let counts: Vec<AtomicU64> = (0..chunks).map(|_| AtomicU64::new(0)).collect();
    run(chunks, threads, &|chunk| {
        counts[usize::try_from(chunk).unwrap()].fetch_add(1, Ordering::Relaxed);
        true
    });
    counts.into_iter().map(AtomicU64::into_inner).collect()
}

#[test]
fn every_chunk_is_done_once() {
    for threads in [0, 1, 2, 3, 8, 40] {
        for chunks in [0, 1, 2, 7, 128, 3000] {
            assert!(counts(chunks, threads).iter().all(|count| *count == 1), "{chunks} chunks on {threads} threads");
        }
    }
}

#[test]
fn threads_work_at_the_same_time() {
    // Each of them waits for the others.
    let barrier = Barrier::new(3);
    let seen = Mutex::new(BTreeSet::new());
    run(3, 3, &|_| {
        barrier.wait();
        let Some(Team { thread, threads: 3 }) = team() else { return false };
        seen.lock().unwrap().insert(thread);
        true
    });
    assert_eq!(seen.into_inner().unwrap(), BTreeSet::from([0, 1, 2]));
    assert_eq!(team(), None);
}

#[test]
fn a_loop_in_a_chunk_stays_on_its_thread() {
    let total = AtomicU64::new(0);
    run(20, 4, &|_| {
        let here = thread::current().id();
        run(10, 4, &|_| {
            assert_eq!((thread::current().id(), team()), (here, Some(Team { thread: 0, threads: 1 })));
            total.fetch_add(1, Ordering::Relaxed);
            true
        });
        team().is_some_and(|team| team.threads == 4)
    });
    assert_eq!(total.into_inner(), 200);
}

#[test]
fn loops_of_several_threads_share_the_pool() {
    thread::scope(|scope| {
        for _ in 0..8 {
            scope.spawn(|| (0..200).for_each(|n| assert_eq!(counts(n % 30, 5).len() as u64, n % 30)));
        }
    });
}

#[test]
fn what_comes_before_a_failure_is_done() {
    for threads in [1, 2, 8] {
        for _ in 0..100 {
            let done = Mutex::new(BTreeSet::new());
            run(500, threads, &|chunk| {
                let fails = chunk == 77 || chunk == 300;
                if !fails {
                    done.lock().unwrap().insert(chunk);
                }
                !fails
            });
            let done = done.into_inner().unwrap();
            assert!((0..77).all(|chunk| done.contains(&chunk)));
            assert!(threads > 1 || done.len() == 77);
        }
    }
}
