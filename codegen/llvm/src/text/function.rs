//! One function: its signature, its entry block, and the state that its statements are written with.

use super::memory::Scopes;
use super::metadata::Care;
use super::{ModuleText, types};
use hypersonic_loops::{Function, Inst, Ty, ValueId, VariableId};
use std::collections::BTreeMap;
use std::fmt::{Display, Write as _};
use std::mem::size_of;

/// How a function looks from outside.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Shape {
    /// Called by the runtime.
    Entry,
    /// Called inside the module: `{i32, results...}`.
    Internal,
    /// A GPU kernel: nothing is returned and nothing can fail.
    Kernel,
    /// A function of rare arguments: its one result is returned, and nothing can fail.
    Rare,
}

/// Where `Break` and `Continue` of a loop go.
#[derive(Clone, Debug)]
pub(super) struct LoopLabels {
    pub(super) next: String,
    pub(super) exit: String,
}

/// A function being written.
pub(crate) struct FunctionText<'t, 'm> {
    pub(crate) module: &'t mut ModuleText<'m>,
    pub(crate) function: &'m Function,
    pub(super) shape: Shape,
    /// How each value is written where it is used.
    operands: Vec<String>,
    /// How often a value's definition was written: a pass may have copied the block that holds it.
    definitions: Vec<u32>,
    /// Function-local memory.
    allocations: String,
    code: String,
    temporaries: u32,
    labels: u32,
    /// Whether the open block has ended.
    ended: bool,
    pub(super) loops: Vec<LoopLabels>,
    /// Access groups of the independent loops around, innermost first.
    pub(super) groups: Vec<usize>,
    pub(super) scopes: Scopes,
    /// Whether loops here are written once, whatever their strides.
    pub(super) once: bool,
    /// What loops here are worth.
    pub(super) care: Care,
    /// I1: whether the checks so far hold that leave the call to the strided version and were not made yet.
    pub(super) usual: Option<String>,
    slots: BTreeMap<ValueId, String>,
}

impl<'t, 'm> FunctionText<'t, 'm> {
    pub(crate) fn new(module: &'t mut ModuleText<'m>, function: &'m Function, shape: Shape) -> Self {
        let plain = module.plain;
        let mut this = Self {
            module,
            function,
            shape,
            operands: vec![String::new(); function.values.len()],
            definitions: vec![0; function.values.len()],
            allocations: String::new(),
            code: String::new(),
            temporaries: 0,
            labels: 0,
            ended: false,
            loops: Vec::new(),
            groups: Vec::new(),
            scopes: Scopes::default(),
            once: shape == Shape::Kernel || plain,
            care: if plain { Care::Scalar } else { Care::Usual },
            usual: None,
            slots: BTreeMap::new(),
        };
        for (n, value) in function.values.iter().enumerate() {
            if let Inst::Parameter(parameter) = value.inst {
                this.operands[n] = format!("%p{parameter}");
            }
        }
        for (n, variable) in function.variables.iter().enumerate() {
            let _ = writeln!(this.allocations, "  %x{n} = alloca {}", types::name(variable.ty));
        }
        this.find_scopes();
        this
    }

    pub(crate) fn ty(&self, value: ValueId) -> Ty {
        self.function.values[value.index()].ty
    }

    /// The text of a value where it is used.
    pub(crate) fn operand(&self, value: ValueId) -> &str {
        &self.operands[value.index()]
    }

    /// Type and text of a value.
    pub(crate) fn typed(&self, value: ValueId) -> String {
        format!("{} {}", types::name(self.ty(value)), self.operand(value))
    }

    pub(crate) fn variable(variable: VariableId) -> String {
        format!("%x{}", variable.0)
    }

    /// Appends a line of code.
    pub(crate) fn line(&mut self, line: impl Display) {
        if self.ended {
            // What stands behind a jump is never reached; LLVM wants a block around it all the same.
            let label = self.label();
            self.begin(&label);
        }
        let _ = writeln!(self.code, "  {line}");
    }

    /// Appends a line that ends the open block.
    pub(crate) fn end(&mut self, line: impl Display) {
        self.line(line);
        self.ended = true;
    }

    /// A new name for an intermediate result.
    pub(crate) fn temporary(&mut self) -> String {
        self.temporaries += 1;
        format!("%t{}", self.temporaries)
    }

    /// Computes an intermediate result.
    pub(crate) fn compute(&mut self, line: impl Display) -> String {
        let name = self.temporary();
        self.line(format_args!("{name} = {line}"));
        name
    }

