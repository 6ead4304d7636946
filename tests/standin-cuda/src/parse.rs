//! PTX text as a list of tables and functions, nothing resolved yet. A word that it does not know is an error.

use crate::token::{Token, tokens};
use std::fmt;

/// Why a module is not loaded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// What is wrong, naming the word.
    pub message: String,
    /// Where in the text, from 1.
    pub line: usize,
}

impl fmt::Display for Refusal {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "PTX line {}: {}", self.line, self.message)
    }
}

/// The text of a module.
#[derive(Clone, Debug, Default)]
pub struct Source {
    /// Module-wide memory.
    pub tables: Vec<Table>,
    /// Functions that have a body.
    pub functions: Vec<Function>,
}

/// Initialised memory of a module.
#[derive(Clone, Debug)]
pub struct Table {
    /// Its name.
    pub name: String,
    /// Its bytes at the start.
    pub bytes: Vec<u8>,
}

/// A function with its body.
#[derive(Clone, Debug)]
pub struct Function {
    /// Its name.
    pub name: String,
    /// Whether it can be launched.
    pub entry: bool,
    /// What it is given.
    pub parameters: Vec<Variable>,
    /// What it gives.
    pub results: Vec<Variable>,
    /// Its lines.
    pub body: Vec<(Item, usize)>,
}

/// A variable in parameter or local memory.
#[derive(Clone, Debug)]
pub struct Variable {
    /// Its name.
    pub name: String,
    /// Its size.
    pub bytes: usize,
    /// Where it may begin.
    pub align: usize,
}

/// A line of a body.
#[derive(Clone, Debug)]
pub enum Item {
    /// Registers `<name>0` .. or, without a count, `<name>`.
    Registers { name: String, count: Option<u32>, bits: u32 },
    /// A parameter for a call.
    Param(Variable),
    /// Memory of the thread.
    Local(Variable),
    /// A place to branch to.
    Label(String),
    /// `@guard opcode operands`.
    Instruction { guard: Option<Guard>, opcode: String, operands: Vec<Operand> },
}

/// Runs only if the predicate is `sense`.
#[derive(Clone, Debug)]
pub struct Guard {
    /// The register.
    pub predicate: String,
    /// What it must be.
    pub sense: bool,
}

/// An operand.
#[derive(Clone, Debug)]
pub enum Operand {
    /// A register or a symbol.
    Name(String),
    /// The bits of a constant.
    Number(u64),
    /// `[base+offset]`.
    Address(String, i64),
    /// `{a, b}`.
    Vector(Vec<Operand>),
    /// `(a, b)`.
    List(Vec<Operand>),
}

/// Reads a module.
///
/// # Errors
/// For whatever the stand-in does not know.
pub fn parse(text: &str) -> Result<Source, Refusal> {
    let mut reader = Reader { tokens: tokens(text), place: 0 };
    let mut source = Source::default();
    while reader.place < reader.tokens.len() {
        match reader.word()?.as_str() {
            ".version" | ".target" | ".address_size" => {
                reader.skip()?;
                while reader.accept(',') {
                    reader.skip()?;
                }
            }
            ".visible" | ".weak" => {}
            ".global" | ".const" => source.tables.push(reader.table()?),
            ".entry" => source.functions.extend(reader.function(true)?),
            ".func" => source.functions.extend(reader.function(false)?),
            word => return Err(reader.refuse(format!("`{word}` is not known here"))),
        }
    }
    Ok(source)
}

/// The width of a type, in bits.
#[must_use]
pub fn bits(kind: &str) -> Option<u32> {
    match kind {
        "pred" => Some(1),
        "b8" | "u8" | "s8" => Some(8),
        "b16" | "u16" | "s16" => Some(16),
        "b32" | "u32" | "s32" | "f32" => Some(32),
        "b64" | "u64" | "s64" | "f64" => Some(64),
        _ => None,
    }
}

struct Reader {
    tokens: Vec<(Token, usize)>,
    place: usize,
}

impl Reader {
    fn refuse(&self, message: String) -> Refusal {
        let line = self.tokens.get(self.place.saturating_sub(1)).map_or(0, |(_, line)| *line);
        Refusal { message, line }
    }

    fn peek(&self) -> Option<&Token> {
        self.tokens.get(self.place).map(|(token, _)| token)
    }

