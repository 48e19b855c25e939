//! A file in one pass against the same panel built from its rows: the same bits, readings and warnings.

use std::path::Path;
use std::sync::Arc;

use counterpart_estimate::moments::CohortMoments;
use counterpart_estimate::moments::order::CHUNK_ROWS;
use counterpart_estimate::rng::Stream;
use counterpart_estimate::spec::{Method, PanelUse};
use counterpart_estimate::{Columns, FirstTreated, Panel, Spec, Timing};
use counterpart_panel::scan::{How, Scan, ScanColumns, Scanned, scan};
use parquet::data_type::{ByteArray, ByteArrayType, DoubleType, Int64Type};
use parquet::file::properties::{WriterProperties, WriterVersion};
use parquet::file::writer::SerializedFileWriter;
use parquet::schema::parser::parse_message_type;

/// What is done to rows to put a fault into them.
type Spoil = Box<dyn Fn(&mut Rows)>;

/// Rows of a panel.
#[derive(Clone, Debug, Default)]
struct Rows {
    unit: Vec<i64>,
    time: Vec<i64>,
    y: Vec<Option<f64>>,
    first: Vec<Option<i64>>,
    cluster: Vec<String>,
}

impl Rows {
    /// Units × 6, cohorts and holes by a draw; a hole is a row that is not there or an outcome that is not.
    fn drawn(units: usize, seed: u64, holes: usize) -> Self {
        let mut stream = Stream::new(seed, 0);
        let mut rows = Self::default();
        for u in 0..units {
            let first = [None, Some(0), Some(3), Some(4), Some(6), Some(9), Some(1)]
                [if u < 14 { u / 2 } else { stream.below(5) }];
            let level = stream.normal() * 100.0;
            for t in 1..=6 {
                let hole = stream.below(100);
                if hole < holes {
                    continue;
                }
                rows.unit.push(u as i64 * 3 - 20);
                rows.time.push(t);
                rows.y
                    .push((hole >= 2 * holes).then(|| level + t as f64 + stream.normal()));
                rows.first.push(first);
                rows.cluster.push(format!("c{}", u % 7));
            }
        }
        rows
    }

    fn len(&self) -> usize {
        self.unit.len()
    }

    fn in_order(&self, order: &[usize]) -> Self {
        Self {
            unit: order.iter().map(|&i| self.unit[i]).collect(),
            time: order.iter().map(|&i| self.time[i]).collect(),
            y: order.iter().map(|&i| self.y[i]).collect(),
            first: order.iter().map(|&i| self.first[i]).collect(),
            cluster: order.iter().map(|&i| self.cluster[i].clone()).collect(),
        }
    }

    fn shuffled(&self) -> Self {
        let mut order: Vec<usize> = (0..self.len()).collect();
        Stream::new(3, 0).shuffle(&mut order);
        self.in_order(&order)
    }

    fn panel(&self, clustered: bool) -> Panel {
        let columns = Columns::new(
            self.unit.iter().map(ToString::to_string).collect(),
            self.time.clone(),
            self.y.clone(),
            Timing::FirstTreated(self.first.iter().map(|g| FirstTreated::from(*g)).collect()),
        )
        .named("unit", "time", "y", "first");
        let columns = if clustered {
            columns.with_cluster("cluster", self.cluster.clone())
        } else {
            columns
        };
        Panel::build(columns).unwrap()
    }

