//! The object in a function of its class: its attributes read and set, its methods and properties called.
//!
//! Inside, an attribute is a variable under a name that no variable of Python has: `self.k`. What the root reads comes in front
//! of its parameters; what is set is noted in a place of the unit as well, for the caller. A method that is called is given
//! the attributes that it needs; those that it may set are read back after the call, into variables of their own, so that
//! what was read before stays what it was. Refuses what would need the object itself.

use crate::calls::Keywords;
use crate::function::{Reported, Typed, Typer, is_unit};
use crate::ir::{Block, Expr, ExprKind, MemberUse, Stmt, StmtKind};
use crate::scope::Binding;
use crate::unify::{coerce, unify};
use crate::unit::{Callee, UnitTyper};
use hypersonic_diagnostics::{Diagnostic, Id, Span, suggest};
use hypersonic_ops::Type;
use hypersonic_scan::class::{mangled, of_super};
use hypersonic_scan::{Above, Class, Member, Method, MethodKind};
use hypersonic_syntax::ast::{self, FunctionDef};
use std::collections::BTreeMap;
use std::sync::Arc;

/// The object of a method.
#[derive(Clone, Debug)]
pub(crate) struct Receiver {
    /// The parameter that takes it.
    name: String,
    /// The class in whose body the method stands.
    owner: String,
    /// Its file.
    file: u32,
    /// How the method is called.
    kind: MethodKind,
    /// What it is an object of.
    class: Arc<Class>,
    /// The attributes that come before the parameters.
    attributes: Vec<String>,
    /// The attributes that the method may set, itself or by what it calls.
    writes: Vec<String>,
}

/// The variable of an attribute.
fn variable_name(attribute: &str) -> String {
    format!("self.{attribute}")
}

impl Receiver {
    /// Of a function that is called; none if it takes no object.
    pub(crate) fn of(unit: &UnitTyper<'_>, callee: &Callee) -> Option<Self> {
        let (class, method) = (unit.class.as_ref()?, callee.method.as_ref()?);
        Some(Self {
            name: method.receiver()?.to_owned(),
            owner: method.owner.clone(),
            file: method.file,
            kind: method.kind,
            class: Arc::clone(class),
            attributes: class.needs(method),
            writes: class.uses(method).writes,
        })
    }
}

impl Typer<'_, '_> {
    /// Binds the object; gives the variables that come before the parameters, and how many parameters take no argument.
    pub(crate) fn bind_receiver(&mut self, definition: &FunctionDef) -> (Vec<String>, usize) {
        let Some(receiver) = &self.receiver else { return (Vec::new(), 0) };
        if self.locals.contains(&receiver.name) {
            let name = receiver.name.clone();
            self.object_is_bound(&name, definition.name_span);
        }
        let Some(receiver) = &self.receiver else { return (Vec::new(), 0) };
        self.locals.insert(receiver.name.clone());
        self.environment.insert(receiver.name.clone(), Binding::Receiver);
        (receiver.attributes.iter().map(|name| variable_name(name)).collect(), 1)
    }

    /// Whether an expression is the object.
    pub(crate) fn is_receiver(&self, expr: &ast::Expr) -> bool {
        match &expr.kind {
            ast::ExprKind::Name(name) if self.is_local(name) => match self.environment.get(&self.bound_name(name)) {
                Some(Binding::Receiver) => true,
                // What a method gave that gives its object.
                Some(Binding::Value { ty, maybe_unbound: false, .. }) => ty.is_this(),
                _ => false,
            },
            _ => false,
        }
    }

    /// The object of a method, where it is given back.
    pub(crate) fn given_back(&mut self, value: &ast::Expr) -> Option<Expr> {
        let plain = self.receiver.as_ref().is_some_and(|receiver| matches!(receiver.kind, MethodKind::Plain | MethodKind::Property));
        (plain && self.is_receiver(value)).then(|| Expr { ty: Type::this(), kind: ExprKind::Unit, span: value.span })
    }

    /// The variables of attributes that this method may set.
    pub(crate) fn settable_attributes(&self) -> Vec<String> {
        self.receiver.iter().flat_map(|receiver| receiver.writes.iter().map(|name| variable_name(name))).collect()
    }

    fn refused_object(&mut self, title: impl Into<String>, span: Span, label: &str, hint: &str) -> Reported {
        self.report(Diagnostic::new(Id::UnsupportedObject, title, span, label).with_hint(hint))
    }

