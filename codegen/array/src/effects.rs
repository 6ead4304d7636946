//! What a function may write, and whether anything was written when it is called: decides which arguments must be
//! writeable, whether a failure may still be answered by Python, and what a delayed array may be delayed past.
//! Everything here errs towards "may".

use crate::walk;
use hypersonic_abi::object::{Op, QUIET};
use hypersonic_ops::Type;
use hypersonic_typed::ir::{Block, Constant, Expr, ExprKind, Function, Index, Stmt, StmtKind, Unit, VariableId};

/// A set of places that memory comes from: bit `k < 64` is the k-th array argument in frame order, the others
/// stand for variables that hold fresh arrays (two may share a bit).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Roots(pub u128);

const ARGUMENTS: u128 = u64::MAX as u128;

impl Roots {
    /// Nothing.
    pub const NONE: Self = Self(0);

    /// Both.
    #[must_use]
    pub const fn union(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// Whether memory of arguments is among them.
    #[must_use]
    pub const fn visible(self) -> bool {
        self.0 & ARGUMENTS != 0
    }

    /// Whether memory of one may be memory of the other. Arguments may overlap each other.
    #[must_use]
    pub const fn meets(self, other: Self) -> bool {
        self.0 & other.0 != 0 || (self.visible() && other.visible())
    }
}

/// What happens when a block or a function runs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Effect {
    /// What it may write.
    pub writes: Roots,
    /// Whether it advances Python's random generator, or waits.
    pub random: bool,
    /// Whether it calls functions from Python, which may read and write any array that was given to the call.
    pub calls: bool,
}

impl Effect {
    const fn union(self, other: Self) -> Self {
        Self { writes: self.writes.union(other.writes), random: self.random || other.random, calls: self.calls || other.calls }
    }

    /// Whether a caller could tell.
    #[must_use]
    pub const fn visible(self) -> bool {
        self.writes.visible() || self.random || self.calls
    }

    /// The memory that may be another afterwards, whoever writes it.
    #[must_use]
    pub const fn disturbs(self) -> Roots {
        if self.calls { Roots(u128::MAX) } else { self.writes }
    }
}

/// What is known about the functions of a unit.
#[derive(Clone, Debug)]
pub struct Effects {
    functions: Vec<Known>,
}

#[derive(Clone, Debug)]
struct Known {
    /// By variable.
    roots: Vec<Roots>,
    /// By parameter: the bits of its arrays.
    parameters: Vec<Roots>,
    effect: Effect,
    /// Whether something visible may have happened before it is called.
    dirty: bool,
}

/// Whether a value of that type holds references to memory: arrays, lists, strings.
#[must_use]
pub fn holds_memory(ty: &Type) -> bool {
    ty.any(|part| matches!(part, Type::Array(..)) || part.is_object())
}

/// Whether a value of that type is made of containers with arrays in them, which may be any arrays.
#[must_use]
pub fn holds_any_array(ty: &Type) -> bool {
    ty.any(|part| part.is_object() && part.any(|inner| matches!(inner, Type::Array(..))))
}

/// How many arrays a value of that type holds; those in containers are not counted.
#[must_use]
pub fn arrays(ty: &Type) -> u32 {
    match ty {
        Type::Array(..) => 1,
        Type::Tuple(items) => items.iter().map(arrays).sum(),
        _ => 0,
    }
}

impl Effects {
    /// Analyses a unit.
    #[must_use]
    pub fn of(unit: &Unit) -> Self {
        let mut effects = Self { functions: unit.functions.iter().map(Known::start).collect() };
        for (n, function) in unit.functions.iter().enumerate() {
            effects.find_roots(n, function);
        }
        loop {
            let before: Vec<(Effect, bool)> = effects.functions.iter().map(|known| (known.effect, known.dirty)).collect();
            for (n, function) in unit.functions.iter().enumerate() {
                effects.functions[n].effect = effects.block(n, &function.body);
                let mut dirty = effects.functions[n].dirty;
                effects.spread(n, &function.body, &mut dirty);
            }
            if effects.functions.iter().map(|known| (known.effect, known.dirty)).eq(before) {
                return effects;
            }
        }
    }

