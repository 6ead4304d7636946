//! The types of a block's variables: from comments at its head, or from the keywords of its `with`.

use super::{Blocks, FORMS, Form, HINT, Written, block_name};
use crate::annotation::Reader;
use crate::annotation::cursor::Cursor;
use crate::annotation::spec::{MAX_SIGNATURES, Spec, expand};
use crate::comments::{announced, gather};
use crate::signature::Signature;
use hypersonic_diagnostics::{Id, Span};
use hypersonic_syntax::ast::{Comment, Expr};

impl Blocks<'_> {
    /// What is said of the types: one row per signature comment.
    pub(super) fn said(&mut self, written: &Written<'_>) -> Vec<BlockComment> {
        match written.form {
            Form::Used(_) => self.comments(written),
            Form::With(_, types) => self.keywords(written, types).into_iter().collect(),
        }
    }

    /// The types that a `with` block gives its variables.
    fn keywords(&mut self, written: &Written<'_>, types: &[(Option<String>, Expr)]) -> Option<BlockComment> {
        let mut reader = Reader::new(self.program, &block_name(&written.name));
        let mut found = BlockComment { names: Vec::new(), types: Vec::new(), span: written.used };
        for (name, annotation) in types {
            let Some(name) = name else {
                let hint = "name the variables: `a=\"float[:]\"`";
                self.fail(Id::UntypedBlock, written, "its variables are not named", annotation.span, "`**` is not read", hint);
                return None;
            };
            if let Some(spec) = reader.annotation(self.file, name, annotation) {
                found.names.push((name.clone(), annotation.span));
                found.types.push(spec);
            }
        }
        self.diagnostics.extend(reader.finish(written.used));
        (found.names.len() == types.len()).then_some(found)
    }

    /// The comments at the head of the block, read.
    fn comments(&mut self, written: &Written<'_>) -> Vec<BlockComment> {
        let parsed = &self.program.files[self.file as usize];
        let text = parsed.source.text.as_str();
        let (from, to) = (written.used.end, written.body.first().map_or(written.used.end, |first| first.span.start));
        let between = |comment: &&Comment| comment.own_line && comment.span.start >= from && comment.span.end <= to;
        let comments: Vec<&Comment> = parsed.tree.comments.iter().filter(between).collect();
        let mut found = Vec::new();
        let mut next = 0;
        while next < comments.len() {
            let Some((gathered, following)) = gather(text, &comments, next, |comment| announced(comment, FORMS)) else {
                next += 1;
                continue;
            };
            next = following;
            let mut cursor = Cursor::new(&gathered.content, gathered.place(self.file));
            let mut reader = Reader::new(self.program, &block_name(&written.name));
            let read = declarations(&mut reader, &mut cursor);
            let whole = cursor.whole();
            self.diagnostics.extend(reader.finish(whole));
            if let Some((names, types)) = read {
                found.push(BlockComment { names, types, span: whole });
            }
        }
        if comments.iter().all(|comment| announced(&comment.text, FORMS).is_none()) {
            let (what, label) = ("it has no comment that says the types of its variables", "no `# transonic block` below the `else`");
            self.fail(Id::UntypedBlock, written, what, written.name_span, label, HINT);
        }
        found
    }

    /// Every signature that the comments come to.
    pub(super) fn signatures(&mut self, written: &Written<'_>, comments: &[BlockComment]) -> Vec<Signature> {
        let Some(first) = comments.first() else { return Vec::new() };
        let mut all = Vec::new();
        for comment in comments {
            let types: Option<Vec<Spec>> = first
                .names
                .iter()
                .map(|(name, _)| comment.names.iter().position(|(other, _)| other == name).map(|at| comment.types[at].clone()))
                .collect();
            let (Some(types), true) = (types, comment.names.len() == first.names.len()) else {
                let hint = "name the same variables in every comment of a block";
                self.fail(
                    Id::BadCommentSignature,
                    written,
                    "its comments name different variables",
                    comment.span,
                    "others than the first",
                    hint,
                );
                continue;
            };
            match expand(&types) {
                Ok(signatures) => signatures.into_iter().for_each(|signature| {
                    if !all.contains(&signature) {
                        all.push(signature);
                    }
                }),
                Err(_) => {
                    let what = format!("its types multiply to more than {MAX_SIGNATURES} signatures");
                    self.fail(Id::TooManySignatures, written, &what, comment.span, "too many", "write the types that are needed");
                }
            }
        }
        Signature::narrow_first(all)
    }
}

/// A comment of a block.
pub(super) struct BlockComment {
    pub(super) names: Vec<(String, Span)>,
    types: Vec<Spec>,
    span: Span,
}

type Declared = (Vec<(String, Span)>, Vec<Spec>);

/// `(T a, b; U c)`. `None` if it could not be read, which is reported.
fn declarations(reader: &mut Reader<'_>, cursor: &mut Cursor<'_>) -> Option<Declared> {
    let (mut names, mut types): Declared = (Vec::new(), Vec::new());
    let open = cursor.here();
    if !cursor.take("(") {
        return reader.comment_error("the comment of a block has no parentheses", open, "not understood", HINT);
    }
    loop {
        if cursor.take(")") {
            return Some((names, types));
        }
        if cursor.at_end() {
            let hint = "add `)`; further lines must be comments right below";
            return reader.comment_error("the comment of a block is not closed", open, "opened here", hint);
        }
        let spec = reader.alternatives(cursor)?;
        loop {
            let Some((name, start)) = cursor.word() else {
                let here = cursor.here();
                return reader.comment_error("the comment of a block names no variable after a type", here, "not a name", HINT);
            };
            let span = cursor.span(start, start + name.len());
            if names.iter().any(|(known, _)| known == name) {
                return reader.comment_error("the comment of a block names a variable twice", span, "again here", "name it once");
            }
            names.push((name.to_owned(), span));
            types.push(spec.clone());
            if !cursor.take(",") {
                break;
            }
        }
        if !cursor.take(";") && !matches!(cursor.peek(), Some(')') | None) {
            let here = cursor.here();
            return reader.comment_error("the comment of a block cannot be read", here, "not understood", HINT);
        }
    }
}
