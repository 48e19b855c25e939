//! The main job: from a record to an assessment, a line a room.

use std::sync::Arc;

use counterpart_model::{Id, Record};
use counterpart_panel::{Graph, Places, RecordSeries};

use crate::answer;
use crate::assessment::{Assessment, CaseRow, ClaimRow, SCHEMA, StudyRow};
use crate::disclosure::{self, Publication, Published, publish_claims};
use crate::reading::{Figures, Reader};
use crate::{account, data_gap, duty, outcome, total};
use crate::{
    activity, carried, claim, contradiction, entitlement, evidence, gap, graph_counts, ladder, people,
    promise, review, screening, speaker_account, study, systems,
};

/// What a run may ask for.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Options {
    /// Lenses to look through; empty means all of the case.
    pub lenses: Vec<Id>,
    /// Seed in place of the case's own.
    pub seed: Option<u64>,
    /// What was published before: a new report must not tell by its difference what an earlier one withheld.
    pub earlier: Vec<Publication>,
}

/// Appraises a record: gaps, claims, studies, verdicts.
///
/// Counts of persons that may not be published are taken out first: nothing below ever sees them.
///
/// `case_digest` is the digest of the record's rows, as the ledger gives it.
#[must_use]
pub fn assess(record: &Record, case_digest: &str, options: &Options) -> Assessment {
    let public = disclosure::public(record, &options.earlier);
    let record = public.as_ref();
    let seed = options.seed.unwrap_or(record.case.seed);
    let lenses: Vec<Id> = record
        .case
        .lenses
        .iter()
        .map(|lens| lens.id.clone())
        .filter(|id| options.lenses.is_empty() || options.lenses.contains(id))
        .collect();
    let places = Arc::new(Places::of(record));
    let graph = Graph::of(record, Arc::clone(&places));
    let (described, studies) = rayon::join(
        || describe(record, &places),
        || study::run(record, &graph, &lenses, seed),
    );
    let Described {
        gaps,
        claims,
        mut contradictions,
        activities,
        promises,
        duties,
        outcomes,
        mut figures,
    } = described;
    let told = studies
        .telling
        .iter()
        .filter(|one| told_of(&studies.rows, &one.row));
    figures.extend(told.filter_map(study::MostTelling::figure));
    let people = people::of(record, &places);
    let screened = screening::of(record);
    let entitlements = entitlement::of(record, &places, &screened.conditions, &screened.leads);
    let totals = total::rows(record, &places, &lenses);
    let accounts = account::rows(record, &places, &totals, &duties);
    contradiction::attach(&mut contradictions, &totals, &duties, &studies.rows);
    let speaker_accounts = speaker_account::rows(record, &claims, &contradictions, &promises);
    let evidence_map = evidence::rows(record);
    let data_gaps = data_gap::rows(
        record,
        &data_gap::Found {
            claims: &claims,
            duties: &duties,
            activities: &activities,
            studies: &studies.rows,
            pools: &studies.pools,
        },
    );
    Assessment {
        schema: SCHEMA,
        version: env!("CARGO_PKG_VERSION").to_owned(),
        case: CaseRow {
            id: case_digest.chars().take(8).collect(),
            title: record.case.title.clone(),
            question: record.case.question.clone(),
            as_of: record.case.as_of.to_string(),
            seed,
            digest: case_digest.to_owned(),
            nation: record.case.nation.to_string(),
            subject: record.case.subject.to_string(),
            synthetic: record.case.synthetic,
        },
        view_digest: String::new(),
        block_digests: std::collections::BTreeMap::new(),
        disclosure: carried::disclosure(record),
        answer: answer::of(record, &lenses, &studies.rows, &studies.telling),
        allegations: claim::alleged::rows(record, &claims),
        data_gaps,
        gaps,
        claims,
        transactions: total::statements(record),
        totals,
        rules: duty::rules(record),
        duties,
        accounts,
        contradictions,
        promises,
        speaker_accounts,
        activities,
        people: people.rows,
        people_totals: people.totals,
        people_parts: people.parts,
        entitlements,
        conditions: screened.conditions,
        listings: screened.listings,
        screening: screened.leads,
        screening_method: screened.method,
        systems: systems::of(record, &places),
        pairings: carried::pairings(record),
        pairing_counts: graph_counts::counts(record),
        pairing_evidence: graph_counts::evidence(record),
        ladder: ladder::rows(record),
        outcomes,
        specification_curve: study::specification_curve(&studies.rows),
        pools: studies.pools,
        studies: studies.rows,
        evidence_counts: evidence::counts(&evidence_map),
        evidence_map,
        reviews: review::rows(record),
        sources: carried::sources(record),
        speakers: carried::speakers(record),
        figures,
        vintages: carried::vintages(record),
        indicators: carried::indicators(record),
        places: carried::places(record),
        rounds: carried::rounds(record),
        lenses: carried::lenses(record),
        rule: carried::rule(record),
        shapes: record.geo.clone(),
    }
}

