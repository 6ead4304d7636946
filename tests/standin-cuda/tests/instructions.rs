//! Every instruction with the values at which it could go wrong.
#![allow(clippy::unwrap_used)]

mod kernel;

use kernel::{instruction, value_of};

fn bits(value: f64) -> u64 {
    value.to_bits()
}

fn single(value: f32) -> u64 {
    u64::from(value.to_bits())
}

/// An instruction whose operands and result have one width.
fn same(opcode: &str, width: u32, operands: &[i64]) -> u64 {
    let operands: Vec<(u32, u64)> = operands.iter().map(|value| (width, value.cast_unsigned())).collect();
    instruction(opcode, width, &operands)
}

#[test]
fn integers_wrap() {
    assert_eq!(same("add.s64", 64, &[i64::MAX, 1]), 1 << 63);
    assert_eq!(same("add.s32", 32, &[-1, 3]), 2);
    assert_eq!(same("sub.s16", 16, &[0, 1]), 0xffff);
    assert_eq!(same("mul.lo.s32", 32, &[0x10001, 0x10001]), 0x20001);
    assert_eq!(same("mad.lo.s64", 64, &[-3, 5, 7]), (-8i64).cast_unsigned());
    assert_eq!(same("mad.lo.s16", 16, &[300, 300, 1]), 90_001 & 0xffff);
    assert_eq!(same("neg.s32", 32, &[i64::from(i32::MIN)]), 1 << 31);
    assert_eq!(same("abs.s64", 64, &[i64::MIN]), 1 << 63);
    assert_eq!(same("abs.s16", 16, &[-5]), 5);
}

#[test]
fn products_have_high_halves_and_wide_forms() {
    assert_eq!(same("mul.hi.u64", 64, &[-1, -1]), u64::MAX - 1);
    assert_eq!(same("mul.hi.s64", 64, &[-1, 2]), u64::MAX);
    assert_eq!(same("mul.hi.s32", 32, &[-1, -1]), 0);
    assert_eq!(instruction("mul.wide.u32", 64, &[(32, 0xffff_ffff), (32, 2)]), 0x1_ffff_fffe);
    assert_eq!(instruction("mul.wide.s32", 64, &[(32, 0xffff_ffff), (32, 2)]), (-2i64).cast_unsigned());
    assert_eq!(instruction("mul.wide.s16", 32, &[(16, 0xffff), (16, 3)]), 0xffff_fffd);
    assert_eq!(instruction("mad.wide.s32", 64, &[(32, 0xffff_ffff), (32, 2), (64, 1)]), u64::MAX);
}

#[test]
fn division_has_the_signs_of_the_hardware() {
    assert_eq!(same("div.s32", 32, &[-7, 2]), 0xffff_fffd);
    assert_eq!(same("rem.s32", 32, &[-7, 2]), 0xffff_ffff);
    assert_eq!(same("div.u64", 64, &[-1, 2]), u64::MAX / 2);
    assert_eq!(same("rem.u16", 16, &[0xffff, 10]), 5);
    assert_eq!(same("div.s64", 64, &[i64::MIN, -1]), 1 << 63);
    assert_eq!(same("rem.s64", 64, &[i64::MIN, -1]), 0);
    assert_eq!(same("div.s64", 64, &[5, 0]), 0xa5a5_a5a5_a5a5_a5a5, "left open by PTX: nothing useful");
    assert_eq!(same("rem.s16", 16, &[5, 0]), 0xa5a5);
}

#[test]
fn shifts_beyond_the_width_empty_the_register() {
    assert_eq!(instruction("shl.b64", 64, &[(64, 1), (32, 63)]), 1 << 63);
    assert_eq!(instruction("shl.b64", 64, &[(64, 1), (32, 64)]), 0);
    assert_eq!(instruction("shl.b16", 16, &[(16, 0xffff), (32, 4)]), 0xfff0);
    assert_eq!(instruction("shr.u32", 32, &[(32, 0x8000_0000), (32, 31)]), 1);
    assert_eq!(instruction("shr.s32", 32, &[(32, 0x8000_0000), (32, 99)]), 0xffff_ffff);
    assert_eq!(instruction("shr.s64", 64, &[(64, 1 << 62), (32, 64)]), 0);
    assert_eq!(instruction("shr.s16", 16, &[(16, 0x8000), (32, 1)]), 0xc000);
}

