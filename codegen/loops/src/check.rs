//! Admits loop IR: every rule of [`crate::ir`] that can be read off the tree. Back ends take [`Checked`], which only
//! this room makes. It never repairs anything.

use crate::ir::{Binary, Block, Cast, Compare, Function, Inst, Linkage, Module, Nest, RECORD_BYTES, Stmt, SupportRow, Ty, Unary, ValueId};
use std::collections::HashSet;
use std::ops::Deref;

/// Something that the checker of its IR has admitted.
#[derive(Clone, Debug)]
pub struct Checked<T>(T);

impl<T> Deref for Checked<T> {
    type Target = T;
    fn deref(&self) -> &T {
        &self.0
    }
}

impl Checked<Module> {
    /// Checks a module.
    ///
    /// # Errors
    /// What is wrong, one line each.
    pub fn new(module: Module) -> Result<Self, Vec<String>> {
        check(module)
    }

    /// Gives the module back, to be changed and checked again.
    #[must_use]
    pub fn into_inner(self) -> Module {
        self.0
    }
}

/// Checks a module.
///
/// # Errors
/// What is wrong, one line each.
pub fn check(module: Module) -> Result<Checked<Module>, Vec<String>> {
    let mut complaints = Vec::new();
    let mut names = HashSet::new();
    for function in &module.functions {
        if !names.insert(function.name.as_str()) {
            complaints.push(format!("{}: the name stands twice", function.name));
        }
        complaints.extend(check_function(&module, function));
    }
    if complaints.is_empty() { Ok(Checked(module)) } else { Err(complaints) }
}

/// Checks one function of a module.
#[must_use]
pub fn check_function(module: &Module, function: &Function) -> Vec<String> {
    let mut checker =
        Checker { module, function, seen: vec![false; function.values.len()], loops: 0, in_nest: false, complaints: Vec::new() };
    for (n, value) in function.values.iter().enumerate() {
        if let Inst::Parameter(parameter) = value.inst {
            checker.seen[n] = true;
            if function.parameters.get(parameter as usize) != Some(&value.ty) {
                checker.complain(format!("%{n} is no parameter of that type"));
            }
        }
    }
    if function.linkage == Linkage::Entry && (function.parameters != [Ty::Ptr, Ty::Ptr] || !function.results.is_empty()) {
        checker.complain("an entry takes two frames and gives no result".to_owned());
    }
    checker.block(&function.body);
    if !ends(&function.body) {
        checker.complain("control falls off the end".to_owned());
    }
    checker.complaints
}

/// Whether control never leaves a block by its end.
fn ends(block: &Block) -> bool {
    match block.last() {
        Some(Stmt::Return(_) | Stmt::Fail { .. } | Stmt::Leave | Stmt::Break(_) | Stmt::Continue(_)) => true,
        Some(Stmt::If { then, otherwise, .. }) => ends(then) && ends(otherwise),
        Some(Stmt::Loop { body }) => !breaks(body, 0),
        _ => false,
    }
}

fn breaks(block: &Block, depth: u32) -> bool {
    block.iter().any(|stmt| match stmt {
        Stmt::Break(n) | Stmt::Call { caught: Some(n), .. } => *n == depth,
        Stmt::If { then, otherwise, .. } => breaks(then, depth) || breaks(otherwise, depth),
        Stmt::For { body, .. } | Stmt::Loop { body } => breaks(body, depth + 1),
        _ => false,
    })
}

struct Checker<'a> {
    module: &'a Module,
    function: &'a Function,
    /// Values whose definition dominates the current place.
    seen: Vec<bool>,
    loops: u32,
    in_nest: bool,
    complaints: Vec<String>,
}

