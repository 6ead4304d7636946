//! C types of numbers, and how their values become words of a frame and come back.

/// The dtype that a Python scalar type is.
pub fn dtype_of(python: &str) -> &str {
    match python {
        "int" => "int64",
        "float" => "float64",
        "complex" => "complex128",
        other => other,
    }
}

/// The C type of a dtype.
pub fn c_type(dtype: &str) -> Option<&'static str> {
    Some(match dtype {
        "bool" => "bool",
        "int8" => "int8_t",
        "int16" => "int16_t",
        "int32" => "int32_t",
        "int64" => "int64_t",
        "uint8" => "uint8_t",
        "uint16" => "uint16_t",
        "uint32" => "uint32_t",
        "uint64" => "uint64_t",
        "float32" => "float",
        "float64" => "double",
        "complex64" => "hypersonic_complex64",
        "complex128" => "hypersonic_complex128",
        _ => return None,
    })
}

/// Bytes of an element.
pub fn size(dtype: &str) -> u64 {
    match dtype {
        "bool" | "int8" | "uint8" => 1,
        "int16" | "uint16" => 2,
        "int32" | "uint32" | "float32" => 4,
        "complex128" => 16,
        _ => 8,
    }
}

/// The words of a value: C expressions of type `uint64_t`.
pub fn to_words(dtype: &str, value: &str) -> Vec<String> {
    match dtype {
        "float64" => vec![format!("hypersonic_of_double({value})")],
        "float32" => vec![format!("hypersonic_of_float({value})")],
        "complex128" => vec![format!("hypersonic_of_double({value}.real)"), format!("hypersonic_of_double({value}.imag)")],
        "complex64" => vec![format!("hypersonic_of_float({value}.real)"), format!("hypersonic_of_float({value}.imag)")],
        _ if dtype.starts_with("int") => vec![format!("(uint64_t)(int64_t){value}")],
        _ => vec![format!("(uint64_t){value}")],
    }
}

/// How many words a value takes.
pub fn words(dtype: &str) -> usize {
    if dtype.starts_with("complex") { 2 } else { 1 }
}

/// Statements that store a value, whose first word is `results[at]`, at `*target`.
pub fn from_words(dtype: &str, at: usize, target: &str) -> Vec<String> {
    match dtype {
        "float64" => vec![format!("*{target} = hypersonic_as_double(results[{at}]);")],
        "float32" => vec![format!("*{target} = hypersonic_as_float(results[{at}]);")],
        "complex128" | "complex64" => {
            let read = if dtype == "complex64" { "hypersonic_as_float" } else { "hypersonic_as_double" };
            vec![format!("{target}->real = {read}(results[{at}]);"), format!("{target}->imag = {read}(results[{}]);", at + 1)]
        }
        "bool" => vec![format!("*{target} = (results[{at}] & 1) != 0;")],
        _ => vec![format!("*{target} = ({})results[{at}];", c_type(dtype).unwrap_or("int64_t"))],
    }
}
