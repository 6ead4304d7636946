//! The calls into LLVM: text in, object or assembly out. Everything that LLVM has to say ends up in a [`Bug`].
#![allow(unsafe_code, reason = "functions of LLVM that inkwell does not offer safely")]

use crate::Bug;
use crate::level::{Level, symbol};
use crate::text::{self, TARGET_CPU};
use inkwell::OptimizationLevel;
use inkwell::attributes::AttributeLoc;
use inkwell::context::Context;
use inkwell::llvm_sys::core::{LLVMContextSetDiagnosticHandler, LLVMDisposeMemoryBuffer, LLVMDisposeMessage};
use inkwell::llvm_sys::ir_reader::LLVMParseIRInContext2;
use inkwell::llvm_sys::prelude::LLVMDiagnosticInfoRef;
use inkwell::memory_buffer::MemoryBuffer;
use inkwell::module::Module;
use inkwell::passes::PassBuilderOptions;
use inkwell::targets::{CodeModel, FileType, InitializationConfig, RelocMode, Target, TargetMachine, TargetTriple};
use std::ffi::{CStr, c_void};
use std::sync::Once;

unsafe extern "C" {
    /// Of the shim in `native`.
    fn hypersonic_llvm_options();
}

static INITIALIZE: Once = Once::new();

/// What LLVM is to make.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Form {
    /// An object file, or PTX as text.
    Final(FileType),
    /// The optimised IR, for reading.
    Optimised,
}

/// Which passes of LLVM run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Effort {
    /// For loops that were written as loops, and calls.
    Loops,
    /// For nests and straight code: the loops have their final shape, so half of the passes would find nothing.
    Nests,
    /// As [`Effort::Nests`], one thread per iteration: no vectors.
    Threads,
    /// For code of which compiling is what costs: that which launches kernels on a GPU, and that which is to be there soon.
    Quick,
}

impl Effort {
    /// The passes of LLVM before vectors, each as often as it finds something in what `loops` gives: with [`Effort::last`] about half of what
    /// `default<O3>` runs. They serve all levels of a platform at once.
    const fn first(self) -> &'static str {
        match self {
            Self::Loops => {
                "cgscc(inline),function(sroa,early-cse<memssa>,simplifycfg,instcombine<no-verify-fixpoint>,\
                loop-mssa(loop-rotate,licm,simple-loop-unswitch<nontrivial>),simplifycfg,instsimplify,correlated-propagation,\
                loop(loop-idiom,indvars,loop-deletion,loop-unroll-full),sroa,gvn,constraint-elimination,dse,loop-mssa(licm),simplifycfg)"
            }
            Self::Nests => {
                "function(sroa,early-cse<memssa>,simplifycfg,instcombine<no-verify-fixpoint>,\
                loop-mssa(licm),simplifycfg,instsimplify,loop(indvars),gvn)"
            }
            // Functions of rare arguments become branches.
            Self::Threads => {
                "always-inline,function(sroa,early-cse<memssa>,simplifycfg,instcombine<no-verify-fixpoint>,\
                loop-mssa(licm,simple-loop-unswitch<nontrivial>),simplifycfg,instsimplify,loop(indvars),gvn)"
            }
            // Selects, which the other passes make of branches, are what LLVM's quick selection of instructions gives up at.
            Self::Quick => "function(sroa,early-cse)",
        }
    }

    /// The passes after those, for one level.
    fn last(self, light: bool) -> String {
        const CLEAN: &str = "instcombine<no-verify-fixpoint>,early-cse";
        let unroll = if light { "simplifycfg,loop-mssa(licm)" } else { "simplifycfg,loop-mssa(licm),loop-unroll,simplifycfg" };
        let pairs = if light { "" } else { "slp-vectorizer," };
        match self {
            Self::Loops => format!("function(loop-vectorize,{CLEAN},{pairs}{unroll}),globaldce"),
            Self::Nests => format!("function(loop-vectorize,{CLEAN},{unroll}),globaldce"),
            Self::Threads => format!("function({CLEAN},{unroll}),globaldce"),
            Self::Quick => "globaldce".to_owned(),
        }
    }
}

/// Remarks and warnings are of no use to anybody here; errors come back as results.
extern "C" fn ignore(_: LLVMDiagnosticInfoRef, _: *mut c_void) {}

/// LLVM's recursions over large functions want more than a worker thread has.
const STACK_BYTES: usize = 64 << 20;

/// Optimises a text that was written for the first of some levels, and emits it for each of them.
pub(crate) fn emit(text: &str, levels: &[&Level], effort: Effort, form: Form) -> Vec<Result<Vec<u8>, Bug>> {
    let work = || {
        let all = emit_here(text, levels, effort, form);
        all.unwrap_or_else(|bug| levels.iter().map(|_| Err(bug.clone())).collect())
    };
    let panicked = || Bug { message: "code generation panicked".to_owned(), ir: text.to_owned() };
    std::thread::scope(|scope| match std::thread::Builder::new().stack_size(STACK_BYTES).spawn_scoped(scope, work) {
        Ok(handle) => handle.join().unwrap_or_else(|_| levels.iter().map(|_| Err(panicked())).collect()),
        Err(_) => work(),
    })
}

