//! Plain C functions and loops of ufuncs around entries: in libraries of every platform, and called.
#![allow(
    unsafe_code,
    missing_docs,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test calls what it has just compiled"
)]

mod stage;

use hypersonic_abi::{Context, ErrorRecord, PLAIN_SYMBOL, Plain, Support};
use hypersonic_link::link;
use hypersonic_llvm::thunk::{self, Form, Loop, Number, Returns, Thunk, Word};
use hypersonic_llvm::{Options, PLATFORMS, compile, levels};
use hypersonic_loops::{Checked, Compare, Failure, FailureKind, MemoryClass, Module, Ty};
use stage::{argument, checked, entry, host_levels, word_address};
use std::ffi::c_void;

const DOUBLE: Number = Number { ty: Ty::F64, signed: true };
const BYTE: Number = Number { ty: Ty::I8, signed: true };

/// `f(x, n) = x * n`; fails where n is 0.
fn module() -> Checked<Module> {
    checked(entry(|b, arguments, results| {
        let x = argument(b, arguments, 0, Ty::F64);
        let n = argument(b, arguments, 1, Ty::I64);
        let zero = b.i64(0);
        let fine = b.compare(Compare::Ne, n, zero);
        let failure = b.failure(Failure { kind: FailureKind::IntegerOverflow, message: vec![], retry: true, line: 0 });
        b.check(fine, failure, vec![]);
        let n = b.cast(hypersonic_loops::Cast::SignedToFloat, n, Ty::F64);
        let product = b.mul(x, n);
        let to = word_address(b, results, 0);
        b.store(to, product, MemoryClass::ANY);
    }))
}

fn thunks() -> Vec<Thunk> {
    let words = vec![Word::Number(0, DOUBLE), Word::Number(1, Number { ty: Ty::I64, signed: true })];
    let plain = thunk::Plain {
        parameters: vec![Some(DOUBLE), Some(BYTE), None],
        words,
        result_words: 1,
        stores: vec![],
        returns: Returns::Word(0, DOUBLE, DOUBLE),
    };
    let of = Loop { inputs: vec![(DOUBLE, 1), (Number { ty: Ty::I64, signed: true }, 1)], output: (DOUBLE, 1) };
    let thunk = |name: &str, form| Thunk { name: name.to_owned(), entry: "f".to_owned(), form };
    vec![thunk("f_plain", Form::Plain(plain)), thunk("f_loop", Form::Loop(of))]
}

#[test]
fn every_platform_has_them() {
    let (module, thunks) = (module(), thunks());
    for platform in PLATFORMS {
        let levels: Vec<_> = levels(platform).iter().collect();
        let options = Options { thunks: &thunks, ..Options::default() };
        let objects: Vec<_> = compile(&module, &levels, &options).into_iter().map(|object| object.expect("compiles")).collect();
        let own = objects.iter().flat_map(|object| object.symbols.iter().chain(&object.thunks).cloned());
        let exports: Vec<String> = own.chain([PLAIN_SYMBOL.to_owned()]).collect();
        assert_eq!(exports.len(), levels.len() * 3 + 1);
        let bytes: Vec<Vec<u8>> = objects.into_iter().map(|object| object.bytes).collect();
        link(&bytes, platform, &exports).unwrap_or_else(|error| panic!("{platform}: {error}"));
    }
}

unsafe extern "C" fn finish(
    _: *mut Context,
    _: *const ErrorRecord,
    status: i32,
    _: *const c_void,
    arguments: *const u64,
    results: *mut u64,
) -> i32 {
    // SAFETY: the frames have these words.
    unsafe {
        if f64::from_bits(*arguments) < 0.0 {
            return status;
        }
        *results = 7.5_f64.to_bits();
    }
    0
}

#[test]
fn they_are_called() {
    let (module, thunks) = (module(), thunks());
    for level in host_levels() {
        let object = compile(&module, &[level], &Options { thunks: &thunks, ..Options::default() }).remove(0).expect("compiles");
        let exports: Vec<String> = object.thunks.iter().cloned().chain([PLAIN_SYMBOL.to_owned()]).collect();
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("thunks.so");
        std::fs::write(&path, link(&[object.bytes], level.platform, &exports).expect("links")).expect("is written");
        let support = std::mem::MaybeUninit::<Support>::zeroed();
        let runtime = Plain { support: support.as_ptr(), finish };
        // SAFETY: the library is as it was described above, and the table lives as long as it.
        unsafe {
            let library = libloading::Library::new(&path).expect("loads");
            let f = library.get::<unsafe extern "C" fn(f64, i8, *const c_void) -> f64>(object.thunks[0].as_bytes()).expect("is there");
            assert!(f(2.0, 3, std::ptr::null()).is_nan(), "there is no runtime yet");
            **library.get::<*mut *const Plain>(PLAIN_SYMBOL.as_bytes()).expect("is there") = &raw const runtime;
            assert_eq!(f(2.5, -3, std::ptr::null()), -7.5);
            assert_eq!(f(2.5, 0, std::ptr::null()), 7.5, "the runtime has an answer");
            assert!(f(-2.5, 0, std::ptr::null()).is_nan());
            type Inner = unsafe extern "C" fn(*const *mut c_void, *const i64, *const i64, *const c_void);
            let f = library.get::<Inner>(object.thunks[1].as_bytes()).expect("is there");
            let (mut x, mut n, mut y) = ([1.0, 2.0, 3.0, -4.0, 5.0, 6.0], [2_i64, 3, 0, 0, 5, 6], [0.0; 6]);
            let places = [x.as_mut_ptr().cast::<c_void>(), n.as_mut_ptr().cast(), y.as_mut_ptr().cast()];
            f(places.as_ptr(), &3, [8, 8, 8].as_ptr(), std::ptr::null());
            assert_eq!(y, [2.0, 6.0, 7.5, 0.0, 0.0, 0.0]);
            f(places.as_ptr(), &3, [16, 16, 8].as_ptr(), std::ptr::null());
            assert_eq!(y, [2.0, 7.5, 25.0, 0.0, 0.0, 0.0]);
            f(places.as_ptr(), &6, [8, 8, 8].as_ptr(), std::ptr::null());
            assert_eq!(y, [2.0, 6.0, 7.5, 0.0, 0.0, 0.0], "it ends where nobody has an answer");
        }
    }
}
