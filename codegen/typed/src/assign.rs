//! Assignment: to names, patterns and subscripts, plain and augmented.

use crate::expression::scalar_op;
use crate::function::{Reported, Typed, Typer, is_unit};
use crate::ir::{Block, Expr, ExprKind, Index, MessagePart, Stmt, StmtKind};
use crate::library::{self, Arguments};
use crate::resolve::{Static, int_constant};
use crate::scope::{Binding, Known};
use crate::subscript::element;
use crate::unify::{is_pure, is_static};
use crate::walk;
use hypersonic_diagnostics::{Diagnostic, Id, Span};
use hypersonic_ops::{Dtype, Flavor, Kind, ScalarOp, Type};
use hypersonic_syntax::ast::{self, BinaryOp};
use std::collections::BTreeSet;

impl Typer<'_, '_> {
    /// `targets[0] = targets[1] = ... = value`.
    pub(crate) fn assignment(&mut self, targets: &[ast::Expr], value: &ast::Expr) -> Typed<()> {
        if let Some(found @ (Static::External(_) | Static::Function(..) | Static::Module(_))) = self.static_of(value)
            && let [ast::Expr { kind: ast::ExprKind::Name(name), .. }] = targets
            && let Static::External(full) = &found
            && library::constant(full, value.span).is_none()
        {
            // `sin = np.sin`: the name stands for the function.
            self.environment.insert(self.bound_name(name), Binding::Imported(full.clone()));
            return Ok(());
        }
        if let ([ast::Expr { kind: ast::ExprKind::Name(name), .. }], ast::ExprKind::Lambda(definition)) = (targets, &value.kind) {
            return self.define_function(name, definition);
        }
        if let [ast::Expr { kind: ast::ExprKind::Name(name), .. }] = targets
            && let Some(stored) = self.store_generator(name, value)
        {
            return stored;
        }
        let unpacked = |target: &ast::Expr| matches!(target.kind, ast::ExprKind::Tuple(_) | ast::ExprKind::List(_));
        let typed = if let [ast::Expr { kind: ast::ExprKind::Tuple(names) | ast::ExprKind::List(names), .. }] = targets
            && let Some(columns) = self.unpacked_zip(value, names.len())
        {
            columns
        } else if targets.iter().all(unpacked) {
            self.argument_value(value)
        } else if targets.iter().any(|target| matches!(target.kind, ast::ExprKind::Subscript(..))) {
            self.stored_value(targets, value)
        } else {
            self.value(value)
        };
        let mut typed = match typed {
            Ok(typed) => typed,
            Err(reported) => {
                self.poison(targets);
                return Err(reported);
            }
        };
        if targets.len() > 1 {
            typed = self.hold(typed);
        }
        let mut result = Ok(());
        for target in targets {
            if let Err(reported) = self.assign(target, typed.clone()) {
                self.poison(std::slice::from_ref(target));
                result = Err(reported);
            }
        }
        result
    }

    /// A value that is stored in an item: for an array a display is a tuple, for a list or dict a list.
    fn stored_value(&mut self, targets: &[ast::Expr], value: &ast::Expr) -> Typed<Expr> {
        let array = matches!(value.kind, ast::ExprKind::Tuple(_));
        if !array && let [ast::Expr { kind: ast::ExprKind::Subscript(base, _), .. }] = targets {
            let base = self.peek(|typer| typer.expression(base));
            if base?.ty.is_object() {
                return self.value(value);
            }
        }
        self.argument(value)
    }

    /// Names whose value could not be typed: reading them is not reported again.
    pub(crate) fn poison(&mut self, targets: &[ast::Expr]) {
        let mut names = BTreeSet::new();
        targets.iter().for_each(|target| crate::names::pattern(target, &mut names));
        names.iter().for_each(|name| self.poison_name(name));
    }

    /// The same for one name. One that is not set yet stays so where a loop has read something that it may set later: another path of the
    /// body may say what it is, and the next attempt knows.
    pub(crate) fn poison_name(&mut self, name: &str) {
        let waits = !self.unset_reads.is_empty() && !self.loops.is_empty() && !self.environment.contains_key(&self.bound_name(name));
        if waits {
            return;
        }
        self.environment.insert(self.bound_name(name), Binding::Poisoned);
    }