fn emit_here(text: &str, levels: &[&Level], effort: Effort, form: Form) -> Result<Vec<Result<Vec<u8>, Bug>>, Bug> {
    INITIALIZE.call_once(|| {
        let config = InitializationConfig { asm_parser: false, disassembler: false, ..InitializationConfig::default() };
        Target::initialize_x86(&config);
        Target::initialize_aarch64(&config);
        Target::initialize_nvptx(&config);
    });
    // SAFETY: takes nothing, and only writes options of LLVM that are not set yet.
    unsafe { hypersonic_llvm_options() };
    let bug = |message: String| Bug { message, ir: text.to_owned() };
    let machine = |level| machine(level, effort).ok_or_else(|| bug(format!("LLVM has no target {} {}", level.triple, level.cpu)));
    let context = Context::create();
    // SAFETY: the context lives until the end of this function and the handler uses no data.
    unsafe { LLVMContextSetDiagnosticHandler(context.raw(), Some(ignore), std::ptr::null_mut()) };
    let module = parse(&context, text)?;
    let Some((first, others)) = levels.split_first() else { return Ok(Vec::new()) };
    let first_machine = machine(first)?;
    module.set_data_layout(&first_machine.get_target_data().get_data_layout());
    module.verify().map_err(|error| bug(format!("the module is not valid: {error}")))?;
    run(&module, effort.first(), effort, first, &first_machine).map_err(bug)?;
    let copies: Vec<Module<'_>> = others.iter().map(|_| module.clone()).collect();
    let mut all = vec![finish(&module, effort, first, &first_machine, form).map_err(bug)];
    for (copy, level) in copies.iter().zip(others) {
        all.push(machine(level).and_then(|machine| {
            retarget(&context, copy, first, level);
            finish(copy, effort, level, &machine, form).map_err(bug)
        }));
    }
    Ok(all)
}

/// Runs passes.
fn run(module: &Module<'_>, passes: &str, effort: Effort, level: &Level, machine: &TargetMachine) -> Result<(), String> {
    let options = PassBuilderOptions::create();
    options.set_loop_vectorization(true);
    options.set_loop_slp_vectorization(effort == Effort::Loops);
    options.set_loop_interleaving(!level.light);
    options.set_loop_unrolling(!level.light);
    module.run_passes(passes, machine, options).map_err(|error| format!("optimisation failed: {error}"))
}

/// The rest of the passes, and what is asked for.
fn finish(module: &Module<'_>, effort: Effort, level: &Level, machine: &TargetMachine, form: Form) -> Result<Vec<u8>, String> {
    run(module, &effort.last(level.light), effort, level, machine)?;
    match form {
        Form::Optimised => Ok(module.print_to_string().to_string().into_bytes()),
        Form::Final(file) => {
            let buffer = machine.write_to_memory_buffer(module, file).map_err(|error| format!("code generation failed: {error}"))?;
            Ok(buffer.as_slice().to_vec())
        }
    }
}

/// Turns a module that was written for one level into one for another.
fn retarget(context: &Context, module: &Module<'_>, from: &Level, to: &Level) {
    let function = AttributeLoc::Function;
    for each in module.get_functions().filter(|each| each.get_string_attribute(function, TARGET_CPU).is_some()) {
        text::target_attributes(from).iter().for_each(|(key, _)| each.remove_string_attribute(function, key));
        for (key, value) in text::target_attributes(to) {
            each.add_attribute(function, context.create_string_attribute(key, &value));
        }
        let name = each.get_name().to_string_lossy().into_owned();
        if let Some(entry) = name.strip_suffix(from.suffix).and_then(|rest| rest.strip_suffix("__")) {
            each.as_global_value().set_name(&symbol(entry, to.suffix));
        }
    }
}

fn machine(level: &Level, effort: Effort) -> Option<TargetMachine> {
    let optimization = if effort == Effort::Quick { OptimizationLevel::None } else { OptimizationLevel::Aggressive };
    let triple = TargetTriple::create(level.triple);
    let target = Target::from_triple(&triple).ok()?;
    target.create_target_machine(&triple, level.cpu, level.features, optimization, RelocMode::PIC, CodeModel::Default)
}

fn parse<'c>(context: &'c Context, text: &str) -> Result<Module<'c>, Bug> {
    let bug = |message: String| Bug { message, ir: text.to_owned() };
    let buffer = MemoryBuffer::create_from_memory_range_copy(text.as_bytes(), "kernels");
    let mut module = std::ptr::null_mut();
    let mut message = std::ptr::null_mut();
    let raw = buffer.as_mut_ptr();
    std::mem::forget(buffer);
    // SAFETY: context and buffer are alive; LLVM fills in one of the two results and does not keep the buffer, which
    // is disposed of once, here.
    let failed = unsafe {
        let failed = LLVMParseIRInContext2(context.raw(), raw, &raw mut module, &raw mut message);
        LLVMDisposeMemoryBuffer(raw);
        failed
    };
    if failed == 0 && !module.is_null() {
        // SAFETY: LLVM gave us a module of this context, and nobody else has it.
        return Ok(unsafe { Module::new(module) });
    }
    let mut words = "the text of the module cannot be read".to_owned();
    if !message.is_null() {
        // SAFETY: LLVM gave us a C string that is ours to dispose of.
        unsafe {
            words = format!("{words}: {}", CStr::from_ptr(message).to_string_lossy());
            LLVMDisposeMessage(message);
        }
    }
    Err(bug(words))
}
