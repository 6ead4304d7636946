//! One marked function to its signatures: what its parameters accept, from comments, annotations and defaults.

use crate::annotation::Reader;
use crate::annotation::spec::{MAX_SIGNATURES, Spec, expand};
use crate::class::{Class, Member, mangled};
use crate::comments::CommentSignature;
use crate::defaults::Default;
use crate::marks::Mark;
use crate::program::Program;
use crate::resolve::Definition;
use crate::signature::{Boosted, InClass, Signature};
use crate::walk;
use hypersonic_diagnostics::{Diagnostic, Id, Label, Span};
use hypersonic_syntax::ast::{ClassDef, FunctionDef, Parameter};
use std::sync::Arc;

/// The boosted function of a mark, unless something is wrong with it; then it is reported.
pub(crate) fn read(program: &Program, mark: &Mark, comments: &[&CommentSignature], diagnostics: &mut Vec<Diagnostic>) -> Option<Boosted> {
    let definition = &mark.definition;
    let mut function = Function {
        program,
        file: mark.file,
        definition,
        qualname: mark.qualname(),
        method: None,
        is_capsule: mark.exports.capsule.is_some(),
        diagnostics: Vec::new(),
    };
    function.refuse_shapes();
    if let Some(class) = &mark.class {
        function.find_in_class(class);
    }
    let mut signatures = function.commented(comments);
    // A method that the class does not have is refused already.
    let known = mark.class.is_none() || function.method.is_some();
    if let Some(more) = if known { function.annotated(!comments.is_empty()) } else { None } {
        for signature in more {
            if !signatures.contains(&signature) {
                signatures.push(signature);
            }
        }
    }
    if signatures.len() > MAX_SIGNATURES {
        function.too_many(definition.name_span);
    }
    let fine = function.diagnostics.iter().all(|diagnostic| diagnostic.id == Id::DuplicateSignature);
    diagnostics.append(&mut function.diagnostics);
    let readable = comments.iter().all(|comment| comment.types.is_some());
    (fine && readable && mark.usable && !signatures.is_empty()).then(|| Boosted {
        file: mark.file,
        qualname: function.qualname,
        method: function.method,
        within: None,
        undecorated: mark.undecorated,
        header: None,
        definition: Arc::clone(definition),
        signatures: Signature::narrow_first(signatures),
        fastmath: mark.fastmath,
        always: mark.always,
        exports: comments.iter().fold(mark.exports.clone(), |all, comment| all.or(comment.exports.clone())),
        span: mark.span,
    })
}

struct Function<'a> {
    program: &'a Program,
    file: u32,
    definition: &'a Arc<FunctionDef>,
    qualname: String,
    method: Option<InClass>,
    /// Whether pointers may be taken.
    is_capsule: bool,
    diagnostics: Vec<Diagnostic>,
}

impl<'a> Function<'a> {
    fn fail(&mut self, id: Id, what: &str, span: Span, label: &str, hint: &str) {
        let title = format!("`{}` stays pure Python: {what}", self.qualname);
        self.diagnostics.push(Diagnostic::new(id, title, span, label).with_hint(hint));
    }

    fn too_many(&mut self, span: Span) {
        let what = format!("its annotations multiply to more than {MAX_SIGNATURES} signatures");
        self.fail(
            Id::TooManySignatures,
            &what,
            span,
            "too many signatures",
            "use template variables (`Type`, `NDim`), which take one value in a whole signature, instead of unions",
        );
    }

