//! What `zip` runs over beside a generator. Each is asked in its turn: what stands before the generator before that goes on, so that its item is
//! the one of then.

use crate::function::{Typed, Typer};
use crate::ir::{self, Expr};
use crate::iterate::Iterable;
use crate::objects::{Entry, Writer};
use hypersonic_diagnostics::{Diagnostic, Id, Span};
use hypersonic_ops::{Dtype, ScalarOp, Special, Type};
use hypersonic_syntax::ast;
use std::collections::BTreeSet;

/// One of these.
pub(crate) struct Beside {
    way: Way,
    /// The variable that its item is put in.
    pub item: String,
}

enum Way {
    /// It has items by number, and so many.
    Numbered(Iterable, Expr),
    /// A set or dict, whose size must stay.
    Entries(Entry),
}

impl Typer<'_, '_> {
    /// What may stand beside a generator, evaluated.
    pub(crate) fn iterable_beside(&mut self, argument: &ast::Expr) -> Typed<Iterable> {
        let refuse = |typer: &mut Self, what: &str, label: &str, hint: &str| {
            let title = format!("`zip` of a generator and {what} is not compiled");
            Err(typer.report(Diagnostic::new(Id::UnsupportedGenerator, title, argument.span, label).with_hint(hint)))
        };
        let iterable = self.iterable(argument)?;
        match self.as_list(iterable, argument.span)? {
            iterable if self.unrolled_items(&iterable, false).is_some() => {
                refuse(self, "a tuple", "a tuple", "count in a variable of your own")
            }
            Iterable::Object(object, view) => match object.ty.base() {
                _ if object.ty.special() == Some(&Special::OrderedDict) => {
                    refuse(self, "an OrderedDict", "it might change", "make a list of it first")
                }
                Type::List(_) | Type::Sequence(_) | Type::Str | Type::Set(_) | Type::Dict(..) => {
                    Ok(Iterable::Object(self.hold(object), view))
                }
                _ => Ok(Iterable::Object(self.entries(object, view, argument.span)?, crate::objects::View::Keys)),
            },
            iterable if crate::objects::has_objects(&iterable) => {
                refuse(self, "of what runs over a list", "this", "make a list of it first")
            }
            iterable => Ok(iterable),
        }
    }

    /// Names for their items and places, which the loop changes.
    pub(crate) fn besides(&mut self, iterables: Vec<Iterable>, changed: &mut BTreeSet<String>, span: Span) -> Typed<Vec<Beside>> {
        let mut made = Vec::new();
        for iterable in iterables {
            let way = match iterable {
                Iterable::Object(object, view) if matches!(object.ty.base(), Type::Set(_) | Type::Dict(..)) => {
                    let entry = self.entry(object, view, Writer { span });
                    changed.insert(entry.place.clone());
                    Way::Entries(entry)
                }
                iterable => {
                    let iterable = self.held(iterable, changed);
                    let length = self.length(&iterable, span)?;
                    // A list may grow meanwhile.
                    let length = if matches!(iterable, Iterable::Object(..)) { length } else { self.hold(length) };
                    Way::Numbered(iterable, length)
                }
            };
            let item = self.own_name("beside");
            changed.insert(item.clone());
            made.push(Beside { way, item });
        }
        Ok(made)
    }

    /// Takes the next item, or leaves the block where there is none.
    pub(crate) fn take_beside(&mut self, beside: &Beside, number: &Expr, label: u32, span: Span) -> Typed<()> {
        let item = match &beside.way {
            Way::Numbered(iterable, length) => {
                let operands = vec![number.clone(), length.clone()];
                let kind = ir::ExprKind::Map { op: ScalarOp::GreaterEqual, loop_dtype: Dtype::I64, operands };
                self.leave_if(Expr { ty: Type::BOOL, kind, span }, label, span);
                self.item(iterable, number.clone(), span)
            }
            Way::Entries(entry) => {
                let write = Writer { span };
                self.see(&[&entry.more, &entry.item]);
                self.locals.insert(entry.place.clone());
                let test = self.test(&write.not(entry.more.clone()))?;
                self.leave_if(test, label, span);
                self.statements(std::slice::from_ref(&entry.before));
                self.expression(&entry.item)?
            }
        };
        self.bind(&beside.item, item, span);
        Ok(())
    }

    fn leave_if(&mut self, test: Expr, label: u32, span: Span) {
        let environment = self.environment.clone();
        let (then, ()) = self.in_block(|typer| typer.leave_label(label, span));
        self.set_environment(Some(environment));
        self.push(ir::StmtKind::If { test, then, otherwise: Vec::new() }, span);
    }
}