#[test]
fn least_and_greatest() {
    assert_eq!(same("min.s32", 32, &[-1, 1]), 0xffff_ffff);
    assert_eq!(same("min.u32", 32, &[-1, 1]), 1);
    assert_eq!(same("max.s64", 64, &[i64::MIN, 0]), 0);
    assert_eq!(same("max.u16", 16, &[0xffff, 1]), 0xffff);
    let nan = bits(f64::NAN);
    let of = |opcode, a: u64, b: u64| instruction(opcode, 64, &[(64, a), (64, b)]);
    for opcode in ["min.f64", "max.f64"] {
        assert_eq!(of(opcode, nan, bits(1.0)), bits(1.0));
        assert_eq!(of(opcode, bits(1.0), nan), bits(1.0));
    }
    for (a, b) in [(0.0, -0.0), (-0.0, 0.0)] {
        assert_eq!(of("min.f64", bits(a), bits(b)), bits(-0.0));
        assert_eq!(of("max.f64", bits(a), bits(b)), bits(0.0));
    }
    assert!(f64::from_bits(of("max.NaN.f64", nan, bits(1.0))).is_nan());
    assert!(f64::from_bits(of("min.NaN.f64", bits(1.0), nan)).is_nan());
}

#[test]
fn floats_round_to_nearest_and_once_per_instruction() {
    let of = |opcode, a: f64, b: f64| f64::from_bits(instruction(opcode, 64, &[(64, bits(a)), (64, bits(b))]));
    let tiny = f64::EPSILON / 2.0;
    assert_eq!(of("add.rn.f64", 1.0, tiny), 1.0);
    assert_eq!(of("add.rn.f64", 1.0 + f64::EPSILON, tiny), 1.0 + 2.0 * f64::EPSILON, "ties go to even");
    assert_eq!(of("div.rn.f64", 1.0, 3.0), 1.0 / 3.0);
    assert_eq!(of("div.rn.f64", -1.0, 0.0), f64::NEG_INFINITY);
    assert_eq!(of("mul.rn.f64", 5e-324, 0.5), 0.0);
    assert_eq!(of("mul.rn.f64", 1e-200, 1e-110), 1e-200 * 1e-110, "subnormal");
    assert_eq!(f64::from_bits(instruction("sqrt.rn.f64", 64, &[(64, bits(2.0))])), 2f64.sqrt());
    assert_eq!(f64::from_bits(instruction("rcp.rn.f64", 64, &[(64, bits(3.0))])), 1.0 / 3.0);
    let a = 1.0 + f64::EPSILON;
    let fused = instruction("fma.rn.f64", 64, &[(64, bits(a)), (64, bits(a)), (64, bits(-1.0))]);
    assert_eq!(f64::from_bits(fused), 2.0 * f64::EPSILON + f64::EPSILON * f64::EPSILON);
    assert_eq!(instruction("sub.rn.f32", 32, &[(32, single(0.3)), (32, single(0.1))]), single(0.3f32 - 0.1f32));
    assert_eq!(instruction("mul.rn.f32", 32, &[(32, single(1e-30)), (32, single(1e-15))]), single(1e-45), "not flushed");
}

#[test]
fn signs_of_floats() {
    assert_eq!(instruction("neg.f64", 64, &[(64, bits(0.0))]), bits(-0.0));
    assert_eq!(instruction("abs.f32", 32, &[(32, single(-0.0))]), 0);
    let copied = instruction("copysign.f64", 64, &[(64, bits(-1.0)), (64, bits(5.0))]);
    assert_eq!(copied, bits(-5.0), "the sign of the first");
    assert_eq!(instruction("copysign.f32", 32, &[(32, single(2.0)), (32, single(-5.0))]), single(5.0));
}

#[test]
fn comparisons_of_integers() {
    for (opcode, expected) in [
        ("setp.lt.s64", 1),
        ("setp.lt.u64", 0),
        ("setp.ge.s64", 0),
        ("setp.ge.u64", 1),
        ("setp.hi.u64", 1),
        ("setp.eq.b64", 0),
        ("setp.ne.s64", 1),
        ("setp.le.s64", 1),
        ("setp.gt.u64", 1),
    ] {
        assert_eq!(instruction(opcode, 1, &[(64, u64::MAX), (64, 1)]), expected, "{opcode}");
    }
    assert_eq!(instruction("setp.lt.s16", 1, &[(16, 0x8000), (16, 0)]), 1);
    assert_eq!(instruction("setp.gt.s32", 1, &[(32, 0x8000_0000), (32, 0)]), 0);
}

