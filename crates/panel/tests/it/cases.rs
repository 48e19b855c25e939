//! The shipped cases, read through the importer.

use std::path::Path;
use std::sync::{Arc, LazyLock};

use counterpart_model::study::Study;
use counterpart_model::{Id, Record};
use counterpart_panel::{
    BuiltPanel, Deriver, Graph, NoPanel, Places, PoolOutcome, RecordSeries, build, pool,
};

fn read(case: &str) -> Record {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../../cases")
        .join(case);
    counterpart_exchange::case::read(&folder)
        .unwrap()
        .record()
        .unwrap()
}

static XINJIANG: LazyLock<Record> = LazyLock::new(|| read("xinjiang"));

fn study<'a>(record: &'a Record, id: &str) -> &'a Study {
    record.case.studies.iter().find(|study| study.id == id).unwrap()
}

fn outcome(record: &Record, study: &Study, pool: &str) -> PoolOutcome {
    let graph = Graph::of(record, Arc::new(Places::of(record)));
    pool::evaluate(
        record,
        &graph,
        record.case.pool(&pool.into()).unwrap(),
        study,
        study.window,
    )
    .unwrap()
}

#[test]
fn explore() {
    let start = std::time::Instant::now();
    let record = &*XINJIANG;
    eprintln!("read {:?}", start.elapsed());
    let start = std::time::Instant::now();
    let series = RecordSeries::new(record);
    eprintln!("index {:?}", start.elapsed());
    let start = std::time::Instant::now();
    let places = Arc::new(Places::of(record));
    let graph = Graph::of(record, places.clone());
    eprintln!("graph {:?}", start.elapsed());
    let deriver = Deriver::new(&series, record, places);
    for study in &record.case.studies {
        for pool in &study.pools {
            let out = outcome(record, study, pool.as_str());
            eprintln!(
                "== {} {pool}: treated {} admitted {} excluded {} tested {} nc {:?}\n  {:?}",
                study.id,
                out.treated.len(),
                out.admitted.len(),
                out.excluded.len(),
                out.tested.len(),
                out.not_computed,
                out.notes
            );
            for judged in out.excluded.iter().take(4).chain(out.tested.iter().take(4)) {
                eprintln!("   {} {}", judged.place, judged.text());
            }
            for o in &study.outcomes {
                let start = std::time::Instant::now();
                match build(&deriver, &graph, study, o, &out, study.onset, study.window) {
                    Ok(panel) => {
                        eprintln!(
                            "  {} {} used {:?} T{} C{} dropped {} units {} cells varies {:?} {:?} {}",
                            o.indicator,
                            panel.vintage_name(),
                            panel.window_used,
                            panel.treated().count(),
                            panel.controls().count(),
                            panel.dropped.iter().filter(|d| d.year.is_none()).count(),
                            panel.dropped.iter().filter(|d| d.year.is_some()).count(),
                            panel.varies_inside_assignment,
                            start.elapsed(),
                            &panel.digest[..8],
                        );
                        for note in &panel.notes {
                            eprintln!("      {note}");
                        }
                        for d in panel.dropped.iter().step_by(9).take(9) {
                            eprintln!("      {} {:?} {:?} {}", d.unit, d.year, d.why, d.text);
                        }
                        let e = panel.to_estimate().unwrap();
                        eprintln!(
                            "     est {} rows {} units {:?}",
                            e.n_rows(),
                            e.n_units(),
                            e.readings()
                        );
                    }
                    Err(e) => eprintln!("  {} {e}", o.indicator),
                }
            }
        }
    }
}
