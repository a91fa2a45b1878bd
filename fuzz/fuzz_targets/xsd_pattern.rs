//! XSD regular expressions: what compiles is matched in bounded time, and its examples match. The first line is the pattern, the rest the text.

#![no_main]

use castile::schema::pattern::Pattern;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &str| {
    let (source, text) = data.split_once('\n').unwrap_or((data, ""));
    let Ok(pattern) = Pattern::compile(source) else { return };
    let _ = pattern.matches(text);
    let _ = pattern.warnings();
    let mut state = 1_u32;
    let mut choose = |below: u32| {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (state >> 8) % below.max(1)
    };
    if let Some(example) = pattern.example(&mut choose, 20) {
        assert!(pattern.matches(&example), "{source:?} refuses its own example {example:?}");
    }
});
