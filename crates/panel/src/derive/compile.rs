//! From formulas to trees whose names are places in a list of observed indicators.

use std::collections::BTreeMap;

use counterpart_model::formula::{self, Formula, Operator};
use counterpart_model::indicator::Indicator;
use counterpart_model::place::Level;
use counterpart_model::{Decimal, Id};

use super::NotDerived;
use crate::series::Series;

/// Formulas that name each other deeper than this go round in a circle: the importer refuses those, a lens's
/// `outcome_map` can still make one.
const MOST_DEPTH: usize = 32;
/// Most parts of an expanded formula.
const MOST_PARTS: usize = 10_000;

/// A formula whose derived names have been replaced by their own formulas.
#[derive(Debug, Clone)]
pub(super) struct Compiled {
    /// Observed indicators, in the order of their first appearance.
    pub(super) slots: Vec<Id>,
    pub(super) expr: Expr,
}

#[derive(Debug, Clone)]
pub(super) enum Expr {
    Number(Decimal),
    /// An observed indicator, `lag` years back in all.
    Read {
        slot: usize,
        lag: u32,
    },
    Negative(Box<Expr>),
    Binary {
        operator: Operator,
        left: Box<Expr>,
        right: Box<Expr>,
    },
    Mean(Vec<Expr>),
    /// `lag` decides in which year a place has to be valid.
    SumOf {
        of: Box<Expr>,
        level: Level,
        lag: u32,
    },
    At {
        place: Id,
        of: Box<Expr>,
    },
}

pub(super) struct Compiler<'a, S: ?Sized> {
    pub(super) series: &'a S,
    pub(super) indicators: &'a BTreeMap<&'a Id, &'a Indicator>,
    slots: Vec<Id>,
    n_parts: usize,
}

impl<'a, S: Series + ?Sized> Compiler<'a, S> {
    pub(super) fn compile(
        series: &'a S,
        indicators: &'a BTreeMap<&'a Id, &'a Indicator>,
        indicator: &Id,
    ) -> Result<Compiled, NotDerived> {
        let mut compiler = Self {
            series,
            indicators,
            slots: Vec::new(),
            n_parts: 0,
        };
        let expr = compiler.name(indicator, 0, 0)?;
        Ok(Compiled {
            slots: compiler.slots,
            expr,
        })
    }

    fn name(&mut self, id: &Id, lag: u32, depth: usize) -> Result<Expr, NotDerived> {
        if depth > MOST_DEPTH {
            return Err(NotDerived::CircularFormula {
                indicator: id.clone(),
            });
        }
        let unknown = || NotDerived::UnknownIndicator {
            indicator: id.clone(),
        };
        let known = self.indicators.get(id).ok_or_else(unknown)?;
        if let Some(text) = &known.derive {
            return self.derived(id, text, lag, depth);
        }
        let mapped = self.series.mapped(id);
        if mapped != *id {
            let unknown = || NotDerived::UnknownIndicator {
                indicator: mapped.clone(),
            };
            let stand_in = self.indicators.get(&mapped).ok_or_else(unknown)?;
            if let Some(text) = &stand_in.derive {
                return self.derived(&mapped, text, lag, depth);
            }
        }
        let slot = match self.slots.iter().position(|slot| *slot == mapped) {
            Some(slot) => slot,
            None => {
                self.slots.push(mapped);
                self.slots.len() - 1
            }
        };
        Ok(Expr::Read { slot, lag })
    }

    fn derived(&mut self, id: &Id, text: &str, lag: u32, depth: usize) -> Result<Expr, NotDerived> {
        let formula = formula::parse(text).map_err(|source| NotDerived::NotAFormula {
            indicator: id.clone(),
            source,
        })?;
        self.tree(&formula, lag, depth + 1)
    }

    fn tree(&mut self, formula: &Formula, lag: u32, depth: usize) -> Result<Expr, NotDerived> {
        self.n_parts += 1;
        Ok(match formula {
            Formula::Number(value) => Expr::Number(*value),
            Formula::Indicator { id, lag: back } => {
                if self.n_parts > MOST_PARTS {
                    return Err(NotDerived::CircularFormula {
                        indicator: id.clone(),
                    });
                }
                self.name(id, lag.saturating_add(*back), depth)?
            }
            Formula::Negative(of) => Expr::Negative(Box::new(self.tree(of, lag, depth)?)),
            Formula::Binary {
                operator,
                left,
                right,
            } => Expr::Binary {
                operator: *operator,
                left: Box::new(self.tree(left, lag, depth)?),
                right: Box::new(self.tree(right, lag, depth)?),
            },
            Formula::Mean(parts) => Expr::Mean(
                parts
                    .iter()
                    .map(|part| self.tree(part, lag, depth))
                    .collect::<Result<_, _>>()?,
            ),
            Formula::SumOf { of, level } => Expr::SumOf {
                of: Box::new(self.tree(of, lag, depth)?),
                level: *level,
                lag,
            },
            Formula::At { place, of } => Expr::At {
                place: place.clone(),
                of: Box::new(self.tree(of, lag, depth)?),
            },
        })
    }
}