    /// The object where a value is needed.
    pub(crate) fn object_as_value(&mut self, name: &str, span: Span) -> Reported {
        let title = format!("the object `{name}` is used as a value");
        self.refused_object(title, span, "not compiled", "give functions the attributes that they need, instead of the object")
    }

    /// The name of the object is given to something else.
    pub(crate) fn object_is_bound(&mut self, name: &str, span: Span) {
        let title = format!("`{name}` is given to something else than the object");
        self.refused_object(title, span, "assigned", "use another name");
    }

    /// The member of the class under a name, as the method writes it, and the name as objects have it.
    fn member(&self, name: &str) -> Option<(String, Option<Member>, Receiver)> {
        let receiver = self.receiver.clone()?;
        let name = mangled(&receiver.owner, name);
        let member = receiver.class.member(&name).cloned();
        Some((name, member, receiver))
    }

    /// `self.name`.
    pub(crate) fn read_attribute(&mut self, written: &str, span: Span) -> Typed<Expr> {
        let Some((name, member, receiver)) = self.member(written) else { return Err(Reported) };
        match member {
            Some(Member::Function(method)) if method.kind == MethodKind::Property && receiver.kind != MethodKind::OfClass => {
                self.method_result(&name, &method, None, Vec::new(), span)
            }
            Some(Member::Function(_)) => {
                let title = format!("the method `{written}` is used as a value");
                Err(self.refused_object(title, span, "methods can be called, not passed around", "call it here"))
            }
            Some(Member::Other(_, what)) => {
                let title = format!("`{written}` of `{}` is {what}", receiver.class.name);
                Err(self.refused_object(title, span, "used here", "define it once, as an attribute or a plain method"))
            }
            Some(Member::Attribute(_)) | None => {
                let bound = variable_name(&name);
                match self.environment.get(&bound) {
                    Some(Binding::Value { maybe_unbound: true, .. }) | None => Err(self.no_type(written, &name, &receiver, span)),
                    Some(_) => self.local(&bound, span),
                }
            }
        }
    }

    /// An attribute that nothing gives a type.
    fn no_type(&mut self, written: &str, name: &str, receiver: &Receiver, span: Span) -> Reported {
        let class = &receiver.class;
        let mentioned = class.member(name).is_some() || class.is_assigned(name);
        if mentioned || self.environment.contains_key(&variable_name(name)) {
            let title = format!("the attribute `{written}` of `{}` has no annotation", class.name);
            let hint = format!(
                "write its type in the body of the class: `{written}: float`, `{written}: \"float[:]\"`, or in `__init__`: `self.{written}: float = 0.0`"
            );
            return self.report(Diagnostic::new(Id::UntypedAttribute, title, span, "of what type?").with_hint(hint));
        }
        let title = format!("`{}` has no attribute `{written}` that the source shows", class.name);
        let hint = suggest(name, class.names()).map_or_else(
            || format!("write its type in the body of the class: `{written}: float`, `{written}: \"float[:]\"`"),
            |near| format!("did you mean `{near}`?"),
        );
        self.report(Diagnostic::new(Id::UnknownAttribute, title, span, "used here").with_hint(hint))
    }

    /// `self.name = value`.
    pub(crate) fn write_attribute(&mut self, written: &str, value: Expr, span: Span) -> Typed<()> {
        let Some((name, member, receiver)) = self.member(written) else { return Err(Reported) };
        if receiver.kind == MethodKind::OfClass {
            let title = format!("the attribute `{written}` of a class is set");
            return Err(self.refused_object(title, span, "not compiled", "set attributes of objects, or set it in a Python function"));
        }
        if let Some(Member::Function(_) | Member::Other(..)) = member {
            let title = format!("`{written}` is set, but it is no plain attribute");
            return Err(self.refused_object(title, span, "a property or method", "set an attribute of another name"));
        }
        let bound = variable_name(&name);
        let ty = value.ty.clone();
        self.bind(&bound, value, span);
        let place = self.unit.place(&name, &ty);
        let value = match self.environment.get(&bound) {
            Some(Binding::Value { variable, .. }) => self.read(*variable, span),
            _ => return Err(Reported),
        };
        self.push(StmtKind::SetAttribute(place, value), span);
        Ok(())
    }

