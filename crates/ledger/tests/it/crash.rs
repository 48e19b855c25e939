//! An import is on record wholly or not at all, whenever the process dies and whatever the disk says.
//!
//! The importing process is this test binary again: it runs [`a_process_that_imports`] alone, with the ledger's path
//! in the environment.
#![expect(
    clippy::disallowed_methods,
    reason = "how soon a ledger reopens is a promise, and the path goes to another process"
)]

use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use counterpart_ledger::{AsOf, Batches, Blame, Ledger, verify_file};
use counterpart_model::TableId;

use crate::support::{Random, batches, header, observation, source};

const LEDGER: &str = "COUNTERPART_TEST_LEDGER";
const ROWS: usize = 1500;

/// The import with this number: rows of its own.
fn import(number: u32) -> Batches {
    let place = format!("P{number}");
    let mut rows: Vec<_> = (0..ROWS)
        .map(|n| observation(&place, &format!("indicator_{n}"), "2010", "v1", "12345.678"))
        .collect();
    rows.push(source(&format!("S{number}"), "academic"));
    batches(rows)
}

fn next(ledger: &Ledger) -> u32 {
    ledger.head().unwrap().map_or(0, |id| id.number()) + 1
}

/// Imports until it is killed, and says each commit once it is acknowledged.
#[test]
fn a_process_that_imports() {
    let Some(path) = std::env::var_os(LEDGER) else {
        return;
    };
    let mut said = std::io::stdout();
    let mut ledger = Ledger::create_or_open(path).unwrap();
    writeln!(said, "ready").unwrap();
    for _ in 0..200 {
        let number = next(&ledger);
        match ledger.append(header("2026-11-24"), import(number)) {
            Ok(outcome) => writeln!(said, "acknowledged {}", outcome.id().unwrap()).unwrap(),
            Err(error) => {
                writeln!(said, "refused {:?} {error}", error.blame()).unwrap();
                assert_eq!(error.blame(), Blame::World);
                // Reading goes on.
                writeln!(said, "reads {}", ledger.view(AsOf::Head).unwrap().n_rows()).unwrap();
                return;
            }
        }
        said.flush().unwrap();
    }
}

fn importer(path: &Path, program: Option<&str>) -> Child {
    let own = std::env::current_exe().unwrap();
    let mut command = match program {
        None => Command::new(own),
        Some(script) => {
            let mut command = Command::new("sh");
            command.arg("-c").arg(script).arg(own);
            command
        }
    };
    command
        .args([
            "crash::a_process_that_imports",
            "--exact",
            "--nocapture",
            "--test-threads=1",
        ])
        .env(LEDGER, path)
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap()
}

/// What the ledger holds is some whole number of imports, at least those that were acknowledged.
fn whole_commits_only(path: &Path, acknowledged: u32) {
    let start = Instant::now();
    let ledger = Ledger::create_or_open(path).unwrap();
    let commits = ledger.head().unwrap().map_or(0, |id| id.number());
    assert!(
        start.elapsed() < Duration::from_secs(1),
        "reopening took {:?}",
        start.elapsed()
    );
    assert!(
        commits >= acknowledged,
        "{acknowledged} acknowledged, {commits} there"
    );
    let view = ledger.view(AsOf::Head).unwrap();
    let n = usize::try_from(commits).unwrap();
    assert_eq!(view.rows(TableId::Observations).len(), n * ROWS);
    assert_eq!(view.rows(TableId::Sources).len(), n);
    drop(ledger);
    assert_eq!(verify_file(path).unwrap().unwrap().commits, commits);
}

#[test]
fn a_killed_import_leaves_whole_commits_and_every_acknowledged_one() {
    let mut random = Random::new(9);
    let mut seen = 0;
    for _ in 0..50 {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("killed.ledger");
        drop(Ledger::create_or_open(&path).unwrap());
        let mut child = importer(&path, None);
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        // The clock starts when the import does.
        for line in lines.by_ref() {
            if line.unwrap().ends_with("ready") {
                break;
            }
        }
        std::thread::sleep(Duration::from_micros(random.below(250_000) as u64));
        child.kill().unwrap();
        child.wait().unwrap();
        let acknowledged = lines
            .map_while(Result::ok)
            .filter_map(|line| line.strip_prefix("acknowledged ")?.parse().ok())
            .max()
            .unwrap_or(0);
        seen += acknowledged;
        whole_commits_only(&path, acknowledged);
    }
    assert!(
        seen > 0,
        "no import was ever acknowledged before its process died"
    );
}

#[test]
fn a_process_killed_while_it_makes_the_ledger_leaves_one_that_goes_on() {
    let mut random = Random::new(10);
    let mut cut_short = 0;
    for round in 0..50 {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("made.ledger");
        match round % 3 {
            // Tables are made in place, in a file that is there and empty or beside the log of one that is gone.
            1 => drop(std::fs::File::create(&path).unwrap()),
            2 => std::fs::write(directory.path().join("made.ledger-wal"), [0x37; 40_000]).unwrap(),
            _ => {}
        }
        // The clock starts before the process does anything.
        let mut child = importer(&path, None);
        std::thread::sleep(Duration::from_micros(random.below(60_000) as u64));
        child.kill().unwrap();
        let said = child.wait_with_output().unwrap().stdout;
        let acknowledged = String::from_utf8(said).unwrap().matches("acknowledged ").count();
        let acknowledged = u32::try_from(acknowledged).unwrap();
        cut_short += u32::from(acknowledged == 0);
        if path.exists() {
            let verified = verify_file(&path).unwrap().unwrap();
            assert!(verified.commits >= acknowledged, "round {round}");
        }
        whole_commits_only(&path, acknowledged);

        let mut ledger = Ledger::create_or_open(&path).unwrap();
        let number = next(&ledger);
        ledger.append(header("2026-11-25"), import(number)).unwrap();
        drop(ledger);
        whole_commits_only(&path, number);
        let left: Vec<_> = std::fs::read_dir(directory.path())
            .unwrap()
            .map(|entry| entry.unwrap().file_name())
            .collect();
        assert!(left.len() <= 4, "round {round}: {left:?}");
    }
    assert!(cut_short > 0, "no process died before its first commit");
}

