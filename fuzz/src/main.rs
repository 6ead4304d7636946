//! `mutate --seconds 600 [--seed N] [CORPUS...]`: changes Python files and compiles them up to IR, in processes of their own with 1 GB and
//! 10 s for each text. What ends a process, takes longer, or makes an error of the compiler is printed and kept in `fuzz/found`.

use hypersonic_fuzz::{Numbers, mutated, source_to_ir};
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode, Stdio};
use std::sync::mpsc;
use std::time::{Duration, Instant};

const LIMIT: Duration = Duration::from_secs(10);
// Of address space, of which stacks that are hardly used take much.
const KILOBYTES: u64 = 4 << 20;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let value = |name: &str| arguments.iter().position(|argument| argument == name).and_then(|at| arguments.get(at + 1)?.parse::<u64>().ok());
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap_or(Path::new("."));
    let corpus = corpus(root);
    if let Some(first) = value("--work") {
        work(&corpus, first);
        return ExitCode::SUCCESS;
    }
    let (seconds, mut seed) = (value("--seconds").unwrap_or(60), value("--seed").unwrap_or(0));
    let (began, mut troubles, start) = (Instant::now(), 0, seed);
    while began.elapsed() < Duration::from_secs(seconds) {
        let (next, trouble) = watch(seed, Duration::from_secs(seconds).saturating_sub(began.elapsed()));
        if let Some(trouble) = trouble {
            troubles += 1;
            let text = text_of(&corpus, next);
            let kept = root.join("fuzz/found").join(format!("{next}.py"));
            let written = std::fs::create_dir_all(root.join("fuzz/found")).and_then(|()| std::fs::write(&kept, text));
            println!("{next}: {trouble} ({}{})", kept.display(), if written.is_ok() { "" } else { ", not written" });
        }
        seed = next + 1;
    }
    println!("{} texts of {} files in {} s, {troubles} troubles", seed - start, corpus.len(), began.elapsed().as_secs());
    if troubles == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// The Python files of this repository, a function or two each.
fn corpus(root: &Path) -> Vec<String> {
    let mut files: Vec<PathBuf> = Vec::new();
    for folder in ["tests", "examples", "codegen"] {
        collect(&root.join(folder), &mut files);
    }
    files.sort();
    let mut found = Vec::new();
    for file in files {
        let Ok(text) = std::fs::read_to_string(file) else { continue };
        let functions: Vec<&str> = text.split("\n@boost\n").collect();
        for pair in functions[1..].windows(2).step_by(2) {
            found.push(format!("import numpy as np\nimport math\nfrom hypersonic import boost\n@boost\n{}\n@boost\n{}\n", pair[0], pair[1]));
        }
        if text.len() < 4000 {
            found.push(text);
        }
    }
    found
}

fn collect(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.is_dir() {
            collect(&path, files);
        } else if path.extension().is_some_and(|extension| extension == "py") {
            files.push(path);
        }
    }
}

fn text_of(corpus: &[String], seed: u64) -> String {
    let mut numbers = Numbers::new(seed);
    let (one, other) = (numbers.below(corpus.len()), numbers.below(corpus.len()));
    mutated(&corpus[one], &corpus[other], &mut numbers)
}

/// Compiles one text after the other, and says before each which.
fn work(corpus: &[String], first: u64) {
    for seed in first.. {
        println!("{seed}");
        let _ = std::io::stdout().flush();
        if let Some(bug) = source_to_ir(&text_of(corpus, seed)) {
            println!("! {bug}");
            return;
        }
    }
}

/// Runs a worker until it ends, hangs, or the time is up: the last text, and what was wrong with it.
fn watch(first: u64, left: Duration) -> (u64, Option<String>) {
    let Ok(program) = std::env::current_exe() else { return (first, Some("no program".to_owned())) };
    let command = format!("ulimit -v {KILOBYTES}; exec \"$0\" --work {first}");
    let spawned = Command::new("sh").arg("-c").arg(command).arg(program).stdout(Stdio::piped()).stderr(Stdio::null()).spawn();
    let Ok(mut child) = spawned else { return (first, Some("no process".to_owned())) };
    let (send, receive) = mpsc::channel();
    if let Some(output) = child.stdout.take() {
        std::thread::spawn(move || BufReader::new(output).lines().map_while(Result::ok).try_for_each(|line| send.send(line)));
    }
    let (began, mut last) = (Instant::now(), first);
    loop {
        match receive.recv_timeout(LIMIT) {
            Ok(line) => match (line.strip_prefix("! "), line.parse()) {
                (Some(bug), _) => return (last, Some(bug.to_owned())),
                (None, Ok(seed)) => last = seed,
                (None, Err(_)) => {}
            },
            Err(mpsc::RecvTimeoutError::Timeout) => {
                let _ = child.kill();
                return (last, Some(format!("more than {} s", LIMIT.as_secs())));
            }
            Err(mpsc::RecvTimeoutError::Disconnected) => {
                let status = child.wait().map(|status| status.to_string()).unwrap_or_default();
                return (last, Some(status));
            }
        }
        if began.elapsed() > left {
            let _ = child.kill();
            let _ = child.wait();
            return (last, None);
        }
    }
}
