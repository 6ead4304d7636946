//! The memory of GPUs: host memory behind addresses of its own, which are never given out twice.
#![allow(unsafe_code)]

use std::collections::BTreeMap;
use std::fmt;
use std::sync::atomic::{AtomicU8, AtomicU16, AtomicU32, AtomicU64, Ordering};

/// The first address. No host address is as high, so a host that follows one is stopped.
const FIRST: u64 = 0x00d0_0000_0000_0000;
/// Between allocations nothing lies.
const GAP: u64 = 4096;
const ALIGN: u64 = 256;
/// What fresh memory holds.
const FRESH: u64 = 0xa5a5_a5a5_a5a5_a5a5;

/// Why an access was refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fault {
    /// No live allocation holds the bytes, or they may not be written.
    Address(String),
    /// The address is no multiple of the size.
    Misaligned(String),
    /// The thread stopped itself, or never ends.
    Stopped(String),
}

impl fmt::Display for Fault {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (Fault::Address(text) | Fault::Misaligned(text) | Fault::Stopped(text)) = self;
        formatter.write_str(text)
    }
}

/// Who made an allocation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Owner {
    /// The host, by asking.
    Host,
    /// A module, for a table; it is never written.
    Module,
}

#[derive(Debug)]
struct Allocation {
    bytes: u64,
    device: i32,
    owner: Owner,
    words: Box<[AtomicU64]>,
}

/// All memory of all GPUs.
#[derive(Debug, Default)]
pub struct Memory {
    live: BTreeMap<u64, Allocation>,
    end: u64,
    used: u64,
}

impl Memory {
    /// No memory yet.
    #[must_use]
    pub fn new() -> Memory {
        Memory { live: BTreeMap::new(), end: FIRST, used: 0 }
    }

    /// Gives memory out, if a device has so much in all.
    pub fn allocate(&mut self, bytes: u64, device: i32, owner: Owner, capacity: u64) -> Option<u64> {
        if bytes > capacity.saturating_sub(self.used) {
            return None;
        }
        let address = self.end;
        self.end += (bytes + GAP).next_multiple_of(ALIGN);
        self.used += bytes;
        let words = (0..bytes.div_ceil(8)).map(|_| AtomicU64::new(FRESH)).collect();
        self.live.insert(address, Allocation { bytes, device, owner, words });
        Some(address)
    }

    /// Takes memory back: whether it was given out, to the host.
    pub fn free(&mut self, address: u64) -> bool {
        let found = self.live.get(&address).is_some_and(|known| known.owner == Owner::Host);
        if found && let Some(known) = self.live.remove(&address) {
            self.used -= known.bytes;
        }
        found
    }

    /// How many allocations of the host are live.
    #[must_use]
    pub fn live(&self) -> usize {
        self.live.values().filter(|known| known.owner == Owner::Host).count()
    }

    /// The device that holds an address.
    #[must_use]
    pub fn device_of(&self, address: u64) -> Option<i32> {
        self.find(address, 1).map(|(known, _)| known.device)
    }

    fn find(&self, address: u64, bytes: u64) -> Option<(&Allocation, usize)> {
        let (start, known) = self.live.range(..=address).next_back()?;
        let offset = address - start;
        (offset.checked_add(bytes)? <= known.bytes).then_some((known, offset as usize))
    }

    /// Reads for the host; nothing if the bytes are not in one live allocation.
    #[must_use]
    pub fn read(&self, address: u64, bytes: u64) -> Option<Vec<u8>> {
        let (known, offset) = self.find(address, bytes)?;
        let byte = |place: usize| known.words[place / 8].load(Ordering::Relaxed).to_le_bytes()[place % 8];
        Some((offset..offset + bytes as usize).map(byte).collect())
    }

    /// Writes for the host: whether the bytes are in one live allocation.
    pub fn write(&self, address: u64, bytes: &[u8]) -> bool {
        let Some((known, offset)) = self.find(address, bytes.len() as u64) else { return false };
        let first = known.words.as_ptr().cast::<u8>().cast_mut();
        for (place, byte) in bytes.iter().enumerate() {
            // SAFETY: `find` has checked that these bytes are in the allocation, whose words may be changed by anyone.
            unsafe { AtomicU8::from_ptr(first.add(offset + place)) }.store(*byte, Ordering::Relaxed);
        }
        true
    }