/// Whether the answer tells of a row's most telling control: it does of the rows that a verdict reads.
fn told_of(rows: &[StudyRow], id: &str) -> bool {
    rows.iter().any(|row| row.main && row.id == id)
}

/// Checks the claims of a record and nothing else.
#[must_use]
pub fn check_claims(record: &Record) -> Published<Vec<ClaimRow>> {
    let record = disclosure::public(record, &[]);
    publish_claims(checked(&record))
}

/// Returns an assessment that holds the claims with their checks, allegations with their answers, sources, speakers and
/// places, and is empty otherwise: a check of claims needs none of the rest.
#[must_use]
pub fn assess_claims(record: &Record, case_digest: &str) -> Assessment {
    let public = disclosure::public(record, &[]);
    let record = public.as_ref();
    let claims = checked(record);
    let mut named = Record::new(record.case.clone());
    named.case.studies = Vec::new();
    named.case.lens_studies = Vec::new();
    named.withheld.clone_from(&record.withheld);
    named.sources.clone_from(&record.sources);
    named.speakers.clone_from(&record.speakers);
    named.places.clone_from(&record.places);
    let mut assessment = assess(&named, case_digest, &Options::default());
    assessment.allegations = claim::alleged::rows(record, &claims);
    assessment.claims = claims;
    assessment
}

fn checked(record: &Record) -> Vec<ClaimRow> {
    let series = RecordSeries::new(record);
    let reader = Reader::new(record, &series, Arc::new(Places::of(record)));
    claim::check_all(&reader, &mut Figures::default())
}

/// The parts of an assessment that describe and estimate nothing.
struct Described {
    gaps: Vec<crate::assessment::GapRow>,
    claims: Vec<ClaimRow>,
    contradictions: Vec<crate::assessment::Contradiction>,
    activities: Vec<crate::assessment::ActivityRow>,
    promises: Vec<crate::assessment::PromiseRow>,
    duties: Vec<crate::assessment::Duty>,
    outcomes: Vec<crate::assessment::OutcomeRow>,
    figures: Vec<crate::assessment::Figure>,
}

fn describe(record: &Record, places: &Arc<Places>) -> Described {
    let series = RecordSeries::new(record);
    let reader = Reader::new(record, &series, Arc::clone(places));
    let mut figures = Figures::default();
    let gaps = record
        .case
        .gap
        .as_ref()
        .map(|gap| gap::rows(&reader, gap, &mut figures))
        .unwrap_or_default();
    let claims = claim::check_all(&reader, &mut figures);
    let ((contradictions, activities, promises, mut figures), (duties, outcomes, more)) = rayon::join(
        || {
            let reader = Reader::new(record, &series, Arc::clone(places));
            let mut figures = figures;
            let contradictions = contradiction::find(&reader, places, &claims, &gaps, &mut figures);
            let activities = activity::rows(record, &claims);
            let promises = promise::rows(&reader, &gaps, &activities, &mut figures);
            (contradictions, activities, promises, figures)
        },
        || {
            let reader = Reader::new(record, &series, Arc::clone(places));
            let mut figures = Figures::default();
            let duties = duty::rows(&reader, places, &mut figures);
            let graph = Graph::of(record, Arc::clone(places));
            let outcomes = outcome::rows(&reader, &graph, &gaps, &claims, &mut figures);
            (duties, outcomes, figures)
        },
    );
    figures.merge(more);
    Described {
        gaps,
        claims,
        contradictions,
        activities,
        promises,
        duties,
        outcomes,
        figures: figures.into_rows(),
    }
}
