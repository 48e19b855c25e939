//! Help, usage errors, completions and man page.

use std::path::Path;

use crate::run::run;

const HERE: &str = env!("CARGO_MANIFEST_DIR");

#[test]
fn without_arguments_the_help_is_printed_and_the_exit_is_2() {
    let ran = run(Path::new(HERE), &[]);
    assert_eq!(ran.code, Some(2));
    assert_eq!(ran.out, "");
    insta::assert_snapshot!(ran.err, @r#"
    Says whether a programme that pairs richer with poorer regions is helping: according to whom,
    compared with what, and how sure anyone can be

    Usage: counterpart [OPTIONS] <COMMAND>

    Commands:
      assess       Answer the case's question and write the report
      validate     List every fault of a case folder
      check        Recompute every figure that follows from others
      owed         Say what each provider owes by each rule, and what was paid
      show         Show what an id is, who said it, and what it was computed from
      list         List rows of a table or a section of the report
      record       Put a row on record
      supersede    Replace what a row on record says
      retract      Withdraw a row from the record
      log          List what was recorded, by whom and when
      export       Write a ledger's case back as a folder
      publish      Note in a ledger that a report was published
      estimate     Estimate the effect of a policy on any panel
      diagnose     Say what speaks against an estimate, before and after it
      power        Say how small an effect a panel could show
      verify       Tell whether a report or a ledger is what it says it is
      new          Write a new case folder to fill in
      completions  Print the completions of a shell
      man          Print the man page

    Options:
      -h, --help     Print help (see more with '--help')
      -V, --version  Print version

    Everywhere:
          --json          Print one JSON document with a `schema` field, errors and faults too
          --quiet         Print no progress and no remarks
          --color <WHEN>  When to use colour [default: auto] [possible values: auto, always, never]
          --threads <N>   Threads to compute with; results do not depend on it
          --ascii         Draw with ASCII alone
          --all-faults    List every fault, not the first 20

    Exit codes:
      0  done, whatever the verdict
      1  the disk failed, or the program has a bug
      2  the input or the arguments are at fault; every fault is listed
      3  the condition of --fail-on was met
    "#);
}

#[test]
fn the_help_of_each_command_names_its_flags() {
    let ran = run(Path::new(HERE), &["assess", "-h"]);
    assert_eq!(ran.code, Some(0));
    insta::assert_snapshot!(ran.out, @r#"
    Answer the case's question and write the report

    Usage: counterpart assess [OPTIONS] [CASE]

    Arguments:
      [CASE]  Case folder, or a ledger file that holds one

    Options:
          --out <DIR>       Folder of the report [default: report]
          --ledger <FILE>   Ledger file that the case is read into; without CASE, the one that is
                            assessed
          --seed <N>        Seed of everything that draws, instead of the case's
          --lens <ID>       Only this lens; may be given several times
          --fail-on <WHAT>  Exit with 3 where this holds; may be given several times [possible values:
                            contradicted, disputed, cannot-tell]
          --open            Open the report when it is written
      -h, --help            Print help (see more with '--help')

    Everywhere:
          --json          Print one JSON document with a `schema` field, errors and faults too
          --quiet         Print no progress and no remarks
          --color <WHEN>  When to use colour [default: auto] [possible values: auto, always, never]
          --threads <N>   Threads to compute with; results do not depend on it
          --ascii         Draw with ASCII alone
          --all-faults    List every fault, not the first 20
    "#);
}

#[test]
fn an_unknown_command_is_answered_with_its_neighbour() {
    let ran = run(Path::new(HERE), &["asses"]);
    insta::assert_snapshot!(ran.told(), @r#"
    error: unrecognized subcommand 'asses'

      tip: a similar subcommand exists: 'assess'

    Usage: counterpart [OPTIONS] <COMMAND>

    For more information, try '--help'.
    [exit 2]
    "#);
}

#[test]
fn a_usage_error_is_a_document_where_json_is_asked_for() {
    let ran = run(Path::new(HERE), &["verify", "--json"]);
    assert_eq!(ran.code, Some(2));
    assert_eq!(ran.err, "");
    let document = ran.json();
    assert_eq!(document["schema"], "counterpart.error/1");
    assert_eq!(document["kind"], "input");
}

#[test]
fn no_threads_are_no_number_of_threads() {
    let ran = run(Path::new(HERE), &["--threads", "0", "man"]);
    assert_eq!(ran.code, Some(2));
    assert!(ran.err.contains("0 is not in 1..=1024"), "{}", ran.err);
}

#[test]
fn every_shell_gets_its_completions() {
    for shell in ["bash", "elvish", "fish", "powershell", "zsh"] {
        let ran = run(Path::new(HERE), &["completions", shell]);
        assert_eq!(ran.code, Some(0), "{shell}");
        // The script asks the program at each completion, and names it without a path.
        assert!(
            ran.out.contains("COMPLETE") && ran.out.contains("counterpart"),
            "{shell}"
        );
        assert!(!ran.out.contains(HERE), "{shell}");
    }
}

#[test]
fn the_man_page_has_every_command_and_no_flag_twice() {
    let ran = run(Path::new(HERE), &["man"]);
    assert_eq!(ran.code, Some(0));
    for command in [
        "assess",
        "validate",
        "check",
        "show",
        "list",
        "record",
        "supersede",
        "retract",
        "log",
        "export",
        "estimate",
        "diagnose",
        "power",
        "verify",
        "new",
        "completions",
        "man",
    ] {
        assert!(ran.out.contains(&format!("counterpart {command}")), "{command}");
    }
    assert_eq!(ran.out.matches(r"\fB\-\-all\-faults\fR\n").count(), 0);
    assert_eq!(ran.out.matches(r"\fB\-\-fail\-on\fR").count(), 1, "{}", ran.out);
}

/// A reader that stops reading is no error of ours.
#[cfg(unix)]
#[test]
fn a_broken_pipe_is_quiet() {
    use std::io::Read;
    let mut child = crate::run::program(Path::new(HERE))
        .args(["completions", "zsh"])
        .stdout(std::process::Stdio::piped())
        .stderr(std::process::Stdio::piped())
        .spawn()
        .expect("the program starts");
    drop(child.stdout.take());
    let mut err = String::new();
    child
        .stderr
        .take()
        .expect("a pipe")
        .read_to_string(&mut err)
        .expect("text");
    assert_eq!(err, "");
    assert_eq!(child.wait().expect("it ends").code(), Some(0));
}
