//! Functions for rare arguments: out of line, each with variants for whole vectors that LLVM's vectoriser knows by an
//! attribute of the call. A variant asks once for all of its lanes whether any is rare, so that a loop of ordinary
//! arguments never computes the rare case.

use super::ModuleText;
use super::function::{FunctionText, Shape};
use hypersonic_loops::{RareFunction, RareId, ValueId};
use std::fmt::Write as _;

/// The vectors that have variants, in lanes.
const LANES: [usize; 3] = [2, 4, 8];

/// What LLVM may assume of them all.
const QUALITIES: &str = "#0 willreturn memory(none)";

/// The names of a rare function's arguments.
const ARGUMENTS: [&str; 3] = ["x", "y", "z"];

impl FunctionText<'_, '_> {
    pub(super) fn rare(&mut self, id: ValueId, rare: RareId, arguments: [ValueId; 3], otherwise: ValueId) {
        let variants = self.module.rare(rare.0);
        let mut words = String::new();
        for argument in &arguments[..rare.0.arity()] {
            let _ = write!(words, "double {}, ", self.operand(*argument));
        }
        let (name, otherwise) = (rare.0.name, self.operand(otherwise).to_owned());
        self.define(id, format_args!("call double @rare.{name}({words}double {otherwise}) nounwind willreturn memory(none){variants}"));
    }
}

impl ModuleText<'_> {
    /// On the host they stay out of line: inlined, the rare case would be computed for every lane. A kernel of the GPU
    /// branches where it stands, so that its text has no functions that merging would have to tell apart.
    fn rare_place(&self) -> &'static str {
        if self.table_space == 0 { "noinline" } else { "alwaysinline" }
    }

    /// Writes the function where it was not yet; gives the attribute of calls that names its variants.
    fn rare(&mut self, rare: &'static RareFunction) -> String {
        // Code for the GPU, whose tables lie in a space of their own, has no vectors.
        let vectors = self.table_space == 0;
        let name = rare.name;
        if self.known_rare.insert(name) {
            self.rare_case(rare);
            self.rare_choice(rare);
            if vectors {
                for lanes in LANES {
                    self.rare_variant(rare, lanes);
                }
            }
        }
        if !vectors {
            return String::new();
        }
        let kinds = "v".repeat(rare.arity() + 1);
        let variants: Vec<String> =
            LANES.iter().map(|lanes| format!("_ZGV_LLVM_N{lanes}{kinds}_rare.{name}(rare.{name}.v{lanes})")).collect();
        format!(" \"vector-function-abi-variant\"=\"{}\"", variants.join(","))
    }

    /// The rare case alone.
    fn rare_case(&mut self, rare: &'static RareFunction) {
        let function = (rare.function)();
        let mut text = FunctionText::new(self, function, Shape::Rare);
        text.block(&function.body);
        let place = text.module.rare_place();
        let parameters: Vec<String> = (0..rare.arity()).map(|n| format!("double %p{n}")).collect();
        text.finish(&format!("define internal double @rare.{}.case({}) {QUALITIES} {place}", rare.name, parameters.join(", ")));
    }

    /// The choice for one number.
    fn rare_choice(&mut self, rare: &RareFunction) {
        let (name, limit) = (rare.name, super::types::literal_of_bits(hypersonic_loops::Ty::F64, rare.limit.to_bits()));
        self.declare("declare double @llvm.fabs.f64(double)".to_owned());
        let place = self.rare_place();
        let arguments: Vec<String> = ARGUMENTS[..rare.arity()].iter().map(|argument| format!("double %{argument}")).collect();
        let arguments = arguments.join(", ");
        let _ = write!(
            self.functions,
            "define internal double @rare.{name}({arguments}, double %otherwise) {QUALITIES} {place} {{
  %magnitude = call double @llvm.fabs.f64(double %x)
  %rare = fcmp oge double %magnitude, {limit}
  br i1 %rare, label %case, label %done
case:
  %value = call double @rare.{name}.case({arguments})
  ret double %value
done:
  ret double %otherwise
}}

"
        );
    }

    /// The choice for a vector: lane after lane if any is rare.
    fn rare_variant(&mut self, rare: &RareFunction, lanes: usize) {
        let (name, limit) = (rare.name, super::types::literal_of_bits(hypersonic_loops::Ty::F64, rare.limit.to_bits()));
        let (vector, mask) = (format!("<{lanes} x double>"), format!("<{lanes} x i1>"));
        self.declare(format!("declare {vector} @llvm.fabs.v{lanes}f64({vector})"));
        self.declare(format!("declare i1 @llvm.vector.reduce.or.v{lanes}i1({mask})"));
        let arguments = &ARGUMENTS[..rare.arity()];
        let mut each = String::new();
        let mut last = "%otherwise".to_owned();
        for lane in 0..lanes {
            let mut words = String::new();
            for argument in arguments {
                let _ = writeln!(each, "  %{argument}{lane} = extractelement {vector} %{argument}, i64 {lane}");
                let _ = write!(words, "double %{argument}{lane}, ");
            }
            let _ = write!(
                each,
                "  %o{lane} = extractelement {vector} %otherwise, i64 {lane}
  %r{lane} = call double @rare.{name}({words}double %o{lane})
  %v{lane} = insertelement {vector} {last}, double %r{lane}, i64 {lane}
"
            );
            last = format!("%v{lane}");
        }
        let mut parameters = String::new();
        for argument in arguments {
            let _ = write!(parameters, "{vector} %{argument}, ");
        }
        let _ = write!(
            self.functions,
            "define internal {vector} @rare.{name}.v{lanes}({parameters}{vector} %otherwise) {QUALITIES} noinline {{
  %magnitude = call {vector} @llvm.fabs.v{lanes}f64({vector} %x)
  %rare = fcmp oge {vector} %magnitude, splat (double {limit})
  %any = call i1 @llvm.vector.reduce.or.v{lanes}i1({mask} %rare)
  br i1 %any, label %case, label %done
case:
{each}  ret {vector} {last}
done:
  ret {vector} %otherwise
}}

"
        );
        self.kept.push(format!("@rare.{name}.v{lanes}"));
    }
}