    /// What the class says of it. A method that the class does not have under its name is refused.
    fn find_in_class(&mut self, class: &Arc<ClassDef>) {
        let name = self.definition.name_span;
        let known = matches!(self.program.resolve(self.file, &class.name), Some(Definition::Class(file, found))
            if file == self.file && found.span == class.span);
        if !known {
            let hint = "give the classes different names";
            self.fail(Id::UnsupportedDefinition, "its class is defined more than once", class.name_span, "this class", hint);
            return;
        }
        let found = Class::of(self.program, self.file, class);
        let member = found.member(&mangled(&class.name, &self.definition.name)).cloned();
        match member {
            Some(Member::Function(method)) if method.definition.span == self.definition.span => {
                if method.kind.has_receiver() && method.receiver().is_none() {
                    let hint = "name the object as the first parameter: `self`";
                    self.fail(Id::UnsupportedDefinition, "it takes no object", name, "no parameters", hint);
                    return;
                }
                let attributes = found.needs(&method);
                self.method = Some(InClass { class: Arc::new(found), method, attributes });
            }
            // Another decorator is reported already.
            Some(Member::Other(_, what)) if what.starts_with("decorated") && self.definition.decorators.len() > 1 => {}
            Some(Member::Other(_, what)) => {
                let hint = "define it once, as a plain method";
                self.fail(Id::UnsupportedDefinition, &format!("it is {what}"), name, "defined here", hint);
            }
            _ => {
                let hint = "give every method a name of its own";
                self.fail(Id::UnsupportedDefinition, "the class has its name in another sense, too", name, "defined here", hint);
            }
        }
    }

