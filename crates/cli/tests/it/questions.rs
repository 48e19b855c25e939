//! `docs/questions.md`: what a journalist, an auditor or a lawyer asks of the shipped case, each answered by a command.
//!
//! `UPDATE_QUESTIONS=1` writes the answers anew; read the difference before committing it.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Mutex;

use crate::run::{run, shipped};

/// A question, and what answers it.
struct Question {
    title: String,
    /// The command and the answer on the page, where a command answers.
    asked: Option<(String, String)>,
    /// Whether the page says that the answer is not on record.
    is_not_on_record: bool,
}

fn page() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/questions.md")
}

/// Returns the questions of the page in their order.
fn questions(text: &str) -> Vec<Question> {
    let mut found = Vec::new();
    for part in text.split("\n### ").skip(1) {
        let title = part.lines().next().unwrap_or_default().to_owned();
        let fenced = |word: &str| {
            let (_, after) = part.split_once(&format!("```{word}\n"))?;
            let (inside, _) = after.split_once("```")?;
            Some(inside.to_owned())
        };
        found.push(Question {
            title,
            asked: fenced("sh").map(|command| (command, fenced("text").unwrap_or_default())),
            is_not_on_record: part.contains("Not on record"),
        });
    }
    found
}

/// Runs a command of the page as a shell would, on a ledger that holds the same case.
fn answer(command: &str, ledger: &Path) -> String {
    let program = PathBuf::from(env!("CARGO_BIN_EXE_counterpart"));
    let command = command
        .trim()
        .replace("cases/xinjiang", &ledger.display().to_string());
    assert!(command.starts_with("counterpart "), "{command}");
    #[expect(clippy::disallowed_methods, reason = "the shell has to find the program")]
    let path = std::env::var("PATH").unwrap_or_default();
    let folder = program.parent().expect("a folder").display().to_string();
    let output = Command::new("sh")
        .args(["-c", &command])
        .env("PATH", format!("{folder}:{path}"))
        .env_remove("COLUMNS")
        .env_remove("NO_COLOR")
        .env_remove("CLICOLOR_FORCE")
        .stdin(Stdio::null())
        .output()
        .expect("a shell");
    let told = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(
        output.status.success(),
        "{command}: {}",
        String::from_utf8_lossy(&output.stderr)
    );
    let mut told = told
        .trim_end()
        .replace(&ledger.display().to_string(), "cases/xinjiang");
    told.push('\n');
    told
}

#[test]
fn every_question_is_answered_as_the_page_says() {
    let home = tempfile::tempdir().expect("a folder");
    let case = shipped("xinjiang").display().to_string();
    let ran = run(
        home.path(),
        &["record", "case", &case, "--ledger", "xinjiang.ledger"],
    );
    assert_eq!(ran.code, Some(0), "{}", ran.err);
    let ledger = home.path().join("xinjiang.ledger");
    let text = std::fs::read_to_string(page()).expect("the page");
    let questions = questions(&text);
    let next = Mutex::new(questions.iter().enumerate());
    let answers = Mutex::new(vec![None; questions.len()]);
    std::thread::scope(|scope| {
        for _ in 0..std::thread::available_parallelism().map_or(2, usize::from) {
            scope.spawn(|| {
                loop {
                    let Some((index, question)) = next.lock().expect("no panic").next() else {
                        return;
                    };
                    if let Some((command, _)) = &question.asked {
                        let told = answer(command, &ledger);
                        answers.lock().expect("no panic")[index] = Some(told);
                    }
                }
            });
        }
    });
    let answers = answers.into_inner().expect("no panic");
    #[expect(clippy::disallowed_methods, reason = "asked for by whoever runs the test")]
    let update = std::env::var_os("UPDATE_QUESTIONS").is_some();
    let mut updated = text.clone();
    for (question, told) in questions.iter().zip(&answers) {
        let (Some((command, on_page)), Some(told)) = (&question.asked, told) else {
            continue;
        };
        if update {
            let old = format!("```sh\n{command}```\n\n```text\n{on_page}```");
            let new = format!("```sh\n{command}```\n\n```text\n{told}```");
            assert!(updated.contains(&old), "{}", question.title);
            updated = updated.replacen(&old, &new, 1);
        } else {
            assert_eq!(on_page, told, "{}", question.title);
        }
    }
    if update {
        std::fs::write(page(), updated).expect("the page");
    }
}

#[test]
fn there_are_fifty_questions_and_most_have_an_answer() {
    let text = std::fs::read_to_string(page()).expect("the page");
    let questions = questions(&text);
    assert!(questions.len() >= 50, "{}", questions.len());
    let not_on_record = questions
        .iter()
        .filter(|question| question.is_not_on_record)
        .count();
    assert!(not_on_record <= 15, "{not_on_record}");
    for question in &questions {
        assert!(
            question.asked.is_some() || question.is_not_on_record,
            "{} has neither a command nor what is missing",
            question.title
        );
    }
    let joins = |command: &str| command.contains("--join") || command.contains("--without");
    let joined = questions
        .iter()
        .filter(|question| question.asked.as_ref().is_some_and(|(command, _)| joins(command)))
        .count();
    assert!(joined >= 15, "{joined}");
}
