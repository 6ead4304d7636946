//! GPU kernels: one thread per iteration of a nest's collapsed index space, striding by the size of the grid.

use super::function::{FunctionText, Shape};
use super::{ModuleText, types};
use hypersonic_loops::passes::offload::Kernel;
use hypersonic_loops::{Module, Stmt, Ty};
use std::fmt::Write as _;

/// The memory that every thread sees.
const GLOBAL: u32 = 1;

/// All kernels as one module for `triple`, with `attributes`.
pub(crate) fn module(kernels: &[Kernel], triple: &str, attributes: &str) -> String {
    let none = Module::default();
    let mut text = ModuleText::new(&none, "", 0);
    text.table_space = GLOBAL;
    for row in ["tid", "ntid", "ctaid", "nctaid"] {
        text.declare(format!("declare i32 @llvm.nvvm.read.ptx.sreg.{row}.x()"));
    }
    for kernel in kernels {
        write(&mut text, kernel);
    }
    text.finish(triple, attributes)
}

fn write<'m>(module: &mut ModuleText<'m>, kernel: &'m Kernel) {
    let function = &kernel.function;
    let mut text = FunctionText::new(module, function, Shape::Kernel);
    let mut parameters = String::from("i64 noundef %count");
    for (n, ty) in function.parameters.iter().enumerate().skip(1) {
        let _ = write!(parameters, ", i64 noundef %w{n}");
        unpack(&mut text, n, *ty);
    }
    let special = |text: &mut FunctionText<'_, '_>, row: &str| {
        let narrow = text.compute(format_args!("call i32 @llvm.nvvm.read.ptx.sreg.{row}.x()"));
        text.compute(format_args!("zext i32 {narrow} to i64"))
    };
    let (thread, block) = (special(&mut text, "tid"), special(&mut text, "ctaid"));
    let (threads, blocks) = (special(&mut text, "ntid"), special(&mut text, "nctaid"));
    let before = text.compute(format_args!("mul nuw nsw i64 {block}, {threads}"));
    let first = text.compute(format_args!("add nuw nsw i64 {before}, {thread}"));
    let stride = text.compute(format_args!("mul nuw nsw i64 {blocks}, {threads}"));
    let any = text.compute(format_args!("icmp slt i64 {first}, %count"));
    let (enter, top, exit) = (text.label(), text.label(), text.label());
    text.end(format_args!("br i1 {any}, label %{enter}, label %{exit}"));
    text.begin(&enter);
    text.end(format_args!("br label %{top}"));
    text.begin(&top);
    let next = text.label();
    text.line(format_args!("%p0 = phi i64 [ {first}, %{enter} ], [ %following, %{next} ]"));
    let body: Vec<Stmt> = function.body.iter().filter(|stmt| !matches!(stmt, Stmt::Return(_))).cloned().collect();
    text.block(&body);
    text.jump(&next);
    text.begin(&next);
    text.line(format_args!("%following = add nuw nsw i64 %p0, {stride}"));
    let more = text.compute("icmp slt i64 %following, %count");
    text.end(format_args!("br i1 {more}, label %{top}, label %{exit}"));
    text.begin(&exit);
    text.finish(&format!("define ptx_kernel void @{}({parameters}) #0", kernel.name));
}

/// Makes parameter `n` out of its word.
fn unpack(text: &mut FunctionText<'_, '_>, n: usize, ty: Ty) {
    match ty {
        Ty::I64 => text.line(format_args!("%p{n} = add i64 %w{n}, 0")),
        Ty::F64 => text.line(format_args!("%p{n} = bitcast i64 %w{n} to double")),
        Ty::F32 => {
            let low = text.compute(format_args!("trunc i64 %w{n} to i32"));
            text.line(format_args!("%p{n} = bitcast i32 {low} to float"));
        }
        Ty::Ptr => {
            let global = text.compute(format_args!("inttoptr i64 %w{n} to ptr addrspace({GLOBAL})"));
            text.line(format_args!("%p{n} = addrspacecast ptr addrspace({GLOBAL}) {global} to ptr"));
        }
        _ => text.line(format_args!("%p{n} = trunc i64 %w{n} to {}", types::name(ty))),
    }
}
