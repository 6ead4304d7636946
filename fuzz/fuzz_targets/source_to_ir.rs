//! libFuzzer's entry: any text, up to IR.
#![no_main]

libfuzzer_sys::fuzz_target!(|text: &str| {
    if let Some(bug) = hypersonic_fuzz::source_to_ir(text) {
        panic!("{bug}");
    }
});