    fn write(&self, path: &Path, group: usize, properties: WriterProperties) {
        // Clusters whose names are numbers are stored as such.
        let numbers: Option<Vec<i64>> = self.cluster.iter().map(|c| c.parse().ok()).collect();
        let schema = format!(
            "message p {{ required int64 unit; required int64 time; optional double y; optional int64 first; required {}; }}",
            if numbers.is_some() {
                "int64 cluster"
            } else {
                "binary cluster (utf8)"
            }
        );
        let schema = Arc::new(parse_message_type(&schema).unwrap());
        let file = std::fs::File::create(path).unwrap();
        let mut writer = SerializedFileWriter::new(file, schema, Arc::new(properties)).unwrap();
        for start in (0..self.len()).step_by(group) {
            let end = (start + group).min(self.len());
            let mut rows = writer.next_row_group().unwrap();
            for values in [&self.unit, &self.time] {
                let mut column = rows.next_column().unwrap().unwrap();
                let own = &values[start..end];
                column.typed::<Int64Type>().write_batch(own, None, None).unwrap();
                column.close().unwrap();
            }
            let levels: Vec<i16> = self.y[start..end]
                .iter()
                .map(|v| i16::from(v.is_some()))
                .collect();
            let there: Vec<f64> = self.y[start..end].iter().flatten().copied().collect();
            let mut column = rows.next_column().unwrap().unwrap();
            column
                .typed::<DoubleType>()
                .write_batch(&there, Some(&levels), None)
                .unwrap();
            column.close().unwrap();
            let levels: Vec<i16> = self.first[start..end]
                .iter()
                .map(|v| i16::from(v.is_some()))
                .collect();
            let there: Vec<i64> = self.first[start..end].iter().flatten().copied().collect();
            let mut column = rows.next_column().unwrap().unwrap();
            column
                .typed::<Int64Type>()
                .write_batch(&there, Some(&levels), None)
                .unwrap();
            column.close().unwrap();
            if let Some(numbers) = &numbers {
                let mut column = rows.next_column().unwrap().unwrap();
                let own = &numbers[start..end];
                column.typed::<Int64Type>().write_batch(own, None, None).unwrap();
                column.close().unwrap();
                rows.close().unwrap();
                continue;
            }
            let names: Vec<ByteArray> = self.cluster[start..end]
                .iter()
                .map(|c| ByteArray::from(c.as_str()))
                .collect();
            let mut column = rows.next_column().unwrap().unwrap();
            column
                .typed::<ByteArrayType>()
                .write_batch(&names, None, None)
                .unwrap();
            column.close().unwrap();
            rows.close().unwrap();
        }
        writer.close().unwrap();
    }
}

fn columns(clustered: bool) -> ScanColumns {
    ScanColumns {
        outcome: "y".into(),
        unit: "unit".into(),
        time: "time".into(),
        first_treated: "first".into(),
        cluster: clustered.then(|| "cluster".into()),
    }
}

#[expect(clippy::panic, reason = "a test says why")]
fn read(path: &Path, clustered: bool) -> Scan {
    match scan(path, &columns(clustered)) {
        Scanned::Moments(scan) => *scan,
        Scanned::Not(why) => panic!("{why}"),
    }
}

fn specs() -> Vec<Spec> {
    let mut balanced = Spec::new(Method::CallawaySantanna);
    balanced.panel_use = PanelUse::Balanced;
    let mut sections = Spec::new(Method::CallawaySantanna);
    sections.panel_use = PanelUse::CrossSection;
    [
        Spec::new(Method::CallawaySantanna),
        Spec::new(Method::Imputation),
        Spec::new(Method::SunAbraham),
        Spec::did(),
        Spec::event_study(),
        balanced,
        sections,
    ]
    .into_iter()
    .map(|spec| spec.with_draws(19, 1))
    .collect()
}

/// The same answers, to the last bit, and the same remarks.
fn same(scan: &Scan, panel: &Panel) {
    let moments = CohortMoments::of_panel(panel).unwrap();
    for spec in specs() {
        assert_eq!(scan.moments.estimate(&spec), moments.estimate(&spec), "{spec}");
    }
    assert_eq!(&scan.readings, panel.readings());
    assert_eq!(scan.warnings.counts(), panel.warnings().counts());
    assert_eq!(scan.n_rows, panel.n_input_rows());
    if scan.warnings.counts().values().all(|n| *n <= 1000) {
        assert_eq!(scan.warnings.list(), panel.warnings().list());
    }
}

fn settings() -> Vec<WriterProperties> {
    let small = || {
        WriterProperties::builder()
            .set_data_page_row_count_limit(37)
            .set_write_batch_size(16)
    };
    vec![
        WriterProperties::builder().build(),
        small().build(),
        small().set_dictionary_enabled(false).build(),
        small().set_dictionary_page_size_limit(64).build(),
        small()
            .set_writer_version(WriterVersion::PARQUET_2_0)
            .set_dictionary_enabled(true)
            .build(),
    ]
}

#[test]
fn however_it_is_written_a_file_gives_what_its_rows_give() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("p.parquet");
    for (seed, holes) in [(1, 0), (2, 5)] {
        let rows = Rows::drawn(120, seed, holes);
        for clustered in [false, true] {
            let panel = rows.panel(clustered);
            for (i, properties) in settings().into_iter().enumerate() {
                for group in [10_000, 100, 7] {
                    rows.write(&path, group, properties.clone());
                    let scan = match scan(&path, &columns(clustered)) {
                        Scanned::Moments(scan) => *scan,
                        // The second version of the format has encodings that are left to the reader of rows.
                        Scanned::Not(why) => {
                            assert!(i == 4 && why.contains("encoding"), "{i}: {why}");
                            continue;
                        }
                    };
                    assert_eq!(scan.how, How::Streamed);
                    same(&scan, &panel);
                }
            }
        }
    }
}

