//! Every dtype that typing gives is the one that NumPy gives: `data/dtype_table.csv` holds NumPy's answers for all
//! pairs of operands, written by `data/make_dtype_table.py`.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use hypersonic_diagnostics::{Diagnostic, Span};
use hypersonic_ops::{Dtype, Flavor, ScalarOp, Type};
use hypersonic_typed::ir::{Constant, Expr, ExprKind, StmtKind, VariableId};
use hypersonic_typed::library::{Arguments, Operator, Surroundings, binary, call};
use std::fmt::Write as _;

const OPERANDS: &str = "?bhilBHILfdFDpqc";

#[derive(Default)]
struct Function {
    variables: u32,
}

impl Surroundings for Function {
    fn temporary(&mut self, value: Expr) -> Expr {
        self.variables += 1;
        Expr { ty: value.ty, kind: ExprKind::Variable(VariableId(self.variables)), span: value.span }
    }

    fn emit(&mut self, _: StmtKind, _: Span) {}
}

fn operand(code: char) -> Expr {
    let python = |ty, constant| Expr { ty, kind: ExprKind::Constant(constant), span: Span::default() };
    match code {
        'p' => python(Type::INT, Constant::Int(1)),
        'q' => python(Type::FLOAT, Constant::Float(1.5)),
        'c' => python(Type::COMPLEX, Constant::Complex(0.0, 1.5)),
        _ => {
            let dtype = Dtype::from_code(code).unwrap();
            Expr { ty: Type::Array(dtype, 1), kind: ExprKind::Variable(VariableId(0)), span: Span::default() }
        }
    }
}

fn scalar_operand(code: char) -> Expr {
    let mut expr = operand(code);
    if let Type::Array(dtype, _) = expr.ty {
        expr.ty = Type::Scalar(dtype, Flavor::Numpy);
    }
    expr
}

fn library(name: &str, operands: Vec<Expr>) -> Result<Expr, Diagnostic> {
    let arguments = Arguments { positional: operands, keywords: Vec::new(), span: Span::default() };
    call(&mut Function::default(), &format!("numpy.{name}"), arguments)
}

fn operator(name: &str) -> ScalarOp {
    use ScalarOp as Op;
    match name {
        "add" => Op::Add,
        "sub" => Op::Subtract,
        "mul" => Op::Multiply,
        "truediv" => Op::Divide,
        "floordiv" => Op::FloorDivide,
        "mod" => Op::Remainder,
        "pow" => Op::Power,
        "and_" => Op::BitwiseAnd,
        "or_" => Op::BitwiseOr,
        "xor" => Op::BitwiseXor,
        "lshift" => Op::LeftShift,
        "rshift" => Op::RightShift,
        "eq" => Op::Equal,
        "ne" => Op::NotEqual,
        "lt" => Op::Less,
        "le" => Op::LessEqual,
        "gt" => Op::Greater,
        "ge" => Op::GreaterEqual,
        other => panic!("unknown operator {other}"),
    }
}

/// The letter of the result: a type code, `e` for float16, `-` for TypeError.
fn letter(function: &str, operands: Vec<Expr>) -> char {
    let result = if let Some(name) = function.strip_prefix("operator.") {
        let [left, right] = <[Expr; 2]>::try_from(operands).unwrap();
        binary(&mut Function::default(), Operator::Scalar(operator(name)), left, right, Span::default())
    } else if let Some((name, part)) = function.split_once('.') {
        library(name, operands).map(|tuple| match tuple.kind {
            ExprKind::Tuple(mut items) => items.remove(part.parse().unwrap()),
            other => panic!("{name} gives {other:?}"),
        })
    } else if function == "where" {
        let condition = operand('?');
        library(function, std::iter::once(condition).chain(operands).collect())
    } else if function == "clip" {
        let limit = operands[1].clone();
        library(function, operands.into_iter().chain([limit]).collect())
    } else if function == "concatenate" {
        let ty = Type::Tuple(operands.iter().map(|operand| operand.ty.clone()).collect());
        library(function, vec![Expr { ty, kind: ExprKind::Tuple(operands), span: Span::default() }])
    } else if function == "isclose" {
        library(function, vec![operands[0].clone(), operands[0].clone()])
    } else {
        library(function, operands)
    };
    match result {
        Ok(expr) => {
            assert!(!matches!(expr.ty, Type::Scalar(_, Flavor::Python)), "{function} gives a Python scalar");
            expr.ty.dtype().map_or('!', Dtype::code)
        }
        Err(diagnostic)
            if diagnostic.title.contains("float16") || diagnostic.hint.as_ref().is_some_and(|hint| hint.contains("float16")) =>
        {
            'e'
        }
        Err(_) => '-',
    }
}

/// What is deliberately not compiled although NumPy computes it.
fn excused(function: &str, ours: char) -> bool {
    // The other result of `frexp` is float16 there.
    function == "frexp.1" && ours == 'e'
}

#[test]
fn every_dtype_is_that_of_numpy() {
    let table = include_str!("data/dtype_table.csv");
    let mut wrong = String::new();
    let mut checked = 0;
    for line in table.lines().skip(1) {
        let [function, left, results] = <[&str; 3]>::try_from(line.splitn(3, ',').collect::<Vec<_>>()).unwrap();
        let left = left.chars().next().unwrap();
        let pairs = results.chars().count() > 1;
        for (place, expected) in results.chars().enumerate() {
            let right = pairs.then(|| OPERANDS.chars().nth(place).unwrap());
            for scalar in [false, true] {
                if scalar && ["matmul", "concatenate", "std", "var"].contains(&function) {
                    continue;
                }
                let codes = std::iter::once(left).chain(right);
                let operands = codes.map(|code| if scalar { scalar_operand(code) } else { operand(code) }).collect();
                let ours = letter(function, operands);
                checked += 1;
                if ours != expected && !excused(function, ours) {
                    let right = right.map_or(String::new(), |right| format!(", {right}"));
                    let _ = writeln!(wrong, "{function}({left}{right}): NumPy {expected}, ours {ours}, scalar: {scalar}");
                }
            }
        }
    }
    assert!(checked > 20_000, "only {checked} checked");
    assert!(wrong.is_empty(), "{} wrong:\n{wrong}", wrong.lines().count());
}
