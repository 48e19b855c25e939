//! Names of ids in sentences: places, organisations, speakers.

use std::collections::BTreeMap;

use counterpart_model::source::{Source, Speaker, SpeakerKind};
use counterpart_model::{Id, Record};

/// Names of a record's rows.
pub(crate) struct Names<'a> {
    names: BTreeMap<&'a Id, &'a str>,
    speakers: BTreeMap<&'a Id, &'a Speaker>,
    sources: BTreeMap<&'a Id, &'a Source>,
    placements: BTreeMap<&'a Id, (&'a Id, &'a Id)>,
}

impl<'a> Names<'a> {
    /// Reads the names of a record.
    pub(crate) fn of(record: &'a Record) -> Self {
        let mut names: BTreeMap<&Id, &str> = BTreeMap::new();
        names.extend(record.rules.iter().map(|row| (&row.id, row.text.as_str())));
        names.extend(record.activities.iter().map(|row| (&row.id, row.title.as_str())));
        names.extend(record.rounds.iter().map(|row| (&row.id, row.name.as_str())));
        names.extend(record.programmes.iter().map(|row| (&row.id, row.name.as_str())));
        names.extend(
            record
                .organisations
                .iter()
                .map(|row| (&row.id, row.name.as_str())),
        );
        names.extend(record.places.iter().map(|row| (&row.id, row.name.as_str())));
        Self {
            names,
            speakers: record.speakers.iter().map(|row| (&row.id, row)).collect(),
            placements: record
                .placements
                .iter()
                .map(|row| (&row.id, (&row.origin_id, &row.destination_id)))
                .collect(),
            sources: record.sources.iter().map(|row| (&row.id, row)).collect(),
        }
    }

    /// Returns the name of a place, organisation, programme, round, activity or rule; of a placement, from where to where;
    /// else the id.
    pub(crate) fn name(&self, id: &Id) -> String {
        if let Some(name) = self.names.get(id) {
            return (*name).to_owned();
        }
        match self.placements.get(id) {
            Some((origin, destination)) if *origin != id && *destination != id => {
                format!(
                    "People placed from {} in {}",
                    self.name(origin),
                    self.name(destination)
                )
            }
            _ => id.to_string(),
        }
    }

    /// Returns a speaker as the subject of a sentence; where the text names nobody, who printed it.
    pub(crate) fn speaker(&self, speaker: Option<&Id>, source: &Id) -> String {
        let publisher = || {
            self.sources
                .get(source)
                .map_or_else(|| source.to_string(), |row| row.publisher.clone())
        };
        match speaker.map(|id| (id, self.speakers.get(id))) {
            Some((_, Some(row))) if row.kind == SpeakerKind::Unattributed => {
                format!("A speaker whom {} does not name", publisher())
            }
            Some((_, Some(row))) => row.name.clone(),
            Some((id, None)) => id.to_string(),
            None => publisher(),
        }
    }

    /// Returns a source.
    pub(crate) fn source(&self, id: &Id) -> Option<&'a Source> {
        self.sources.get(id).copied()
    }

    /// Returns the document at the end of a chain of copies.
    pub(crate) fn original(&self, id: &'a Id) -> &'a Id {
        let mut seen = vec![id];
        let mut at = id;
        while let Some(next) = self.sources.get(at).and_then(|row| row.copy_of.as_ref()) {
            if seen.contains(&next) {
                break;
            }
            seen.push(next);
            at = next;
        }
        at
    }
}