    /// `self.method(...)`.
    pub(crate) fn object_call(
        &mut self,
        written: &str,
        place: Span,
        arguments: &[ast::Expr],
        keywords: &Keywords,
        span: Span,
    ) -> Typed<Expr> {
        let Some((name, member, receiver)) = self.member(written) else { return Err(Reported) };
        let arguments = self.given(arguments, keywords, span);
        let method = match member {
            Some(Member::Function(method)) if method.kind != MethodKind::Property => method,
            Some(Member::Function(_) | Member::Attribute(_)) => {
                let title = format!("`{written}` of `{}` is called, but it is no method", receiver.class.name);
                return Err(self.refused_object(title, place, "a value", "call a method of the class"));
            }
            Some(Member::Other(_, what)) => {
                let title = format!("`{written}` of `{}` is {what}", receiver.class.name);
                return Err(self.refused_object(title, place, "called here", "define it once, as a plain method"));
            }
            None => return Err(self.no_type(written, &name, &receiver, place)),
        };
        let uses = receiver.class.uses(&method);
        let other_object = receiver.kind == MethodKind::OfClass && method.kind == MethodKind::Plain;
        let of_class = receiver.kind != MethodKind::OfClass && method.kind == MethodKind::OfClass;
        if other_object || (of_class && !(uses.reads.is_empty() && uses.writes.is_empty())) {
            let title = format!("`{written}` is called on an object and on its class");
            let hint = "call class methods that use no attributes, or plain methods";
            return Err(self.refused_object(title, place, "the attributes are not the same", hint));
        }
        let values = self.bind_arguments(method.file, &method.definition, usize::from(method.kind.has_receiver()), arguments?)?;
        self.method_result(&name, &method, None, values, span)
    }