    /// Parameters that a call gives: all but the object.
    fn parameters(&self) -> &'a [Parameter] {
        let skipped = self.method.as_ref().is_some_and(|method| method.method.kind.has_receiver());
        self.definition.parameters.get(usize::from(skipped)..).unwrap_or_default()
    }

    /// What the attributes may be that come before the parameters.
    fn attributes(&self, reader: &mut Reader<'_>) -> Vec<Option<Spec>> {
        let Some(method) = &self.method else { return Vec::new() };
        let mut specs = Vec::new();
        for name in &method.attributes {
            let Some(Member::Attribute(attribute)) = method.class.member(name) else { continue };
            let default = attribute.value.as_ref().and_then(|value| Default::read(self.program, attribute.file, value));
            specs.push(match (&attribute.annotation, default) {
                (Some(annotation), default) => {
                    let spec = reader.annotation(attribute.file, name, annotation);
                    match default {
                        Some(default) => spec.map(|spec| default.join(spec)),
                        None => spec,
                    }
                }
                (None, Some(default)) => Some(Spec::One(default.of)),
                (None, None) => {
                    reader.untyped_attribute(name, attribute.value.as_ref().map_or(self.definition.name_span, |value| value.span))
                }
            });
        }
        specs
    }

    /// Definitions that have no compiled form, whatever their types.
    fn refuse_shapes(&mut self) {
        let definition = self.definition;
        let name = definition.name_span;
        if definition.is_async {
            self.fail(Id::UnsupportedDefinition, "it is an async function", name, "async", "boost a plain function and await its caller");
        }
        if let Some(rest) = &definition.vararg {
            self.fail(
                Id::UnsupportedDefinition,
                &format!("it takes `*{rest}`"),
                name,
                "takes any number of arguments",
                "name every parameter",
            );
        }
        if let Some(rest) = &definition.kwarg {
            self.fail(Id::UnsupportedDefinition, &format!("it takes `**{rest}`"), name, "takes any keyword", "name every parameter");
        }
        if let Some(place) = walk::find_yield(&definition.body) {
            self.fail(Id::UnsupportedDefinition, "it is a generator", place.span, "yields here", "fill an array and return it");
        }
    }

    /// Signatures of the comments, those of a comment in the order of its alternatives.
    fn commented(&mut self, comments: &[&CommentSignature]) -> Vec<Signature> {
        let mut all: Vec<Signature> = Vec::new();
        let mut written: Vec<(&Vec<Spec>, Span)> = Vec::new();
        for comment in comments {
            let Some(types) = &comment.types else { continue };
            if let Some((_, first)) = written.iter().find(|(other, _)| *other == types) {
                let mut note = Diagnostic::new(
                    Id::DuplicateSignature,
                    format!("this signature of `{}` is written twice", self.definition.name),
                    comment.span,
                    "again here",
                )
                .with_hint("remove one of the comments");
                note.labels.push(Label { span: *first, text: "first here".to_owned() });
                self.diagnostics.push(note);
                continue;
            }
            written.push((types, comment.span));
            let Some(parameters) = self.complete(types, comment) else { continue };
            match expand(&parameters) {
                Ok(signatures) => {
                    for signature in signatures {
                        if !all.contains(&signature) {
                            all.push(signature);
                        }
                    }
                }
                Err(_) => self.too_many(comment.span),
            }
        }
        all
    }

    /// The types of a comment, and the defaults' own for the parameters that it leaves out.
    fn complete(&mut self, types: &[Spec], comment: &CommentSignature) -> Option<Vec<Spec>> {
        let parameters = self.parameters();
        if types.len() > parameters.len() {
            let what = format!("a comment gives {} types, but it has {} parameters", types.len(), parameters.len());
            self.fail(Id::BadCommentSignature, &what, comment.span, "too many types", "write one type per parameter");
            return None;
        }
        let mut specs = Vec::new();
        for (place, parameter) in parameters.iter().enumerate() {
            let default = parameter.default.as_ref().and_then(|value| Default::read(self.program, self.file, value));
            match (types.get(place), default) {
                (Some(spec), Some(default)) => specs.push(default.join(spec.clone())),
                (Some(spec), None) => specs.push(spec.clone()),
                (None, Some(default)) => specs.push(Spec::One(default.of)),
                (None, None) => {
                    let what = format!("a comment gives no type for the parameter `{}`", parameter.name);
                    self.fail(Id::BadCommentSignature, &what, comment.span, "a type is missing", "write one type per parameter");
                    return None;
                }
            }
        }
        Some(specs)
    }

    /// Signatures of the annotations. With comments, annotations may be missing: then there are none.
    fn annotated(&mut self, has_comments: bool) -> Option<Vec<Signature>> {
        let definition = self.definition;
        if has_comments && definition.parameters.iter().all(|parameter| parameter.annotation.is_none()) {
            return None;
        }
        let texts = crate::texts::of_parameters(self.program, self.file, self.definition);
        let mut reader = Reader::new(self.program, &self.qualname)
            .with_texts(texts)
            .with_pointers(self.is_capsule)
            .with_type_parameters(&definition.type_parameters);
        let mut specs = self.attributes(&mut reader);
        let mut missing = Vec::new();
        for parameter in self.parameters() {
            let default = parameter.default.as_ref().and_then(|value| Default::read(self.program, self.file, value));
            let spec = match (&parameter.annotation, default) {
                (Some(annotation), default) => {
                    let spec = reader.annotation(self.file, &parameter.name, annotation);
                    match default {
                        Some(default) => spec.map(|spec| default.join(spec)),
                        None => spec,
                    }
                }
                (None, Some(default)) => Some(Spec::One(default.of)),
                (None, None) => {
                    missing.push(parameter);
                    None
                }
            };
            specs.push(spec);
        }
        self.diagnostics.extend(reader.finish(definition.name_span));
        if !has_comments {
            for parameter in missing {
                let (name, span) = (&parameter.name, parameter.span);
                let what = format!("the parameter `{name}` has no annotation");
                let hint =
                    format!("write its type: `{name}: \"float[:]\"`, or a comment `# transonic def {}(float[:], ...)`", definition.name);
                self.fail(Id::MissingAnnotation, &what, span, "no annotation", &hint);
            }
        }
        let specs: Vec<Spec> = specs.into_iter().collect::<Option<_>>()?;
        match expand(&specs) {
            Ok(signatures) => Some(signatures),
            Err(_) => {
                self.too_many(definition.name_span);
                None
            }
        }
    }
}
