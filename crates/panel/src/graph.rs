//! The pairing graph: who is reached by which pairing, on which side, how, and when.
//!
//! Only pairings of the kind `region` between places treat. Pairs of institutions (hospitals, schools, parks,
//! villages, ministries, enterprises) are a layer of their own: they are listed by [`Graph::institutional`] and
//! reach no place.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use counterpart_model::pool::Reach;
use counterpart_model::programme::{Pairing, PairingKind};
use counterpart_model::{Id, Record};

use crate::places::{Places, Span, Window};

/// Which side of a pairing a place is on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Side {
    /// It gives.
    Provider,
    /// It receives.
    Recipient,
}

impl Side {
    /// Returns the verb of a sentence about the side.
    #[must_use]
    pub const fn verb(self) -> &'static str {
        match self {
            Self::Provider => "gives",
            Self::Recipient => "receives",
        }
    }
}

/// How a pairing reaches a place.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Way {
    /// The place is the pairing's end, or a member of a group that is.
    Itself,
    /// The place lies inside the end.
    Inside(Id),
    /// The end lies inside the place.
    ThroughPart(Id),
}

/// A pairing as the graph holds it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Edge {
    /// The pairing.
    pub pairing: Id,
    /// Its programme.
    pub programme: Id,
    /// Its round.
    pub round: Id,
    /// Who gives.
    pub provider: Id,
    /// Who receives.
    pub recipient: Id,
    /// What is paired.
    pub kind: PairingKind,
    /// From when to when: the pairing's own dates, else its round's, else its programme's. An open end runs on.
    pub span: Span,
}

/// A pairing that reaches a place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Touch<'g> {
    /// The pairing.
    pub edge: &'g Edge,
    /// The side the place is on.
    pub side: Side,
    /// How it is reached.
    pub way: &'g Way,
}

/// All pairings of a record and the places they reach.
#[derive(Debug, Clone)]
pub struct Graph {
    places: Arc<Places>,
    edges: Vec<Edge>,
    rounds: BTreeMap<Id, Id>,
    reached: BTreeMap<Id, Vec<(usize, Side, Way)>>,
}

impl Graph {
    /// Reads the pairings of a record.
    #[must_use]
    pub fn of(record: &Record, places: Arc<Places>) -> Self {
        let rounds: BTreeMap<&Id, Span> = record
            .rounds
            .iter()
            .map(|round| {
                (
                    &round.id,
                    Span {
                        start: round.start,
                        end: round.end,
                    },
                )
            })
            .collect();
        let programmes: BTreeMap<&Id, Span> = record
            .programmes
            .iter()
            .map(|programme| {
                (
                    &programme.id,
                    Span {
                        start: programme.start,
                        end: programme.end,
                    },
                )
            })
            .collect();
        let span = |pairing: &Pairing| {
            let round = rounds.get(&pairing.round_id);
            let programme = programmes.get(&pairing.programme_id);
            Span {
                start: pairing
                    .start
                    .or_else(|| round.and_then(|round| round.start))
                    .or_else(|| programme.and_then(|programme| programme.start)),
                end: pairing
                    .end
                    .or_else(|| round.and_then(|round| round.end))
                    .or_else(|| programme.and_then(|programme| programme.end)),
            }
        };
        let mut edges: Vec<Edge> = record
            .pairings
            .iter()
            .map(|pairing| Edge {
                pairing: pairing.id.clone(),
                programme: pairing.programme_id.clone(),
                round: pairing.round_id.clone(),
                provider: pairing.provider_id.clone(),
                recipient: pairing.recipient_id.clone(),
                kind: pairing.kind,
                span: span(pairing),
            })
            .collect();
        edges.sort_by(|a, b| a.pairing.cmp(&b.pairing));
        let mut reached: BTreeMap<Id, Vec<(usize, Side, Way)>> = BTreeMap::new();
        for (number, edge) in edges.iter().enumerate() {
            if edge.kind != PairingKind::Region {
                continue;
            }
            for (side, end) in [
                (Side::Provider, &edge.provider),
                (Side::Recipient, &edge.recipient),
            ] {
                for (place, way) in reach_of(&places, end, edge.span) {
                    reached.entry(place).or_default().push((number, side, way));
                }
            }
        }
        let rounds = record
            .rounds
            .iter()
            .map(|round| (round.id.clone(), round.programme_id.clone()))
            .collect();
        Self {
            places,
            edges,
            rounds,
            reached,
        }
    }