    /// Computes the value `id`.
    pub(crate) fn define(&mut self, id: ValueId, line: impl Display) {
        let name = self.bind(id);
        self.line(format_args!("{name} = {line}"));
    }

    /// Gives a value the name that a line will define.
    pub(crate) fn bind(&mut self, id: ValueId) -> String {
        let count = &mut self.definitions[id.index()];
        let name = if *count == 0 { format!("%v{}", id.0) } else { format!("%v{}.{count}", id.0) };
        *count += 1;
        self.operands[id.index()].clone_from(&name);
        name
    }

    /// Lets a value be written as `text`.
    pub(crate) fn alias(&mut self, id: ValueId, text: String) {
        self.operands[id.index()] = text;
    }

    /// A new label, not yet placed.
    pub(crate) fn label(&mut self) -> String {
        self.labels += 1;
        format!("b{}", self.labels)
    }

    /// Opens a block.
    pub(crate) fn begin(&mut self, label: &str) {
        let _ = writeln!(self.code, "{label}:");
        self.ended = false;
    }

    /// Jumps, unless the open block has ended.
    pub(crate) fn jump(&mut self, label: &str) {
        if !self.ended {
            self.end(format_args!("br label %{label}"));
        }
    }

    /// A place of function-local memory.
    pub(crate) fn allocate(&mut self, bytes: u64) -> String {
        let name = self.temporary();
        let _ = writeln!(self.allocations, "  {name} = alloca [{bytes} x i8], align 64");
        name
    }

    /// The place of function-local memory that belongs to a value, however often the value is written.
    pub(super) fn slot(&mut self, id: ValueId, bytes: u64) -> String {
        if let Some(known) = self.slots.get(&id) {
            return known.clone();
        }
        let name = self.allocate(bytes);
        self.slots.insert(id, name.clone());
        name
    }

    /// The type that the function returns.
    pub(super) fn return_type(&self) -> String {
        return_type(self.function, self.shape)
    }

    /// The whole function's text behind `header`.
    pub(crate) fn finish(mut self, header: &str) {
        if !self.ended {
            let line = if self.shape == Shape::Kernel { "ret void" } else { "unreachable" };
            self.end(line);
        }
        let Self { module, allocations, code, .. } = self;
        let _ = write!(module.functions, "{header} {{\nentry:\n{allocations}{code}}}\n\n");
    }
}

/// The type that a function returns.
pub(super) fn return_type(function: &Function, shape: Shape) -> String {
    match shape {
        Shape::Kernel => "void".to_owned(),
        Shape::Rare => "double".to_owned(),
        Shape::Internal if !function.results.is_empty() => {
            let results: Vec<&str> = function.results.iter().map(|ty| types::name(*ty)).collect();
            format!("{{ i32, {} }}", results.join(", "))
        }
        Shape::Entry | Shape::Internal => "i32".to_owned(),
    }
}

/// Writes a function of the host's side.
pub(super) fn write<'m>(module: &mut ModuleText<'m>, function: &'m Function, shape: Shape) {
    let suffix = module.suffix.to_owned();
    let mut text = FunctionText::new(module, function, shape);
    text.block(&function.body);
    let result = text.return_type();
    let mut parameters = format!(
        "ptr noalias noundef readonly %support, ptr noalias noundef %context, ptr noalias noundef dereferenceable({}) %error",
        size_of::<hypersonic_abi::ErrorRecord>()
    );
    for (n, ty) in function.parameters.iter().enumerate() {
        let qualities = match (shape, n) {
            (Shape::Entry, 0) => " noalias noundef readonly align 8",
            (Shape::Entry, 1) => " noalias noundef align 8",
            _ => "",
        };
        let _ = write!(parameters, ", {}{qualities} %p{n}", types::name(*ty));
    }
    let name = if shape == Shape::Entry { crate::level::symbol(&function.name, &suffix) } else { internal_name(&function.name) };
    let linkage = if shape == Shape::Entry { "" } else { "internal " };
    text.finish(&format!("define {linkage}{result} {name}({parameters}) #0", name = global(&name)));
}

/// A name of a global, quoted.
pub(super) fn global(name: &str) -> String {
    let quoted: String = name.chars().map(|c| if c == '"' || c == '\\' || c.is_control() { '_' } else { c }).collect();
    format!("@\"{quoted}\"")
}

/// Internal functions have names of their own, so that they can't be taken for entries or intrinsics.
pub(super) fn internal_name(name: &str) -> String {
    format!("internal.{name}")
}
