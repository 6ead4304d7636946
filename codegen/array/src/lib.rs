//! Typed IR to loop IR by way of delayed arrays: fusion is what happens when a delayed array is never stored.
//!
//! [`ir`] is the law of delayed arrays, [`fuse`] decides what stays delayed, [`element`] evaluates at an index, [`nest`]
//! stores, [`library`] writes reductions and other whole-array operations. [`lower`] strings them together. This room
//! knows no target and no syntax tree, and allocates only through the support table.

pub mod arithmetic;
pub mod attempt;
pub mod attributes;
pub mod bounded;
pub mod broadcast;
pub mod collapse;
pub mod constant;
pub mod counters;
pub mod described;
pub mod effects;
pub mod element;
pub mod exact;
pub mod expression;
pub mod facts;
pub mod frame;
pub mod fuse;
pub mod gather;
pub mod glances;
pub mod ir;
pub mod library;
pub mod lowering;
pub mod mask;
pub mod memory;
pub mod nest;
pub mod objects;
pub mod optional;
pub mod order;
pub mod overlap;
pub mod parallel;
pub mod product;
pub mod recursion;
pub mod reshape;
pub mod slice;
pub mod slots;
pub mod sorting;
pub mod statement;
pub mod store;
pub mod view;
pub mod walk;
pub mod whole;

use hypersonic_diagnostics::{Diagnostic, Id, Span};
use hypersonic_loops::{Builder, FailureKind, Function, FunctionId, Linkage, Module, Stmt, Ty, ValueId};
use hypersonic_ops::Type;
use hypersonic_typed::check::Checked;
use hypersonic_typed::ir::{Attribute, Block, MemberUse, Unit};
use lowering::{Callee, Lowering, Outcome, Scope, Shared};
use std::collections::HashMap;

/// What may be assumed about the array arguments of an entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Version {
    /// All are C-contiguous.
    Contiguous,
    /// Nothing.
    Strided,
}

/// What is known about an entry.
#[derive(Clone, Debug, PartialEq)]
pub struct EntryInfo {
    /// Array arguments in frame order that it may write to.
    pub writes: Vec<u32>,
    /// Whether it may write to arrays in lists, sets and dicts of its arguments.
    pub writes_elements: bool,
    /// Whether its work is bounded by the sizes of its arrays.
    pub bounded: bool,
    /// Whether it looks at few elements of its containers.
    pub glances: bool,
    /// Whether it reads characters of strings in place.
    pub reads_characters: bool,
    /// How many operations are written in it: see [`glances::work`].
    pub work: usize,
    /// Whether how long it takes depends on something that kernels do faster: see [`glances::lasts`].
    pub lasts: bool,
    /// Whether it sorts or looks something up: see [`glances::looks_up`].
    pub looks_up: bool,
    /// Whether it works through its containers about once.
    pub passes_once: bool,
    /// Whether it takes any array, so that its versions differ.
    pub takes_arrays: bool,
    /// What it returns.
    pub result: Type,
    /// Attributes that it may set: behind the result in the frame, each with a word in front that is not 0 if it was set.
    pub attributes: Vec<Attribute>,
    /// What it takes from the class of its object.
    pub members: Vec<MemberUse>,
}

/// Gives the 1-based source line of a span.
pub type LineOf<'a> = &'a (dyn Fn(Span) -> u32 + Sync);

/// Enough for the deepest nesting that the limits allow.
const STACK_BYTES: usize = 64 << 20;

/// Adds an entry for the root of a unit to a module, and the internal functions that it calls. `line_of` gives the
/// 1-based source line of a span.
///
/// # Errors
/// Why the function stays Python; the module is then as it was.
pub fn lower(
    unit: &Checked<Unit>,
    entry_name: &str,
    version: Version,
    module: &mut Module,
    line_of: LineOf,
) -> Result<EntryInfo, Vec<Diagnostic>> {
    let (functions, failures) = (module.functions.len(), module.failures.len());
    let outcome = std::thread::scope(|scope| {
        let work = std::thread::Builder::new()
            .stack_size(STACK_BYTES)
            .spawn_scoped(scope, || lower_unit(unit, entry_name, version, module, line_of));
        work.map_or_else(|_| Err(broken(unit)), |handle| handle.join().unwrap_or_else(|_| Err(broken(unit))))
    });
    outcome.map_err(|diagnostic| {
        module.functions.truncate(functions);
        module.failures.truncate(failures);
        vec![diagnostic]
    })
}

fn broken(unit: &Unit) -> Diagnostic {
    let function = &unit.functions[0];
    let title = format!("`{}` could not be lowered to loops", function.name);
    Diagnostic::new(Id::Internal, title, function.span, "lowering stopped here")
}