    /// Assigns a typed value to a target.
    pub(crate) fn assign(&mut self, target: &ast::Expr, value: Expr) -> Typed<()> {
        self.nested(target.span, |typer| match &target.kind {
            ast::ExprKind::Name(name) => {
                typer.bind(name, value, target.span);
                Ok(())
            }
            ast::ExprKind::Tuple(targets) | ast::ExprKind::List(targets) => typer.unpack(targets, value, target.span),
            ast::ExprKind::Subscript(base, index) => typer.set_item(base, index, value, target.span),
            ast::ExprKind::Attribute(base, name) => typer.set_attribute(base, name, value, target.span),
            ast::ExprKind::Starred(_) => Err(typer.unsupported("`*` in an assignment is not compiled yet", target.span, "takes the rest")),
            _ => Err(typer.unsupported("this cannot be assigned to", target.span, "not a name, pattern or subscript")),
        })
    }

    /// Binds a name.
    pub(crate) fn bind(&mut self, name: &str, value: Expr, span: Span) {
        let bound = self.bound_name(name);
        if self.environment.get(&bound) == Some(&Binding::Receiver) {
            self.object_is_bound(name, span);
        }
        let variable = self.variable(&bound, &value.ty);
        let ty = value.ty.clone();
        let known = match value.kind {
            ExprKind::Constant(constant) => Some(Known::Constant(constant)),
            _ => None,
        };
        if !is_unit(&ty) {
            self.push(StmtKind::Assign(variable, value), span);
        }
        self.flag(&bound, true, span);
        self.environment.insert(bound.clone(), Binding::Value { ty, variable, known, maybe_unbound: false, span });
        self.keep_name(&bound, span);
    }

    pub(crate) fn unpack(&mut self, targets: &[ast::Expr], value: Expr, span: Span) -> Typed<()> {
        let value = crate::expression::plain(value);
        if targets.iter().any(|target| matches!(target.kind, ast::ExprKind::Starred(_))) {
            return self.unpack_starred(targets, value, span);
        }
        if matches!(value.ty.base(), Type::List(_) | Type::Sequence(_) | Type::Str) {
            return self.unpack_list(targets, value, span);
        }
        let items = match &value.ty {
            Type::Array(_, ndim) if *ndim > 0 => self.unpack_array(targets.len(), value),
            Type::Tuple(types) if types.len() == targets.len() => self.unpack_tuple(targets, value),
            Type::Tuple(types) => {
                let title = if types.len() < targets.len() { "not enough values to unpack" } else { "too many values to unpack" };
                return Err(self.type_error(title, span, format!("{} names for {} values", targets.len(), types.len())));
            }
            other => {
                let title = format!("`{other}` cannot be unpacked");
                return Err(self.type_error(title, span, "needs a tuple or an array"));
            }
        };
        let mut result = Ok(());
        for (target, item) in targets.iter().zip(items) {
            if let Err(reported) = self.assign(target, item) {
                self.poison(std::slice::from_ref(target));
                result = Err(reported);
            }
        }
        result
    }

    /// Items are evaluated before anything is assigned, unless no assignment can be seen by a later item.
    fn unpack_tuple(&mut self, targets: &[ast::Expr], value: Expr) -> Vec<Expr> {
        let items = self.tuple_items(value).unwrap_or_default();
        let plain = targets.iter().all(only_names);
        let mut names = BTreeSet::new();
        targets.iter().for_each(|target| crate::names::pattern(target, &mut names));
        let names: BTreeSet<String> = names.iter().map(|name| self.bound_name(name)).collect();
        let independent = plain && !items.iter().skip(1).any(|item| self.mentions(item, &names));
        if independent { items } else { items.into_iter().map(|item| if is_static(&item) { item } else { self.snapshot(item) }).collect() }
    }

    /// The value now, whatever is assigned later; a tuple item by item.
    pub(crate) fn snapshot(&mut self, value: Expr) -> Expr {
        let span = value.span;
        match value.kind {
            ExprKind::Tuple(items) => {
                let items = items.into_iter().map(|item| if is_static(&item) { item } else { self.snapshot(item) }).collect();
                Expr { ty: value.ty, kind: ExprKind::Tuple(items), span }
            }
            ExprKind::Variable(_) => {
                let name = self.fresh_name("");
                let variable = self.variable(&name, &value.ty);
                self.push(StmtKind::Assign(variable, value), span);
                self.read(variable, span)
            }
            _ => self.hold(value),
        }
    }

