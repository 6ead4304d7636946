//! The digits of 2/pi that matter for an angle of each exponent from 2^20 on: `2^e * 2/pi` modulo 2^54, which is enough
//! for a fraction of 53 bits modulo four quarter turns, as four numbers of fixed weights.

/// 2/pi after the binary point.
const DIGITS: [u64; 20] = [
    0xa2f9836e4e441529,
    0xfc2757d1f534ddc0,
    0xdb6295993c439041,
    0xfe5163abdebbc561,
    0xb7246e3a424dd2e0,
    0x06492eea09d1921c,
    0xfe1deb1cb129a73e,
    0xe88235f52ebb4484,
    0xe99c7026b45f7e41,
    0x3991d639835339f4,
    0x9c845f8bbdf9283b,
    0x1ff897ffde05980f,
    0xef2f118b5a0a6d1f,
    0x6d367ecf27cb09b7,
    0x4f463f669e5fea2d,
    0x7527bac7ebe5f17b,
    0x3d0739f78a5292ea,
    0x6bfb5fb11f8d5d08,
    0x56033046fc7b6bab,
    0xf0cfbc209af4361d,
];

/// Exponents 20 to 1023.
const COUNT: usize = 1004;

/// Multiples of 2^2 within 2^53, signed.
pub static FIRST: [u64; COUNT] = table(0);
/// Multiples of 2^-50 within 2, signed.
pub static SECOND: [u64; COUNT] = table(1);
/// Multiples of 2^-102 below 2^-50.
pub static THIRD: [u64; COUNT] = table(2);
/// Multiples of 2^-155 below 2^-102.
pub static FOURTH: [u64; COUNT] = table(3);

/// `count` digits from position `start` on, counted from 1 behind the point; those before it are 0.
const fn digits(start: i64, count: i64) -> i64 {
    let mut value = 0;
    let mut position = start;
    while position < start + count {
        value <<= 1;
        if position >= 1 {
            let bit = position - 1;
            value |= ((DIGITS[(bit / 64) as usize] >> (63 - bit % 64)) & 1) as i64;
        }
        position += 1;
    }
    value
}

const fn power(exponent: i64) -> f64 {
    f64::from_bits(((1023 + exponent) as u64) << 52)
}

const fn table(part: usize) -> [u64; COUNT] {
    let mut bits = [0; COUNT];
    let mut row = 0;
    while row < COUNT {
        let exponent = row as i64 + 20;
        // A second part of 2 or more is carried into the first, a first part of 2^53 or more wraps.
        let second = digits(exponent - 1, 52);
        let carry = second >> 51;
        let value = match part {
            0 => {
                let first = digits(exponent - 53, 52) + carry;
                let wrapped = if first >= 1 << 51 { first - (1 << 52) } else { first };
                wrapped as f64 * 4.0
            }
            1 => (second - (carry << 52)) as f64 * power(-50),
            2 => digits(exponent + 51, 52) as f64 * power(-102),
            _ => digits(exponent + 103, 53) as f64 * power(-155),
        };
        bits[row] = value.to_bits();
        row += 1;
    }
    bits
}
