//! Which cells to withhold, so that what stays published pins down none that is protected.
//!
//! Three steps, each deterministic. Closure: all statements of one quantity go together, and a figure that is not linear in
//! a withheld one (a share, a product) goes with it. Complements: in a sum with a single unknown the smallest of the others
//! goes too. Audit: for each protected cell a linear programme over everything that stays known gives the least and the
//! most that it could be; while that interval is too narrow, one more cell near it goes. Where programmes would be large,
//! or a component has nothing left to give, everything connected with the cell is withheld.

use std::collections::{BTreeMap, BTreeSet};

use super::attack::{self, Equation};

/// A number that may be published.
#[derive(Debug, Clone, PartialEq)]
pub struct Cell {
    /// What it is; none where nobody has said it and it follows from nothing on record.
    pub value: Option<f64>,
    /// Bounds that are published while the cell is.
    pub bounds: (Option<f64>, Option<f64>),
    /// Whether it must never be found out.
    pub is_protected: bool,
    /// Whether it is said by anyone: what is only implied by a relation is never published itself.
    pub is_said: bool,
    /// Whether it was published before, and cannot be taken back.
    pub is_out: bool,
    /// What to withhold last: observations of series before counts, say.
    pub weight: u8,
}

impl Cell {
    /// Returns a published cell.
    #[must_use]
    pub const fn said(value: f64) -> Self {
        Self {
            value: Some(value),
            bounds: (None, None),
            is_protected: false,
            is_said: true,
            is_out: false,
            weight: 0,
        }
    }
}

/// How cells hang together, by their numbers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Relation {
    /// The first is the sum of the others.
    Sum(usize, Vec<usize>),
    /// All are withheld if one is: the same quantity, or fields of one row.
    Together(Vec<usize>),
    /// The first follows from the others, not as a sum.
    Follows(usize, Vec<usize>),
}

/// Most unknowns of one linear programme; a larger component is withheld whole.
const LARGEST: usize = 240;

/// Returns the cells to withhold, among them `always`, so that no protected cell is pinned down.
///
/// A protected cell counts as pinned down where the interval that an attacker computes for it is narrower than `width`, or
/// holds one whole number alone.
#[must_use]
pub fn suppress(
    cells: &[Cell],
    relations: &[Relation],
    always: &BTreeSet<usize>,
    width: f64,
) -> BTreeSet<usize> {
    let mut hidden: BTreeSet<usize> = always.iter().copied().filter(|at| is_free(cells, *at)).collect();
    let protected: Vec<usize> = (0..cells.len())
        .filter(|at| cells.get(*at).is_some_and(|cell| cell.is_protected))
        .collect();
    hidden.extend(protected.iter().copied().filter(|at| is_free(cells, *at)));
    if hidden.is_empty() && protected.is_empty() {
        return hidden;
    }
    let mut work = Work {
        cells,
        relations,
        touching: touching(cells.len(), relations),
        hidden,
    };
    work.close();
    work.complement(&protected);
    for cell in &protected {
        while !work.is_safe(*cell, width) {
            if !work.give_one_more(*cell) {
                break;
            }
            work.close();
        }
    }
    // What was withheld for a later cell never makes an earlier one less safe: hiding only takes knowledge away.
    work.hidden
}

fn is_free(cells: &[Cell], at: usize) -> bool {
    cells.get(at).is_some_and(|cell| cell.is_said && !cell.is_out)
}

fn touching(n: usize, relations: &[Relation]) -> Vec<Vec<usize>> {
    let mut touching = vec![Vec::new(); n];
    for (index, relation) in relations.iter().enumerate() {
        for cell in members(relation) {
            if let Some(list) = touching.get_mut(cell) {
                list.push(index);
            }
        }
    }
    touching
}

fn members(relation: &Relation) -> Vec<usize> {
    match relation {
        Relation::Sum(first, rest) | Relation::Follows(first, rest) => {
            std::iter::once(*first).chain(rest.iter().copied()).collect()
        }
        Relation::Together(all) => all.clone(),
    }
}

/// What an attacker has to solve for one cell.
struct System {
    /// Number of the cell among the unknowns.
    position: Option<usize>,
    /// One cell for each unknown.
    unknowns: Vec<usize>,
    equations: Vec<Equation>,
}

struct Work<'a> {
    cells: &'a [Cell],
    relations: &'a [Relation],
    touching: Vec<Vec<usize>>,
    hidden: BTreeSet<usize>,
}

