#[test]
fn all() {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../../cases")
        .join(std::env::var("CASE").unwrap_or("xinjiang".into()));
    let t = std::time::Instant::now();
    let folder = match counterpart_exchange::case::read(&path) {
        Ok(f) => f,
        Err(e) => panic!("{e}"),
    };
    let record = folder.record().unwrap();
    eprintln!("read {:?}", t.elapsed());
    let a = counterpart_appraise::assess(&record, "0123456789", &Default::default());
    eprintln!("assessed {:?}", t.elapsed());
    eprintln!("{}", a.answer.sentence);
    for l in &a.answer.by_lens {
        eprintln!("== {} {:?}\n   {}", l.lens, l.verdict, l.sentence);
        for h in &l.hangs_on {
            eprintln!("      hangs {:?} {:?} {}", h.kind, h.verdict_after, h.sentence);
        }
    }
    for p in &a.pools {
        eprintln!(
            "{} treated {} admitted {} excluded {} tested {} nc {:?}",
            p.id,
            p.treated.len(),
            p.admitted.len(),
            p.excluded.len(),
            p.tested.len(),
            p.not_computed.iter().map(|n| n.why.clone()).collect::<Vec<_>>()
        );
    }
    for s in &a.studies {
        if s.variant.is_none() {
            eprintln!(
                "{} [{}-{}] est {:?} se {:?} ci {:?} {:?} p {:?} floor {:?} n {}/{} cl {} {:?} {:?} na {:?} checks {:?}",
                s.id,
                s.window[0],
                s.window[1],
                s.estimate.as_ref().map(|e| e.to_string()),
                s.std_error.as_ref().map(|e| e.to_string()),
                s.conf_low.as_ref().map(|e| e.to_string()),
                s.conf_high.as_ref().map(|e| e.to_string()),
                s.p_value.as_ref().map(|e| e.to_string()),
                s.p_floor.as_ref().map(|e| e.to_string()),
                s.n_treated,
                s.n_controls,
                s.n_clusters,
                s.verdict,
                s.reason,
                s.not_available
                    .as_deref()
                    .map(|s| s.chars().take(160).collect::<String>()),
                s.checks
                    .iter()
                    .map(|c| format!(
                        "{} {:?} {}",
                        c.name,
                        c.status,
                        c.value
                            .as_ref()
                            .map(|v| v.to_string())
                            .unwrap_or(c.reason.clone().unwrap_or_default().chars().take(60).collect())
                    ))
                    .collect::<Vec<_>>()
            );
        }
    }
    for s in a.studies.iter().filter(|s| s.main) {
        eprintln!("{}\n   {}", s.id, s.sentence);
        if let Some(x) = &s.sample {
            eprintln!(
                "   read {} used {} dropped {:?}",
                x.rows_read,
                x.rows_used,
                x.dropped
                    .iter()
                    .map(|d| (d.reason.clone(), d.rows, d.units))
                    .collect::<Vec<_>>()
            );
        }
        for w in &s.warnings {
            eprintln!("   w: {w}");
        }
    }
    eprintln!(
        "rows {} figures {} total {:?}",
        a.studies.len(),
        a.figures.len(),
        t.elapsed()
    );
}
