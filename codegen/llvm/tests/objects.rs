//! Objects for every platform: complete, linkable, and the same every time.
#![allow(missing_docs, clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod stage;

use hypersonic_link::link;
use hypersonic_llvm::{Options, PLATFORMS, compile, levels, symbol};
use hypersonic_loops::{Cast, Checked, MemoryClass, Module, TableData, Ty, Unary};
use object::{Object as _, ObjectSymbol as _};
use stage::{argument, checked, element, entry};

static TABLE: TableData =
    TableData { name: "ramp", ty: Ty::F64, bits: &[0, 0x3FF0_0000_0000_0000, 0x4000_0000_0000_0000, 0x4008_0000_0000_0000] };

/// `y[i] = floor(x[i] * 2) + int(x[i]) + ramp[i & 3]` over doubles.
fn sample() -> Checked<Module> {
    checked(entry(|b, arguments, _| {
        let n = argument(b, arguments, 0, Ty::I64);
        let x = argument(b, arguments, 1, Ty::Ptr);
        let y = argument(b, arguments, 2, Ty::Ptr);
        b.nest(vec![n], |b, at| {
            let from = element(b, x, at[0], Ty::F64);
            let value = b.load(Ty::F64, from, MemoryClass(1));
            let two = b.float(Ty::F64, 2.0);
            let double = b.mul(value, two);
            let floor = b.unary(Unary::Floor, double);
            let int = b.cast(Cast::FloatToSigned, value, Ty::I64);
            let int = b.cast(Cast::SignedToFloat, int, Ty::F64);
            let sum = b.add(floor, int);
            let three = b.i64(3);
            let step = b.and(at[0], three);
            let ramp = b.table(&TABLE, step);
            let sum = b.add(sum, ramp);
            let to = element(b, y, at[0], Ty::F64);
            b.store(to, sum, MemoryClass(2));
        });
    }))
}

#[test]
fn every_platform_gets_a_library_that_exports_its_entries_only() {
    let module = sample();
    for platform in PLATFORMS {
        let objects: Vec<_> = {
            let levels: Vec<_> = levels(platform).iter().collect();
            compile(&module, &levels, &Options::default()).into_iter().map(|object| object.expect("compiles")).collect()
        };
        let exports: Vec<String> = objects.iter().flat_map(|object| object.symbols.clone()).collect();
        let expected: Vec<String> = levels(platform).iter().map(|level| symbol("f", level.suffix)).collect();
        assert_eq!(exports, expected);
        let bytes: Vec<Vec<u8>> = objects.into_iter().map(|object| object.bytes).collect();
        let library = link(&bytes, platform, &exports).unwrap_or_else(|error| panic!("{platform}: {error}"));
        let file = object::File::parse(library.as_slice()).expect("a library");
        let mut names: Vec<String> = file
            .exports()
            .expect("has exports")
            .iter()
            .map(|export| String::from_utf8_lossy(export.name()).trim_start_matches('_').to_owned())
            .collect();
        names.sort();
        assert_eq!(names, expected, "{platform}");
        assert!(file.imports().expect("has imports").is_empty(), "{platform} imports something");
        assert_eq!(file.dynamic_symbols().filter(|symbol| symbol.is_undefined() && !symbol.name().unwrap_or("").is_empty()).count(), 0);
        assert_eq!(library, link(&bytes, platform, &exports).expect("links again"), "{platform}: not the same bytes");
        let levels: Vec<_> = levels(platform).iter().collect();
        let again = compile(&module, &levels, &Options::default()).into_iter().map(|object| object.expect("compiles again").bytes);
        assert_eq!(again.collect::<Vec<_>>(), bytes, "{platform}: not the same objects");
        for needle in [b"clang".as_slice(), b"hypersonic-link".as_slice()] {
            assert!(!library.windows(needle.len()).any(|window| window == needle), "{platform}: {}", String::from_utf8_lossy(needle));
        }
    }
}

#[test]
fn linking_says_what_is_wrong() {
    let level = &levels("x86_64-linux")[0];
    let object = compile(&sample(), &[level], &Options::default()).remove(0).expect("compiles");
    let missing = link(std::slice::from_ref(&object.bytes), "x86_64-linux", &["nobody".to_owned()]).expect_err("is not defined");
    assert!(missing.to_string().contains("nobody"), "{missing}");
    let twice = link(&[object.bytes.clone(), object.bytes], "x86_64-linux", &object.symbols).expect_err("defined twice");
    assert!(twice.to_string().contains("duplicate symbol"), "{twice}");
    assert!(link(&[], "pdp11", &[]).is_err());
    assert!(link(&[b"junk".to_vec()], "x86_64-linux", &[]).is_err());
    assert!(link(&[], "x86_64-linux", &[]).is_err(), "LLD wants something to link");
}
