//! Makes GPU variants: each nest of an eligible entry becomes a kernel of its own, and the entry launches it.
//!
//! An entry is eligible if what it touches of arrays, it touches in nests: outside of them it may read and write the
//! frames and the headers of blocks, which live on the host, but no element, which lives on the device. What it calls
//! must not touch memory at all. This is decided by what each address was made from, so the code that writes loop IR
//! keeps data addresses typed `Ptr` and only ever makes an address out of an integer to reach a block's header.

use super::independent;
use super::uses::{self, Uses};
use crate::ir::{
    Binary, Block, Cast, Failure, FailureId, FailureKind, Function, FunctionId, Inst, Linkage, Module, Nest, Stmt, SupportRow, Ty, Value,
    ValueId, VariableId,
};
use std::collections::{BTreeMap, BTreeSet, HashSet};

/// One nest as a function of the linear index (parameter 0, I64) and of the values that it takes from around.
#[derive(Clone, Debug)]
pub struct Kernel {
    /// `<entry>__<nest>`: unique if names of entries are.
    pub name: String,
    /// The parameters behind the first are the launch's words, in order.
    pub function: Function,
}

/// What came of a module.
#[derive(Clone, Debug, Default)]
pub struct Offloaded {
    /// The eligible entries with launches for nests, and the functions that they call.
    pub host: Module,
    /// By row; [`Stmt::Launch`] names rows that begin at the base asked for.
    pub kernels: Vec<Kernel>,
    /// The eligible entries.
    pub entries: Vec<Entry>,
}

/// An entry with a GPU variant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Its name.
    pub name: String,
    /// Whether it may give up behind a launch: it must be run without launches first, and again only if that succeeds.
    pub rehearsed: bool,
}

/// Makes the GPU variants of a module's eligible entries, kernels counted from `kernel_base`.
#[must_use]
pub fn offload(module: &Module, kernel_base: u32) -> Offloaded {
    let mut out = Offloaded::default();
    out.host.failures.clone_from(&module.failures);
    let gives_up = refusal(&mut out.host.failures);
    for function in &module.functions {
        let mut function = function.clone();
        if function.linkage == Linkage::Internal {
            // Kept for its callers; nests of others stay, and are never reached.
            out.host.functions.push(function);
            continue;
        }
        let rehearsed = independent::run(&mut function, gives_up);
        if !eligible(module, &function) || rehearsed && draws(module, &function, &mut BTreeSet::new()) {
            continue;
        }
        let mut body = std::mem::take(&mut function.body);
        replace(&mut function, &mut body, &mut out.kernels, kernel_base, gives_up);
        function.body = body;
        out.entries.push(Entry { name: function.name.clone(), rehearsed });
        out.host.functions.push(function);
    }
    renumber(module, &mut out.host);
    out
}

/// The row of what an entry fails with that has no more to say than that this is not for it.
fn refusal(failures: &mut Vec<Failure>) -> FailureId {
    let refused = Failure { kind: FailureKind::Unsupported, message: Vec::new(), retry: true, line: 0 };
    let row = failures.iter().position(|known| *known == refused).unwrap_or_else(|| {
        failures.push(refused);
        failures.len() - 1
    });
    FailureId(u32::try_from(row).unwrap_or(u32::MAX))
}

/// Functions that are left out moved the others: calls follow.
fn renumber(module: &Module, host: &mut Module) {
    let position: BTreeMap<String, u32> =
        host.functions.iter().enumerate().map(|(n, function)| (function.name.clone(), u32::try_from(n).unwrap_or(u32::MAX))).collect();
    for function in &mut host.functions {
        uses::each_stmt_mut(&mut function.body, &mut |stmt| {
            if let Stmt::Call { function, .. } = stmt
                && let Some(place) = position.get(&module.functions[function.index()].name)
            {
                *function = FunctionId(*place);
            }
        });
    }
}

fn eligible(module: &Module, function: &Function) -> bool {
    let hosts = HostAddresses::of(function);
    let mut nests = 0;
    let mut fine = true;
    hosts.look(module, function, &function.body, false, &mut nests, &mut fine);
    nests > 0 && fine && !has_objects(module, function, &mut BTreeSet::new())
}

/// Whether a function, or one that it calls, works on lists, sets, dicts or strings, which are the host's and cannot be rehearsed.
fn has_objects(module: &Module, function: &Function, seen: &mut BTreeSet<u32>) -> bool {
    let mut found = false;
    uses::each_stmt(&function.body, &mut |stmt| match stmt {
        Stmt::Support { row, .. } => found |= *row == SupportRow::Object,
        Stmt::Call { function, .. } if seen.insert(function.0) => found |= has_objects(module, &module.functions[function.index()], seen),
        _ => {}
    });
    found
}

