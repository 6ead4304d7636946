//! Instructions. Each is written so that its result is defined for every operand that the loop IR allows.

use super::function::FunctionText;
use super::types;
use hypersonic_loops::{Binary, Cast, Compare, Inst, TableId, Ty, Unary, ValueId};

impl FunctionText<'_, '_> {
    pub(super) fn instruction(&mut self, id: ValueId) {
        let value = &self.function.values[id.index()];
        let ty = value.ty;
        match value.inst {
            Inst::Int(number) => self.alias(id, types::int_literal(ty, number)),
            Inst::FloatBits(bits) => self.alias(id, types::float_literal(ty, bits)),
            Inst::Null => self.alias(id, "null".to_owned()),
            Inst::Parameter(_) | Inst::Bound => {}
            Inst::Read(variable) => self.define(id, format_args!("load {}, ptr {}", types::name(ty), Self::variable(variable))),
            Inst::Binary(op, x, y) => self.binary(id, op, x, y),
            Inst::Unary(op, x) => self.unary(id, op, x),
            Inst::Compare(op, x, y) => {
                let line = format!("{} {}, {}", comparison(op), self.typed(x), self.operand(y));
                self.define(id, line);
            }
            Inst::Overflows(op, x, y) => self.overflows(id, op, x, y),
            Inst::Select(condition, x, y) => {
                let line = format!("select i1 {}, {}, {}", self.operand(condition), self.typed(x), self.typed(y));
                self.define(id, line);
            }
            Inst::Cast(cast, x) => self.cast(id, cast, x),
            Inst::Load(address, class) => {
                let access = self.access(address, class, true);
                let line = format!("load {}, ptr {}, align {}{access}", types::name(ty), self.operand(address), ty.size());
                self.define(id, line);
            }
            Inst::Offset(address, bytes) => {
                let line = format!("getelementptr inbounds i8, ptr {}, i64 {}", self.operand(address), self.operand(bytes));
                self.define(id, line);
            }
            Inst::StackSlot(bytes) => {
                let name = self.slot(id, u64::from(bytes));
                self.alias(id, name);
            }
            Inst::FrameAddress => {
                self.module.declare("declare ptr @llvm.frameaddress.p0(i32)".to_owned());
                let address = self.compute("call ptr @llvm.frameaddress.p0(i32 0)");
                self.define(id, format_args!("ptrtoint ptr {address} to i64"));
            }
            Inst::Table(table, index) => self.element(id, table, index),
            Inst::Rare(rare, arguments, otherwise) => self.rare(id, rare, arguments, otherwise),
        }
    }