    /// Whether the value depends on one of these names.
    pub(crate) fn mentions(&self, value: &Expr, names: &BTreeSet<String>) -> bool {
        if let ExprKind::Variable(variable) = value.kind {
            return names.contains(&self.variables[variable.0 as usize].name);
        }
        let mut found = false;
        walk::parts(value, &mut |part| found = found || self.mentions(part, names));
        found
    }

    fn unpack_array(&mut self, count: usize, value: Expr) -> Vec<Expr> {
        let span = value.span;
        let array = self.hold(value);
        let count = i64::try_from(count).unwrap_or(i64::MAX);
        let extent = Expr { ty: Type::INT, kind: ExprKind::Extent(Box::new(array.clone()), 0), span };
        let check = |op, message: Vec<MessagePart>| {
            let test = Expr {
                ty: Type::BOOL,
                kind: ExprKind::Map { op, loop_dtype: Dtype::I64, operands: vec![extent.clone(), int_constant(count, span)] },
                span,
            };
            let raise: Block = vec![Stmt { span, kind: StmtKind::Raise { exception: "ValueError".to_owned(), message, retried: true } }];
            StmtKind::If { test, then: raise, otherwise: Vec::new() }
        };
        let few = format!("not enough values to unpack (expected {count}, got ");
        let few = vec![MessagePart::Text(few), MessagePart::Value(extent.clone(), String::new()), MessagePart::Text(")".to_owned())];
        self.push(check(ScalarOp::Less, few), span);
        let many = vec![MessagePart::Text(format!("too many values to unpack (expected {count})"))];
        self.push(check(ScalarOp::Greater, many), span);
        (0..count).map(|n| first_axis_item(&array, int_constant(n, span), span)).collect()
    }

    fn set_attribute(&mut self, base: &ast::Expr, name: &str, value: Expr, span: Span) -> Typed<()> {
        if self.is_receiver(base) {
            return self.write_attribute(name, value, span);
        }
        let mark = self.block.len();
        let object = self.entity(base)?;
        if object.ty.named().is_some() {
            // The value comes first.
            let mut value = value;
            self.keep_order(&mut value, mark);
            let value = self.hold(value);
            return self.set_record_attribute(object, name, value, span);
        }
        if matches!(name, "real" | "imag") {
            let receiver = object;
            if let Type::Array(dtype, _) = receiver.ty
                && dtype.kind() == Kind::Complex
            {
                let result = library::attribute(self, name, receiver, span);
                let array = self.accept(result)?;
                return self.store(array, Vec::new(), None, value, span);
            }
        }
        let diagnostic = Diagnostic::new(Id::UnsupportedStatement, format!("the attribute `{name}` is assigned"), span, "not compiled yet");
        Err(self.report(diagnostic))
    }

    fn set_item(&mut self, base: &ast::Expr, index: &ast::Expr, value: Expr, span: Span) -> Typed<()> {
        let mark = self.block.len();
        let mut array = self.expression(base)?;
        let index = &self.spelt_index(index)?;
        if array.ty.is_object() {
            // The value comes first.
            let mut value = value;
            self.keep_order(&mut value, mark);
            let value = self.hold(value);
            return self.set_object_item(array, index, value, span);
        }
        if !matches!(array.ty, Type::Array(..)) {
            let title = format!("items of `{}` cannot be assigned", array.ty);
            return Err(self.type_error(title, span, "only arrays, lists and dicts have items that can be assigned"));
        }
        let selection = self.select(&mut array, index, span)?;
        let mut value = value;
        self.keep_order(&mut value, mark);
        self.store(array, selection.index, Some(selection.ty), value, span)
    }