#[test]
fn clusters_that_are_numbers_are_names() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("p.parquet");
    let mut rows = Rows::drawn(150, 8, 3);
    rows.cluster
        .iter_mut()
        .for_each(|c| *c = (c.trim_start_matches('c').parse::<i64>().unwrap() * 5 - 11).to_string());
    for properties in settings().into_iter().take(4) {
        rows.write(&path, 100, properties.clone());
        same(&read(&path, true), &rows.panel(true));
        let shuffled = rows.shuffled();
        shuffled.write(&path, 100, properties);
        same(&read(&path, true), &shuffled.panel(true));
    }
}

#[test]
fn rows_in_any_order_give_the_same_bits() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("p.parquet");
    for holes in [0, 5] {
        let rows = Rows::drawn(150, 4, holes).shuffled();
        rows.write(&path, 100, WriterProperties::builder().build());
        for clustered in [false, true] {
            let found = read(&path, clustered);
            assert_eq!(found.how, How::Sorted);
            same(&found, &rows.panel(clustered));
        }
    }
}

#[test]
fn several_chunks_groups_and_threads_change_no_bit() {
    let folder = tempfile::tempdir().unwrap();
    let (sorted, shuffled) = (folder.path().join("a.parquet"), folder.path().join("b.parquet"));
    let rows = Rows::drawn(4 * CHUNK_ROWS / 6, 5, 1);
    rows.write(&sorted, 100_003, WriterProperties::builder().build());
    rows.shuffled()
        .write(&shuffled, 70_000, WriterProperties::builder().build());
    let panel = rows.panel(true);
    for threads in [1, 2] {
        let pool = rayon::ThreadPoolBuilder::new()
            .num_threads(threads)
            .build()
            .unwrap();
        pool.install(|| {
            let found = read(&sorted, true);
            assert_eq!(found.how, How::Streamed);
            same(&found, &panel);
            same(&read(&shuffled, true), &panel);
        });
    }
}

#[test]
fn numbers_far_apart_are_sorted_too() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("p.parquet");
    let mut rows = Rows::drawn(60, 6, 0).shuffled();
    rows.unit.iter_mut().for_each(|u| *u *= 1_000_000_007);
    rows.write(&path, 50, WriterProperties::builder().build());
    same(&read(&path, false), &rows.panel(false));
}

#[test]
fn whatever_is_at_fault_is_left_to_the_reader_of_rows() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("p.parquet");
    let rows = Rows::drawn(60, 7, 0);
    let faulty: Vec<(&str, Spoil)> = vec![
        ("infinity", Box::new(|r| r.y[9] = Some(f64::INFINITY))),
        ("a duplicate", Box::new(|r| r.time[9] = r.time[8])),
        ("a cohort that varies", Box::new(|r| r.first[9] = Some(5))),
        ("a cohort that is gone", Box::new(|r| r.first[59] = Some(2))),
        ("a cluster that varies", Box::new(|r| r.cluster[9] = "c1x".into())),
        (
            "a label spelt in two ways",
            Box::new(|r| (54..60).for_each(|i| r.cluster[i] = "C1".into())),
        ),
        (
            "an empty label",
            Box::new(|r| (54..60).for_each(|i| r.cluster[i] = " ".into())),
        ),
        (
            "an outcome that never changes",
            Box::new(|r| r.y.iter_mut().for_each(|y| *y = Some(1.0))),
        ),
        (
            "no treated unit",
            Box::new(|r| r.first.iter_mut().for_each(|g| *g = None)),
        ),
        (
            "one period",
            Box::new(|r| *r = r.in_order(&(0..r.len()).filter(|i| r.time[*i] == 1).collect::<Vec<_>>())),
        ),
        ("no row", Box::new(|r| *r = Rows::default())),
    ];
    for (what, spoil) in faulty {
        for shuffle in [false, true] {
            let mut own = rows.clone();
            spoil(&mut own);
            if shuffle {
                own = own.shuffled();
            }
            own.write(&path, 40, WriterProperties::builder().build());
            assert!(matches!(scan(&path, &columns(true)), Scanned::Not(_)), "{what}");
        }
    }
    std::fs::write(&path, b"PAR1....PAR1").unwrap();
    assert!(matches!(scan(&path, &columns(false)), Scanned::Not(_)));
}