    /// The name in `super().name`, in a method.
    pub(crate) fn super_member<'e>(&mut self, expr: &'e ast::Expr) -> Option<&'e str> {
        let receiver = self.receiver.as_ref()?;
        let name = of_super(expr, &receiver.owner, &receiver.name)?;
        (!self.is_local("super") && !self.unit.program.is_bound(self.file, "super")).then_some(name)
    }

    /// `super().method(...)`, and, without a call, `super().property`.
    pub(crate) fn super_call(&mut self, written: &str, called: Option<(&[ast::Expr], &Keywords)>, span: Span) -> Typed<Expr> {
        let Some(receiver) = self.receiver.clone() else { return Err(Reported) };
        let name = mangled(&receiver.owner, written);
        let hint = "call a plain method of a base class of the package";
        if receiver.kind == MethodKind::OfClass {
            return Err(self.refused_object("`super()` in a class method is not compiled", span, "of a class", hint));
        }
        let arguments = match called {
            Some((arguments, keywords)) => Some(self.given(arguments, keywords, span)?),
            None => None,
        };
        let behind = Some((receiver.file, receiver.owner.clone()));
        let method = match (receiver.class.above(receiver.file, &receiver.owner, &name), &arguments) {
            (Above::Member(Member::Function(method)), Some(_)) if matches!(method.kind, MethodKind::Plain | MethodKind::Static) => {
                method.clone()
            }
            (Above::Member(Member::Function(method)), None) if method.kind == MethodKind::Property => method.clone(),
            (Above::Object, Some(given)) if name == "__init__" && given.positional.is_empty() && given.keywords.is_empty() => {
                let qualname = "object.__init__".to_owned();
                self.unit.members.insert(MemberUse { name, kind: MethodKind::Plain, file: receiver.file, qualname, behind });
                return Ok(Expr { ty: Type::None, kind: ExprKind::Unit, span });
            }
            (Above::Object | Above::Unknown, _) => {
                let title = format!("`super().{written}` is not defined in the package");
                return Err(self.refused_object(title, span, "nobody sees what it does", hint));
            }
            (Above::Member(_), _) => {
                let title = format!("`super().{written}` is no plain method or property");
                return Err(self.refused_object(title, span, "used here", hint));
            }
        };
        let values = match arguments {
            Some(given) => self.bind_arguments(method.file, &method.definition, usize::from(method.kind.has_receiver()), given)?,
            None => Vec::new(),
        };
        self.method_result(&name, &method, behind, values, span)
    }

    /// What a method or property gives, with the arguments bound.
    fn method_result(&mut self, name: &str, method: &Method, behind: Option<(u32, String)>, given: Vec<Expr>, span: Span) -> Typed<Expr> {
        let Some(receiver) = self.receiver.clone() else { return Err(Reported) };
        let mut values = Vec::new();
        for attribute in receiver.class.needs(method).iter().filter(|_| method.kind.has_receiver()) {
            let bound = variable_name(attribute);
            values.push(if self.environment.contains_key(&bound) {
                self.local(&bound, span)?
            } else {
                return Err(self.no_type(attribute, attribute, &receiver, span));
            });
        }
        values.extend(given);
        let used = MemberUse { name: name.to_owned(), kind: method.kind, file: method.file, qualname: method.qualname(), behind };
        self.unit.members.insert(used);
        let callee = Callee { file: method.file, definition: Arc::clone(&method.definition), method: Some(method.clone()) };
        let result = self.package_call(&callee, values, span)?;
        let writes = receiver.class.uses(method).writes;
        if writes.is_empty() || !method.kind.has_receiver() {
            return Ok(result);
        }
        let result = self.hold(result);
        writes.iter().for_each(|name| self.read_back(name, span));
        for name in receiver.class.certainly_set(method) {
            self.read_new(&name, span);
        }
        Ok(result)
    }

    /// Reads an attribute that was not known before a call, which has certainly set it.
    fn read_new(&mut self, name: &str, span: Span) {
        let bound = variable_name(name);
        let mut places = self.unit.attributes.iter().enumerate().filter(|(_, attribute)| attribute.name == name);
        if let (Some((place, attribute)), None) = (places.next(), places.next())
            && !self.environment.contains_key(&bound)
        {
            let value = Expr { ty: attribute.ty.clone(), kind: ExprKind::Attribute(place), span };
            self.bind(&bound, value, span);
        }
    }

    /// Reads an attribute that a call may have set.
    pub(crate) fn read_back(&mut self, name: &str, span: Span) {
        let bound = variable_name(name);
        // What is not bound here is not read here.
        let Some(Binding::Value { ty, variable, span: set_at, maybe_unbound, .. }) = self.environment.get(&bound).cloned() else { return };
        let known = self.unit.attributes.iter().enumerate();
        let places: Vec<(usize, Type)> =
            known.filter(|(_, attribute)| attribute.name == name).map(|(place, attribute)| (place, attribute.ty.clone())).collect();
        let mut joined = ty.clone();
        for (_, other) in &places {
            match unify(&joined, other) {
                Some(both) => joined = both,
                None => {
                    self.environment.insert(bound, Binding::Conflict((ty, set_at), (other.clone(), span)));
                    return;
                }
            }
        }
        let fresh = self.fresh_variable(bound.clone(), joined.clone());
        if !is_unit(&joined) {
            let before = self.read(variable, span);
            self.push(StmtKind::Assign(fresh, coerce(before, &joined)), span);
            for (place, ty) in places {
                let set = Expr { ty, kind: ExprKind::Attribute(place), span };
                let then: Block = vec![Stmt { span, kind: StmtKind::Assign(fresh, coerce(set, &joined)) }];
                let test = Expr { ty: Type::BOOL, kind: ExprKind::IsSet(place), span };
                self.push(StmtKind::If { test, then, otherwise: Block::new() }, span);
            }
        }
        self.environment.insert(bound.clone(), Binding::Value { ty: joined, variable: fresh, known: None, maybe_unbound, span: set_at });
        self.keep_name(&bound, span);
    }

    /// Types something in a block of its own that, if `optional`, may be left out: then it must not set attributes, since what they
    /// are after it would depend on that.
    pub(crate) fn in_choice<T>(&mut self, optional: bool, span: Span, inside: impl FnOnce(&mut Self) -> T) -> (Block, T) {
        self.choices += usize::from(optional);
        let before = self.attribute_bindings();
        let result = self.in_block(inside);
        self.choices -= usize::from(optional);
        if !optional || self.receiver.is_none() {
            return result;
        }
        if self.attribute_bindings() != before {
            let title = "a method that sets attributes is called in a part of an expression that may be left out";
            self.refused_object(title, span, "evaluated or not", "call it in an `if` statement");
        }
        result
    }

    /// What the attributes are here.
    pub(crate) fn attribute_bindings(&self) -> BTreeMap<String, Binding> {
        let attributes = self.environment.iter().filter(|(name, _)| name.starts_with("self."));
        attributes.map(|(name, binding)| (name.clone(), binding.clone())).collect()
    }
}