    /// Whether something visible may have happened before function `n` is called.
    #[must_use]
    pub fn dirty(&self, n: usize) -> bool {
        self.functions[n].dirty
    }

    /// What function `n` does.
    #[must_use]
    pub fn function(&self, n: usize) -> Effect {
        self.functions[n].effect
    }

    /// Whether nothing that the unit does can be seen before its end, but for what functions from Python do that it calls.
    #[must_use]
    pub fn clean(&self) -> bool {
        self.functions.first().is_some_and(|root| !root.effect.writes.visible() && !root.effect.random)
    }

    /// Where the memory of a variable of function `n` may come from.
    #[must_use]
    pub fn variable(&self, n: usize, variable: VariableId) -> Roots {
        self.functions[n].roots[variable.0 as usize]
    }

    /// Where the memory of an array expression comes from, and whether it may be fresh.
    #[must_use]
    pub fn roots(&self, n: usize, expr: &Expr) -> (Roots, bool) {
        if holds_any_array(&expr.ty) {
            return (Roots(u128::MAX), true);
        }
        if arrays(&expr.ty) == 0 {
            return (Roots::NONE, false);
        }
        match &expr.kind {
            ExprKind::Variable(variable) => (self.variable(n, *variable), false),
            ExprKind::Index(array, index) if !index.iter().any(|each| matches!(each, Index::Mask(_) | Index::Array(_))) => {
                self.roots(n, array)
            }
            ExprKind::TupleItem(inner, _) | ExprKind::Transpose(inner, _) | ExprKind::ComplexPart(inner, _) => self.roots(n, inner),
            ExprKind::Reshape(inner, _) => (self.roots(n, inner).0, true),
            ExprKind::Conditional { then: x, otherwise: y, .. } | ExprKind::And(x, y) | ExprKind::Or(x, y) => {
                let (x, y) = (self.roots(n, x), self.roots(n, y));
                (x.0.union(y.0), x.1 || y.1)
            }
            // It may have been set to anything, by any function; be any array that was put into a container.
            ExprKind::Attribute(_) | ExprKind::Object(..) => (Roots(u128::MAX), true),
            ExprKind::Tuple(items) => self.of_all(n, items, false),
            ExprKind::Call(_, arguments) => self.of_all(n, arguments, true),
            _ => (Roots::NONE, true),
        }
    }

    fn of_all(&self, n: usize, items: &[Expr], fresh: bool) -> (Roots, bool) {
        items.iter().map(|item| self.roots(n, item)).fold((Roots::NONE, fresh), |all, each| (all.0.union(each.0), all.1 || each.1))
    }

    fn find_roots(&mut self, n: usize, function: &Function) {
        loop {
            let before = self.functions[n].roots.clone();
            walk::statements(&function.body, &mut |stmt| {
                if let StmtKind::Assign(variable, value) = &stmt.kind {
                    let (mut roots, fresh) = self.roots(n, value);
                    if fresh {
                        roots = roots.union(Roots(1 << (64 + variable.0 % 64)));
                    }
                    let known = &mut self.functions[n].roots[variable.0 as usize];
                    *known = known.union(roots);
                }
            });
            if self.functions[n].roots == before {
                return;
            }
        }
    }

    /// What evaluating an expression of function `n` may do.
    #[must_use]
    pub fn expr(&self, n: usize, expr: &Expr) -> Effect {
        let mut all = Effect::default();
        walk::everything(expr, &mut |each| match &each.kind {
            ExprKind::PythonRandom => all.random = true,
            ExprKind::Object(Op::Ask, operands) => all.random |= !is_quiet(operands),
            ExprKind::Object(Op::Call, _) => all.calls = true,
            ExprKind::Call(callee, arguments) => {
                let known = &self.functions[*callee];
                all.random |= known.effect.random;
                all.calls |= known.effect.calls;
                for (argument, bits) in arguments.iter().zip(&known.parameters) {
                    if known.effect.writes.0 & bits.0 != 0 {
                        all.writes = all.writes.union(self.roots(n, argument).0);
                    }
                }
            }
            _ => {}
        });
        all
    }

