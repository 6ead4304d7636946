//! Prints typed IR as Python that can be run: what `hypersonic explain FILE:FUNCTION` shows.
//!
//! Every function of the unit becomes a `def` with its types as annotations, and gives what the kernel gives. Where Python's own
//! operator on such operands is not what the IR says, the operands are converted first; where Python has no spelling, there is one in
//! NumPy that means the same. [`names`] gives variables their names, [`statements`] writes control flow, [`expressions`],
//! [`numbers`], [`arrays`] and [`objects`] write values. Nothing is decided here: what is printed is what was compiled.

mod arrays;
mod expressions;
mod heading;
mod names;
mod numbers;
mod objects;
mod statements;
mod text;

pub use heading::Heading;

use crate::ir::{Block, Expr, ExprKind, Function, Stmt, StmtKind, Unit};
use crate::walk;
use hypersonic_ops::Type;
use std::collections::{BTreeSet, HashSet};
use std::fmt::Write;

/// A unit as Python.
#[derive(Clone, Debug)]
pub struct Program {
    imports: BTreeSet<&'static str>,
    code: String,
}

impl Program {
    /// The functions, the root first.
    #[must_use]
    pub fn code(&self) -> String {
        self.code.clone()
    }

    /// What has to be imported, one line each.
    #[must_use]
    pub fn imports(&self) -> BTreeSet<&'static str> {
        self.imports.clone()
    }

    /// What can be run as it stands.
    #[must_use]
    pub fn text(&self) -> String {
        let imports: String = self.imports.iter().map(|line| format!("{line}\n")).collect();
        let gap = if imports.is_empty() { "" } else { "\n\n" };
        format!("{imports}{gap}{}", self.code)
    }
}

/// Prints a unit. Parameters that are literals are not in it: a heading names them.
#[must_use]
pub fn unit(unit: &Unit, heading: &Heading) -> Program {
    let functions = names::functions(unit);
    let objects = with_objects(unit, heading);
    let asks = unit.functions.iter().any(|function| {
        let mut found = false;
        walk::expressions(&function.body, &mut |expr| found = found || asks_set(expr));
        found
    });
    let mut imports = BTreeSet::new();
    let mut parts = Vec::new();
    for (position, function) in unit.functions.iter().enumerate() {
        let names = names::variables(function, &functions);
        let mut printer = Printer {
            unit,
            function,
            functions: &functions,
            objects: &objects,
            own: objects.contains(&position),
            asks,
            names,
            declared: HashSet::new(),
            imports: BTreeSet::new(),
            exits: BTreeSet::new(),
            out: String::new(),
        };
        printer.function(position, heading);
        let mut code = String::new();
        for (id, n) in &printer.exits {
            let _ = write!(code, "class Exit{id}x{n}(BaseException):\n    pass\n\n\n");
        }
        code.push_str(&printer.out);
        imports.append(&mut printer.imports);
        parts.push(code);
    }
    Program { imports, code: parts.join("\n\n") }
}

/// The functions that need the object: those that set its attributes or ask which were set, and whoever calls them.
fn with_objects(unit: &Unit, heading: &Heading) -> HashSet<usize> {
    let mut found: HashSet<usize> = HashSet::new();
    if heading.receiver.is_some() || !unit.attributes.is_empty() {
        found.insert(0);
    }
    loop {
        let before = found.len();
        for (position, function) in unit.functions.iter().enumerate() {
            if touches(&function.body, &found) {
                found.insert(position);
            }
        }
        if found.len() == before {
            return found;
        }
    }
}

fn asks_set(expr: &Expr) -> bool {
    let mut found = matches!(expr.kind, ExprKind::IsSet(_));
    walk::parts(expr, &mut |part| found = found || asks_set(part));
    found
}

