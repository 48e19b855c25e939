//! Variants of a study's main cell: the closed list that `docs/case-folder.md` gives.

use counterpart_model::place::Level;
use counterpart_panel::Places;
use counterpart_panel::build::BuiltPanel;
use counterpart_panel::pool::{PoolOutcome, Why};

use super::grid::{Absent, Cell};

/// Returns the cells of every variant that a study names.
///
/// | words | leaves out |
/// |---|---|
/// | `without flagged rows` | cells whose observations carry a flag |
/// | `balanced` | units that lack a year |
/// | `without YEAR` | that year |
/// | `without PLACE` | the unit of that name or id, and units inside it |
/// | `without each already treated control` | one control at a time that an earlier round reached |
/// | `without each control province` | the controls of one province at a time |
///
/// Any other variant is a row that says that it is not yet available.
pub(super) fn cells<'r>(
    cell: &Cell<'r>,
    panel: &BuiltPanel,
    pool: &PoolOutcome,
    places: &Places,
) -> Vec<Cell<'r>> {
    let mut cells = Vec::new();
    let mut add = |name: String, panel: Result<BuiltPanel, Absent>| {
        cells.push(Cell {
            variant: Some(name),
            panel,
            main: false,
            own: false,
            ..cell.clone()
        });
    };
    for variant in &cell.study.variants {
        match variant.as_str() {
            "without flagged rows" | "without flagged counties" => {
                add(
                    variant.clone(),
                    panel
                        .keeping(variant, |_, _, cell| cell.flags.is_empty())
                        .map_err(Absent::from),
                );
            }
            "balanced" => {
                let whole: Vec<_> = panel
                    .units
                    .iter()
                    .zip(&panel.cells)
                    .filter(|(_, row)| row.iter().all(|cell| cell.value.is_some()))
                    .map(|(unit, _)| unit.id.clone())
                    .collect();
                add(
                    variant.clone(),
                    panel
                        .keeping(variant, |unit, _, _| whole.contains(&unit.id))
                        .map_err(Absent::from),
                );
            }
            "without each already treated control" => {
                for judged in &pool.tested {
                    if judged
                        .reasons
                        .iter()
                        .any(|reason| reason.why == Why::AlreadyTreated)
                    {
                        add(
                            format!("without {}", judged.place),
                            panel
                                .keeping(variant, |unit, _, _| unit.id != judged.place)
                                .map_err(Absent::from),
                        );
                    }
                }
            }
            "without each control province" => {
                let mut provinces: Vec<_> = panel
                    .controls()
                    .filter_map(|unit| places.at_level(&unit.id, Level::Province))
                    .collect();
                provinces.sort();
                provinces.dedup();
                for province in provinces {
                    let inside = |id: &counterpart_model::Id| {
                        places.at_level(id, Level::Province).as_ref() == Some(&province)
                    };
                    add(
                        format!("without {province}"),
                        panel
                            .keeping(variant, |unit, _, _| unit.treated || !inside(&unit.id))
                            .map_err(Absent::from),
                    );
                }
            }
            other => {
                let left_out = other.strip_prefix("without ");
                let year = left_out.and_then(|word| word.parse::<i32>().ok());
                let named = left_out.map(|word| {
                    panel
                        .units
                        .iter()
                        .filter(|unit| {
                            let of = |id: &counterpart_model::Id| places.name(id) == word || *id == *word;
                            of(&unit.id) || places.ancestors(&unit.id).iter().any(of)
                        })
                        .map(|unit| unit.id.clone())
                        .collect::<Vec<_>>()
                });
                let made = match (year, named) {
                    (Some(year), _) => panel.keeping(other, |_, at, _| at != year).map_err(Absent::from),
                    (None, Some(units)) if !units.is_empty() => panel
                        .keeping(other, |unit, _, _| !units.contains(&unit.id))
                        .map_err(Absent::from),
                    _ => Err(Absent::Other("this variant is not yet available".to_owned())),
                };
                add(other.to_owned(), made);
            }
        }
    }
    cells
}