    /// `array[index] = value`; without a selected type, the whole array.
    fn store(&mut self, array: Expr, index: Vec<Index>, selected: Option<Type>, value: Expr, span: Span) -> Typed<()> {
        let selected = selected.unwrap_or_else(|| array.ty.clone());
        let scalar = matches!(value.ty, Type::Scalar(..));
        let mut value = self.operand_of_array(value)?;
        let dtype = value.ty.dtype().unwrap_or(Dtype::F64);
        if let (true, Some(target)) = (scalar, selected.dtype()) {
            let mark = self.block.len();
            let result = library::stored(self, value, target);
            value = self.accept(result)?;
            self.look_up_before(mark, &array, &index, &selected, span);
        }
        if dtype.kind() == Kind::Complex && selected.dtype().is_some_and(|target| target.kind() != Kind::Complex) {
            let diagnostic =
                Diagnostic::new(Id::TypeError, "a complex value is stored in a real array", span, "the imaginary part would be lost");
            return Err(self.report(diagnostic.with_hint("store `.real`")));
        }
        if value.ty.ndim() > selected.ndim() {
            let title = "an array is stored in a place of fewer dimensions";
            return Err(self.type_error(title, span, format!("`{}` into `{selected}`", value.ty)));
        }
        self.push(StmtKind::SetItem { array, index, value }, span);
        Ok(())
    }

    /// If the value that is about to be stored is checked by statements since `mark`, the place is looked up before them.
    fn look_up_before(&mut self, mark: usize, array: &Expr, index: &[Index], selected: &Type, span: Span) {
        let looks_up = !index.is_empty() && is_pure(array) && index.iter().all(is_pure_position);
        if self.block.len() > mark && looks_up {
            let place = Expr { ty: selected.clone(), kind: ExprKind::Index(Box::new(array.clone()), index.to_vec()), span };
            self.block.insert(mark, Stmt { span, kind: StmtKind::Expr(place) });
        }
    }

    /// A value that is combined with or stored in an array: a tuple becomes an array, an array of no dimension its element.
    fn operand_of_array(&mut self, value: Expr) -> Typed<Expr> {
        let value = match value.ty {
            Type::Tuple(_) => {
                let arguments = Arguments { span: value.span, positional: vec![value], keywords: Vec::new() };
                let result = library::call(self, "numpy.array", arguments);
                self.accept(result)?
            }
            Type::Array(_, 0) => element(value),
            _ => value,
        };
        if value.ty.dtype().is_none() {
            return Err(self.type_error(format!("`{}` is no number and no array", value.ty), value.span, "combined with an array"));
        }
        Ok(value)
    }

    /// `target op= value`.
    pub(crate) fn augmented(&mut self, target: &ast::Expr, op: BinaryOp, value: &ast::Expr, span: Span) -> Typed<()> {
        match &target.kind {
            ast::ExprKind::Name(name) => {
                let current = self.entity(target);
                let mark = self.block.len();
                if let (Ok(current), BinaryOp::Add) = (&current, op)
                    && self.is_extended(&current.ty, op)
                {
                    return self.extend(current.clone(), value, span);
                }
                let value = if matches!(&current, Ok(current) if current.ty.is_object() || current.ty.named().is_some()) {
                    self.entity(value)
                } else {
                    self.operand(value)
                };
                let (Ok(mut current), Ok(value)) = (current, value) else {
                    self.poison(std::slice::from_ref(target));
                    return Err(Reported);
                };
                if matches!(current.ty, Type::Array(..)) {
                    return self.update(current, Vec::new(), op, value, span);
                }
                self.keep_order(&mut current, mark);
                if self.in_place(op, &current, &value, span)? {
                    return Ok(());
                }
                match self.combine(op, current, value, span) {
                    Ok(result) => {
                        self.bind(name, result, span);
                        Ok(())
                    }
                    Err(reported) => {
                        self.poison(std::slice::from_ref(target));
                        Err(reported)
                    }
                }
            }
            ast::ExprKind::Subscript(base, index) => self.augmented_item(base, index, op, value, span),
            ast::ExprKind::Attribute(base, name) if self.is_receiver(base) => {
                let mut current = self.read_attribute(name, target.span)?;
                let mark = self.block.len();
                let value = self.argument(value)?;
                if matches!(current.ty, Type::Array(..)) {
                    // The array is changed in place, and then set as the attribute that it was.
                    self.update(current.clone(), Vec::new(), op, value, span)?;
                    return self.write_attribute(name, current, span);
                }
                self.keep_order(&mut current, mark);
                let result = self.combine(op, current, value, span)?;
                self.write_attribute(name, result, span)
            }
            ast::ExprKind::Attribute(base, name) if self.is_record(base) => {
                let object = self.entity(base)?;
                let object = self.hold(object);
                let Ok(current) = self.attribute_of(object.clone(), name, target.span)? else { return Err(Reported) };
                let current = self.hold(current);
                let result = self.updated(current, op, value, span)?;
                self.set_record_attribute(object, name, result, span)
            }
            ast::ExprKind::Attribute(base, name) if matches!(name.as_str(), "real" | "imag") => {
                let receiver = self.expression(base)?;
                let result = library::attribute(self, name, receiver, span);
                let array = self.accept(result)?;
                let value = self.expression(value)?;
                if !matches!(array.ty, Type::Array(..)) {
                    return Err(self.type_error("the attribute of a number cannot be assigned", span, format!("`{}`", array.ty)));
                }
                self.update(array, Vec::new(), op, value, span)
            }
            _ => Err(self.report(Diagnostic::new(Id::UnsupportedStatement, "this target is not compiled", target.span, "assigned here"))),
        }
    }

