//! Prints the page on the systems: `cargo run -q -p counterpart-appraise --example systems > docs/systems.md`.
#![expect(clippy::print_stdout, reason = "an example that prints a file")]

fn main() {
    print!("{}", counterpart_appraise::systems::page());
}