    fn next(&mut self) -> Option<Token> {
        self.place += 1;
        self.tokens.get(self.place - 1).map(|(token, _)| token.clone())
    }

    fn accept(&mut self, sign: char) -> bool {
        let found = self.peek() == Some(&Token::Sign(sign));
        self.place += usize::from(found);
        found
    }

    fn expect(&mut self, sign: char) -> Result<(), Refusal> {
        let next = self.next();
        if next == Some(Token::Sign(sign)) { Ok(()) } else { Err(self.refuse(format!("expected `{sign}`, found {next:?}"))) }
    }

    /// A word or a number that does not matter.
    fn skip(&mut self) -> Result<(), Refusal> {
        match self.next() {
            Some(Token::Word(_) | Token::Number(_)) => Ok(()),
            other => Err(self.refuse(format!("expected a word, found {other:?}"))),
        }
    }

    fn word(&mut self) -> Result<String, Refusal> {
        match self.next() {
            Some(Token::Word(word)) => Ok(word),
            other => Err(self.refuse(format!("expected a word, found {other:?}"))),
        }
    }

    fn number(&mut self) -> Result<u64, Refusal> {
        let negative = self.accept('-');
        let text = match self.next() {
            Some(Token::Number(text)) => text,
            other => return Err(self.refuse(format!("expected a number, found {other:?}"))),
        };
        let based = |digits: &str, base| u64::from_str_radix(digits.trim_end_matches('U'), base);
        let number = match text.get(..2) {
            Some("0d" | "0D" | "0f" | "0F" | "0x" | "0X") => based(&text[2..], 16),
            _ => based(&text, 10),
        };
        let number = number.map_err(|error| self.refuse(format!("`{text}`: {error}")))?;
        Ok(if negative { number.wrapping_neg() } else { number })
    }

    /// `.align 8 .b8 name[4]`, `.b64 name`, `.u64 .ptr .global .align 1 name`.
    fn variable(&mut self) -> Result<(Variable, usize), Refusal> {
        let (mut align, mut size) = (0, None);
        loop {
            let word = self.word()?;
            match word.as_str() {
                ".align" => align = self.number()? as usize,
                ".ptr" | ".global" | ".const" | ".attribute" => {}
                _ => match (word.strip_prefix('.').and_then(bits), word.starts_with('.')) {
                    (Some(bits), _) => size = Some(bits as usize / 8),
                    (None, true) => return Err(self.refuse(format!("`{word}` is not known in a declaration"))),
                    (None, false) => {
                        let Some(size) = size else { return Err(self.refuse(format!("`{word}` has no type"))) };
                        let mut count = 1;
                        while self.accept('[') {
                            count *= if self.peek() == Some(&Token::Sign(']')) { 0 } else { self.number()? as usize };
                            self.expect(']')?;
                        }
                        return Ok((Variable { name: word, bytes: size * count, align: align.max(size) }, size));
                    }
                },
            }
        }
    }

    fn table(&mut self) -> Result<Table, Refusal> {
        let (variable, size) = self.variable()?;
        let mut bytes = Vec::with_capacity(variable.bytes);
        if self.accept('=') {
            let many = self.accept('{');
            loop {
                let value = self.number()?;
                bytes.extend_from_slice(&value.to_le_bytes()[..size]);
                if !(many && self.accept(',')) {
                    break;
                }
            }
            if many {
                self.expect('}')?;
            }
        }
        if bytes.len() > variable.bytes {
            return Err(self.refuse(format!("`{}` has too many values", variable.name)));
        }
        bytes.resize(variable.bytes, 0);
        self.expect(';')?;
        Ok(Table { name: variable.name, bytes })
    }

    fn variables(&mut self) -> Result<Vec<Variable>, Refusal> {
        let mut found = Vec::new();
        self.expect('(')?;
        while !self.accept(')') {
            if !found.is_empty() {
                self.expect(',')?;
            }
            let word = self.word()?;
            if word != ".param" {
                return Err(self.refuse(format!("`{word}` is not known among parameters")));
            }
            found.push(self.variable()?.0);
        }
        Ok(found)
    }

