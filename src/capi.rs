//! The C ABI of `include/maestrino.h`.
//!
//! Every function checks all pointers and numbers that it is given. Mistakes that it cannot detect (a dangling
//! pointer, a length beyond the end of a buffer) are listed under "Safety". Out-parameters come last, and are written
//! only on success, except for faults and for the network that `maestrino_choose_network` reports if none fits or
//! meets the deadline. No state is kept between calls.
//!
//! Only this module and its submodules contain `unsafe`.
#![allow(non_camel_case_types)]
#![allow(unsafe_code)]

mod choice;
mod cost;
mod dataflow;
mod hardware;
mod layer;
mod network;
mod network_cost;
mod pointer;
mod report;
mod status;
mod struct_size;
mod version;

pub use choice::*;
pub use cost::*;
pub use dataflow::*;
pub use hardware::*;
pub use layer::*;
pub use network::*;
pub use network_cost::*;
pub use status::{maestrino_fault, maestrino_status, maestrino_status_text};
pub use version::*;

#[cfg(all(feature = "panic-handler", not(any(feature = "std", test))))]
#[panic_handler]
fn panic(_: &core::panic::PanicInfo<'_>) -> ! {
    // Never reached: no function here can panic, and a test checks that no call to this is linked.
    loop {}
}