fn lower_unit(unit: &Unit, name: &str, version: Version, module: &mut Module, line_of: LineOf) -> Outcome<EntryInfo> {
    let first = module.functions.len();
    let mut callees = HashMap::new();
    let called = recursion::called(unit, 0);
    let recursive = recursion::recursive(unit, &called);
    for (n, callee) in called.into_iter().enumerate() {
        let id = FunctionId(u32::try_from(first + 1 + n).unwrap_or(u32::MAX));
        callees.insert(callee, Callee { id, results: lowering::word_types(&unit.functions[callee].result) });
    }
    let mut order: Vec<(usize, FunctionId)> = callees.iter().map(|(n, callee)| (*n, callee.id)).collect();
    order.sort_by_key(|(_, id)| *id);
    let effects = effects::Effects::of(unit);
    let unwinding = attempt::unwinding(unit);
    let shared = Shared { unit, effects, callees, recursive, unwinding, line_of, contiguous: version == Version::Contiguous };
    let (entry, _) = lower_function(&shared, 0, name.to_owned(), Linkage::Entry, module)?;
    module.functions.push(entry);
    let mut limits = Vec::new();
    for (position, _) in order {
        let internal = format!("{name}__{}_{position}", unit.functions[position].name);
        let (function, limit) = lower_function(&shared, position, internal, Linkage::Internal, module)?;
        limits.extend(limit.map(|limit| (module.functions.len() - first, limit)));
        module.functions.push(function);
    }
    recursion::limit(&mut module.functions[first..], &limits);
    let written = shared.effects.function(0).writes.0;
    let count: u32 = unit.functions[0].parameters.iter().map(|v| effects::arrays(&unit.functions[0].variables[v.0 as usize].ty)).sum();
    let holds_arrays = unit.functions[0].parameters.iter().any(|v| effects::holds_any_array(&unit.functions[0].variables[v.0 as usize].ty));
    let writes_elements = holds_arrays && written != 0;
    let writes = (0..count).filter(|k| written >> (*k).min(63) & 1 != 0).collect();
    let result = unit.functions[0].result.clone();
    let (attributes, members) = (unit.attributes.clone(), unit.members.clone());
    let (reads_characters, work) = (objects::reads_characters(unit), glances::work(unit));
    let (lasts, looks_up) = (glances::lasts(unit), glances::looks_up(unit));
    let (bounded, glances, passes_once) = (bounded::bounded(unit), glances::glances(unit), glances::passes_once(unit));
    Ok(EntryInfo {
        writes,
        writes_elements,
        takes_arrays: count > 0,
        bounded,
        glances,
        reads_characters,
        work,
        lasts,
        looks_up,
        passes_once,
        result,
        attributes,
        members,
    })
}

/// A function, and the constant in it that says how much of the stack a call of it takes.
type Lowered = (Function, Option<ValueId>);

fn lower_function(shared: &Shared, position: usize, name: String, linkage: Linkage, module: &mut Module) -> Outcome<Lowered> {
    let function = &shared.unit.functions[position];
    let entry = linkage == Linkage::Entry;
    let (parameters, results) = if entry {
        (vec![Ty::Ptr, Ty::Ptr], Vec::new())
    } else {
        let words = function.parameters.iter().flat_map(|v| lowering::word_types(&function.variables[v.0 as usize].ty));
        let level = shared.recursive.contains(&position).then_some([Ty::I64; 2]).into_iter().flatten();
        let attributes = (!shared.unit.attributes.is_empty()).then_some(Ty::Ptr);
        (words.chain(level).chain(attributes).collect(), lowering::word_types(&function.result))
    };
    let last = parameters.len().wrapping_sub(1);
    let attributes = (!shared.unit.attributes.is_empty()).then_some(last);
    let level = last.wrapping_sub(usize::from(attributes.is_some())).wrapping_sub(1);
    let mut b = Builder::new(&mut module.failures, name, linkage, parameters, results);
    b.set_fastmath(function.fastmath);
    let headers = b.new_class();
    let mut lowering = Lowering {
        shared,
        position,
        function,
        b,
        graph: ir::Graph::default(),
        plan: fuse::plan(position, function, &shared.effects),
        slots: HashMap::new(),
        known: HashMap::new(),
        facts: facts::Facts::default(),
        broadcasts: Vec::new(),
        equals: Vec::new(),
        cuts: Vec::new(),
        worked: false,
        descriptors: Vec::new(),
        scopes: vec![Scope::default()],
        control: Vec::new(),
        attempts: Vec::new(),
        guards: Vec::new(),
        open_loops: 0,
        dirty: !entry && shared.effects.dirty(position),
        pending: false,
        span: function.span,
        results: None,
        attributes: None,
        headers,
        depth: 0,
        level: None,
    };
    let limit = (!entry && shared.recursive.contains(&position)).then(|| lowering.guard_recursion(level));
    lowering.attributes = attributes.filter(|_| !entry).map(|position| lowering.b.parameter(position));
    lowering.write_function(entry)?;
    Ok((lowering.b.finish(), limit))
}

impl Lowering<'_, '_> {
    fn write_function(&mut self, entry: bool) -> Outcome<()> {
        if entry {
            for parameter in &self.function.parameters {
                self.require_layouts(&self.function.variables[parameter.0 as usize].ty)?;
            }
            self.read_arguments()?;
        } else {
            self.read_parameters()?;
        }
        for variable in self.plan.slots.clone() {
            let function = self.function;
            let found = &function.variables[variable.0 as usize];
            let slot = self.new_slot(&found.name, &found.ty);
            if let Some(value) = self.known.get(&variable).cloned() {
                self.set_slot(&slot, &value)?;
            }
            self.slots.insert(variable, slot);
        }
        if !entry {
            return self.function_body();
        }
        let function = self.function;
        self.write_body(&function.body)
    }

    /// The statements of a function, to its end.
    fn write_body(&mut self, body: &Block) -> Outcome<()> {
        if self.block(body)? {
            return Ok(());
        }
        if self.function.result == Type::None {
            if self.results.is_none() {
                self.release_everything();
            }
            self.b.ret(Vec::new());
        } else {
            // The typer has seen that control does not come here.
            let failure = self.failure(FailureKind::Unsupported, Vec::new());
            self.b.push(Stmt::Fail { failure, values: Vec::new() });
        }
        Ok(())
    }
}
