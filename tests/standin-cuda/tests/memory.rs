//! Memory, calls and grids; what is refused when a module is loaded, and what fails a launch.
#![allow(clippy::unwrap_used)]

mod kernel;

use cuda::{Fault, Grid, Memory, Owner};
use kernel::{GRID, module, refusal, run, value_of};

fn allocate(memory: &mut Memory, bytes: u64) -> u64 {
    memory.allocate(bytes, 0, Owner::Host, u64::MAX).unwrap()
}

fn launch_one(body: &str, memory: &mut Memory, words: &[u64]) -> Result<(), Fault> {
    run(&module(words.len(), body), memory, words, GRID)
}

#[test]
fn widths_and_signs_of_memory() {
    let mut memory = Memory::new();
    let (from, to) = (allocate(&mut memory, 8), allocate(&mut memory, 32));
    assert!(memory.write(from, &0x8899_aabb_ccdd_eef0_u64.to_le_bytes()));
    let body = "ld.param.b64 %rd1, [f_0];\nld.param.b64 %rd2, [f_1];\nld.global.s8 %r1, [%rd1];\ncvt.s64.s32 %rd3, %r1;\n\
                st.global.b64 [%rd2], %rd3;\nld.global.nc.b16 %rs1, [%rd1+2];\ncvt.u64.u16 %rd3, %rs1;\nst.global.b64 [%rd2+8], %rd3;\n\
                add.s64 %rd1, %rd1, 100;\nld.global.b32 %r1, [%rd1+-96];\nst.global.b8 [%rd2+16], %r1;\n\
                ld.global.b64 %rd4, [%rd1+-100];\nst.global.b64 [%rd2+24], %rd4;";
    launch_one(body, &mut memory, &[from, to]).unwrap();
    let read = |memory: &Memory, n: u64| u64::from_le_bytes(memory.read(to + 8 * n, 8).unwrap().try_into().unwrap());
    assert_eq!(read(&memory, 0), (-16i64).cast_unsigned());
    assert_eq!(read(&memory, 1), 0xccdd);
    assert_eq!(read(&memory, 2), 0xa5a5_a5a5_a5a5_a5bb, "one byte, the rest as it was");
    assert_eq!(read(&memory, 3), 0x8899_aabb_ccdd_eef0);
}

#[test]
fn vectors_are_loaded_at_once_and_aligned_to_their_whole_size() {
    let mut memory = Memory::new();
    let place = allocate(&mut memory, 32);
    let body = "ld.param.b64 %rd1, [f_0];\nmov.b64 %rd2, 3;\nmov.b64 %rd3, 4;\nst.global.v2.b64 [%rd1], {%rd2, %rd3};\n\
                ld.global.v2.b64 {%rd4, %rd5}, [%rd1];\nst.global.v2.b64 [%rd1+16], {%rd5, %rd4};";
    launch_one(body, &mut memory, &[place]).unwrap();
    assert_eq!(memory.read(place + 16, 16).unwrap()[..], [4u64.to_le_bytes(), 3u64.to_le_bytes()].concat());
    let fault = launch_one("ld.param.b64 %rd1, [f_0];\nld.global.v2.b64 {%rd4, %rd5}, [%rd1+8];", &mut memory, &[place]).unwrap_err();
    assert!(matches!(fault, Fault::Misaligned(_)), "{fault}");
}

#[test]
fn what_lies_outside_of_allocations_is_found() {
    let mut memory = Memory::new();
    let place = allocate(&mut memory, 12);
    let mut fault = |body: &str| launch_one(&format!("ld.param.b64 %rd1, [f_0];\n{body}"), &mut memory, &[place]).unwrap_err();
    for body in
        ["ld.global.b64 %rd2, [%rd1+8];", "st.global.b8 [%rd1+12], %r1;", "ld.global.b32 %r1, [%rd1+-4];", "ld.global.b32 %r1, [%rd2];"]
    {
        let found = fault(body);
        assert!(matches!(found, Fault::Address(_)), "{found}");
    }
    assert!(matches!(fault("ld.global.b32 %r1, [%rd1+2];"), Fault::Misaligned(_)));
    let text = fault("ld.global.b64 %rd2, [%rd1+16];").to_string();
    assert_eq!(
        text,
        format!("f: read of 8 bytes at {:#x}: 16 bytes behind an allocation of 12, PTX line 10, thread 0 of block 0", place + 16)
    );
    let text = fault("mov.b64 %rd2, -8;\nst.b64 [%rd2], %rd1;").to_string();
    assert!(text.contains("write of 8 bytes at 0xfffffffffffffff8"), "{text}");
}

