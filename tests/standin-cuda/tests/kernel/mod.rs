//! Kernels from snippets, run on memory of their own.
#![allow(clippy::unwrap_used, clippy::panic, dead_code)]

use cuda::{Fault, Grid, Memory, Owner, Refusal, decode, launch, parse};
use std::collections::HashMap;

pub const GRID: Grid = Grid { blocks: 1, threads: 1, backwards: false };

/// A module with one entry `f` that has `count` parameters of 64 bits, and registers of every width.
pub fn module(count: usize, body: &str) -> String {
    let parameters: Vec<String> = (0..count).map(|n| format!(".param .u64 f_{n}")).collect();
    format!(
        ".version 6.0\n.target sm_70\n.address_size 64\n.visible .entry f({}) {{\n.reg .pred %p<9>;\n.reg .b16 %rs<9>;\n\
         .reg .b32 %r<9>;\n.reg .b64 %rd<99>;\n{body}\nret;\n}}\n",
        parameters.join(", ")
    )
}

pub fn refusal(text: &str) -> Refusal {
    match parse(text).and_then(|source| decode(&source, &HashMap::new())) {
        Ok(_) => panic!("it was taken"),
        Err(refusal) => refusal,
    }
}

/// Runs entry `f` of a module.
pub fn run(text: &str, memory: &mut Memory, words: &[u64], grid: Grid) -> Result<(), Fault> {
    let source = parse(text).unwrap_or_else(|refusal| panic!("{refusal}\n{text}"));
    let mut tables = HashMap::new();
    for table in &source.tables {
        let address = memory.allocate(table.bytes.len() as u64, 0, Owner::Module, u64::MAX).unwrap();
        assert!(memory.write(address, &table.bytes));
        tables.insert(table.name.clone(), address);
    }
    let program = decode(&source, &tables).unwrap_or_else(|refusal| panic!("{refusal}\n{text}"));
    let bytes: Vec<u8> = words.iter().flat_map(|word| word.to_le_bytes()).collect();
    launch(&program, program.entry("f").unwrap(), &bytes, grid, memory.view(0))
}

/// What a body leaves in `%rd0`, after it got its values in `%rd1`, `%rd2`, ...
pub fn value_of(body: &str, values: &[u64]) -> u64 {
    let mut memory = Memory::new();
    let place = memory.allocate(8, 0, Owner::Host, u64::MAX).unwrap();
    let loads: Vec<String> = (1..=values.len()).map(|n| format!("ld.param.b64 %rd{n}, [f_{n}];\n")).collect();
    let body = format!("{}{body}\nld.param.u64 %rd98, [f_0];\nst.global.b64 [%rd98], %rd0;", loads.concat());
    let words: Vec<u64> = std::iter::once(place).chain(values.iter().copied()).collect();
    let text = module(words.len(), &body);
    run(&text, &mut memory, &words, GRID).unwrap_or_else(|fault| panic!("{fault}\n{text}"));
    u64::from_le_bytes(memory.read(place, 8).unwrap().try_into().unwrap())
}

/// What one instruction gives: its operands and its result have these widths (1 is a predicate).
pub fn instruction(opcode: &str, width: u32, operands: &[(u32, u64)]) -> u64 {
    let register = |width: u32, n: usize| match width {
        1 => format!("%p{n}"),
        8 | 16 => format!("%rs{n}"),
        32 => format!("%r{n}"),
        _ => format!("%rd{n}"),
    };
    let mut body = String::new();
    let mut names = vec![register(width, 0)];
    for (n, (width, _)) in operands.iter().enumerate() {
        let name = register(*width, n + 1);
        match width {
            1 => body += &format!("setp.ne.b64 {name}, %rd{}, 0;\n", n + 1),
            64 => {}
            _ => body += &format!("cvt.u{}.u64 {name}, %rd{};\n", (*width).max(16), n + 1),
        }
        names.push(name);
    }
    body += &format!("{opcode} {};\n", names.join(", "));
    match width {
        1 => body += "selp.b64 %rd0, 1, 0, %p0;",
        64 => {}
        _ => body += &format!("cvt.u64.u{} %rd0, {};", width.max(16), names[0]),
    }
    let values: Vec<u64> = operands.iter().map(|(_, value)| *value).collect();
    value_of(&body, &values)
}
