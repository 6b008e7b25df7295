//! Pointers to pass, one of which may be NULL or misaligned, and the memory that they point to.

use std::mem::MaybeUninit;
use std::ptr::null_mut;

use crate::input::size;

/// Passes on pointers and replaces one of them by a wrong one.
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

/// Separate memory for each out-parameter, so that writing beyond its end is detected. It begins with the size of the
/// struct.
pub fn memory<T>() -> Box<MaybeUninit<T>> {
    let mut memory = Box::new(MaybeUninit::<T>::zeroed());
    // SAFETY: every type here has at least the size and alignment of a `u32`.
    unsafe { memory.as_mut_ptr().cast::<u32>().write(size::<T>()) };
    memory
}
