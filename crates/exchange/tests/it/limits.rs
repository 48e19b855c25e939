//! Files that want to eat the reader: given up early, without swelling.

use std::io::Write as _;
use std::path::Path;
use std::time::{Duration, Instant};

use counterpart_model::FaultCode;

use crate::faults::{faults_of, laid_over, message};

/// Peak memory of this process in kB; each test is a process of its own under nextest.
fn peak_kb() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find(|line| line.starts_with("VmHWM"))?;
    line.split_whitespace().nth(1)?.parse().ok()
}

fn read_quickly(dir: &Path) -> String {
    let before = peak_kb();
    let start = Instant::now();
    let faults = faults_of(dir);
    assert!(start.elapsed() < Duration::from_secs(2), "{:?}", start.elapsed());
    if let (Some(before), Some(after)) = (before, peak_kb()) {
        assert!(after - before < 128 * 1024, "{} kB more", after - before);
    }
    assert!(
        faults
            .iter()
            .all(|fault| matches!(fault.code, FaultCode::TooLarge | FaultCode::NotCsv))
    );
    message(&faults)
}

#[test]
fn a_field_of_100_mb_is_one_fault() {
    let dir = laid_over(Path::new(""));
    let mut file = std::fs::File::create(dir.path().join("place_members.csv")).unwrap();
    file.write_all(b"group_id,place_id,source_id\nG-treated,N-A1,")
        .unwrap();
    let megabyte = vec![b'x'; 1 << 20];
    for _ in 0..100 {
        file.write_all(&megabyte).unwrap();
    }
    drop(file);
    insta::assert_snapshot!(read_quickly(dir.path()), @r#"
    place_members.csv:2:3  [too_large]
      value     "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx…"
      expected  a field of at most 1048576 bytes
    "#);
}

#[test]
fn a_million_columns_are_one_fault() {
    let dir = laid_over(Path::new(""));
    let mut header = String::from("group_id,place_id,source_id");
    for number in 0..1_000_000 {
        header.push_str(&format!(",x_{number}"));
    }
    std::fs::write(dir.path().join("place_members.csv"), header + "\n").unwrap();
    insta::assert_snapshot!(read_quickly(dir.path()), @r#"
    place_members.csv:1:501  [too_large]
      value     "x_497,x_498,x_499,x_500,x_501,x_502,x_50…"
      expected  at most 500 columns
    "#);
}

#[test]
fn a_quote_that_swallows_the_rest_of_a_large_file_is_named_where_it_was_opened() {
    let dir = laid_over(Path::new(""));
    let mut text = String::from("group_id,place_id,source_id\nG-treated,N-A1,S1\nG-treated,\"N-A2,S1\n");
    for _ in 0..200_000 {
        text.push_str("G-treated,N-B1,S1\n");
    }
    std::fs::write(dir.path().join("place_members.csv"), text).unwrap();
    insta::assert_snapshot!(read_quickly(dir.path()), @r#"
    place_members.csv:3:2  [not_csv]
      value     "\""
      expected  a quote that closes the one opened here
      hint      close it on the same line; a quote inside a quoted field is written twice
    "#);
}

#[test]
fn ten_thousand_faults_of_a_file_are_enough() {
    let dir = laid_over(Path::new(""));
    let mut text = String::from("group_id,place_id,source_id\n");
    for number in 0..50_000 {
        text.push_str(&format!("G-treated,N-{number},S1\n"));
    }
    std::fs::write(dir.path().join("place_members.csv"), text).unwrap();
    let start = Instant::now();
    assert_eq!(faults_of(dir.path()).len(), 10_001);
    assert!(start.elapsed() < Duration::from_secs(5), "{:?}", start.elapsed());
}

#[test]
fn endless_nesting_is_refused_and_not_followed() {
    for text in [
        format!("a = {}", "[".repeat(200_000)),
        format!("a = {}", "{a=".repeat(200_000)),
        format!("{}a = 1", "a.".repeat(200_000)),
        format!("[{}a]", "a.".repeat(200_000)),
        format!("[[{}a]]", "a.".repeat(200_000)),
    ] {
        assert!(counterpart_exchange::case_toml::parse(&text).is_err());
    }
    let dir = laid_over(Path::new(""));
    for text in ["[".repeat(500_000), "{\"a\":".repeat(500_000)] {
        dir.write("geo/counties.geojson", &text).unwrap();
        dir.write("datapackage.json", &text).unwrap();
        assert_eq!(faults_of(dir.path()).len(), 1);
    }
    let nested = format!(
        "{{\"type\":\"FeatureCollection\",\"features\":[{{\"type\":\"Feature\",\"id\":\"N-A1\",\"properties\":{{}},\"geometry\":{}}}]}}",
        "{\"type\":\"GeometryCollection\",\"geometries\":[".repeat(100_000)
    );
    dir.write("geo/counties.geojson", nested).unwrap();
    assert_eq!(faults_of(dir.path()).len(), 1);
}
