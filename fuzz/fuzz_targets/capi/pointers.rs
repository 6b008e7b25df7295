//! Pointers, one of which may be NULL or misaligned, and memory that they point to.

use std::mem::MaybeUninit;
use std::ptr::null_mut;

use crate::input::size;

/// Hands over pointers, one of which may be wrong.
pub struct Pointers {
    pub wrong: Option<(u8, bool)>,
    pub next: u8,
}

impl Pointers {
    pub fn to<T>(&mut self, to: &T) -> *const T {
        self.out(to as *const T as *mut T)
    }

    pub fn out<T>(&mut self, to: *mut T) -> *mut T {
        let number = self.next;
        self.next = self.next.wrapping_add(1);
        match self.wrong {
            Some((wrong, misaligned)) if wrong == number => match misaligned {
                true if align_of::<T>() > 1 => to.wrapping_byte_add(1),
                _ => null_mut(),
            },
            _ => to,
        }
    }
}

/// Memory of its own for an out-parameter, so that what is written beside it is seen; it begins with its size.
pub fn memory<T>() -> Box<MaybeUninit<T>> {
    let mut memory = Box::new(MaybeUninit::<T>::zeroed());
    // SAFETY: every type here is at least as large and as aligned.
    unsafe { memory.as_mut_ptr().cast::<u32>().write(size::<T>()) };
    memory
}
