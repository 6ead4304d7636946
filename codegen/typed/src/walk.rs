//! Walks over the parts of expressions and statements, for whoever looks for something in all of them.

use crate::ir::{Block, Expr, ExprKind, Index, MessagePart, StmtKind};

macro_rules! walks {
    ($expr:ident, $index:ident, $stmt:ident, $($mutable:tt)?) => {
        /// Calls `see` with every direct part of an expression.
        pub fn $expr(expr: &$($mutable)? Expr, see: &mut dyn FnMut(&$($mutable)? Expr)) {
            match &$($mutable)? expr.kind {
                ExprKind::Unit
                | ExprKind::Constant(_)
                | ExprKind::Variable(_)
                | ExprKind::PythonRandom
                | ExprKind::IsSet(_)
                | ExprKind::Attribute(_) => {}
                ExprKind::Tuple(items) | ExprKind::Concatenate(items, _) | ExprKind::Stack(items, _) | ExprKind::Call(_, items)
                | ExprKind::Object(_, items) | ExprKind::Team(items) => {
                    for item in items { see(item); }
                }
                ExprKind::Map { operands, .. } => {
                    for operand in operands { see(operand); }
                }
                ExprKind::TupleItem(inner, _)
                | ExprKind::Convert(inner)
                | ExprKind::Truth(inner)
                | ExprKind::Extent(inner, _)
                | ExprKind::Size(inner)
                | ExprKind::Length(inner)
                | ExprKind::IsNone(inner)
                | ExprKind::Unwrap(inner)
                | ExprKind::Copy(inner)
                | ExprKind::Transpose(inner, _)
                | ExprKind::ComplexPart(inner, _)
                | ExprKind::Reduce { array: inner, .. }
                | ExprKind::Nonzero(inner)
                | ExprKind::Distinct(inner)
                | ExprKind::Arrange { array: inner, .. }
                | ExprKind::Cumulative { array: inner, .. } => see(inner),
                ExprKind::And(a, b) | ExprKind::Or(a, b) | ExprKind::MatMul(a, b)
                | ExprKind::Search { array: a, values: b, .. } => {
                    see(a);
                    see(b);
                }
                ExprKind::Conditional { test: a, then: b, otherwise: c }
                | ExprKind::Arange { start: a, stop: b, step: c }
                | ExprKind::Linspace { start: a, stop: b, num: c, .. }
                | ExprKind::Eye { rows: a, columns: b, diagonal: c } => {
                    see(a);
                    see(b);
                    see(c);
                }
                ExprKind::Index(array, index) => {
                    see(array);
                    $index(index, see);
                }
                ExprKind::Fill { shape, value } => {
                    for extent in shape { see(extent); }
                    if let Some(value) = value { see(value); }
                }
                ExprKind::Reshape(array, shape) => {
                    see(array);
                    for extent in shape { see(extent); }
                }
            }
        }

        fn $index(index: &$($mutable)? [Index], see: &mut dyn FnMut(&$($mutable)? Expr)) {
            for part in index {
                match part {
                    Index::Integer(value) | Index::Mask(value) | Index::Array(value) => see(value),
                    Index::NewAxis => {}
                    Index::Slice(lower, upper, step) => {
                        for bound in [lower, upper, step] {
                            if let Some(bound) = bound { see(bound); }
                        }
                    }
                }
            }
        }

        /// Calls `see` with every expression that a statement of the block holds, those in blocks within included, but not with
        /// the parts of expressions.
        pub fn $stmt(block: &$($mutable)? Block, see: &mut dyn FnMut(&$($mutable)? Expr)) {
            for stmt in block {
                match &$($mutable)? stmt.kind {
                    StmtKind::Assign(_, value)
                    | StmtKind::SetAttribute(_, value)
                    | StmtKind::Expr(value)
                    | StmtKind::Return(value) => see(value),
                    StmtKind::Parallel { chunks, threads, call } => {
                        see(chunks);
                        see(threads);
                        see(call);
                    }
                    StmtKind::SetItem { array, index, value } | StmtKind::UpdateItem { array, index, value, .. } => {
                        see(array);
                        $index(index, see);
                        see(value);
                    }
                    StmtKind::If { test, then, otherwise } => {
                        see(test);
                        $stmt(then, see);
                        $stmt(otherwise, see);
                    }
                    StmtKind::While { test, body, orelse } => {
                        see(test);
                        $stmt(body, see);
                        $stmt(orelse, see);
                    }
                    StmtKind::ForRange { start, stop, step, body, orelse, .. } => {
                        see(start);
                        see(stop);
                        see(step);
                        $stmt(body, see);
                        $stmt(orelse, see);
                    }
                    StmtKind::Unrolled { iterations, orelse } => {
                        for iteration in iterations { $stmt(iteration, see); }
                        $stmt(orelse, see);
                    }
                    StmtKind::Try { body, handlers, orelse, exits, .. } => {
                        $stmt(body, see);
                        for handler in handlers { $stmt(&$($mutable)? handler.body, see); }
                        $stmt(orelse, see);
                        for exit in exits { $stmt(exit, see); }
                    }
                    StmtKind::Break | StmtKind::Continue | StmtKind::Reraise(_) | StmtKind::Exit(..) => {}
                    StmtKind::Raise { message, .. } => {
                        for part in message {
                            if let MessagePart::Value(value, _) = part { see(value); }
                        }
                    }
                }
            }
        }
    };
}

walks!(parts, index_parts, expressions,);
walks!(parts_mut, index_parts_mut, expressions_mut, mut);
