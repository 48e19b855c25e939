//! Prints the schema of `report.json`: `cargo run -p counterpart-report --example schema > docs/report.schema.json`.

#[expect(clippy::print_stdout, reason = "printing is what this program is for")]
fn main() {
    print!("{}", counterpart_report::json::schema_text());
}