    /// What a statement's own expressions may do, the store of a `SetItem` left out.
    #[must_use]
    pub fn expressions(&self, n: usize, stmt: &Stmt) -> Effect {
        let mut all = Effect::default();
        walk::expressions(stmt, &mut |expr| all = all.union(self.expr(n, expr)));
        all
    }

    /// What a statement may do, nested blocks included.
    #[must_use]
    pub fn stmt(&self, n: usize, stmt: &Stmt) -> Effect {
        let mut all = self.expressions(n, stmt);
        if let StmtKind::SetItem { array, .. } | StmtKind::UpdateItem { array, .. } = &stmt.kind {
            all.writes = all.writes.union(self.roots(n, array).0);
        }
        for block in walk::blocks(stmt) {
            all = all.union(self.block(n, block));
        }
        all
    }

    /// What a block may do.
    #[must_use]
    pub fn block(&self, n: usize, block: &Block) -> Effect {
        block.iter().fold(Effect::default(), |all, stmt| all.union(self.stmt(n, stmt)))
    }

    /// Whether what fails in the body of a `try` may be reported after a handler, or a `finally`, has done something visible: then Python
    /// cannot do it all again.
    #[must_use]
    pub fn reports_late(&self, n: usize, stmt: &Stmt) -> bool {
        let StmtKind::Try { handlers, .. } = &stmt.kind else { return false };
        handlers.iter().any(|handler| {
            let mut again = false;
            walk::statements(&handler.body, &mut |stmt| again |= matches!(stmt.kind, StmtKind::Reraise(_)));
            again && self.block(n, &handler.body).visible()
        })
    }

    /// Tells callees whether something visible may have happened before they are called.
    fn spread(&mut self, n: usize, block: &Block, dirty: &mut bool) {
        for stmt in block {
            let inner = walk::blocks(stmt);
            *dirty |= self.reports_late(n, stmt);
            let is_loop = matches!(stmt.kind, StmtKind::While { .. } | StmtKind::ForRange { .. } | StmtKind::Parallel { .. });
            if is_loop && self.stmt(n, stmt).visible() {
                *dirty = true;
            }
            let mut called = Vec::new();
            walk::expressions(stmt, &mut |expr| {
                walk::everything(expr, &mut |each| {
                    if let ExprKind::Call(callee, _) = &each.kind {
                        called.push(*callee);
                    }
                });
            });
            let own = self.expressions(n, stmt).visible();
            for callee in &called {
                if *dirty || (own && called.len() > 1) {
                    self.functions[*callee].dirty = true;
                }
            }
            let mut after = *dirty || self.expressions(n, stmt).visible();
            let before = after;
            for block in inner {
                let mut branch = if matches!(stmt.kind, StmtKind::If { .. }) { before } else { after };
                self.spread(n, block, &mut branch);
                after |= branch;
            }
            *dirty = after || self.stmt(n, stmt).visible();
        }
    }
}

/// Whether a function that Python is asked for changes nothing.
fn is_quiet(operands: &[Expr]) -> bool {
    match operands.first().map(|first| &first.kind) {
        Some(ExprKind::Constant(Constant::Int(place))) => usize::try_from(*place).is_ok_and(|place| place < QUIET),
        _ => false,
    }
}

impl Known {
    fn start(function: &Function) -> Self {
        let mut roots = vec![Roots::NONE; function.variables.len()];
        let mut parameters = Vec::new();
        let mut next = 0;
        for parameter in &function.parameters {
            let mut bits = 0;
            let ty = &function.variables[parameter.0 as usize].ty;
            if holds_any_array(ty) {
                bits = u128::MAX;
            }
            for _ in 0..arrays(ty) {
                bits |= 1_u128 << std::cmp::min(next, 63);
                next += 1;
            }
            roots[parameter.0 as usize] = Roots(bits);
            parameters.push(Roots(bits));
        }
        Self { roots, parameters, effect: Effect::default(), dirty: false }
    }
}