fn touches(block: &Block, known: &HashSet<usize>) -> bool {
    fn asks(expr: &Expr, known: &HashSet<usize>) -> bool {
        let mut found = match &expr.kind {
            ExprKind::IsSet(_) | ExprKind::Attribute(_) => true,
            ExprKind::Call(position, _) => *position != 0 && known.contains(position),
            _ => false,
        };
        walk::parts(expr, &mut |part| found = found || asks(part, known));
        found
    }
    let mut found = false;
    walk::expressions(block, &mut |expr| found = found || asks(expr, known));
    fn sets(block: &Block) -> bool {
        block
            .iter()
            .any(|stmt| matches!(stmt.kind, StmtKind::SetAttribute(..)) || crate::passes::inner_blocks(&stmt.kind).into_iter().any(sets))
    }
    found || sets(block)
}

/// Prints one function.
pub(crate) struct Printer<'u> {
    unit: &'u Unit,
    function: &'u Function,
    functions: &'u [String],
    objects: &'u HashSet<usize>,
    /// Whether this function takes the object.
    own: bool,
    /// Whether some function asks which attributes were set.
    asks: bool,
    names: Vec<String>,
    /// Variables whose type was printed.
    declared: HashSet<u32>,
    imports: BTreeSet<&'static str>,
    exits: BTreeSet<(u32, usize)>,
    out: String,
}

impl Printer<'_> {
    fn line(&mut self, depth: usize, text: &str) {
        let _ = writeln!(self.out, "{:indent$}{text}", "", indent = depth * 4);
    }

    /// What a function that needs the object is given besides its arguments.
    const fn objects(&self) -> &'static str {
        if self.asks { "self, changed" } else { "self" }
    }

    fn variable_type(&self, variable: u32) -> Option<&Type> {
        self.function.variables.get(variable as usize).map(|variable| &variable.ty)
    }

    /// `import` of a module, where something of it is printed.
    fn needs(&mut self, module: &str) {
        self.imports.insert(match module {
            "math" => "import math",
            "cmath" => "import cmath",
            "random" => "import random",
            "time" => "import time",
            _ => "import numpy as np",
        });
    }

    fn function(&mut self, position: usize, heading: &Heading) {
        let name = self.functions.get(position).cloned().unwrap_or_default();
        let root = position == 0;
        let object = if root { heading.receiver.clone().unwrap_or_else(|| "self".to_owned()) } else { "self".to_owned() };
        let mut parameters = Vec::new();
        let mut attributes = Vec::new();
        if self.own {
            parameters.push(if root { object.clone() } else { self.objects().to_owned() });
        }
        let mut given: Vec<(String, String, String)> = Vec::new();
        for parameter in &self.function.parameters {
            let Some(variable) = self.function.variables.get(parameter.0 as usize) else { continue };
            let printed = self.names.get(parameter.0 as usize).cloned().unwrap_or_default();
            self.declared.insert(parameter.0);
            match variable.name.strip_prefix("self.") {
                Some(attribute) if root && self.own => attributes.push((printed, attribute.to_owned())),
                _ => given.push((printed, variable.ty.to_string(), String::new())),
            }
        }
        if let (true, Some(all)) = (root, &heading.parameters) {
            // Literals are no parameters of the unit; the others come in the same order.
            let known: HashSet<&String> = given.iter().map(|(name, ..)| name).collect();
            if known.iter().all(|name| all.iter().any(|(parameter, ..)| parameter == *name)) {
                given = all.clone();
            }
        }
        parameters.extend(given.iter().map(|(name, ty, default)| format!("{name}: {}{default}", text::quoted(ty))));
        let result = text::quoted(&self.function.result.to_string());
        self.line(0, &format!("def {name}({}) -> {result}:", parameters.join(", ")));
        if root && self.own {
            if object != "self" {
                self.line(1, &format!("self = {object}"));
            }
            if self.asks {
                self.line(1, "changed = {}");
            }
            for (printed, attribute) in attributes {
                self.line(1, &format!("{printed} = self.{attribute}"));
            }
        }
        let mut body = self.function.body.clone();
        let returns_none = |stmt: &Stmt| matches!(&stmt.kind, StmtKind::Return(Expr { ty: Type::None, kind: ExprKind::Unit, .. }));
        if body.len() > 1 && body.last().is_some_and(returns_none) {
            body.pop();
        }
        self.block(&body, 1);
    }
}
