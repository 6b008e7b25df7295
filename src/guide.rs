//! Pages to read, beside the reference of the items.

#[doc = include_str!("guide/counted.md")]
pub mod counted {}

#[doc = include_str!("guide/accelerators.md")]
pub mod accelerators {}

#[doc = include_str!("guide/calibration.md")]
#[doc = ""]
#[doc = include_str!("guide/calibration.svg")]
pub mod calibration {}

#[doc = include_str!("guide/spaces.md")]
pub mod spaces {}

#[doc = include_str!("guide/mapper.md")]
pub mod mapper {}

#[doc = include_str!("guide/explore.md")]
pub mod explore {}