    /// What may be assumed of floating point here. Only what is added to a variable may be added in another order: the
    /// elementary functions live on the rounding of sums such as `(x + 2^52) - 2^52`, and set no variable.
    fn freedom(&self, ty: Ty, operands: &[ValueId]) -> &'static str {
        let reads = |operand: &ValueId| matches!(self.function.values[operand.index()].inst, Inst::Read(_));
        match (self.function.fastmath && ty.is_float(), operands.iter().any(reads)) {
            (true, true) => "reassoc nnan nsz arcp contract ",
            (true, false) => "nnan nsz arcp contract ",
            (false, _) => "",
        }
    }

    fn binary(&mut self, id: ValueId, op: Binary, x: ValueId, y: ValueId) {
        let ty = self.ty(id);
        let float = ty.is_float();
        let word = match op {
            Binary::Add if float => "fadd",
            Binary::Sub if float => "fsub",
            Binary::Mul if float => "fmul",
            Binary::Add => "add",
            Binary::Sub => "sub",
            Binary::Mul => "mul",
            Binary::AddExact => "add nsw",
            Binary::SubExact => "sub nsw",
            Binary::MulExact => "mul nsw",
            Binary::FDiv => "fdiv",
            Binary::SDiv => "sdiv",
            Binary::UDiv => "udiv",
            Binary::SRem => "srem",
            Binary::URem => "urem",
            Binary::And => "and",
            Binary::Or => "or",
            Binary::Xor => "xor",
            Binary::Shl => "shl",
            Binary::AShr => "ashr",
            Binary::LShr => "lshr",
            Binary::UMulHigh => return self.high_product(id, x, y),
            Binary::SMin => return self.intrinsic(id, "smin", &[x, y]),
            Binary::SMax => return self.intrinsic(id, "smax", &[x, y]),
            Binary::UMin => return self.intrinsic(id, "umin", &[x, y]),
            Binary::UMax => return self.intrinsic(id, "umax", &[x, y]),
            Binary::CopySign => return self.intrinsic(id, "copysign", &[x, y]),
        };
        let line = format!("{word} {}{}, {}", self.freedom(ty, &[x, y]), self.typed(x), self.operand(y));
        self.define(id, line);
    }

    fn high_product(&mut self, id: ValueId, x: ValueId, y: ValueId) {
        let (x, y) = (self.typed(x), self.typed(y));
        let x = self.compute(format_args!("zext {x} to i128"));
        let y = self.compute(format_args!("zext {y} to i128"));
        let product = self.compute(format_args!("mul nuw i128 {x}, {y}"));
        let high = self.compute(format_args!("lshr i128 {product}, 64"));
        self.define(id, format_args!("trunc i128 {high} to i64"));
    }

    /// A call of `llvm.<name>` that takes and gives the value's type.
    fn intrinsic(&mut self, id: ValueId, name: &str, operands: &[ValueId]) {
        self.intrinsic_with(id, name, operands, "");
    }

    fn intrinsic_with(&mut self, id: ValueId, name: &str, operands: &[ValueId], more: &str) {
        let ty = self.ty(id);
        let (word, end) = (types::name(ty), types::mangled(ty));
        let parameters = vec![word; operands.len()].join(", ");
        let flag = if more.is_empty() { "" } else { ", i1" };
        self.module.declare(format!("declare {word} @llvm.{name}.{end}({parameters}{flag})"));
        let arguments: Vec<String> = operands.iter().map(|operand| self.typed(*operand)).collect();
        let line = format!("call {}{word} @llvm.{name}.{end}({}{more})", self.freedom(ty, operands), arguments.join(", "));
        self.define(id, line);
    }

    fn unary(&mut self, id: ValueId, op: Unary, x: ValueId) {
        let ty = self.ty(id);
        match op {
            Unary::FNeg => {
                let line = format!("fneg {}{}", self.freedom(ty, &[]), self.typed(x));
                self.define(id, line);
            }
            Unary::FAbs => self.intrinsic(id, "fabs", &[x]),
            Unary::Sqrt => self.intrinsic(id, "sqrt", &[x]),
            Unary::Floor => self.intrinsic(id, "floor", &[x]),
            Unary::Ceil => self.intrinsic(id, "ceil", &[x]),
            Unary::Trunc => self.intrinsic(id, "trunc", &[x]),
            Unary::RoundEven => self.intrinsic(id, "roundeven", &[x]),
            Unary::PopCount => self.intrinsic(id, "ctpop", &[x]),
            Unary::LeadingZeros => self.intrinsic_with(id, "ctlz", &[x], ", i1 false"),
            Unary::TrailingZeros => self.intrinsic_with(id, "cttz", &[x], ", i1 false"),
        }
    }

    fn overflows(&mut self, id: ValueId, op: Binary, x: ValueId, y: ValueId) {
        let ty = types::name(self.ty(x));
        let name = match op {
            Binary::Add => "sadd",
            Binary::Sub => "ssub",
            _ => "smul",
        };
        self.module.declare(format!("declare {{ {ty}, i1 }} @llvm.{name}.with.overflow.{ty}({ty}, {ty})"));
        let call = format!("call {{ {ty}, i1 }} @llvm.{name}.with.overflow.{ty}({}, {})", self.typed(x), self.typed(y));
        let both = self.compute(call);
        self.define(id, format_args!("extractvalue {{ {ty}, i1 }} {both}, 1"));
    }

    fn cast(&mut self, id: ValueId, cast: Cast, x: ValueId) {
        let (from, to) = (self.ty(x), self.ty(id));
        let word = match cast {
            Cast::Truncate => "trunc",
            Cast::SignExtend => "sext",
            Cast::ZeroExtend => "zext",
            Cast::SignedToFloat => "sitofp",
            Cast::UnsignedToFloat => "uitofp",
            Cast::Extend => "fpext",
            Cast::Narrow => "fptrunc",
            Cast::FloatToSigned => {
                let operand = self.operand(x).to_owned();
                let result = self.signed_from(from, &operand, to);
                return self.alias(id, result);
            }
            Cast::FloatToUnsigned => return self.unsigned_from(id, x),
            Cast::Bits if from == to => {
                let operand = self.operand(x).to_owned();
                return self.alias(id, operand);
            }
            Cast::Bits if from == Ty::Ptr => "ptrtoint",
            Cast::Bits if to == Ty::Ptr => "inttoptr",
            Cast::Bits => "bitcast",
        };
        let line = format!("{word} {} to {}", self.typed(x), types::name(to));
        self.define(id, line);
    }

    /// Towards zero; the minimum where the number does not fit. A number whose magnitude reaches 2^(n-1) gives the
    /// minimum in any case, so it is replaced by -2^(n-1) before LLVM's conversion, which knows no such case.
    fn signed_from(&mut self, from: Ty, operand: &str, to: Ty) -> String {
        let (float, end) = (types::name(from), types::mangled(from));
        let exponent = types::bits(to) - 1;
        let (limit, minimum) = (types::power_of_two(from, exponent, false), types::power_of_two(from, exponent, true));
        self.module.declare(format!("declare {float} @llvm.fabs.{end}({float})"));
        let magnitude = self.compute(format_args!("call {float} @llvm.fabs.{end}({float} {operand})"));
        let fits = self.compute(format_args!("fcmp olt {float} {magnitude}, {limit}"));
        let safe = self.compute(format_args!("select i1 {fits}, {float} {operand}, {float} {minimum}"));
        self.compute(format_args!("fptosi {float} {safe} to {}", types::name(to)))
    }

    /// As compilers for x86-64 do it: from 2^63 on, convert what is above it and set the highest bit.
    fn unsigned_from(&mut self, id: ValueId, x: ValueId) {
        let from = self.ty(x);
        let float = types::name(from);
        let operand = self.operand(x).to_owned();
        let limit = types::power_of_two(from, 63, false);
        let large = self.compute(format_args!("fcmp oge {float} {operand}, {limit}"));
        let rest = self.compute(format_args!("fsub {float} {operand}, {limit}"));
        let part = self.compute(format_args!("select i1 {large}, {float} {rest}, {float} {operand}"));
        let signed = self.signed_from(from, &part, Ty::I64);
        let top = self.compute(format_args!("select i1 {large}, i64 {}, i64 0", i64::MIN));
        let wide = self.compute(format_args!("xor i64 {signed}, {top}"));
        let to = self.ty(id);
        if to == Ty::I64 { self.alias(id, wide) } else { self.define(id, format_args!("trunc i64 {wide} to {}", types::name(to))) }
    }

    fn element(&mut self, id: ValueId, table: TableId, index: ValueId) {
        let (ty, length) = (types::name(table.0.ty), table.0.bits.len());
        let global = self.module.table(table.0);
        let index = self.operand(index).to_owned();
        let space = self.module.table_space;
        let pointer = if space == 0 { "ptr".to_owned() } else { format!("ptr addrspace({space})") };
        let address = self.compute(format_args!("getelementptr inbounds [{length} x {ty}], {pointer} {global}, i64 0, i64 {index}"));
        let empty = self.module.metadata.shared("!{}".to_owned());
        let group = self.group_mark();
        self.define(id, format_args!("load {ty}, {pointer} {address}, align 8, !invariant.load !{empty}{group}"));
    }
}

const fn comparison(op: Compare) -> &'static str {
    match op {
        Compare::Eq => "icmp eq",
        Compare::Ne => "icmp ne",
        Compare::SLt => "icmp slt",
        Compare::SLe => "icmp sle",
        Compare::SGt => "icmp sgt",
        Compare::SGe => "icmp sge",
        Compare::ULt => "icmp ult",
        Compare::ULe => "icmp ule",
        Compare::UGt => "icmp ugt",
        Compare::UGe => "icmp uge",
        Compare::FEq => "fcmp oeq",
        Compare::FNe => "fcmp une",
        Compare::FLt => "fcmp olt",
        Compare::FLe => "fcmp ole",
        Compare::FGt => "fcmp ogt",
        Compare::FGe => "fcmp oge",
        Compare::FUnordered => "fcmp uno",
    }
}