impl Work<'_> {
    fn cell(&self, at: usize) -> Option<&Cell> {
        self.cells.get(at)
    }

    /// Whether an attacker does not have the number of a cell.
    fn is_unknown(&self, at: usize) -> bool {
        self.cell(at).is_none_or(|cell| {
            !cell.is_out && (!cell.is_said || cell.value.is_none() || self.hidden.contains(&at))
        })
    }

    fn may_give(&self, at: usize) -> bool {
        is_free(self.cells, at)
            && !self.hidden.contains(&at)
            && self.cell(at).is_some_and(|cell| cell.value.is_some())
    }

    fn hide(&mut self, at: usize) -> bool {
        is_free(self.cells, at) && self.hidden.insert(at)
    }

    /// Withholds what goes with what is withheld, until nothing more does.
    fn close(&mut self) {
        loop {
            let before = self.hidden.len();
            let concerned: BTreeSet<usize> = self
                .hidden
                .iter()
                .filter_map(|cell| self.touching.get(*cell))
                .flatten()
                .copied()
                .collect();
            for index in concerned {
                match self.relations.get(index) {
                    Some(Relation::Together(all)) => {
                        for cell in all {
                            self.hide(*cell);
                        }
                    }
                    Some(Relation::Follows(first, rest)) => {
                        self.hide(*first);
                        let all = members(&Relation::Follows(*first, rest.clone()));
                        if all.iter().filter(|cell| self.is_unknown(**cell)).count() < 2
                            && let Some(cell) = self.cheapest(&all)
                        {
                            self.hide(cell);
                        }
                    }
                    Some(Relation::Sum(..)) | None => {}
                }
            }
            if self.hidden.len() == before {
                return;
            }
        }
    }

    /// Gives every sum with a single unknown, which is protected, a second one.
    fn complement(&mut self, protected: &[usize]) {
        for cell in protected {
            for index in self.touching.get(*cell).cloned().unwrap_or_default() {
                let Some(relation @ Relation::Sum(..)) = self.relations.get(index) else {
                    continue;
                };
                let all = members(relation);
                if all.iter().filter(|cell| self.is_unknown(**cell)).count() < 2
                    && let Some(one) = self.cheapest(&all)
                {
                    self.hide(one);
                    self.close();
                }
            }
        }
    }

    /// The published cell that costs least: by weight, then the smallest that is not zero, then its number.
    fn cheapest(&self, among: &[usize]) -> Option<usize> {
        among
            .iter()
            .copied()
            .filter(|at| self.may_give(*at))
            .filter_map(|at| {
                let cell = self.cell(at)?;
                let value = cell.value?;
                Some((cell.weight, value == 0.0, value, at))
            })
            .min_by(|a, b| {
                (a.0, a.1)
                    .cmp(&(b.0, b.1))
                    .then(a.2.total_cmp(&b.2))
                    .then(a.3.cmp(&b.3))
            })
            .map(|(.., at)| at)
    }

    /// Whether everything known leaves a protected cell wide enough an interval.
    fn is_safe(&self, cell: usize, width: f64) -> bool {
        if !self.is_unknown(cell) {
            // Published before: nothing can take it back.
            return true;
        }
        let System {
            position,
            unknowns,
            equations,
        } = self.system(cell);
        if unknowns.len() > LARGEST {
            return false;
        }
        let Some(position) = position else { return true };
        let bounds: Vec<(f64, f64)> = unknowns
            .iter()
            .map(|at| match self.cell(*at) {
                Some(cell) if !self.hidden.contains(at) && cell.is_said => (
                    cell.bounds.0.unwrap_or(0.0).max(0.0),
                    cell.bounds.1.unwrap_or(f64::INFINITY),
                ),
                _ => (0.0, f64::INFINITY),
            })
            .collect();
        let Some(high) = attack::most(&bounds, &equations, position) else {
            // Statements that cannot all hold: an attacker who drops one of them may be left with anything.
            return false;
        };
        // What is true can hold, so that the interval reaches from there at least.
        let truth = self.cell(cell).and_then(|cell| cell.value).unwrap_or_default();
        if high - truth >= width.max(1.0) {
            return true;
        }
        attack::least(&bounds, &equations, position)
            .is_some_and(|low| high - low >= width && (high + 1e-6).floor() - (low - 1e-6).ceil() >= 1.0)
    }

    /// The unknowns that hang together with a cell, and the sums among them.
    fn system(&self, cell: usize) -> System {
        let mut unknowns = BTreeSet::from([cell]);
        let mut seen = BTreeSet::new();
        let mut open = vec![cell];
        while let Some(at) = open.pop() {
            for index in self.touching.get(at).into_iter().flatten() {
                let Some(relation @ (Relation::Sum(..) | Relation::Together(_))) = self.relations.get(*index)
                else {
                    continue;
                };
                if !seen.insert(*index) {
                    continue;
                }
                if let Relation::Together(_) = relation
                    && !self.is_equal(relation)
                {
                    continue;
                }
                for member in members(relation) {
                    if self.is_unknown(member) && unknowns.insert(member) {
                        open.push(member);
                    }
                }
            }
        }
        // One quantity said twice is one unknown.
        let mut first: BTreeMap<usize, usize> = unknowns.iter().map(|cell| (*cell, *cell)).collect();
        for index in &seen {
            if let Some(relation @ Relation::Together(all)) = self.relations.get(*index)
                && self.is_equal(relation)
            {
                let firsts: BTreeSet<usize> =
                    all.iter().filter_map(|cell| first.get(cell).copied()).collect();
                if let Some(one) = firsts.first().copied() {
                    for of in first.values_mut().filter(|of| firsts.contains(of)) {
                        *of = one;
                    }
                }
            }
        }
        let kept: BTreeSet<usize> = first.values().copied().collect();
        let numbers: BTreeMap<usize, usize> = kept
            .iter()
            .enumerate()
            .map(|(index, cell)| (*cell, index))
            .collect();
        let at: BTreeMap<usize, usize> = first
            .iter()
            .filter_map(|(cell, first)| Some((*cell, *numbers.get(first)?)))
            .collect();
        let mut equations: Vec<Equation> = Vec::new();
        for index in seen {
            if let Some(Relation::Sum(total, parts)) = self.relations.get(index) {
                let signed = std::iter::once((*total, 1.0)).chain(parts.iter().map(|part| (*part, -1.0)));
                let equation = self.equation(&at, signed);
                if !equation.terms.is_empty() && !equations.contains(&equation) {
                    equations.push(equation);
                }
            }
        }
        System {
            position: at.get(&cell).copied(),
            unknowns: kept.into_iter().collect(),
            equations,
        }
    }

    /// Whether cells that go together are one quantity with one value, which an attacker may take for granted.
    fn is_equal(&self, relation: &Relation) -> bool {
        let Relation::Together(all) = relation else {
            return false;
        };
        let mut values = all.iter().map(|at| self.cell(*at).and_then(|cell| cell.value));
        let first = values.next().flatten();
        first.is_some() && values.all(|value| value == first)
    }

    fn equation(&self, at: &BTreeMap<usize, usize>, signed: impl Iterator<Item = (usize, f64)>) -> Equation {
        let mut terms: BTreeMap<usize, f64> = BTreeMap::new();
        let mut known = 0.0;
        for (cell, sign) in signed {
            match at.get(&cell) {
                Some(index) => *terms.entry(*index).or_default() += sign,
                None => known -= sign * self.cell(cell).and_then(|cell| cell.value).unwrap_or_default(),
            }
        }
        Equation {
            terms: terms.into_iter().filter(|(_, sign)| *sign != 0.0).collect(),
            equals: known,
        }
    }

    /// Withholds one more cell near a protected one: from the nearest relations first; all of a large component at once.
    fn give_one_more(&mut self, cell: usize) -> bool {
        let too_large = self.system(cell).unknowns.len() > LARGEST;
        let mut seen: BTreeSet<usize> = BTreeSet::from([cell]);
        let mut ring = vec![cell];
        let mut gave = false;
        while !ring.is_empty() {
            let mut next = BTreeSet::new();
            for at in &ring {
                for index in self.touching.get(*at).into_iter().flatten() {
                    if let Some(relation) = self.relations.get(*index) {
                        next.extend(
                            members(relation)
                                .into_iter()
                                .filter(|member| !seen.contains(member)),
                        );
                    }
                }
            }
            seen.extend(next.iter().copied());
            ring = next.into_iter().collect();
            if too_large {
                for at in &ring {
                    gave |= self.hide(*at);
                }
            } else if let Some(one) = self.cheapest(&ring) {
                return self.hide(one);
            }
        }
        gave
    }
}