/// Whether a function, or one that it calls, draws from Python's random numbers: a rehearsal would, too.
fn draws(module: &Module, function: &Function, seen: &mut BTreeSet<u32>) -> bool {
    let mut draws = false;
    uses::each_stmt(&function.body, &mut |stmt| match stmt {
        Stmt::Support { row, .. } => draws |= *row == SupportRow::PythonRandom,
        Stmt::Call { function, .. } if seen.insert(function.0) => draws |= self::draws(module, &module.functions[function.index()], seen),
        _ => {}
    });
    draws
}

/// Whether a function, and what it calls, touches no memory.
fn pure(module: &Module, function: &Function, seen: &mut BTreeSet<u32>) -> bool {
    let mut fine = true;
    uses::each_stmt(&function.body, &mut |stmt| match stmt {
        Stmt::Let(id) => fine &= !matches!(function.values[id.index()].inst, Inst::Load(..) | Inst::StackSlot(_) | Inst::FrameAddress),
        Stmt::Store { .. } | Stmt::Nest(_) | Stmt::Launch { .. } | Stmt::Parallel { .. } | Stmt::Record { .. } | Stmt::Caught { .. } => {
            fine = false
        }
        Stmt::Support { row, .. } => fine &= *row == SupportRow::PythonRandom,
        Stmt::Call { function, .. } if seen.insert(function.0) => fine &= pure(module, &module.functions[function.index()], seen),
        _ => {}
    });
    fine
}

/// Addresses that are the host's: frames and blocks.
#[derive(Debug)]
pub struct HostAddresses {
    blocks: HashSet<ValueId>,
}

impl HostAddresses {
    /// Those of a function.
    #[must_use]
    pub fn of(function: &Function) -> Self {
        let mut blocks = HashSet::new();
        uses::each_stmt(&function.body, &mut |stmt| {
            if let Stmt::Support { result: Some(result), .. } = stmt {
                blocks.insert(*result);
            }
        });
        Self { blocks }
    }

    /// Whether an address is in memory that the function itself made: its data, on the device.
    #[must_use]
    pub fn has_made(&self, function: &Function, mut address: ValueId) -> bool {
        loop {
            match function.values[address.index()].inst {
                Inst::Offset(base, _) => address = base,
                Inst::Load(header, _) => return self.block(function, header),
                _ => return false,
            }
        }
    }

    /// Whether an address is in the header of a block.
    fn block(&self, function: &Function, mut address: ValueId) -> bool {
        while let Inst::Offset(base, _) = function.values[address.index()].inst {
            address = base;
        }
        self.blocks.contains(&address)
    }

    /// Whether an address is the host's.
    #[must_use]
    pub fn has(&self, function: &Function, mut address: ValueId) -> bool {
        loop {
            match function.values[address.index()].inst {
                Inst::Offset(base, _) => address = base,
                Inst::Parameter(_) => return true,
                Inst::Cast(Cast::Bits, integer) => return function.values[integer.index()].ty == Ty::I64,
                _ => return self.blocks.contains(&address),
            }
        }
    }

    fn look(&self, module: &Module, function: &Function, block: &Block, in_nest: bool, nests: &mut usize, fine: &mut bool) {
        for stmt in block {
            match stmt {
                Stmt::Let(id) => match function.values[id.index()].inst {
                    Inst::Load(address, _) => *fine &= self.has(function, address) != in_nest,
                    Inst::StackSlot(_) | Inst::FrameAddress => *fine = false,
                    _ => {}
                },
                Stmt::Store { address, .. } => *fine &= self.has(function, *address) != in_nest,
                Stmt::If { then, otherwise, .. } => {
                    self.look(module, function, then, in_nest, nests, fine);
                    self.look(module, function, otherwise, in_nest, nests, fine);
                }
                Stmt::For { body, .. } | Stmt::Loop { body } => self.look(module, function, body, in_nest, nests, fine),
                Stmt::Nest(nest) => {
                    *nests += 1;
                    self.look(module, function, &nest.body, true, nests, fine);
                }
                Stmt::Call { function: callee, .. } => {
                    *fine &= pure(module, &module.functions[callee.index()], &mut BTreeSet::from([callee.0]));
                }
                // What is caught would be done on the host again and again.
                Stmt::Launch { .. } | Stmt::Record { .. } | Stmt::Caught { .. } | Stmt::Leave => *fine = false,
                _ => {}
            }
        }
    }
}

fn replace(function: &mut Function, block: &mut Block, kernels: &mut Vec<Kernel>, base: u32, failure: FailureId) {
    let mut rewritten = Block::new();
    for mut stmt in std::mem::take(block) {
        match &mut stmt {
            Stmt::If { then, otherwise, .. } => {
                replace(function, then, kernels, base, failure);
                replace(function, otherwise, kernels, base, failure);
            }
            Stmt::For { body, .. } | Stmt::Loop { body } => replace(function, body, kernels, base, failure),
            Stmt::Nest(nest) => {
                let row = base + u32::try_from(kernels.len()).unwrap_or(u32::MAX);
                let free = Free::of(function, nest);
                kernels.push(Kernel { name: format!("{}__{}", function.name, nest.id), function: free.kernel(function, nest) });
                free.launch(function, nest, row, failure, &mut rewritten);
                continue;
            }
            _ => {}
        }
        rewritten.push(stmt);
    }
    *block = rewritten;
}

