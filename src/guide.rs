//! The guide: pages that complement the reference of the items. Begin with the [`tutorial`]; the [`faq`] answers
//! frequent questions.

// A page of the documentation has no files beside it: see `study` below.
#[doc = include_str!("guide/tutorial.md")]
#[doc = concat!(
    "<style>.of-file{display:none} .figures{display:flex;flex-wrap:wrap;background:#fff} .figures svg{width:48%;height:auto}</style>\n\n",
    "<div class=\"figures\">\n",
    include_str!("guide/tutorial/roofline.svg"),
    include_str!("guide/tutorial/designs.svg"),
    "</div>\n",
)]
pub mod tutorial {}

#[doc = include_str!("guide/faq.md")]
pub mod faq {}

#[doc = include_str!("guide/estimate.md")]
pub mod estimate {}

#[doc = include_str!("guide/formats.md")]
pub mod formats {}

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

// A page of the documentation has no files beside it. So its figures are put at its end, and the image links in the
// text are hidden.
#[doc = include_str!("guide/study.md")]
#[doc = concat!(
    "<style>.of-file{display:none} .figures{display:flex;flex-wrap:wrap;background:#fff} .figures svg{width:48%;height:auto}</style>\n\n",
    "<div class=\"figures\">\n",
    include_str!("guide/study/heat-exact.svg"),
    include_str!("guide/study/heat-maestro.svg"),
    include_str!("guide/study/regret-exact.svg"),
    include_str!("guide/study/regret-maestro.svg"),
    "</div>\n",
)]
pub mod study {}

#[doc = include_str!("guide/firmware-packages.md")]
pub mod firmware_packages {}

#[doc = include_str!("guide/campaigns.md")]
pub mod campaigns {}

#[doc = include_str!("guide/codesign.md")]
pub mod codesign {}

#[doc = include_str!("guide/firmware.md")]
pub mod firmware {}

#[doc = include_str!("guide/reference.md")]
pub mod reference {}

#[doc = include_str!("guide/shards.md")]
pub mod shards {}

#[doc = include_str!("guide/install.md")]
pub mod install {}

#[doc = include_str!("guide/python.md")]
pub mod python {}

/// Notebooks as text, with cells that editors know by `# %%`; they are in `src/python/examples`, and run as they are.
#[doc = concat!(
    "```python\n",
    include_str!("python/examples/heat_map.py"),
    "```\n```python\n",
    include_str!("python/examples/torch_accelerators.py"),
    "```\n```python\n",
    include_str!("python/examples/layers.py"),
    "```\n```python\n",
    include_str!("python/examples/optuna_search.py"),
    "```\n```python\n",
    include_str!("python/examples/gamma_search.py"),
    "```\n",
)]
pub mod notebooks {}