/// Every state that SQLite passes through while it makes a file in place, frozen by copying.
#[test]
fn a_file_without_a_commit_verifies_and_takes_one() {
    let directory = tempfile::tempdir().unwrap();
    let empty = directory.path().join("empty");
    std::fs::write(&empty, b"").unwrap();
    let header_only = directory.path().join("header");
    rusqlite::Connection::open(&header_only)
        .unwrap()
        .execute_batch("PRAGMA journal_mode = WAL; CREATE TABLE t (a); DROP TABLE t;")
        .unwrap();
    // A log of a process that was killed: copied while its connection is open.
    let logged = directory.path().join("logged");
    let live = directory.path().join("live");
    let connection = rusqlite::Connection::open(&live).unwrap();
    connection
        .execute_batch("PRAGMA journal_mode = WAL; CREATE TABLE t (a); DROP TABLE t;")
        .unwrap();
    for end in ["", "-wal"] {
        let [from, to] = [&live, &logged].map(|path| format!("{}{end}", path.display()));
        std::fs::copy(from, to).unwrap();
    }
    // A journal that is still to be rolled back.
    let hot = directory.path().join("hot");
    let journal = directory.path().join("journal");
    let connection = rusqlite::Connection::open(&journal).unwrap();
    connection
        .execute_batch("PRAGMA cache_size = 1; PRAGMA cache_spill = 1; BEGIN; CREATE TABLE t (a);")
        .unwrap();
    connection
        .execute_batch("WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 5000) INSERT INTO t SELECT randomblob(200) FROM n;")
        .unwrap();
    for end in ["", "-journal"] {
        let [from, to] = [&journal, &hot].map(|path| format!("{}{end}", path.display()));
        std::fs::copy(from, to).unwrap();
    }
    for path in [empty, header_only, logged, hot] {
        let verified = verify_file(&path).unwrap().unwrap();
        assert_eq!((verified.commits, verified.head), (0, None), "{}", path.display());
        let mut ledger = Ledger::create_or_open(&path).unwrap();
        ledger.append(header("2026-11-25"), import(1)).unwrap();
        drop(ledger);
        whole_commits_only(&path, 1);
    }
}

#[test]
fn a_full_disk_is_the_worlds_error_and_the_same_import_succeeds_once_there_is_room() {
    let mut reached = Vec::new();
    for blocks in [200, 600, 1000, 2000, 4000] {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("full.ledger");
        drop(Ledger::create_or_open(&path).unwrap());
        // No file of the process may grow beyond this many blocks: writing fails as it does on a full disk.
        let script = format!("trap '' XFSZ; ulimit -f {blocks}; exec \"$0\" \"$@\"");
        let output = importer(&path, Some(&script)).wait_with_output().unwrap();
        let said = String::from_utf8(output.stdout).unwrap();
        assert!(said.contains("refused World"), "{said}");
        assert!(said.contains("full.ledger: could not"), "{said}");
        let acknowledged = said.matches("acknowledged ").count();
        assert!(
            said.contains(&format!("reads {}", acknowledged * (ROWS + 1))),
            "{said}"
        );
        whole_commits_only(&path, u32::try_from(acknowledged).unwrap());

        let mut ledger = Ledger::open(&path).unwrap();
        let number = next(&ledger);
        let outcome = ledger.append(header("2026-11-25"), import(number)).unwrap();
        assert_eq!(outcome.id().unwrap().number(), number);
        drop(ledger);
        whole_commits_only(&path, number);
        reached.push(acknowledged);
    }
    assert!(reached.first() < reached.last(), "{reached:?}");
}

#[test]
fn two_writers_make_one_chain() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("shared.ledger");
    drop(Ledger::create_or_open(&path).unwrap());
    let ids: Vec<u32> = std::thread::scope(|scope| {
        let writers: Vec<_> = (0..2)
            .map(|writer| {
                let path = &path;
                scope.spawn(move || {
                    let mut ledger = Ledger::open(path).unwrap();
                    let mut ids = Vec::new();
                    for n in 0..10 {
                        let said = batches(vec![source(&format!("W{writer}-{n}"), "ngo")]);
                        ids.push(ledger.append(header("1"), said).unwrap().id().unwrap().number());
                    }
                    ids
                })
            })
            .collect();
        writers
            .into_iter()
            .flat_map(|writer| writer.join().unwrap())
            .collect()
    });
    let mut sorted = ids;
    sorted.sort_unstable();
    assert_eq!(sorted, (1..=20).collect::<Vec<u32>>());
    let ledger = Ledger::open(&path).unwrap();
    assert_eq!(ledger.view(AsOf::Head).unwrap().n_rows(), 20);
    assert_eq!(ledger.verify().unwrap().commits, 20);
}