#[test]
fn comparisons_of_floats_with_and_without_order() {
    let nan = f64::NAN;
    for (relation, less, equal, greater, unordered) in [
        ("eq", 0, 1, 0, 0),
        ("ne", 1, 0, 1, 0),
        ("lt", 1, 0, 0, 0),
        ("le", 1, 1, 0, 0),
        ("gt", 0, 0, 1, 0),
        ("ge", 0, 1, 1, 0),
        ("equ", 0, 1, 0, 1),
        ("neu", 1, 0, 1, 1),
        ("ltu", 1, 0, 0, 1),
        ("leu", 1, 1, 0, 1),
        ("gtu", 0, 0, 1, 1),
        ("geu", 0, 1, 1, 1),
        ("num", 1, 1, 1, 0),
        ("nan", 0, 0, 0, 1),
    ] {
        for (a, b, expected) in [(1.0, 2.0, less), (0.0, -0.0, equal), (2.0, 1.0, greater), (nan, 1.0, unordered), (1.0, nan, unordered)] {
            let double = instruction(&format!("setp.{relation}.f64"), 1, &[(64, bits(a)), (64, bits(b))]);
            let float = instruction(&format!("setp.{relation}.f32"), 1, &[(32, single(a as f32)), (32, single(b as f32))]);
            assert_eq!((double, float), (expected, expected), "{a} {relation} {b}");
        }
    }
    assert_eq!(instruction("testp.subnormal.f64", 1, &[(64, 1)]), 1);
    assert_eq!(instruction("testp.finite.f32", 1, &[(32, single(f32::INFINITY))]), 0);
}

#[test]
fn conversions() {
    assert_eq!(instruction("cvt.u64.u32", 64, &[(32, 0xffff_ffff)]), 0xffff_ffff);
    assert_eq!(instruction("cvt.s64.s32", 64, &[(32, 0xffff_ffff)]), u64::MAX);
    assert_eq!(instruction("cvt.u32.u64", 32, &[(64, u64::MAX)]), 0xffff_ffff);
    assert_eq!(instruction("cvt.s16.s8", 16, &[(16, 0x1ff)]), 0xffff, "the lowest byte, with its sign");
    assert_eq!(instruction("cvt.s8.s64", 16, &[(64, 0x80)]), 0xff80, "a register is filled with the sign");
    assert_eq!(instruction("cvt.u16.u8", 16, &[(16, 0x1ff)]), 0xff);
    assert_eq!(instruction("cvt.rn.f64.s64", 64, &[(64, u64::MAX)]), bits(-1.0));
    assert_eq!(instruction("cvt.rn.f64.u64", 64, &[(64, u64::MAX)]), bits(2f64.powi(64)));
    assert_eq!(instruction("cvt.rn.f32.s32", 32, &[(32, 16_777_217)]), single(16_777_216.0));
    assert_eq!(instruction("cvt.rn.f32.u16", 32, &[(16, 0xffff)]), single(65535.0));
    assert_eq!(instruction("cvt.rn.f32.f64", 32, &[(64, bits(1e300))]), single(f32::INFINITY));
    assert_eq!(instruction("cvt.f64.f32", 64, &[(32, single(0.1))]), bits(f64::from(0.1f32)));
}

#[test]
fn floats_become_integers_by_the_named_rounding_and_clamp() {
    for (rounding, up, down) in [("rni", 2.0, -2.0), ("rzi", 2.0, -2.0), ("rmi", 2.0, -3.0), ("rpi", 3.0, -2.0)] {
        let of = |value: f64| f64::from_bits(instruction(&format!("cvt.{rounding}.f64.f64"), 64, &[(64, bits(value))]));
        assert_eq!((of(2.5), of(-2.5)), (up, down), "{rounding}");
        let of = |value: f64| instruction(&format!("cvt.{rounding}.s64.f64"), 64, &[(64, bits(value))]).cast_signed();
        assert_eq!((of(2.5), of(-2.5)), (up as i64, down as i64), "{rounding}");
        let of = |value: f32| f32::from_bits(instruction(&format!("cvt.{rounding}.f32.f32"), 32, &[(32, single(value))]) as u32);
        assert_eq!((of(2.5), of(-2.5)), (up as f32, down as f32), "{rounding}");
    }
    let of = |opcode, value: f64| instruction(opcode, 64, &[(64, bits(value))]);
    assert_eq!(of("cvt.rzi.s64.f64", 1e300), i64::MAX.cast_unsigned());
    assert_eq!(of("cvt.rzi.s64.f64", f64::NAN), 0);
    assert_eq!(of("cvt.rzi.u64.f64", -1.0), 0);
    assert_eq!(instruction("cvt.rzi.s32.f64", 32, &[(64, bits(-1e10))]), 1 << 31);
    assert_eq!(instruction("cvt.rzi.u8.f32", 16, &[(32, single(300.0))]), 255);
    assert_eq!(of("cvt.rzi.f64.f64", -0.5), bits(-0.0));
}

