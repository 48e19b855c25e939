//! Small-sample factors, named as `fixest` names them.

use crate::regression::{Factor, Fit};

/// How the parameters of fixed effects are counted in n − K.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum FixedEffectCount {
    /// Not at all (`fixef.K = "none"`).
    None,
    /// Those nested in a cluster variable count as one parameter together (`"nested"`).
    #[default]
    Nested,
    /// All of them (`"full"`).
    Full,
}

/// The factors by which a sandwich is multiplied. The default is `fixest`'s and `pyfixest`'s.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct SmallSample {
    /// (n − 1)/(n − K), for homoskedastic errors n/(n − K) is inside already (`adj`).
    pub adjust: bool,
    /// What K counts (`fixef.K`).
    pub fixed_effects: FixedEffectCount,
    /// G/(G − 1) (`cluster.adj`).
    pub cluster: bool,
    /// In two ways, the smaller G for every part (`cluster.df = "min"`); otherwise each part its own.
    pub smallest_cluster: bool,
}

impl Default for SmallSample {
    fn default() -> Self {
        Self {
            adjust: true,
            fixed_effects: FixedEffectCount::Nested,
            cluster: true,
            smallest_cluster: true,
        }
    }
}

impl SmallSample {
    /// Returns no correction at all.
    #[must_use]
    pub fn none() -> Self {
        Self {
            adjust: false,
            fixed_effects: FixedEffectCount::None,
            cluster: false,
            smallest_cluster: false,
        }
    }

    /// Returns K, the parameters that n − K counts.
    ///
    /// With `Nested`, factors nested in a cluster variable leave one parameter behind, all of them together,
    /// as in `fixest` 0.12 and `pyfixest` 0.60.
    #[must_use]
    pub fn n_parameters(&self, fit: &Fit, clusters: &[Factor]) -> usize {
        let slopes = fit.coefficients.len();
        match self.fixed_effects {
            FixedEffectCount::None => slopes,
            FixedEffectCount::Full => slopes + fit.absorbed_df,
            FixedEffectCount::Nested => {
                let nested: Vec<&Factor> = fit
                    .factors
                    .iter()
                    .filter(|f| clusters.iter().any(|c| f.is_nested_in(c)))
                    .collect();
                let levels: usize = nested.iter().map(|f| f.n_levels() - 1).sum();
                slopes + fit.absorbed_df.saturating_sub(levels)
            }
        }
    }

    /// Returns (n − 1)/(n − K), or 1 if it is switched off.
    #[must_use]
    pub fn sample_factor(&self, n_obs: usize, n_parameters: usize) -> f64 {
        if self.adjust {
            (n_obs as f64 - 1.0) / (n_obs as f64 - n_parameters as f64)
        } else {
            1.0
        }
    }

    /// Returns G/(G − 1), or 1 if it is switched off.
    #[must_use]
    pub fn cluster_factor(&self, n_clusters: usize) -> f64 {
        if self.cluster {
            n_clusters as f64 / (n_clusters as f64 - 1.0)
        } else {
            1.0
        }
    }
}
