//! Every flag and command stands in docs/cli.md.

use std::path::Path;

use crate::run::run;

#[test]
fn every_flag_and_command_stands_in_the_documentation() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"));
    let page = std::fs::read_to_string(folder.join("../../docs/cli.md")).expect("docs/cli.md");
    let commands = [
        "assess",
        "validate",
        "check",
        "show",
        "list",
        "record",
        "estimate",
        "diagnose",
        "power",
        "verify",
        "new",
        "completions",
        "man",
    ];
    for command in commands {
        assert!(
            page.contains(&format!("`counterpart {command}")),
            "{command} has no section"
        );
        let help = run(folder, &[command, "--help"]).out;
        let flags = help
            .split(|mark: char| !(mark.is_ascii_alphanumeric() || mark == '-'))
            .filter(|word| word.starts_with("--") && word.len() > 2);
        for flag in flags {
            assert!(page.contains(flag), "{command} {flag} is not in docs/cli.md");
        }
    }
}