#[test]
fn bit_fields_and_counts() {
    assert_eq!(instruction("and.b32", 32, &[(32, 12), (32, 10)]), 8);
    assert_eq!(instruction("or.b16", 16, &[(16, 12), (16, 10)]), 14);
    assert_eq!(instruction("xor.b64", 64, &[(64, 12), (64, 10)]), 6);
    assert_eq!(instruction("not.b32", 32, &[(32, 0)]), 0xffff_ffff);
    assert_eq!(instruction("not.pred", 1, &[(1, 1)]), 0);
    assert_eq!(instruction("and.pred", 1, &[(1, 1), (1, 0)]), 0);
    assert_eq!(instruction("xor.pred", 1, &[(1, 1), (1, 0)]), 1);
    assert_eq!(instruction("popc.b64", 32, &[(64, u64::MAX)]), 64);
    assert_eq!(instruction("clz.b32", 32, &[(32, 0)]), 32);
    assert_eq!(instruction("clz.b64", 32, &[(64, 1)]), 63);
    assert_eq!(instruction("brev.b32", 32, &[(32, 1)]), 1 << 31);
    assert_eq!(instruction("bfe.u64", 64, &[(64, 0xabcd), (32, 4), (32, 8)]), 0xbc);
    assert_eq!(instruction("bfe.s32", 32, &[(32, 0xf0), (32, 4), (32, 4)]), 0xffff_ffff);
    assert_eq!(instruction("bfe.u32", 32, &[(32, 0xffff_ffff), (32, 28), (32, 8)]), 0xf);
    assert_eq!(instruction("bfe.u64", 64, &[(64, 7), (32, 64), (32, 4)]), 0);
    assert_eq!(instruction("prmt.b32", 32, &[(32, 0x3322_1100), (32, 0x7766_5544), (32, 0x4_0_7_1)]), 0x4400_7711);
    assert_eq!(instruction("prmt.b32", 32, &[(32, 0x80), (32, 0), (32, 0x8)]), 0x8080_80ff);
    assert_eq!(instruction("shf.l.wrap.b32", 32, &[(32, 0x8000_0000), (32, 1), (32, 1)]), 3);
}

#[test]
fn choices_and_guards() {
    assert_eq!(instruction("selp.b64", 64, &[(64, 5), (64, 6), (1, 1)]), 5);
    assert_eq!(instruction("selp.f64", 64, &[(64, 5), (64, 6), (1, 0)]), 6);
    let body = "mov.b64 %rd0, 1;\nsetp.eq.s64 %p1, %rd1, 7;\n@%p1 mov.b64 %rd0, 2;\n@!%p1 add.s64 %rd0, %rd0, 9;";
    assert_eq!((value_of(body, &[7]), value_of(body, &[8])), (2, 10));
}

#[test]
fn constants_are_decimal_hexadecimal_or_bits_of_floats() {
    assert_eq!(value_of("mov.b64 %rd0, 0d3FF0000000000000;", &[]), bits(1.0));
    assert_eq!(value_of("mov.b64 %rd0, -2;", &[]), (-2i64).cast_unsigned());
    assert_eq!(value_of("mov.b64 %rd0, 0xFFU;", &[]), 255);
    assert_eq!(value_of("mov.b32 %r1, 0f3F800000;\ncvt.f64.f32 %rd0, %r1;", &[]), bits(1.0));
    assert_eq!(value_of("mov.b16 %rs1, -1;\ncvt.u64.u16 %rd0, %rs1;", &[]), 0xffff);
}

#[test]
fn registers_are_put_together_and_taken_apart() {
    assert_eq!(value_of("mov.b64 {%r1, %r2}, %rd1;\nmov.b64 %rd0, {%r2, %r1};", &[0x1_0000_0002]), 0x2_0000_0001);
    assert_eq!(value_of("mov.b64 {_, %r2}, %rd1;\ncvt.u64.u32 %rd0, %r2;", &[0x5_0000_0002]), 5);
}

#[test]
fn loops_end() {
    let body = "mov.b64 %rd0, 0;\n$L_top:\nadd.s64 %rd0, %rd0, %rd1;\nsub.s64 %rd1, %rd1, 1;\nsetp.ne.b64 %p1, %rd1, 0;\n\
                @%p1 bra $L_top;\nbra.uni $L_end;\nmov.b64 %rd0, 0;\n$L_end:";
    assert_eq!(value_of(body, &[10]), 55);
}