impl Checker<'_> {
    fn complain(&mut self, text: String) {
        if self.complaints.len() < 20 {
            self.complaints.push(format!("{}: {text}", self.function.name));
        }
    }

    fn ty(&self, value: ValueId) -> Option<Ty> {
        self.function.values.get(value.index()).map(|value| value.ty)
    }

    fn used(&mut self, value: ValueId, expected: Option<Ty>, place: &str) {
        match self.ty(value) {
            None => self.complain(format!("%{} does not exist ({place})", value.0)),
            Some(_) if !self.seen[value.index()] => self.complain(format!("%{} is used where it is not defined ({place})", value.0)),
            Some(ty) if expected.is_some_and(|expected| expected != ty) => {
                self.complain(format!("%{} is {ty:?}, expected {expected:?} ({place})", value.0));
            }
            Some(_) => {}
        }
    }

    fn bind(&mut self, value: ValueId, expected: Ty, scope: &mut Vec<ValueId>, place: &str) {
        match self.function.values.get(value.index()) {
            None => self.complain(format!("%{} does not exist ({place})", value.0)),
            Some(found) => {
                if found.inst != Inst::Bound || found.ty != expected {
                    self.complain(format!("%{} cannot be bound as {expected:?} by {place}", value.0));
                }
                self.define(value, scope, place);
            }
        }
    }

    fn define(&mut self, value: ValueId, scope: &mut Vec<ValueId>, place: &str) {
        if self.seen[value.index()] {
            self.complain(format!("%{} is defined twice ({place})", value.0));
        }
        self.seen[value.index()] = true;
        scope.push(value);
    }

    fn block(&mut self, block: &Block) {
        self.scoped(block, Vec::new());
    }

    fn scoped(&mut self, block: &Block, mut scope: Vec<ValueId>) {
        for stmt in block {
            self.stmt(stmt, &mut scope);
        }
        for value in scope {
            self.seen[value.index()] = false;
        }
    }

    fn stmt(&mut self, stmt: &Stmt, scope: &mut Vec<ValueId>) {
        if self.in_nest
            && matches!(
                stmt,
                Stmt::Nest(_)
                    | Stmt::Launch { .. }
                    | Stmt::Call { .. }
                    | Stmt::Parallel { .. }
                    | Stmt::Support { .. }
                    | Stmt::Check { .. }
                    | Stmt::Fail { .. }
                    | Stmt::Record { .. }
                    | Stmt::Caught { .. }
                    | Stmt::SaveRecord(_)
                    | Stmt::RestoreRecord(_)
                    | Stmt::Leave
                    | Stmt::Return(_)
            )
        {
            self.complain("an effect that a nest must not have".to_owned());
        }
        match stmt {
            Stmt::Let(value) => self.instruction(*value, scope),
            Stmt::Set(variable, value) => match self.function.variables.get(variable.index()) {
                None => self.complain(format!("variable {} does not exist", variable.0)),
                Some(found) => self.used(*value, Some(found.ty), "set"),
            },
            Stmt::Store { address, value, .. } => {
                self.used(*address, Some(Ty::Ptr), "store");
                self.used(*value, None, "store");
                if self.ty(*value) == Some(Ty::I1) {
                    self.complain("a truth value is stored as I8".to_owned());
                }
            }
            Stmt::If { condition, then, otherwise, .. } => {
                self.used(*condition, Some(Ty::I1), "if");
                self.block(then);
                self.block(otherwise);
            }
            Stmt::For { index, count, body, .. } => {
                self.used(*count, Some(Ty::I64), "count");
                let mut inner = Vec::new();
                self.bind(*index, Ty::I64, &mut inner, "for");
                self.loops += 1;
                self.scoped(body, inner);
                self.loops -= 1;
            }
            Stmt::Loop { body } => {
                self.loops += 1;
                self.block(body);
                self.loops -= 1;
            }
            Stmt::Break(n) | Stmt::Continue(n) => {
                if *n >= self.loops {
                    self.complain(format!("no loop {n} levels out"));
                }
            }
            Stmt::Nest(nest) => self.nest(nest),
            Stmt::Call { function, arguments, results, caught } => {
                if caught.is_some_and(|depth| depth >= self.loops) {
                    self.complain("a failure is caught outside of the loops around".to_owned());
                }
                self.call(function.index(), arguments, results, scope);
            }
            Stmt::Parallel { function, chunks, threads, arguments } => self.parallel(function.index(), [*chunks, *threads], arguments),
            Stmt::Record { failure, values } => self.failure(failure.index(), values),
            Stmt::Caught { result, .. } => self.bind(*result, Ty::I1, scope, "caught"),
            Stmt::SaveRecord(place) | Stmt::RestoreRecord(place) => {
                self.used(*place, Some(Ty::Ptr), "record");
                if !matches!(self.function.values.get(place.index()).map(|value| value.inst), Some(Inst::StackSlot(RECORD_BYTES))) {
                    self.complain("the record is kept in no place of its own".to_owned());
                }
            }
            Stmt::Leave => {}
            Stmt::Support { row, arguments, result } => self.support(*row, arguments, *result, scope),
            Stmt::Launch { count, parameters, failure, .. } => {
                self.used(*count, Some(Ty::I64), "launch");
                for parameter in parameters {
                    self.used(*parameter, None, "launch");
                }
                self.failure(failure.index(), &[]);
            }
            Stmt::Check { ok, failure, values } => {
                self.used(*ok, Some(Ty::I1), "check");
                self.failure(failure.index(), values);
            }
            Stmt::Fail { failure, values } => self.failure(failure.index(), values),
            Stmt::Return(values) => {
                if values.len() != self.function.results.len() {
                    self.complain(format!("returns {} values", values.len()));
                }
                for (value, ty) in values.iter().zip(&self.function.results) {
                    self.used(*value, Some(*ty), "return");
                }
            }
        }
    }

    fn nest(&mut self, nest: &Nest) {
        if nest.extents.is_empty() || nest.extents.len() > 7 || nest.extents.len() != nest.indices.len() {
            self.complain(format!("nest {} has {} extents", nest.id, nest.extents.len()));
        }
        for extent in &nest.extents {
            self.used(*extent, Some(Ty::I64), "extent");
        }
        let mut inner = Vec::new();
        for index in &nest.indices {
            self.bind(*index, Ty::I64, &mut inner, "nest");
        }
        let loops = std::mem::take(&mut self.loops);
        self.in_nest = true;
        self.scoped(&nest.body, inner);
        self.in_nest = false;
        self.loops = loops;
    }

    fn call(&mut self, callee: usize, arguments: &[ValueId], results: &[ValueId], scope: &mut Vec<ValueId>) {
        let Some(function) = self.module.functions.get(callee) else {
            return self.complain(format!("function {callee} does not exist"));
        };
        if function.linkage != Linkage::Internal || function.parameters.len() != arguments.len() || function.results.len() != results.len()
        {
            self.complain(format!("{} cannot be called like this", function.name));
        }
        for (argument, ty) in arguments.iter().zip(&function.parameters) {
            self.used(*argument, Some(*ty), "argument");
        }
        for (result, ty) in results.iter().zip(&function.results) {
            self.bind(*result, *ty, scope, "call");
        }
    }

    fn parallel(&mut self, callee: usize, numbers: [ValueId; 2], arguments: &[ValueId]) {
        numbers.into_iter().for_each(|number| self.used(number, Some(Ty::I64), "parallel"));
        let Some(Function { linkage: Linkage::Internal, parameters, results, name, .. }) = self.module.functions.get(callee) else {
            return self.complain(format!("function {callee} does not exist, or is an entry"));
        };
        if parameters.first() != Some(&Ty::I64) || parameters.len() != arguments.len() + 1 || !results.is_empty() {
            self.complain(format!("{name} is no function of chunks"));
        }
        for (argument, ty) in arguments.iter().zip(parameters.iter().skip(1)) {
            self.used(*argument, Some(*ty), "argument");
        }
    }

    fn support(&mut self, row: SupportRow, arguments: &[ValueId], result: Option<ValueId>, scope: &mut Vec<ValueId>) {
        let (parameters, gives): (&[Ty], Option<Ty>) = match row {
            SupportRow::Allocate => (&[Ty::I64, Ty::I64], Some(Ty::Ptr)),
            SupportRow::Release => (&[Ty::Ptr], None),
            SupportRow::PythonRandom => (&[], Some(Ty::F64)),
            SupportRow::Overlap => (&[Ty::Ptr, Ty::I64, Ty::I64, Ty::Ptr, Ty::I64, Ty::I64, Ty::I64], Some(Ty::I64)),
            SupportRow::Object => (&[Ty::I64, Ty::Ptr, Ty::Ptr], Some(Ty::I64)),
            SupportRow::StackEnd => (&[], Some(Ty::I64)),
        };
        if arguments.len() != parameters.len() || result.is_some() != gives.is_some() {
            self.complain(format!("{row:?} cannot be called like this"));
        }
        for (argument, ty) in arguments.iter().zip(parameters) {
            self.used(*argument, Some(*ty), "support argument");
        }
        if let (Some(result), Some(ty)) = (result, gives) {
            self.bind(result, ty, scope, "support");
        }
    }

    fn failure(&mut self, failure: usize, values: &[ValueId]) {
        if failure >= self.module.failures.len() || values.len() > 8 {
            self.complain(format!("failure {failure} with {} numbers", values.len()));
        }
        for value in values {
            self.used(*value, Some(Ty::I64), "failure number");
        }
    }

    fn instruction(&mut self, id: ValueId, scope: &mut Vec<ValueId>) {
        let Some(value) = self.function.values.get(id.index()) else {
            return self.complain(format!("%{} does not exist", id.0));
        };
        let ty = value.ty;
        let ok = match value.inst {
            Inst::Int(_) => ty.is_integer(),
            Inst::FloatBits(_) => ty.is_float(),
            Inst::Null | Inst::StackSlot(_) => ty == Ty::Ptr,
            Inst::FrameAddress => ty == Ty::I64,
            Inst::Parameter(_) => return,
            Inst::Bound => false,
            Inst::Read(variable) => self.function.variables.get(variable.index()).is_some_and(|found| found.ty == ty),
            Inst::Binary(op, x, y) => {
                self.used(x, Some(ty), "binary");
                self.used(y, Some(ty), "binary");
                binary_takes(op, ty)
            }
            Inst::Unary(op, x) => {
                self.used(x, Some(ty), "unary");
                unary_takes(op, ty)
            }
            Inst::Compare(op, x, y) => {
                self.used(x, None, "compare");
                self.used(y, self.ty(x), "compare");
                ty == Ty::I1 && self.ty(x).is_none_or(|operand| compare_takes(op, operand))
            }
            Inst::Overflows(op, x, y) => {
                self.used(x, None, "overflows");
                self.used(y, self.ty(x), "overflows");
                ty == Ty::I1 && matches!(op, Binary::Add | Binary::Sub | Binary::Mul) && self.ty(x).is_none_or(Ty::is_integer)
            }
            Inst::Select(c, x, y) => {
                self.used(c, Some(Ty::I1), "select");
                self.used(x, Some(ty), "select");
                self.used(y, Some(ty), "select");
                true
            }
            Inst::Cast(cast, x) => {
                self.used(x, None, "cast");
                self.ty(x).is_none_or(|from| cast_takes(cast, from, ty))
            }
            Inst::Load(address, _) => {
                self.used(address, Some(Ty::Ptr), "load");
                ty != Ty::I1
            }
            Inst::Offset(address, bytes) => {
                self.used(address, Some(Ty::Ptr), "offset");
                self.used(bytes, Some(Ty::I64), "offset");
                ty == Ty::Ptr
            }
            Inst::Rare(_, arguments, otherwise) => {
                arguments.iter().for_each(|argument| self.used(*argument, Some(Ty::F64), "rare"));
                self.used(otherwise, Some(Ty::F64), "rare");
                ty == Ty::F64
            }
            Inst::Table(table, index) => {
                self.used(index, Some(Ty::I64), "table");
                ty == table.0.ty
            }
        };
        if !ok {
            self.complain(format!("%{} = {:?} cannot be a {ty:?}", id.0, value.inst));
        }
        self.define(id, scope, "let");
    }
}

