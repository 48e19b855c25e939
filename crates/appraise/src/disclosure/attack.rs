//! The attacker: the least and the most that an unknown could be, given everything that is known.

use microlp::{ComparisonOp, LinearExpr, OptimizationDirection, Problem};

/// Unknowns with their coefficients, and what they come to.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Equation {
    /// Numbers of unknowns, each with its coefficient.
    pub terms: Vec<(usize, f64)>,
    /// What they come to.
    pub equals: f64,
}

/// Returns the least that one unknown can be; none where the equations cannot all hold.
pub(crate) fn least(bounds: &[(f64, f64)], equations: &[Equation], of: usize) -> Option<f64> {
    extreme(bounds, equations, of, OptimizationDirection::Minimize)
}

/// Returns the most that one unknown can be; none where the equations cannot all hold.
pub(crate) fn most(bounds: &[(f64, f64)], equations: &[Equation], of: usize) -> Option<f64> {
    extreme(bounds, equations, of, OptimizationDirection::Maximize)
}

fn extreme(
    bounds: &[(f64, f64)],
    equations: &[Equation],
    of: usize,
    direction: OptimizationDirection,
) -> Option<f64> {
    let unbounded = match direction {
        OptimizationDirection::Minimize => bounds.get(of)?.0,
        OptimizationDirection::Maximize => f64::INFINITY,
    };
    if !equations
        .iter()
        .any(|equation| equation.terms.iter().any(|(at, _)| *at == of))
    {
        return Some(match direction {
            OptimizationDirection::Minimize => bounds.get(of)?.0,
            OptimizationDirection::Maximize => bounds.get(of)?.1,
        });
    }
    let mut problem = Problem::new(direction);
    let variables: Vec<_> = bounds
        .iter()
        .enumerate()
        .map(|(at, bounds)| problem.add_var(if at == of { 1.0 } else { 0.0 }, *bounds))
        .collect();
    for equation in equations {
        let mut sum = LinearExpr::empty();
        for (at, coefficient) in &equation.terms {
            sum.add(*variables.get(*at)?, *coefficient);
        }
        problem.add_constraint(sum, ComparisonOp::Eq, equation.equals);
    }
    match problem.solve() {
        Ok(outcome) => outcome.solution().map(microlp::Solution::objective),
        Err(microlp::Error::Unbounded) => Some(unbounded),
        Err(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::{Equation, least, most};

    #[test]
    fn a_table_of_four_with_its_margins_leaves_one_degree_of_freedom() {
        // a + b = 12, c + d = 20, a + c = 15, b + d = 17: a is at most 12 and at least 0.
        let any = [(0.0, f64::INFINITY); 4];
        let sum = |terms: [usize; 2], equals| Equation {
            terms: terms.map(|at| (at, 1.0)).to_vec(),
            equals,
        };
        let mut equations = vec![
            sum([0, 1], 12.0),
            sum([2, 3], 20.0),
            sum([0, 2], 15.0),
            sum([1, 3], 17.0),
        ];
        let low = least(&any, &equations, 0).expect("they can all hold");
        let high = most(&any, &equations, 0).expect("they can all hold");
        assert!(
            (low - 0.0).abs() < 1e-9 && (high - 12.0).abs() < 1e-9,
            "{low} {high}"
        );
        equations.push(Equation {
            terms: vec![(3, 1.0)],
            equals: 9.0,
        });
        let low = least(&any, &equations, 0).expect("they can all hold");
        let high = most(&any, &equations, 0).expect("they can all hold");
        assert!(
            (low - 4.0).abs() < 1e-9 && (high - 4.0).abs() < 1e-9,
            "{low} {high}"
        );
    }
}
