//! The allocator of a module that lives for one call: it hands memory out and takes none back.
//!
//! Whoever made the instance wipes the whole memory after the call, so what was never handed out
//! is zero, and the 32 MiB of a hash need not be cleared before they are written.

#![no_std]
#![cfg(target_arch = "wasm32")]

use core::alloc::{GlobalAlloc, Layout};
use core::arch::wasm32::{memory_grow, memory_size};
use core::ptr::{addr_of, null_mut};
use core::sync::atomic::{AtomicUsize, Ordering};

const PAGE_BYTES: usize = 64 * 1024;

unsafe extern "C" {
    /// Where the linker ends the stack and the data.
    static __heap_base: u8;
}

/// Zero before the first allocation, then the address after the last one.
pub struct OneCall(AtomicUsize);

impl OneCall {
    /// An allocator that has handed nothing out.
    #[must_use]
    pub const fn new() -> Self {
        Self(AtomicUsize::new(0))
    }
}

// SAFETY: each block begins where the last one ended, in memory that is there, and none is handed
// out twice. The module has one thread.
unsafe impl GlobalAlloc for OneCall {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        let free = match self.0.load(Ordering::Relaxed) {
            0 => addr_of!(__heap_base) as usize,
            next => next,
        };
        let Some(start) = free.checked_next_multiple_of(layout.align()) else { return null_mut() };
        let Some(end) = start.checked_add(layout.size()) else { return null_mut() };
        let missing = end.div_ceil(PAGE_BYTES).saturating_sub(memory_size::<0>());
        if missing > 0 && memory_grow::<0>(missing) == usize::MAX {
            return null_mut();
        }
        self.0.store(end, Ordering::Relaxed);
        core::ptr::with_exposed_provenance_mut(start)
    }

    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        // SAFETY: the caller's promise is passed on. Nothing has written there since the memory was
        // made or wiped.
        unsafe { self.alloc(layout) }
    }

    unsafe fn dealloc(&self, _block: *mut u8, _layout: Layout) {}
}

impl Default for OneCall {
    fn default() -> Self {
        Self::new()
    }
}