    /// Whether an expression is a value of a class with attributes.
    fn is_record(&mut self, expr: &ast::Expr) -> bool {
        self.probe(|typer| typer.entity(expr)).is_some_and(|value| value.ty.named().is_some())
    }

    /// An operand: a list as a tuple, a value of a class as one.
    fn operand(&mut self, expr: &ast::Expr) -> Typed<Expr> {
        match &expr.kind {
            ast::ExprKind::List(_) | ast::ExprKind::Tuple(_) | ast::ExprKind::Comprehension { .. } => self.argument(expr),
            _ => self.entity(expr),
        }
    }

    /// What `current op= value` gives, after what it does to the object itself.
    fn updated(&mut self, current: Expr, op: BinaryOp, value: &ast::Expr, span: Span) -> Typed<Expr> {
        if matches!(current.ty, Type::List(_)) && op == BinaryOp::Add {
            self.extend(current.clone(), value, span)?;
            return Ok(current);
        }
        let value = if current.ty.is_object() { self.entity(value)? } else { self.operand(value)? };
        if matches!(current.ty, Type::Array(..)) {
            self.update(current.clone(), Vec::new(), op, value, span)?;
            return Ok(current);
        }
        if self.in_place(op, &current, &value, span)? {
            return Ok(current);
        }
        self.combine(op, current, value, span)
    }

    fn augmented_item(&mut self, base: &ast::Expr, index: &ast::Expr, op: BinaryOp, value: &ast::Expr, span: Span) -> Typed<()> {
        let mut array = self.expression(base)?;
        let index = &self.spelt_index(index)?;
        if array.ty.is_object() {
            return self.augmented_object_item(array, index, op, value, span);
        }
        if !matches!(array.ty, Type::Array(..)) {
            let title = format!("items of `{}` cannot be assigned", array.ty);
            return Err(self.type_error(title, span, "only arrays, lists and dicts have items that can be assigned"));
        }
        let selection = self.select(&mut array, index, span)?;
        let array = if is_pure(&array) { array } else { self.hold(array) };
        let index: Vec<Index> = selection.index.into_iter().map(|part| self.held_index(part)).collect();
        if index.iter().any(|part| matches!(part, Index::Array(_))) {
            // As Python has it: the selection is copied, the copy is changed, and stored again.
            let kind = ExprKind::Index(Box::new(array.clone()), index.clone());
            let current = self.hold(Expr { ty: selection.ty.clone(), kind, span });
            let value = self.argument(value)?;
            self.update(current.clone(), Vec::new(), op, value, span)?;
            return self.store(array, index, Some(selection.ty), current, span);
        }
        if matches!(selection.ty, Type::Array(..)) {
            let value = self.argument(value)?;
            return self.update(array, index, op, value, span);
        }
        let mut current = Expr { ty: selection.ty.clone(), kind: ExprKind::Index(Box::new(array.clone()), index.clone()), span };
        let mark = self.block.len();
        let value = self.expression(value)?;
        self.keep_order(&mut current, mark);
        let mark = self.block.len();
        let result = self.combine(op, current, value, span)?;
        self.look_up_before(mark, &array, &index, &selection.ty, span);
        self.store(array, index, Some(selection.ty), result, span)
    }