#[test]
fn freed_memory_and_memory_of_other_gpus_is_not_touched() {
    let mut memory = Memory::new();
    let (gone, other) = (allocate(&mut memory, 8), memory.allocate(8, 1, Owner::Host, u64::MAX).unwrap());
    assert!(memory.free(gone));
    assert!(!memory.free(gone), "twice");
    assert!(!memory.free(other + 1));
    assert_eq!(memory.live(), 1);
    let body = "ld.param.b64 %rd1, [f_0];\nst.global.b64 [%rd1], %rd1;";
    assert!(matches!(launch_one(body, &mut memory, &[gone]), Err(Fault::Address(_))));
    let fault = launch_one(body, &mut memory, &[other]).unwrap_err();
    assert!(fault.to_string().contains("of another GPU"), "{fault}");
    let fresh = allocate(&mut memory, 8);
    assert!(fresh > other, "addresses are not used again");
}

#[test]
fn the_host_is_checked_too_and_memory_ends() {
    let mut memory = Memory::new();
    let place = memory.allocate(10, 0, Owner::Host, 100).unwrap();
    assert!(memory.write(place + 2, &[1, 2, 3]));
    assert_eq!(memory.read(place + 1, 5).unwrap(), [0xa5, 1, 2, 3, 0xa5]);
    assert!(!memory.write(place + 8, &[0; 3]));
    assert!(memory.read(place, 11).is_none());
    assert!(memory.allocate(91, 0, Owner::Host, 100).is_none());
    assert_eq!(memory.device_of(place + 9), Some(0));
    assert_eq!(memory.device_of(place + 10), None);
}

#[test]
fn tables_are_read_and_never_written() {
    let table = ".global .align 8 .b32 table[4] = {1, -1, 0x10};\n.const .align 8 .b8 bytes[2] = {7, 8};\n";
    let with = |body: &str| module(1, body).replace(".visible", &format!("{table}.visible"));
    let mut memory = Memory::new();
    let place = allocate(&mut memory, 16);
    let body = "ld.param.b64 %rd1, [f_0];\nmov.b64 %rd2, table;\nld.global.nc.s32 %rd3, [%rd2+4];\nst.global.b64 [%rd1], %rd3;\n\
                ld.global.b32 %r1, [table+12];\nld.const.b8 %r2, [bytes+1];\nst.global.v2.b32 [%rd1+8], {%r1, %r2};";
    run(&with(body), &mut memory, &[place], GRID).unwrap();
    assert_eq!(memory.read(place, 16).unwrap()[..], [u64::MAX.to_le_bytes(), [0, 0, 0, 0, 8, 0, 0, 0]].concat());
    let fault = run(&with("st.global.b32 [table], %r1;"), &mut memory, &[place], GRID).unwrap_err();
    assert!(fault.to_string().contains("into a table"), "{fault}");
}

#[test]
fn functions_are_called_with_parameters() {
    let functions = ".func (.param .b64 back) twice(.param .b64 given);\n\
        .func (.param .b64 back) twice(.param .b64 given) {\n.reg .b64 %rd<3>;\nld.param.b64 %rd1, [given];\nadd.s64 %rd2, %rd1, %rd1;\n\
        st.param.b64 [back], %rd2;\nret;\n}\n\
        .func (.param .b64 back) four(.param .b64 given) {\n.reg .b64 %rd<3>;\nld.param.b64 %rd1, [given];\n{\n.param .b64 a;\n.param .b64 b;\n\
        st.param.b64 [a], %rd1;\ncall.uni (b), twice, (a);\nld.param.b64 %rd1, [b];\n}\n{\n.param .b64 a;\n.param .b64 b;\n\
        st.param.b64 [a], %rd1;\ncall.uni (b), twice, (a);\nld.param.b64 %rd1, [b];\n}\nst.param.b64 [back], %rd1;\nret;\n}\n";
    let mut memory = Memory::new();
    let place = allocate(&mut memory, 8);
    let body = "ld.param.b64 %rd1, [f_0];\n{\n.param .b64 a;\n.param .b64 b;\nst.param.b64 [a], 10;\ncall (b), four, (a);\n\
                ld.param.b64 %rd2, [b];\n}\nst.global.b64 [%rd1], %rd2;";
    run(&module(1, body).replace(".visible", &format!("{functions}.visible")), &mut memory, &[place], GRID).unwrap();
    assert_eq!(memory.read(place, 8).unwrap(), 40u64.to_le_bytes());
}

#[test]
fn local_memory_is_the_threads_own() {
    let body = ".local .align 8 .b8 depot[16];\nmov.b64 %rd3, depot;\ncvta.local.u64 %rd4, %rd3;\nst.local.b64 [%rd3+8], %rd1;\n\
                ld.b64 %rd0, [%rd4+8];\nst.local.b64 [depot], %rd0;\nld.local.b64 %rd5, [%rd3];\nadd.s64 %rd0, %rd0, %rd5;";
    assert_eq!(value_of(body, &[21]), 42);
    let mut memory = Memory::new();
    let body = ".local .align 8 .b8 depot[16];\nmov.b64 %rd3, depot;\nst.local.b64 [%rd3+16], %rd1;";
    assert!(matches!(launch_one(body, &mut memory, &[0]), Err(Fault::Address(_))));
}

