//! What a unit is clustered by, and which unit of assignment it belongs to.

use counterpart_model::Id;
use counterpart_model::place::Level;
use counterpart_model::study::{AssignmentLevel, Study};

use super::{DropWhy, Dropped, PanelUnit};
use crate::graph::Graph;
use crate::places::Window;

/// Returns the unit with its labels, or why it has none.
pub(super) fn label(
    graph: &Graph,
    study: &Study,
    id: &Id,
    treated: bool,
    window: Window,
) -> Result<PanelUnit, Dropped> {
    let lacking = |why: DropWhy, level: AssignmentLevel| {
        let text = match level {
            AssignmentLevel::Provider => "is paired with nobody in the study's rounds".to_owned(),
            _ => format!("lies in no place of level {level}"),
        };
        Dropped {
            unit: id.clone(),
            year: None,
            why,
            text,
        }
    };
    let of = |level| holder(graph, study, id, treated, window, level);
    let cluster = match study.cluster {
        None => id.clone(),
        Some(level) => of(level).ok_or_else(|| lacking(DropWhy::NoCluster, level))?,
    };
    let level = study.assignment_level;
    let assignment = of(level).ok_or_else(|| lacking(DropWhy::NoAssignment, level))?;
    Ok(PanelUnit {
        id: id.clone(),
        treated,
        cluster,
        assignment,
    })
}

fn holder(
    graph: &Graph,
    study: &Study,
    id: &Id,
    treated: bool,
    window: Window,
    level: AssignmentLevel,
) -> Option<Id> {
    let level = match level {
        AssignmentLevel::Nation => Level::Nation,
        AssignmentLevel::Province => Level::Province,
        AssignmentLevel::Prefecture => Level::Prefecture,
        AssignmentLevel::County => Level::County,
        AssignmentLevel::Division => Level::Division,
        // Nobody gives to a comparison unit: it stands for itself. A unit with several providers belongs to
        // none of them alone.
        AssignmentLevel::Provider if !treated => return Some(id.clone()),
        AssignmentLevel::Provider => {
            let providers = graph.providers_of(id, &study.rounds, window);
            let names: Vec<&str> = providers.iter().map(Id::as_str).collect();
            return (!names.is_empty()).then(|| Id::new(&names.join("+")));
        }
    };
    graph.places().at_level(id, level)
}