    /// Returns the places.
    #[must_use]
    pub fn places(&self) -> &Arc<Places> {
        &self.places
    }

    /// Returns every pairing, by id.
    #[must_use]
    pub fn edges(&self) -> &[Edge] {
        &self.edges
    }

    /// Returns the pairings between regions, which treat.
    pub fn regional(&self) -> impl Iterator<Item = &Edge> {
        self.edges.iter().filter(|edge| self.treats(edge))
    }

    /// Returns the pairings of institutions, and those of a region's kind whose ends are no places; they reach
    /// no place.
    pub fn institutional(&self) -> impl Iterator<Item = &Edge> {
        self.edges.iter().filter(|edge| !self.treats(edge))
    }

    fn treats(&self, edge: &Edge) -> bool {
        edge.kind == PairingKind::Region
            && self.places.has(&edge.provider)
            && self.places.has(&edge.recipient)
    }

    /// Returns the programme of a round.
    #[must_use]
    pub fn programme_of(&self, round: &Id) -> Option<&Id> {
        self.rounds.get(round)
    }

    /// Returns every regional pairing that reaches a place, by pairing, provider side first.
    ///
    /// A pairing reaches the places at its ends, every place inside them and every place that holds one of them
    /// (which is then said as "through a part"); with [`Reach::OwnLevel`] only the places at its ends.
    pub fn reaching<'g>(&'g self, place: &Id, reach: Reach) -> impl Iterator<Item = Touch<'g>> {
        let all = self.reached.get(place).into_iter().flatten();
        all.filter_map(move |(number, side, way)| {
            let edge = self.edges.get(*number)?;
            let counts = reach == Reach::InsideAndAround || *way == Way::Itself;
            counts.then_some(Touch {
                edge,
                side: *side,
                way,
            })
        })
    }

    /// Returns the ends on one side of the regional pairings of some rounds that overlap a window, by id.
    #[must_use]
    pub fn ends(&self, rounds: &[Id], side: Side, window: Option<Window>) -> BTreeSet<Id> {
        self.regional()
            .filter(|edge| rounds.contains(&edge.round))
            .filter(|edge| window.is_none_or(|window| edge.span.overlaps(window)))
            .map(|edge| match side {
                Side::Provider => edge.provider.clone(),
                Side::Recipient => edge.recipient.clone(),
            })
            .collect()
    }

    /// Returns the providers that are paired with a place, or with a place that holds it, in some rounds and on
    /// some day of a window; by id.
    #[must_use]
    pub fn providers_of(&self, place: &Id, rounds: &[Id], window: Window) -> BTreeSet<Id> {
        self.reaching(place, Reach::InsideAndAround)
            .filter(|touch| touch.side == Side::Recipient && !matches!(touch.way, Way::ThroughPart(_)))
            .filter(|touch| rounds.contains(&touch.edge.round) && touch.edge.span.overlaps(window))
            .map(|touch| touch.edge.provider.clone())
            .collect()
    }
}

/// Returns the places that a pairing reaches through one end, each once, in the shortest way.
fn reach_of(places: &Places, end: &Id, span: Span) -> BTreeMap<Id, Way> {
    // An open start or end of the pairing is no reason to leave out a member of a group.
    let window = span.start.map(|start| (start, span.end.unwrap_or(start)));
    let window = window.filter(|_| span.end.is_some());
    let mut found: BTreeMap<Id, Way> = BTreeMap::new();
    for member in places.members(end, window) {
        if !places.has(&member) {
            continue;
        }
        let mut add = |place: &Id, way: Way| {
            let known = found.entry(place.clone()).or_insert_with(|| way.clone());
            if way < *known {
                *known = way;
            }
        };
        add(&member, Way::Itself);
        for inside in places.all_inside(&member) {
            add(inside, Way::Inside(member.clone()));
        }
        for around in places.ancestors(&member) {
            add(around, Way::ThroughPart(member.clone()));
        }
    }
    found
}
