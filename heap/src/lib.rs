//! The tracker's memory. Rust's own allocator for WebAssembly costs every visitor 2.5 KB; this one a few hundred bytes.
//!
//! A block is as large as the next power of two, and comes back to the blocks of its size: taking and giving back are a
//! few instructions, however many events wait. Nothing is joined or returned, so the module's memory stays as large as
//! it once had to be; the tracker bounds everything it keeps.
//!
//! This is a crate of its own because it is the only code of ours that needs `unsafe`.

#![no_std]

use core::alloc::{GlobalAlloc, Layout};
use core::cell::Cell;
use core::ptr;

/// Bytes that memory grows by.
pub const PAGE: usize = 65_536;
/// The least block, bytes, and the strictest alignment there is.
const LEAST: usize = 16;

/// An allocator for one thread.
pub struct Heap {
    grow: fn(usize) -> *mut u8,
    /// Per power of two the first free block. A free block begins with the address of the next.
    free: [Cell<*mut u8>; usize::BITS as usize],
    /// Memory that was never a block yet: where it begins, and how many bytes it has.
    next: Cell<*mut u8>,
    left: Cell<usize>,
}

/// The heap of a module without threads.
#[cfg(all(target_arch = "wasm32", not(target_feature = "atomics")))]
#[allow(clippy::declare_interior_mutable_const, reason = "made into one static, by the module itself")]
pub const MODULE: Heap = {
    fn grow(pages: usize) -> *mut u8 {
        match core::arch::wasm32::memory_grow(0, pages) {
            usize::MAX => ptr::null_mut(),
            before => (before * PAGE) as *mut u8,
        }
    }
    // SAFETY: there is one thread, and memory that was grown belongs to who grew it.
    unsafe { Heap::new(grow) }
};

// SAFETY: `Heap::new` is only called where there is one thread.
unsafe impl Sync for Heap {}

impl Heap {
    /// A heap that gets its memory from `grow`: so many pages of [`PAGE`] bytes, aligned like them, or null.
    ///
    /// # Safety
    /// One thread only uses it, and nobody else uses what `grow` gave.
    pub const unsafe fn new(grow: fn(usize) -> *mut u8) -> Self {
        Self {
            grow,
            free: [const { Cell::new(ptr::null_mut()) }; usize::BITS as usize],
            next: Cell::new(ptr::null_mut()),
            left: Cell::new(0),
        }
    }

    /// The free blocks that are as large as `bytes` need.
    fn blocks(&self, bytes: usize) -> Option<&Cell<*mut u8>> {
        self.free.get(log2(bytes) as usize)
    }

    /// A block from memory that was never one.
    fn fresh(&self, size: usize) -> *mut u8 {
        if size > self.left.get() {
            // What is left of the pages before is given up: less than a block of this size.
            let pages = size.div_ceil(PAGE);
            let start = (self.grow)(pages);
            if start.is_null() {
                return start;
            }
            self.next.set(start);
            self.left.set(pages * PAGE);
        }
        let block = self.next.get();
        self.next.set(block.wrapping_add(size));
        self.left.set(self.left.get() - size);
        block
    }
}

/// The power of two that a block for `bytes` is as large as.
fn log2(bytes: usize) -> u32 {
    usize::BITS - (bytes.max(LEAST) - 1).leading_zeros()
}

// SAFETY: a block is handed out once until it is given back, is as large as its power of two, which is at least what was
// asked for, and lies at a multiple of 16.
unsafe impl GlobalAlloc for Heap {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        let Some(blocks) = self.blocks(layout.size()).filter(|_| layout.align() <= LEAST) else {
            return ptr::null_mut();
        };
        let block = blocks.get();
        if block.is_null() {
            return self.fresh(1 << log2(layout.size()));
        }
        // SAFETY: a free block holds the address of the next, and is aligned for one.
        blocks.set(unsafe { block.cast::<*mut u8>().read() });
        block
    }

    unsafe fn dealloc(&self, block: *mut u8, layout: Layout) {
        if let Some(blocks) = self.blocks(layout.size()) {
            // SAFETY: the block is ours again, at least 16 bytes, and aligned like them.
            unsafe { block.cast::<*mut u8>().write(blocks.get()) };
            blocks.set(block);
        }
    }

    unsafe fn realloc(&self, block: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        if log2(size) == log2(layout.size()) {
            return block;
        }
        // SAFETY: the caller promises a size that is allowed with this alignment, and that `block` is of `layout`.
        unsafe {
            let other = self.alloc(Layout::from_size_align_unchecked(size, layout.align()));
            if !other.is_null() {
                ptr::copy_nonoverlapping(block, other, layout.size().min(size));
                self.dealloc(block, layout);
            }
            other
        }
    }
}

#[cfg(test)]
mod tests {
    extern crate std;

    use super::*;
    use std::vec::Vec;

    fn grow(pages: usize) -> *mut u8 {
        // SAFETY: the layout is not empty.
        unsafe { std::alloc::alloc(Layout::from_size_align(pages * PAGE, PAGE).unwrap()) }
    }

    fn heap() -> Heap {
        // SAFETY: each test has its own.
        unsafe { Heap::new(grow) }
    }

    fn layout(size: usize) -> Layout {
        Layout::from_size_align(size, 8).unwrap()
    }

    /// Takes, grows and gives back blocks in an order that only looks random; each is full of its own byte.
    #[test]
    fn no_two_blocks_share_a_byte() {
        let heap = heap();
        let mut held: Vec<(*mut u8, usize, u8)> = Vec::new();
        let mut seed = 1u32;
        for turn in 0..20_000u32 {
            seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            let size = 1 + (seed >> 8) as usize % if turn % 100 == 0 { 200_000 } else { 300 };
            // SAFETY: every block is written within its size, and given back with the layout it has.
            unsafe {
                if held.len() < 50 {
                    let block = heap.alloc(layout(size));
                    assert_eq!(block as usize % LEAST, 0);
                    block.write_bytes(turn as u8, size);
                    held.push((block, size, turn as u8));
                } else {
                    let (block, old, mark) = held.swap_remove(seed as usize % 50);
                    assert!((0..old).all(|at| *block.add(at) == mark));
                    if turn % 3 == 0 {
                        let block = heap.realloc(block, layout(old), size);
                        assert!((0..old.min(size)).all(|at| *block.add(at) == mark));
                        block.write_bytes(mark, size);
                        held.push((block, size, mark));
                    } else {
                        heap.dealloc(block, layout(old));
                    }
                }
            }
        }
    }

    #[test]
    fn what_was_given_back_is_taken_again() {
        let heap = heap();
        // SAFETY: as above.
        unsafe {
            let first = heap.alloc(layout(100));
            heap.dealloc(first, layout(100));
            assert_eq!(heap.alloc(layout(120)), first);
            assert_ne!(heap.alloc(layout(120)), first);
        }
    }

    #[test]
    fn what_cannot_be_had_is_null() {
        // SAFETY: as above.
        let heap = unsafe { Heap::new(|_| ptr::null_mut()) };
        // SAFETY: nothing is read or written.
        unsafe { assert!(heap.alloc(layout(1)).is_null()) };
    }
}