#[test]
fn every_thread_runs_once_in_either_order() {
    let body = "ld.param.b64 %rd1, [f_0];\nmov.u32 %r1, %ctaid.x;\nmov.u32 %r2, %ntid.x;\nmov.u32 %r3, %tid.x;\n\
                mad.lo.s32 %r4, %r1, %r2, %r3;\nmul.wide.u32 %rd2, %r4, 4;\nadd.s64 %rd3, %rd1, %rd2;\nld.global.b32 %r5, [%rd3];\n\
                add.s32 %r5, %r5, %r4;\nst.global.b32 [%rd3], %r5;\nmov.u32 %r6, %nctaid.x;\nst.global.b32 [%rd1+40000], %r6;";
    for (blocks, threads, backwards) in [(1, 10_000, false), (40, 250, false), (40, 250, true), (10_000, 1, true)] {
        let mut memory = Memory::new();
        let place = allocate(&mut memory, 40_004);
        assert!(memory.write(place, &[0; 40_004]));
        run(&module(1, body), &mut memory, &[place], Grid { blocks, threads, backwards }).unwrap();
        let expected: Vec<u8> = (0..10_000u32).chain([blocks]).flat_map(u32::to_le_bytes).collect();
        assert!(memory.read(place, 40_004).unwrap() == expected, "{blocks} {threads}");
    }
}

#[test]
fn the_first_thread_with_a_fault_is_named() {
    let body = "ld.param.b64 %rd1, [f_0];\nmov.u32 %r1, %ctaid.x;\nmul.wide.u32 %rd2, %r1, 4;\nadd.s64 %rd2, %rd2, %rd1;\nst.global.b32 [%rd2], %r1;";
    for _ in 0..5 {
        let mut memory = Memory::new();
        let place = allocate(&mut memory, 400);
        let fault = run(&module(1, body), &mut memory, &[place], Grid { blocks: 9000, threads: 1, backwards: false }).unwrap_err();
        assert!(fault.to_string().ends_with("thread 0 of block 100"), "{fault}");
    }
}

#[test]
fn a_trap_stops() {
    let mut memory = Memory::new();
    assert!(matches!(launch_one("trap;", &mut memory, &[]), Err(Fault::Stopped(_))));
}

#[test]
fn what_is_not_known_is_refused_by_name() {
    for (body, words, line) in [
        ("add.f65 %rd1, %rd2, %rd3;", "`add.f65`", 9),
        ("mov.b64 %rd1, 0;\nsqrt.approx.f64 %rd1, %rd2;", "`sqrt.approx.f64`", 10),
        ("bar.sync 0;", "`bar.sync`", 9),
        ("add.s64 %rd1, %rd2;", "takes 2 operands", 9),
        ("add.s64 %rd1, %rd2, %rd100;", "`%rd100`", 9),
        ("add.s64 7, %rd2, %rd3;", "cannot be set", 9),
        ("bra $L_nowhere;", "`$L_nowhere`", 9),
        ("$L:\n$L:", "stands twice", 10),
        ("ld.param.b64 %rd1, [g];", "`g`", 9),
        ("ld.param.b64 %rd1, [f_0+4];", "only 8 bytes", 9),
        ("ld.global.b64 %r1, [%rd1];", "too narrow", 9),
        ("ld.shared.b64 %rd1, [%rd2];", "`ld.shared.b64`", 9),
        ("st.global.nc.b64 [%rd2], %rd1;", "`st.global.nc.b64`", 9),
        ("call.uni g;", "`g`", 9),
        (".shared .b64 s;", "`.shared`", 9),
        ("mov.u32 %r1, %laneid;", "`%laneid`", 9),
        ("setp.lo.s32 %p1, %r1, %r2;", "`setp.lo.s32`", 9),
        ("cvt.f32.f64 %r1, %rd1;", "`cvt.f32.f64`", 9),
        ("cvt.rn.s32.f64 %r1, %rd1;", "`cvt.rn.s32.f64`", 9),
        ("mov.b64 %rd1, 0xZZ;", "0xZZ", 9),
    ] {
        let found = refusal(&module(1, body));
        assert!(found.message.contains(words), "{body}: {found}");
        assert_eq!(found.line, line, "{body}: {found}");
    }
    for text in
        [".version", ".entry f(", ".visible .entry f() {", ".entry f() { add.s64 %rd1", ".surf x;", ".global .b8 a[1] = {1, 2};", "{"]
    {
        refusal(text);
    }
    let twice = ".func f() { ret; }\n.func f() { ret; }\n";
    assert!(refusal(twice).message.contains("same name"));
}