    fn held_index(&mut self, part: Index) -> Index {
        let mut keep = |value: Expr| if is_pure(&value) { value } else { self.hold(value) };
        match part {
            Index::Integer(value) => Index::Integer(keep(value)),
            Index::Mask(value) => Index::Mask(keep(value)),
            Index::Array(value) => Index::Array(keep(value)),
            Index::Slice(lower, upper, step) => Index::Slice(lower.map(&mut keep), upper.map(&mut keep), step.map(&mut keep)),
            Index::NewAxis => Index::NewAxis,
        }
    }

    /// `array[index] op= value` on an array selection.
    pub(crate) fn update(&mut self, array: Expr, index: Vec<Index>, op: BinaryOp, value: Expr, span: Span) -> Typed<()> {
        let Some(operation) = scalar_op(op) else {
            let title = "`@=` on arrays is not compiled";
            return Err(self.report(Diagnostic::new(Id::UnsupportedStatement, title, span, "here").with_hint("write `a = a @ b`")));
        };
        let value = self.operand_of_array(value)?;
        let ndim = selected_ndim(&array, &index);
        if value.ty.ndim().is_some_and(|rank| rank > ndim) {
            let title = "an array is combined in place with one of more dimensions";
            return Err(self.type_error(title, span, format!("`{}` into {ndim} dimensions", value.ty)));
        }
        let target = Expr { ty: Type::Array(array.ty.dtype().unwrap_or(Dtype::F64), ndim), ..array.clone() };
        let result = library::in_place_dtype(operation, &target, &value, span);
        let loop_dtype = self.accept(result)?;
        let mark = self.block.len();
        let result = library::fitted(self, value, loop_dtype);
        let value = self.accept(result)?;
        self.look_up_before(mark, &array, &index, &target.ty, span);
        if operation == ScalarOp::Power && ndim > 0 && loop_dtype.kind() >= Kind::Float && matches!(value.ty, Type::Scalar(..)) {
            // `**` has short ways for some numbers; those of `**=` are the same.
            let kind = if index.is_empty() { array.kind.clone() } else { ExprKind::Index(Box::new(array.clone()), index.clone()) };
            let current = Expr { kind, ..target };
            let value = self.combine(op, current, value, span)?;
            self.push(StmtKind::SetItem { array, index, value }, span);
            return Ok(());
        }
        self.push(StmtKind::UpdateItem { array, index, op: operation, loop_dtype, value }, span);
        Ok(())
    }
}

fn selected_ndim(array: &Expr, index: &[Index]) -> u8 {
    if index.is_empty() {
        return array.ty.ndim().unwrap_or(0);
    }
    let rank = index.iter().filter(|part| !matches!(part, Index::Integer(_))).count();
    u8::try_from(rank).unwrap_or(u8::MAX)
}

fn is_pure_position(index: &Index) -> bool {
    match index {
        Index::Integer(position) => is_pure(position),
        Index::Slice(lower, upper, step) => [lower, upper, step].into_iter().flatten().all(is_pure),
        Index::NewAxis => true,
        Index::Mask(_) | Index::Array(_) => false,
    }
}

/// Whether assigning to it sets names and nothing else.
fn only_names(target: &ast::Expr) -> bool {
    match &target.kind {
        ast::ExprKind::Name(_) => true,
        ast::ExprKind::Tuple(items) | ast::ExprKind::List(items) => items.iter().all(only_names),
        _ => false,
    }
}

/// `array[n]`: an item along the first axis.
pub(crate) fn first_axis_item(array: &Expr, n: Expr, span: Span) -> Expr {
    let (dtype, ndim) = match array.ty {
        Type::Array(dtype, ndim) => (dtype, ndim),
        _ => (Dtype::F64, 1),
    };
    let mut index = vec![Index::Integer(n)];
    index.extend(std::iter::repeat_with(|| Index::Slice(None, None, None)).take(usize::from(ndim.saturating_sub(1))));
    let ty = if ndim <= 1 { Type::Scalar(dtype, Flavor::Numpy) } else { Type::Array(dtype, ndim - 1) };
    Expr { ty, kind: ExprKind::Index(Box::new(array.clone()), index), span }
}