/// What a nest takes from around it.
struct Free {
    /// Values, in order of their ids; constants are not taken but made anew.
    values: Vec<ValueId>,
    constants: Vec<ValueId>,
    /// Variables that it reads and never sets.
    variables: Vec<VariableId>,
}

impl Free {
    fn of(function: &Function, nest: &Nest) -> Self {
        let Uses { used, defined, read, set } = Uses::of(function, &nest.body);
        // The outermost extent is not needed to take a linear index apart.
        let used: BTreeSet<ValueId> = used.into_iter().chain(nest.extents.iter().skip(1).copied()).collect();
        let outside = used.into_iter().filter(|id| !defined.contains(id) && !nest.indices.contains(id));
        let (constants, values) =
            outside.partition(|id| matches!(function.values[id.index()].inst, Inst::Int(_) | Inst::FloatBits(_) | Inst::Null));
        Self { values, constants, variables: read.difference(&set).copied().collect() }
    }

    /// The nest's body as a function. The arena is copied whole, so that ids stay.
    fn kernel(&self, source: &Function, nest: &Nest) -> Function {
        let mut kernel = Function {
            name: format!("{}__{}", source.name, nest.id),
            linkage: Linkage::Internal,
            parameters: vec![Ty::I64],
            results: Vec::new(),
            variables: source.variables.clone(),
            values: source.values.clone(),
            body: Block::new(),
            fastmath: source.fastmath,
        };
        for value in &mut kernel.values {
            if matches!(value.inst, Inst::Parameter(_)) {
                value.inst = Inst::Bound;
            }
        }
        for id in &self.values {
            let ty = kernel.values[id.index()].ty;
            kernel.values[id.index()].inst = parameter(&mut kernel, ty);
        }
        for variable in &self.variables {
            let ty = kernel.variables[variable.index()].ty;
            let inst = parameter(&mut kernel, ty);
            let id = define(&mut kernel, ty, inst);
            kernel.body.push(Stmt::Set(*variable, id));
        }
        kernel.body.extend(self.constants.iter().map(|id| Stmt::Let(*id)));
        take_apart(&mut kernel, nest);
        kernel.body.extend(nest.body.iter().cloned());
        kernel.body.push(Stmt::Return(Vec::new()));
        kernel
    }

    fn launch(&self, function: &mut Function, nest: &Nest, row: u32, failure: FailureId, block: &mut Block) {
        let emit = |function: &mut Function, ty: Ty, inst: Inst, block: &mut Block| {
            let id = define(function, ty, inst);
            block.push(Stmt::Let(id));
            id
        };
        let mut parameters = self.values.clone();
        for variable in &self.variables {
            let ty = function.variables[variable.index()].ty;
            parameters.push(emit(function, ty, Inst::Read(*variable), block));
        }
        let zero = emit(function, Ty::I64, Inst::Int(0), block);
        let mut count = nest.extents[0];
        for (n, extent) in nest.extents.iter().enumerate() {
            let extent = emit(function, Ty::I64, Inst::Binary(Binary::SMax, *extent, zero), block);
            count = if n == 0 { extent } else { emit(function, Ty::I64, Inst::Binary(Binary::Mul, count, extent), block) };
        }
        block.push(Stmt::Launch { kernel: row, count, parameters, failure });
    }
}

/// Computes the indices from the linear one, last index fastest.
fn take_apart(kernel: &mut Function, nest: &Nest) {
    let mut rest = define(kernel, Ty::I64, Inst::Parameter(0));
    for n in (0..nest.indices.len()).rev() {
        let index = nest.indices[n];
        if n == 0 {
            // Zero more, so that the index has a definition of its own.
            let zero = define(kernel, Ty::I64, Inst::Int(0));
            kernel.values[index.index()].inst = Inst::Binary(Binary::Add, rest, zero);
            kernel.body.extend([Stmt::Let(zero), Stmt::Let(index)]);
        } else {
            kernel.values[index.index()].inst = Inst::Binary(Binary::URem, rest, nest.extents[n]);
            let quotient = define(kernel, Ty::I64, Inst::Binary(Binary::UDiv, rest, nest.extents[n]));
            kernel.body.extend([Stmt::Let(index), Stmt::Let(quotient)]);
            rest = quotient;
        }
    }
}

fn parameter(kernel: &mut Function, ty: Ty) -> Inst {
    kernel.parameters.push(ty);
    Inst::Parameter(u32::try_from(kernel.parameters.len() - 1).unwrap_or(u32::MAX))
}

fn define(function: &mut Function, ty: Ty, inst: Inst) -> ValueId {
    function.values.push(Value { ty, inst });
    ValueId(u32::try_from(function.values.len() - 1).unwrap_or(u32::MAX))
}
