//! `mado`: the desk in a terminal. What it does is in `madoguchi_desk::mado`.

use std::process::ExitCode;

fn main() -> ExitCode {
    madoguchi_desk::mado::main()
}
