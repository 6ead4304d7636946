//! What keeps a loop's body from running on several threads whatever its variables are.

use crate::ir::{Block, Expr, ExprKind, Function, StmtKind, Unit, VariableId};
use crate::parallel::Why;
use crate::parallel::live::Set;
use crate::parallel::reduction::each;
use crate::walk;
use hypersonic_abi::object::Op;
use hypersonic_diagnostics::Span;
use hypersonic_ops::Type;
use std::collections::BTreeSet;

/// Whether values of a type are references that are counted, other than arrays.
pub(super) fn is_counted(ty: &Type) -> bool {
    ty.any(Type::is_object)
}

/// Says no if something in a loop's body, or in what it calls, has an order, is shared, or leaves the loop.
pub(super) fn check(unit: &Unit, position: usize, body: &Block, captured: &[VariableId], function: &Function) -> Result<(), Why> {
    leaves(body)?;
    let mut limits = Limits { unit, position, seen: BTreeSet::new(), why: None };
    limits.block(body);
    if let Some(why) = limits.why {
        return Err(why);
    }
    let shared: Set = captured.iter().copied().filter(|variable| is_counted(&function.variables[variable.0 as usize].ty)).collect();
    let mut why = None;
    walk::expressions(body, &mut |expr| used(expr, &shared, function, &mut why));
    why.map_or(Ok(()), Err)
}

/// Whether control leaves the loop elsewhere than at its end.
fn leaves(body: &Block) -> Result<(), Why> {
    let mut why = None;
    breaks(body, &mut why);
    let mut own = BTreeSet::new();
    each(body, &mut |stmt| {
        if let StmtKind::Try { id, .. } = &stmt.kind {
            own.insert(*id);
        }
    });
    each(body, &mut |stmt| match &stmt.kind {
        StmtKind::Return(_) => why = Some(Why::new(stmt.span, "`return` leaves the loop")),
        StmtKind::Exit(id, _) | StmtKind::Reraise(id) if !own.contains(id) => why = Some(Why::new(stmt.span, "it leaves the loop")),
        _ => {}
    });
    why.map_or(Ok(()), Err)
}

fn breaks(block: &Block, why: &mut Option<Why>) {
    for stmt in block {
        match &stmt.kind {
            StmtKind::Break => *why = Some(Why::new(stmt.span, "`break` leaves the loop")),
            StmtKind::While { orelse, .. } | StmtKind::ForRange { orelse, .. } | StmtKind::Unrolled { orelse, .. } => breaks(orelse, why),
            kind => crate::passes::inner_blocks(kind).into_iter().for_each(|inner| breaks(inner, why)),
        }
    }
}

/// Lists of numbers from outside may be asked for items and lengths, and given items: all else counts references, or moves what others use.
fn used(expr: &Expr, shared: &Set, function: &Function, why: &mut Option<Why>) {
    let is_shared = |expr: &Expr| matches!(expr.kind, ExprKind::Variable(variable) if shared.contains(&variable));
    let items = |ty: &Type| matches!(ty, Type::List(item) if matches!(**item, Type::Scalar(..)));
    match &expr.kind {
        ExprKind::Object(Op::GetItem | Op::SetItem, operands)
            if operands.first().is_some_and(|list| is_shared(list) && items(&list.ty)) =>
        {
            operands.iter().skip(1).for_each(|operand| used(operand, shared, function, why));
        }
        ExprKind::Length(inner) if is_shared(inner) => {}
        ExprKind::Variable(variable) if shared.contains(variable) => {
            let name = &function.variables[variable.0 as usize].name;
            why.get_or_insert_with(|| Why::new(expr.span, format!("`{name}` is shared by the iterations, and is no array")));
        }
        _ => walk::parts(expr, &mut |part| used(part, shared, function, why)),
    }
}

struct Limits<'u> {
    unit: &'u Unit,
    /// The function of the loop.
    position: usize,
    seen: BTreeSet<usize>,
    why: Option<Why>,
}

impl Limits<'_> {
    fn block(&mut self, block: &Block) {
        each(block, &mut |stmt| {
            if let StmtKind::SetAttribute(..) = stmt.kind {
                self.say(stmt.span, "attributes are set in an order");
            }
        });
        walk::expressions(block, &mut |expr| self.expr(expr));
    }

    fn say(&mut self, span: Span, why: &str) {
        self.why.get_or_insert_with(|| Why::new(span, why));
    }

    fn expr(&mut self, expr: &Expr) {
        match &expr.kind {
            ExprKind::PythonRandom => self.say(expr.span, "random numbers are drawn in an order"),
            ExprKind::Object(Op::Print, _) => self.say(expr.span, "what is printed has an order"),
            // These may ask Python, and the thread that started the loop may hold the interpreter's lock.
            ExprKind::Object(Op::Ask | Op::Call, _) => self.say(expr.span, "what Python is asked for has an order"),
            ExprKind::Object(Op::Text | Op::Chr | Op::Method | Op::Format | Op::ParseInt | Op::ParseFloat, _) => {
                self.say(expr.span, "strings are worked on by one thread");
            }
            ExprKind::Attribute(_) if expr.ty.any(|part| matches!(part, Type::Array(..)) || part.is_object()) => {
                self.say(expr.span, "an attribute that was set is shared by the iterations");
            }
            ExprKind::Call(position, _) if *position == self.position => self.say(expr.span, "an iteration may call the function again"),
            ExprKind::Call(position, _) if self.seen.insert(*position) => {
                let unit = self.unit;
                self.block(&unit.functions[*position].body);
            }
            _ => {}
        }
        // What Unicode and formats say is asked of Python, and constants of the module are shared.
        if expr.ty.any(|part| matches!(part, Type::Str)) {
            self.say(expr.span, "strings are worked on by one thread");
        }
        walk::parts(expr, &mut |part| self.expr(part));
    }
}