    /// What the threads of a launch on a device see.
    #[must_use]
    pub fn view(&self, device: i32) -> View<'_> {
        View { memory: self, device }
    }
}

/// Memory as a launch sees it.
#[derive(Clone, Copy, Debug)]
pub struct View<'a> {
    memory: &'a Memory,
    device: i32,
}

/// The allocation that a thread touched last.
#[derive(Clone, Copy, Debug, Default)]
pub struct Recent<'a> {
    known: Option<(u64, &'a Allocation)>,
}

impl<'a> View<'a> {
    fn place(&self, recent: &mut Recent<'a>, address: u64, bytes: u8, align: u8, write: bool) -> Result<*mut u8, Fault> {
        let doing = if write { "write" } else { "read" };
        if !address.is_multiple_of(u64::from(align)) {
            return Err(Fault::Misaligned(format!("{doing} of {bytes} bytes at {address:#x}, which is no multiple of {align}")));
        }
        let inside = |start: u64, known: &Allocation| {
            let offset = address.checked_sub(start)?;
            (offset.checked_add(u64::from(bytes))? <= known.bytes).then_some(offset as usize)
        };
        let hit = recent.known.and_then(|(start, known)| Some((known, inside(start, known)?)));
        let (known, offset) = match hit {
            Some(hit) => hit,
            None => {
                let below = self.memory.live.range(..=address).next_back();
                match below.and_then(|(start, known)| Some((start, known, inside(*start, known)?))) {
                    Some((start, known, offset)) if known.device == self.device => {
                        recent.known = Some((*start, known));
                        (known, offset)
                    }
                    Some(_) => return Err(Fault::Address(format!("{doing} of {bytes} bytes at {address:#x} of another GPU"))),
                    None => return Err(Fault::Address(format!("{doing} of {bytes} bytes at {address:#x}: {}", self.near(address)))),
                }
            }
        };
        if write && known.owner == Owner::Module {
            return Err(Fault::Address(format!("write of {bytes} bytes at {address:#x} into a table of the module")));
        }
        // SAFETY: the offset is in the allocation.
        Ok(unsafe { known.words.as_ptr().cast::<u8>().cast_mut().add(offset) })
    }

    /// Words on where an address lies that lies nowhere.
    fn near(&self, address: u64) -> String {
        match self.memory.live.range(..=address).next_back() {
            Some((start, known)) => format!("{} bytes behind an allocation of {}", address - start, known.bytes),
            None => "before all allocations".to_owned(),
        }
    }

    /// Reads; the rest of the word is zero.
    ///
    /// # Errors
    /// If the address is wrong.
    pub fn load(&self, recent: &mut Recent<'a>, address: u64, bytes: u8, align: u8) -> Result<u64, Fault> {
        let place = self.place(recent, address, bytes, align.max(bytes), false)?;
        // SAFETY: `place` holds that many bytes, is aligned to them (allocations are to 8, and the address was checked),
        // and is only ever accessed atomically.
        Ok(unsafe {
            match bytes {
                1 => u64::from(AtomicU8::from_ptr(place).load(Ordering::Relaxed)),
                2 => u64::from(AtomicU16::from_ptr(place.cast()).load(Ordering::Relaxed)),
                4 => u64::from(AtomicU32::from_ptr(place.cast()).load(Ordering::Relaxed)),
                _ => AtomicU64::from_ptr(place.cast()).load(Ordering::Relaxed),
            }
        })
    }

    /// Writes the lowest bytes.
    ///
    /// # Errors
    /// If the address is wrong.
    pub fn store(&self, recent: &mut Recent<'a>, address: u64, bytes: u8, align: u8, value: u64) -> Result<(), Fault> {
        let place = self.place(recent, address, bytes, align.max(bytes), true)?;
        // SAFETY: as for `load`.
        unsafe {
            match bytes {
                1 => AtomicU8::from_ptr(place).store(value as u8, Ordering::Relaxed),
                2 => AtomicU16::from_ptr(place.cast()).store(value as u16, Ordering::Relaxed),
                4 => AtomicU32::from_ptr(place.cast()).store(value as u32, Ordering::Relaxed),
                _ => AtomicU64::from_ptr(place.cast()).store(value, Ordering::Relaxed),
            }
        }
        Ok(())
    }
}