const fn binary_takes(op: Binary, ty: Ty) -> bool {
    match op {
        Binary::Add | Binary::Sub | Binary::Mul => ty.is_float() || ty.is_integer(),
        Binary::FDiv | Binary::CopySign => ty.is_float(),
        Binary::UMulHigh => matches!(ty, Ty::I64),
        _ => ty.is_integer(),
    }
}

const fn unary_takes(op: Unary, ty: Ty) -> bool {
    match op {
        Unary::PopCount | Unary::LeadingZeros | Unary::TrailingZeros => ty.is_integer(),
        _ => ty.is_float(),
    }
}

const fn compare_takes(op: Compare, ty: Ty) -> bool {
    match op {
        Compare::FEq | Compare::FNe | Compare::FLt | Compare::FLe | Compare::FGt | Compare::FGe | Compare::FUnordered => ty.is_float(),
        Compare::Eq | Compare::Ne => !ty.is_float(),
        _ => ty.is_integer(),
    }
}

fn cast_takes(cast: Cast, from: Ty, to: Ty) -> bool {
    let bits = |ty: Ty| if matches!(ty, Ty::I1) { 1 } else { ty.size() * 8 };
    match cast {
        Cast::Truncate => from.is_integer() && to.is_integer() && bits(from) > bits(to),
        Cast::SignExtend | Cast::ZeroExtend => from.is_integer() && to.is_integer() && bits(from) < bits(to),
        Cast::SignedToFloat | Cast::UnsignedToFloat => from.is_integer() && to.is_float(),
        Cast::FloatToSigned | Cast::FloatToUnsigned => from.is_float() && to.is_integer(),
        Cast::Extend => matches!((from, to), (Ty::F32, Ty::F64)),
        Cast::Narrow => matches!((from, to), (Ty::F64, Ty::F32)),
        Cast::Bits => bits(from) == bits(to),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Builder, FunctionId, Order};

    fn checked(write: impl FnOnce(&mut Builder)) -> Result<Checked<Module>, Vec<String>> {
        let mut module = Module::default();
        let mut b = Builder::new(&mut module.failures, "f", Linkage::Internal, vec![Ty::I64], vec![]);
        write(&mut b);
        b.ret(vec![]);
        let function = b.finish();
        module.functions.push(function);
        check(module)
    }

    #[test]
    fn admits_a_loop() {
        let outcome = checked(|b| {
            let n = b.parameter(0);
            b.repeat(n, Order::Sequential, |b, i| {
                b.add(i, i);
            });
        });
        assert!(outcome.is_ok(), "{outcome:?}");
    }

    #[test]
    fn refuses_a_value_of_an_inner_block() {
        let outcome = checked(|b| {
            let n = b.parameter(0);
            let mut inner = n;
            b.repeat(n, Order::Sequential, |b, i| inner = b.add(i, i));
            b.add(inner, n);
        });
        assert!(outcome.is_err_and(|complaints| complaints[0].contains("not defined")));
    }

    #[test]
    fn refuses_wrong_types_effects_in_nests_and_unknown_callees() {
        assert!(
            checked(|b| {
                let n = b.parameter(0);
                b.fdiv(n, n);
            })
            .is_err()
        );
        assert!(
            checked(|b| {
                let n = b.parameter(0);
                b.nest(vec![n], |b, _| b.ret(vec![]));
            })
            .is_err()
        );
        assert!(
            checked(|b| {
                b.call(FunctionId(7), vec![], &[]);
            })
            .is_err()
        );
        assert!(checked(|b| b.push(Stmt::Break(0))).is_err());
    }
}