    fn function(&mut self, entry: bool) -> Result<Option<Function>, Refusal> {
        let open = Token::Sign('(');
        let results = if self.peek() == Some(&open) { self.variables()? } else { Vec::new() };
        let name = self.word()?;
        let parameters = if self.peek() == Some(&open) { self.variables()? } else { Vec::new() };
        loop {
            match self.next() {
                Some(Token::Sign(';')) => return Ok(None),
                Some(Token::Sign('{')) => break,
                Some(Token::Word(word)) if word == ".noreturn" => {}
                Some(Token::Word(word)) if matches!(word.as_str(), ".maxntid" | ".reqntid" | ".minnctapersm") => {
                    self.number()?;
                    while self.accept(',') {
                        self.number()?;
                    }
                }
                other => return Err(self.refuse(format!("{other:?} is not known before a body"))),
            }
        }
        Ok(Some(Function { name, entry, parameters, results, body: self.body()? }))
    }

    fn body(&mut self) -> Result<Vec<(Item, usize)>, Refusal> {
        let mut items = Vec::new();
        let mut depth = 1;
        while depth > 0 {
            if self.accept('{') {
                depth += 1;
            } else if self.accept('}') {
                depth -= 1;
            } else {
                let line = self.tokens.get(self.place).map_or(0, |(_, line)| *line);
                self.item(&mut items, line)?;
            }
        }
        Ok(items)
    }

    fn item(&mut self, items: &mut Vec<(Item, usize)>, line: usize) -> Result<(), Refusal> {
        let guard = if self.accept('@') {
            let sense = !self.accept('!');
            Some(Guard { predicate: self.word()?, sense })
        } else {
            None
        };
        let word = self.word()?;
        match word.as_str() {
            ".reg" => return self.registers(items, line),
            ".param" => items.push((Item::Param(self.variable()?.0), line)),
            ".local" => items.push((Item::Local(self.variable()?.0), line)),
            ".pragma" => {
                while !matches!(self.peek(), Some(Token::Sign(';')) | None) {
                    self.place += 1
                }
            }
            _ if self.accept(':') => {
                items.push((Item::Label(word), line));
                return Ok(());
            }
            _ if word.starts_with('.') => return Err(self.refuse(format!("`{word}` is not known in a body"))),
            _ => {
                let mut operands = Vec::new();
                while self.peek() != Some(&Token::Sign(';')) {
                    if !operands.is_empty() {
                        self.expect(',')?;
                    }
                    operands.push(self.operand()?);
                }
                items.push((Item::Instruction { guard, opcode: word, operands }, line));
            }
        }
        self.expect(';')
    }

    fn registers(&mut self, items: &mut Vec<(Item, usize)>, line: usize) -> Result<(), Refusal> {
        let kind = self.word()?;
        let Some(bits) = kind.strip_prefix('.').and_then(bits) else {
            return Err(self.refuse(format!("`{kind}` is no type of a register")));
        };
        loop {
            let name = self.word()?;
            let count = if self.accept('<') {
                let count = self.number()?;
                self.expect('>')?;
                Some(count as u32)
            } else {
                None
            };
            items.push((Item::Registers { name, count, bits }, line));
            if !self.accept(',') {
                return self.expect(';');
            }
        }
    }

    fn operand(&mut self) -> Result<Operand, Refusal> {
        match self.peek() {
            Some(Token::Word(_)) => Ok(Operand::Name(self.word()?)),
            Some(Token::Sign('[')) => {
                self.place += 1;
                let base = self.word()?;
                let offset = if self.accept('+') || self.peek() == Some(&Token::Sign('-')) { self.number()?.cast_signed() } else { 0 };
                self.expect(']')?;
                Ok(Operand::Address(base, offset))
            }
            Some(Token::Sign('{')) => Ok(Operand::Vector(self.several('{', '}')?)),
            Some(Token::Sign('(')) => Ok(Operand::List(self.several('(', ')')?)),
            _ => Ok(Operand::Number(self.number()?)),
        }
    }

    fn several(&mut self, open: char, close: char) -> Result<Vec<Operand>, Refusal> {
        let mut found = Vec::new();
        self.expect(open)?;
        while !self.accept(close) {
            if !found.is_empty() {
                self.expect(',')?;
            }
            found.push(self.operand()?);
        }
        Ok(found)
    }
}
