//! The end of typing: names of classes go, what their values are in kernels stays.

use crate::ir::{Expr, ExprKind, Function};
use crate::walk;
use hypersonic_abi::object::Op;
use hypersonic_diagnostics::Span;
use hypersonic_ops::{ClassKind, Type};
use hypersonic_scan::Program;
use std::collections::BTreeSet;

/// Where something is looked for, and its type without and with the names of classes.
pub(crate) type Asked = Vec<(Span, Type, Type)>;

/// Takes the names of classes out of a function, and notes those that it had: (file, name). What is looked for among values of another
/// class is in `others`.
pub(crate) fn function(function: &mut Function, classes: &mut BTreeSet<(u32, String)>, others: &[(Span, Type)], asked: &mut Asked) {
    for variable in &mut function.variables {
        note(&variable.ty, classes);
        variable.ty = variable.ty.erased();
    }
    note(&function.result, classes);
    function.result = function.result.erased();
    walk::expressions_mut(&mut function.body, &mut |expr| expression(expr, classes, others, asked));
}

/// Notes the classes in a type.
pub(crate) fn note(ty: &Type, classes: &mut BTreeSet<(u32, String)>) {
    ty.each(&mut |part| {
        if let Type::Named(class, _) = part
            && !matches!(class.kind, ClassKind::Slice | ClassKind::Keywords)
        {
            classes.insert((class.file, class.name.clone()));
        }
    });
}

fn expression(expr: &mut Expr, classes: &mut BTreeSet<(u32, String)>, others: &[(Span, Type)], asked: &mut Asked) {
    if let ExprKind::Object(op, operands) = &expr.kind {
        let sought = match op {
            Op::Index => operands.get(3),
            Op::Get | Op::Delete | Op::PopKey | Op::Remove => operands.get(1),
            _ => None,
        };
        if let Some(sought) = sought {
            let mut known = others.iter().filter(|(span, _)| *span == sought.span).map(|(_, ty)| ty).peekable();
            if known.peek().is_none() {
                asked.push((sought.span, sought.ty.erased(), sought.ty.clone()));
            }
            asked.extend(known.map(|ty| (sought.span, sought.ty.erased(), ty.clone())));
        }
    }
    note(&expr.ty, classes);
    expr.ty = expr.ty.erased();
    walk::parts_mut(expr, &mut |part| expression(part, classes, others, asked));
}

/// Everything that says what these classes are.
pub(crate) fn pieces(program: &Program, classes: BTreeSet<(u32, String)>) -> BTreeSet<(u32, String)> {
    let mut pieces = classes.clone();
    for (file, name) in classes {
        let found = program.resolve(file, &name).and_then(|definition| program.record(&definition));
        if let Some(Ok(record)) = found {
            pieces.extend(record.pieces.iter().cloned());
        }
    }
    pieces.retain(|(file, name)| program.piece_text(*file, name).is_some());
    pieces
}
