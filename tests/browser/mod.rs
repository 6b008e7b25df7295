//! Runs a headless browser, and returns what it shows of a page.

use std::path::Path;
use std::process::{Command, Stdio};

use serde_json::Value;

use crate::common::skipped;

const NAMES: [&str; 4] = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];

/// The name of an installed browser. If there is none, the calling test is skipped; with
/// `MAESTRINO_REQUIRE_BROWSER=1` it fails.
pub fn browser() -> Option<&'static str> {
    let starts = |name: &&str| {
        Command::new(name)
            .arg("--version")
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .status()
            .is_ok_and(|s| s.success())
    };
    let found = NAMES.into_iter().find(starts);
    if found.is_none() {
        skipped::skip("MAESTRINO_REQUIRE_BROWSER", &format!("there is none of {}", NAMES.join(", ")));
    }
    found
}

/// What a browser shows of a page in a frame of this width, in light or dark mode: see `probe.js`.
pub fn look(browser: &str, page: &Path, width: u32, dark: bool) -> Value {
    let probe = format!("<script>{}</script></body>", include_str!("probe.js"));
    let html = std::fs::read_to_string(page).unwrap().replace("</body>", &probe);
    let framed = html.replace('&', "&amp;").replace('"', "&quot;");
    let directory = tempfile::TempDir::new().unwrap();
    let frame = directory.path().join("frame.html");
    let body = format!(
        "<body style=\"margin:0\"><iframe srcdoc=\"{framed}\" width=\"{width}\" height=\"4000\" style=\"border:0\">"
    );
    std::fs::write(&frame, format!("<!doctype html><link rel=\"icon\" href=\"data:,\">{body}</iframe>")).unwrap();
    let quiet = "--headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking \
                 --disable-component-update --disable-sync --hide-scrollbars --enable-logging=stderr --dump-dom";
    let mut command = Command::new(browser);
    command.args(quiet.split_whitespace()).arg("--window-size=1400,4000");
    command.arg(format!("--user-data-dir={}", directory.path().join("profile").display()));
    // 0 is dark, 1 is light.
    command.arg(format!("--blink-settings=preferredColorScheme={}", u8::from(!dark)));
    let output = command.arg(format!("file://{}", frame.display())).output().unwrap();
    let complaints = String::from_utf8_lossy(&output.stderr);
    let console: Vec<_> = complaints.lines().filter(|line| line.contains("CONSOLE")).collect();
    assert!(console.is_empty(), "{console:?}");
    let dom = String::from_utf8_lossy(&output.stdout);
    let seen = dom.split("data-look=\"").nth(1).and_then(|rest| rest.split('"').next());
    let seen = seen.unwrap_or_else(|| panic!("the page did not load: {complaints}"));
    serde_json::from_str(&percent_decoded(seen)).unwrap()
}

fn percent_decoded(text: &str) -> String {
    let mut bytes = Vec::new();
    let mut rest = text.as_bytes().iter();
    while let Some(&byte) = rest.next() {
        if byte == b'%' {
            let digits: Vec<u8> = rest.by_ref().take(2).copied().collect();
            bytes.push(u8::from_str_radix(std::str::from_utf8(&digits).unwrap(), 16).unwrap());
        } else {
            bytes.push(byte);
        }
    }
    String::from_utf8(bytes).unwrap()
}
